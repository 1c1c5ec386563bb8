"""What is handed on: the notes of the last person's whole time on duty, and words that fit their number."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from bot.features.rotation.handed import Handoff, Note, OpenWork
from bot.features.rotation.service import handing
from bot.features.rotation.store import handoffs
from bot.features.rotation.views.pack import Pack, pack
from bot.slack.blocks import SECTION
from tests.features.rotation.conftest import ALICE, BOB, Bots, payments
from tests.teams.make import payments as team_of_payments

# A Tuesday in Alice's first week.
TUESDAY = datetime(2026, 11, 3, 12, tzinfo=UTC)
ZONE = team_of_payments().zone


def _handed(connection: Connection, team_id: int) -> tuple[Handoff, list[Note]]:
    last = handoffs.last_of(connection, team_id)
    assert last is not None
    since = handoffs.begin_of_stint(connection, last)
    return last, handoffs.notes_since(connection, team_id, since) if since else []


async def test_a_weekend_that_nobody_need_be_there_loses_no_note(bots: Bots) -> None:
    bots.clock.advance((datetime(2026, 11, 2, 9, tzinfo=UTC) - bots.clock.now()).total_seconds())
    turns = {"every": "2 weeks", "on": "monday", "at": "00:00"}
    await bots.apply(payments(days="mon-fri", handoff=turns))
    await bots.look(datetime(2026, 11, 2, 9, tzinfo=UTC))
    await bots.look(TUESDAY)
    await bots.run(0, handing.leave_note, await bots.team(), ALICE, "The refund job is paused")
    told: list[str] = []
    for day in (7, 9, 14, 16, 21, 23):
        await bots.look(datetime(2026, 11, day, 1, tzinfo=UTC))
        last, notes = await bots.database.read(_handed, (await bots.team()).id)
        told.append(f"{last.previous} to {last.person}: {[note.text for note in notes]}")
    # Bob comes after a weekend, and back after the next one: what Alice left is still there.
    kept = "['The refund job is paused']"
    assert told[3] == f"{ALICE} to {BOB}: {kept}" and told[5] == f" to {BOB}: {kept}"


@pytest.mark.parametrize(("counts", "words"), [
    ({}, "Nothing is open."),
    ({"unclaimed": 1}, "1 request is open; nobody has taken it."),
    ({"unclaimed": 3}, "3 requests are open; nobody has taken any of them."),
    ({"unclaimed": 1, "waiting": 2}, "3 requests are open; nobody has taken 1 of them."),
    ({"in_progress": 1}, "1 request is open."),
])  # fmt: skip
def test_how_much_is_open_is_said_in_words_that_fit(counts: dict[str, int], words: str) -> None:
    work = OpenWork(counts=counts, first=())  # pyright: ignore[reportArgumentType]
    assert pack(Pack(team="Payments", zone=ZONE, work=work)).text == f"*Payments*: {words}"


def test_long_notes_are_all_there_and_nothing_in_them_is_markup() -> None:
    at = TUESDAY
    notes = [Note(author=ALICE, text=f"*{number}* <!channel> {'x' * 1400}", at=at + timedelta(hours=number))
             for number in range(10)]  # fmt: skip
    message = pack(Pack(team="R&D", zone=ZONE, work=OpenWork(counts={}, first=()), notes=notes))
    shown = [block["text"] for block in message.blocks]
    assert [one["type"] for one in shown] == ["mrkdwn", "mrkdwn", *["plain_text"] * 10]
    assert all(len(one["text"]) <= SECTION for one in shown) and shown[0]["text"].startswith("*R&amp;D*")
    assert "<!channel>" not in message.text
