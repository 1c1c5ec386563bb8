"""Which messages an issue carries, and what its description says. Pure."""

import json
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.core.files import FileRef
from bot.core.text import Document, plain
from bot.core.threads import ThreadRef
from bot.features.tickets.domain import Side
from bot.features.tickets.views.description import Parts, description, linked_comment, transcript
from bot.features.tickets.views.transcript import Heard, Said, said_in, together
from bot.jira import adf, wiki
from bot.slack.gateway import Identity
from tests.features.tickets.make import facts

US = Identity(workspace_id="T1", user_id="U0BOT", bot_id="B0BOT", url="https://x.slack.com/")
THREAD = ThreadRef(channel="C1", thread_ts="1.0")


def message(text: str = "hello", **more: object) -> dict[str, object]:
    return {"type": "message", "user": "U1", "ts": "1795424400.000100", "text": text} | more


def said(text: str, ts: str = "1795424400.000100", author: str = "U1", channel: str = "C1") -> Said:
    return Said(channel=channel, ts=ts, author=author, signature="", text=text)


def parts(*lines: Said, **more: object) -> Parts:
    values: dict[str, object] = {
        "typed": "Typed",
        "facts": None,
        "asked_by": "U2",
        "links": (),
        "said": lines,
        "unread": 0,
        "closed": False,
        "zone": ZoneInfo("Europe/Kyiv"),
        "names": {"U1": "Ana Moreau", "U2": "Bob Marsh"},
    } | more
    return Parts(**values)  # pyright: ignore[reportArgumentType]


def size(document: Document) -> int:
    return len(plain(document))


@pytest.mark.parametrize(
    "ours",
    [
        message(user="U0BOT"),
        message(bot_id="B0BOT", user="U9"),
        message(subtype="channel_join"),
        message(subtype="tombstone"),
        message("  "),
        {"type": "message", "user": "U1"},
    ],
)
def test_our_own_posts_and_slacks_notes_are_left_out(ours: dict[str, object]) -> None:
    assert said_in([ours], THREAD, US) == ()


def test_another_bots_words_stay_under_its_name() -> None:
    found = said_in([message("deployed", bot_id="B9", user=None, username="deploybot")], THREAD, US)
    assert [(one.author, one.signature, one.text) for one in found] == [("", "deploybot", "deployed")]


def test_a_bot_without_a_name_of_its_own_has_the_one_of_its_app() -> None:
    found = said_in([message("x", bot_id="B9", user=None, bot_profile={"name": "Deploys"})], THREAD, US)
    assert found[0].signature == "Deploys"


def shared(**more: object) -> dict[str, object]:
    return {
        "id": "F1",
        "name": "log.txt",
        "size": 4,
        "mimetype": "text/plain",
        "mode": "hosted",
        "url_private_download": "https://files.slack.com/f/download/log.txt",
        "permalink": "https://x.slack.com/files/F1",
    } | more


def test_a_file_without_words_stays() -> None:
    found = said_in([message("", files=[shared()])], THREAD, US)
    assert found[0].files == (
        FileRef(
            id="F1",
            name="log.txt",
            size=4,
            mimetype="text/plain",
            url="https://files.slack.com/f/download/log.txt",
            page="https://x.slack.com/files/F1",
        ),
    )


def test_a_file_that_was_deleted_leaves_no_trace() -> None:
    assert said_in([message("", files=[shared(mode="tombstone")])], THREAD, US) == ()


@pytest.mark.parametrize("more", [{"mode": "external"}, {"is_external": True}, {"mode": "quip"}])
def test_a_file_kept_elsewhere_is_a_link_only(more: dict[str, object]) -> None:
    (found,) = said_in([message("", files=[shared(**more)])], THREAD, US)
    assert found.files[0].is_elsewhere


@pytest.mark.parametrize(
    "more",
    [
        {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "Build failed"}}]},
        {"attachments": [{"text": "Build failed"}]},
        {"attachments": [{"fallback": "Build failed"}]},
    ],
)
def test_an_app_that_writes_no_text_is_read_from_what_it_shows(more: dict[str, object]) -> None:
    (found,) = said_in([message("", bot_id="B9", user=None, **more)], THREAD, US)
    assert found.text == "Build failed"


def test_of_an_app_the_text_counts_and_of_a_person_the_rich_text() -> None:
    rich = {"type": "rich_text", "elements": []}
    (person, app) = said_in(
        [message(blocks=[rich]), message(bot_id="B9", blocks=[rich, {"type": "divider"}])], THREAD, US
    )
    assert (len(person.blocks), app.blocks) == (1, ())


def test_two_threads_are_told_in_the_order_of_time_each_message_once() -> None:
    card = Heard(
        side=Side.CARD, said=(said("second", "2.0", channel="C2"), said("fourth", "4.0", channel="C2"))
    )
    asker = Heard(side=Side.ASKER, said=(said("first", "1.0"), said("third", "3.0"), said("first", "1.0")))
    told = together((card, asker), facts())
    assert [one.text for one in told] == ["first", "second", "third", "fourth"]


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("text", ["// inside", "  // inside", "//inside"])
def test_private_lines_go_along_from_no_thread(text: str, side: Side) -> None:
    about = None if side is Side.THREAD else facts()
    assert together((Heard(side=side, said=(said(text), said("open", "2.0"))),), about) == (
        said("open", "2.0"),
    )


def test_of_a_private_place_only_the_askers_words_leave() -> None:
    heard = Heard(side=Side.ASKER, said=(said("mine", "1.0", "U0ANA00001"), said("theirs", "2.0", "U7")))
    assert [one.text for one in together((heard,), facts(private=True))] == ["mine"]
    assert len(together((heard,), facts())) == 2


def test_a_description_says_what_was_typed_where_it_comes_from_and_what_was_said() -> None:
    told = parts(said("It is <@U2>'s order"), facts=facts(requester="U1", filed_by="U2"),
                 links=(("The request's card in Slack", "https://x.slack.com/archives/C1/p1"),))  # fmt: skip
    text = plain(description(told, size).document)
    assert text.startswith("Typed\n")
    assert "Request #12 of Ana Moreau, filed by Bob Marsh" in text
    assert "Bug, priority High, asked as Partner team, component Billing" in text
    assert "The request's card in Slack (https://x.slack.com/archives/C1/p1)" in text
    assert "Ana Moreau (2026-11-23 11:00)\n\nIt is @Bob Marsh's order" in text


def test_messages_beyond_the_room_are_counted() -> None:
    told = parts(*(said(f"line {n} " + "x" * 300) for n in range(50)), unread=7)
    described = description(told, size, room=3000)
    text = plain(described.document)
    shown = sum(f"line {n} " in text for n in range(50))
    assert len(text) <= 3000
    assert 0 < shown < 50
    assert described.left_out == 50 - shown
    assert text.endswith(f"… ({50 - shown + 7} more messages in Slack)")


def test_where_jira_takes_files_the_count_names_the_one_with_the_rest() -> None:
    lines = [said(f"line {n} " + "x" * 300) for n in range(50)]
    text = plain(description(parts(*lines, takes_files=True), size, room=3000).document)
    assert text.endswith("more messages in Slack) The conversation goes on in conversation.txt.")


def test_the_file_with_the_conversation_holds_every_word() -> None:
    whole = transcript(
        parts(said("one " + "x" * 20_000 + " end", "1795424400.0"), said("two", "1795424460.0"))
    )
    assert whole.startswith("Ana Moreau (2026-11-23 11:00)\n\none xxx")
    assert " end\n\nAna Moreau (2026-11-23 11:01)\n\ntwo" in whole


def test_a_thread_that_could_not_be_read_is_said_to_be_missing() -> None:
    assert "could not be read in Slack" in plain(description(parts(closed=True), size).document)


def test_a_thread_in_which_nobody_spoke_has_no_heading() -> None:
    assert "Conversation" not in plain(description(parts(), size).document)


def test_what_was_said_after_the_cut_is_left_to_comments() -> None:
    heard = Heard(side=Side.THREAD, said=(said("before", "1.0"), said("at", "2.0"), said("after", "10.0")))
    assert [one.text for one in together((heard,), None, "2.0")] == ["before", "at"]


def test_people_whom_jira_does_not_know_are_named_and_the_others_are_not() -> None:
    told = parts(reporter="U1", assignee="U2", in_words=frozenset({"reporter"}))
    text = plain(description(told, size).document)
    assert "Reported by Ana Moreau" in text
    assert "Assigned" not in text


def test_a_file_that_is_left_out_says_why() -> None:
    file = FileRef(
        id="F1", name="dump.bin", size=45_000_000, mimetype="", url="u", page="https://x.example/F1"
    )
    told = parts(replace(said("see"), files=(file,)), left_out={"F1": "too large, 45 MB"})
    text = plain(description(told, size).document)
    assert "File: dump.bin (https://x.example/F1) (not attached: too large, 45 MB)" in text


def test_the_comment_on_a_linked_issue_says_who_linked_it_and_what_was_said() -> None:
    told = parts(said("hello"), links=(("The thread in Slack", "https://x.slack.com/archives/C1/p1"),))
    text = plain(linked_comment(told, size).document)
    assert text.startswith("• Linked from Slack by Bob Marsh\n• The thread in Slack (https://x.slack.com")
    assert "Typed" not in text
    assert text.endswith("Ana Moreau (2026-11-23 11:00)\n\nhello")


def test_the_form_of_a_message_survives_in_both_editions() -> None:
    told = parts(replace(said("see below"), blocks=(RICH,)), names={"U1": "Ana Moreau", "C9": "general"})
    document = description(told, size).document
    wiki_text = wiki.write(document)
    for piece in WIKI:
        assert piece in wiki_text
    cloud = json.dumps(adf.write(document), ensure_ascii=False)
    for piece in ADF:
        assert piece in cloud


def _words(text: str, **style: bool) -> dict[str, object]:
    element: dict[str, object] = {"type": "text", "text": text}
    return {**element, "style": style} if style else element


def _section(*elements: dict[str, object]) -> dict[str, object]:
    return {"type": "rich_text_section", "elements": list(elements)}


def _list(indent: int, item: str, style: str = "bullet") -> dict[str, object]:
    return {"type": "rich_text_list", "style": style, "indent": indent, "elements": [_section(_words(item))]}


RICH: dict[str, object] = {
    "type": "rich_text",
    "elements": [
        _section(
            _words("Hi "), {"type": "user", "user_id": "U1"}, _words(" in "),
            {"type": "channel", "channel_id": "C9"}, _words(" see "),
            {"type": "link", "url": "https://example.com/run/7", "text": "the run"}, _words(" "),
            {"type": "emoji", "name": "tada", "unicode": "1f389"}, {"type": "emoji", "name": "party_parrot"},
            _words(" now", bold=True), _words(" "), _words("x = 1", code=True),
        ),
        _list(0, "first"),
        _list(1, "below"),
        _list(0, "one", style="ordered"),
        {"type": "rich_text_preformatted", "elements": [_words("if x:\n    {code} *y*")]},
        {"type": "rich_text_quote", "elements": [_words("said before")]},
    ],
}  # fmt: skip
WIKI = [
    "Hi @Ana Moreau in #general see [the run|https://example.com/run/7] 🎉:party_parrot: *now*",
    "{{x = 1}}",
    "* first\n** below",
    "# one",
    "{noformat}\nif x:\n    {code} *y*\n{noformat}",
    "{quote}\nsaid before\n{quote}",
]
ADF = [
    '"Hi "',
    '"@Ana Moreau"',
    '{"type": "link", "attrs": {"href": "https://example.com/run/7"}}',
    '"🎉"',
    '":party_parrot:"',
    '{"type": "text", "text": "x = 1", "marks": [{"type": "code"}]}',
    '"type": "bulletList"',
    '"type": "orderedList"',
    '{"type": "codeBlock", "content": [{"type": "text", "text": "if x:\\n    {code} *y*"}]}',
    '"type": "blockquote"',
]
