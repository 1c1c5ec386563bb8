"""Which messages an issue carries, and what its description says. Pure."""

from zoneinfo import ZoneInfo

import pytest

from bot.core.text import Document, plain
from bot.core.threads import ThreadRef
from bot.features.tickets.domain import Side
from bot.features.tickets.views.description import Parts, description
from bot.features.tickets.views.transcript import Heard, Said, said_in, together
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


def test_a_file_without_words_stays() -> None:
    found = said_in(
        [message("", files=[{"title": "log.txt", "permalink": "https://x.example/f"}])], THREAD, US
    )
    assert found[0].files == (("log.txt", "https://x.example/f"),)


def test_two_threads_are_told_in_the_order_of_time_each_message_once() -> None:
    card = Heard(
        side=Side.CARD, said=(said("second", "2.0", channel="C2"), said("fourth", "4.0", channel="C2"))
    )
    asker = Heard(side=Side.ASKER, said=(said("first", "1.0"), said("third", "3.0"), said("first", "1.0")))
    told = together((card, asker), facts())
    assert [one.text for one in told] == ["first", "second", "third", "fourth"]


@pytest.mark.parametrize("text", ["// inside", "  // inside", "//inside"])
def test_the_teams_own_lines_stay_in_the_team(text: str) -> None:
    assert together((Heard(side=Side.CARD, said=(said(text),)),), facts()) == ()


def test_such_a_line_of_another_thread_is_an_ordinary_one() -> None:
    assert len(together((Heard(side=Side.THREAD, said=(said("// a comment"),)),), None)) == 1


def test_of_a_private_place_only_the_askers_words_leave() -> None:
    heard = Heard(side=Side.ASKER, said=(said("mine", "1.0", "U0ANA00001"), said("theirs", "2.0", "U7")))
    assert [one.text for one in together((heard,), facts(private=True))] == ["mine"]
    assert len(together((heard,), facts())) == 2


def test_a_description_says_what_was_typed_where_it_comes_from_and_what_was_said() -> None:
    told = parts(said("It is <@U2>'s order"), facts=facts(requester="U1", filed_by="U2"),
                 links=(("The request's card in Slack", "https://x.slack.com/archives/C1/p1"),))  # fmt: skip
    text = plain(description(told, size))
    assert text.startswith("Typed\n")
    assert "Request #12 of Ana Moreau, filed by Bob Marsh" in text
    assert "Bug, priority High, asked as Partner team, component Billing" in text
    assert "The request's card in Slack (https://x.slack.com/archives/C1/p1)" in text
    assert "Ana Moreau (2026-11-23 11:00)\n\nIt is @Bob Marsh's order" in text


def test_messages_beyond_the_room_are_counted() -> None:
    told = parts(*(said(f"line {n} " + "x" * 300) for n in range(50)), unread=7)
    text = plain(description(told, size, room=3000))
    shown = sum(f"line {n} " in text for n in range(50))
    assert len(text) <= 3000
    assert 0 < shown < 50
    assert f"… ({50 - shown + 7} more messages in Slack)" in text


def test_a_thread_that_could_not_be_read_is_said_to_be_missing() -> None:
    assert "could not be read in Slack" in plain(description(parts(closed=True), size))


def test_a_thread_in_which_nobody_spoke_has_no_heading() -> None:
    assert "Conversation" not in plain(description(parts(), size))
