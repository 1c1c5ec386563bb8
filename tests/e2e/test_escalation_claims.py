"""Claims that do not move, and the morning's digest, over the wire."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from tests.e2e.conftest import assert_calls_agree
from tests.e2e.escalation_office import at, below, later, looked, open_payments, triage
from tests.e2e.office import Office
from tests.e2e.screen import said
from tests.e2e.steps import chooses, receipt_of

ASKED = "Still on it?"


@pytest.fixture
async def desk(tmp_path: Path, specs: Path) -> AsyncIterator[Office]:
    """Payments on SQLite; a claim may rest for 3 working days."""
    async with open_payments(tmp_path) as opened:
        yield opened
        assert_calls_agree(opened)


@pytest.mark.by_turns
async def test_a_claim_without_a_move_is_asked_about_and_put_back_after_a_day_of_silence(
    office: Office,
) -> None:
    card = await office.asks("Refund stuck")
    await card.click("Claim", by=office.person("alice"))
    # Tuesday noon, so Friday noon; a day of silence more is Monday noon.
    await later(office, "11:59", days=3)
    assert await below(office, card, ASKED) == []
    await later(office, "12:01", days=3)
    (asked,) = await below(office, card, ASKED)
    assert "@alice, nothing has happened to #1 for 3 working days" in asked.text
    await office.restart()
    await later(office, "12:00", days=6)
    assert "In progress" in (await card.now()).text
    await later(office, "12:02", days=6)
    assert "nobody yet" in (await card.now()).text
    assert await below(office, card, "No word from @alice, so it is back in the queue")
    (asked,) = await below(office, card, ASKED)
    assert asked.buttons == []
    receipt = await receipt_of(office, "#1")
    await office.person("ana").waits_for("back in the queue. Answer by 15:02", thread=receipt)


async def test_still_on_it_gives_as_many_days_again(desk: Office) -> None:
    card = await desk.asks("Refund stuck")
    alice = desk.person("alice")
    await card.click("Claim", by=alice)
    await later(desk, "12:01", days=3)
    (asked,) = await below(desk, card, ASKED)
    assert "is with @alice: only they can say that" in said(
        await asked.click("Still on it", by=desk.person("bob"))
    )
    await asked.click("Still on it", by=alice)
    await desk.settled()
    (shown,) = await below(desk, card, "#1 stays with @alice")
    assert shown.buttons == []
    await later(desk, "12:00", days=8)
    assert await below(desk, card, ASKED) == []
    await later(desk, "12:02", days=8)
    (again,) = await below(desk, card, ASKED)
    await again.click("Put it back", by=alice)
    await desk.settled()
    assert "nobody yet" in (await card.now()).text
    assert "nobody is asked for it any more" in said(
        await alice.act(
            again.message,
            {"type": "button", "action_id": "escalation.still", "block_id": "x", "value": "v1:1:2:2"},
        )
    )


async def test_talk_in_the_thread_is_a_move(desk: Office) -> None:
    card = await desk.asks("Refund stuck")
    alice = desk.person("alice")
    await card.click("Claim", by=alice)
    await later(desk, "12:00", days=2)
    await alice.says("Still waiting for the bank", thread=card)
    await desk.settled()
    await later(desk, "12:02", days=3)
    assert await below(desk, card, ASKED) == []
    await later(desk, "12:02", days=7)
    assert len(await below(desk, card, ASKED)) == 1


async def test_the_morning_tells_what_is_overdue_due_and_waiting_once(desk: Office) -> None:
    await desk.asks("Old *bold* thing")
    await later(desk, "17:00")
    held = await desk.asks("Question back")
    await held.choose("Wait for requester", by=desk.person("bob"))
    await desk.asks("Fresh thing")
    await desk.settled()
    await later(desk, "08:59", days=1)
    assert await triage(desk, "today:") == []
    await later(desk, "09:00", days=1)
    await desk.restart()
    await looked(desk)
    (digest,) = await triage(desk, "today:")
    assert "Payments today: 1 overdue, 1 due today, 1 waiting for the requester." in digest.text
    read = digest.text
    assert read.index("Overdue") < read.index("#1 Old *bold* thing") < read.index("Due today")
    assert read.index("Due today") < read.index("#3 Fresh thing") < read.index("Waiting for the requester")
    assert "nobody has it, due 12:00" in read
    assert "Old *bold* thing" in digest.fallback


async def test_people_in_a_summary_are_named_in_the_digest_and_not_called(desk: Office) -> None:
    await desk.person("ana").says("Ask <@U0BOB00001> about it", in_="#ask-payments")
    await desk.settled()
    await later(desk, "09:00", days=1)
    (digest,) = await triage(desk, "today:")
    assert "Ask @bob about it" in digest.text and "U0BOB00001" not in digest.fallback


async def test_a_day_without_anything_to_tell_is_silent_and_so_is_a_day_off(tmp_path: Path) -> None:
    async with open_payments(tmp_path, holidays="DE") as office:
        await later(office, "09:00", days=1)
        # Christmas is a Friday in that year.
        christmas = (date(2026, 12, 25) - date(2026, 11, 24)).days
        office.clock.set(at("16:00", days=christmas - 1))
        await office.asks("Refund stuck")
        await later(office, "09:30", days=christmas)
        assert await triage(office, "today:") == []
        await later(office, "09:30", days=christmas + 3)
        (digest,) = await triage(office, "today:")
        # Two of its four hours were on Thursday, and Friday has none.
        assert "1 due today" in digest.text and "due 11:00" in digest.text


async def test_a_long_digest_goes_on_in_its_thread(desk: Office) -> None:
    for number in range(23):
        await desk.person("ana").runs(f"/ask-team payments Thing {number} " + "x" * 150)
    await desk.settled()
    await later(desk, "09:00", days=1)
    (digest,) = await triage(desk, "today:")
    assert "23 overdue" in digest.text
    more = await desk.person("alice").sees(thread=digest)
    assert [("page 2" in one.text, "#23" in one.text) for one in more if one.ts != digest.ts] == [
        (True, True)
    ]


async def test_give_it_back_needs_a_claim(desk: Office) -> None:
    card = await desk.asks("Refund stuck")
    alice = desk.person("alice")
    await card.click("Claim", by=alice)
    await desk.settled()
    held = await card.now()
    await chooses(held, "Decline", desk)
    await held.click("Resolve", by=alice)
    shown = await alice.act(
        held.message,
        {"type": "button", "action_id": "request.give_back", "block_id": "x", "value": "v1:1"},
    )
    assert "#1 is Resolved: there is nothing to give back" in said(shown)
