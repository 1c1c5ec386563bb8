"""How far a message goes, and which edits count."""

from dataclasses import replace

import pytest

from bot.core.threads import RequestThread
from bot.features.conversations.domain import Reach, changes_something, reach_after_edit, reach_of
from tests.features.conversations.make import REPORT, edited, kept


@pytest.mark.parametrize("text", ["// not for Ana", "  // aside", "\n//x", "\u00a0//", "*// loud*", "_~//~_"])
def test_two_strokes_keep_a_message_of_the_cards_thread_in_the_team(
    card_thread: RequestThread, text: str
) -> None:
    assert reach_of(card_thread, "U0ALICE001", text) is Reach.TEAM


@pytest.mark.parametrize(
    "text", ["see https://x.example", "/ /", "a // b", "```// a comment```", "&gt; // quoted", ""]
)
def test_other_messages_of_the_cards_thread_go_to_the_asker(card_thread: RequestThread, text: str) -> None:
    assert reach_of(card_thread, "U0ALICE001", text) is Reach.BOTH


def test_two_strokes_mean_nothing_in_the_askers_thread(asker_thread: RequestThread) -> None:
    assert reach_of(asker_thread, asker_thread.requester, "// comment out the line") is Reach.BOTH


def test_everybodys_words_leave_a_public_thread(asker_thread: RequestThread) -> None:
    assert reach_of(asker_thread, "U0SOMEBODY", "me too") is Reach.BOTH


def test_only_the_askers_words_leave_a_private_thread(asker_thread: RequestThread) -> None:
    private = replace(asker_thread, private=True, filed_by="U0FILER001")
    assert reach_of(private, "U0FILER001", "it was me who filed it") is Reach.BOTH
    assert reach_of(private, "U0SOMEBODY", "me too") is Reach.PLACE
    assert reach_of(private, private.requester, "still broken") is Reach.BOTH


def test_the_teams_words_reach_a_private_thread(card_thread: RequestThread) -> None:
    assert reach_of(replace(card_thread, private=True), "U0ALICE001", "on it") is Reach.BOTH


def test_strokes_added_or_removed_by_an_edit_change_how_far_it_goes() -> None:
    assert reach_after_edit(kept(side="card"), "// sorry, internal") is Reach.TEAM
    assert reach_after_edit(kept(side="card", reach=Reach.TEAM), "for all") is Reach.BOTH
    assert reach_after_edit(kept(side="asker"), "// code") is Reach.BOTH


def test_an_edit_of_words_or_files_counts() -> None:
    assert changes_something(kept("one"), edited("two"))
    assert changes_something(kept("one"), edited("one", files=(REPORT,)))


def test_an_edit_that_changes_no_word_does_not_count() -> None:
    assert not changes_something(kept("https://x.example"), edited("https://x.example"))


def test_an_edit_older_than_the_last_one_does_not_count() -> None:
    message = kept("three", edited_at="300.000002")
    assert not changes_something(message, edited("two", at="300.000001"))
    assert not changes_something(message, edited("two", at="300.000002"))
    assert changes_something(message, edited("four", at="300.000003"))


def test_edits_of_deleted_and_of_private_messages_do_not_count() -> None:
    assert not changes_something(kept("", is_deleted=True), edited("back"))
    assert not changes_something(kept("", reach=Reach.PLACE), edited("secret"))
