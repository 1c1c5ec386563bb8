"""The ladder over the wire: who is asked, when, and what stops it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.story import Answer
from tests.e2e.conftest import assert_calls_agree
from tests.e2e.escalation_office import at, below, goes_away, later, looked, open_payments, pings
from tests.e2e.office import PAYMENTS, Office
from tests.e2e.screen import said, sends
from tests.e2e.steps import chooses, receipt_of


@pytest.fixture
async def desk(tmp_path: Path, specs: Path) -> AsyncIterator[Office]:
    """Payments on SQLite; a normal request is to be claimed within 4 working hours."""
    async with open_payments(tmp_path) as opened:
        yield opened
        assert_calls_agree(opened)


@pytest.mark.by_turns
async def test_who_is_on_duty_is_asked_again_then_the_next_then_the_lead(office: Office) -> None:
    card = await office.asks("Refund stuck")
    assert await pings(office, card) == ["alice"]
    await later(office, "15:59")
    assert await pings(office, card) == ["alice"]
    await later(office, "16:01")
    assert await pings(office, card) == ["alice", "alice"]
    await office.restart()
    # Two hours of working time are left today; the rest is tomorrow.
    await later(office, "10:59", days=1)
    assert await pings(office, card) == ["alice", "alice"]
    await later(office, "11:02", days=1)
    await later(office, "15:04", days=1)
    await later(office, "12:00", days=9)
    assert await pings(office, card) == ["alice", "alice", "bob", "lead"]


async def test_whoever_takes_over_the_shift_is_asked(desk: Office) -> None:
    card = await desk.asks("Refund stuck")
    await desk.person("lead").runs("/rotation override @carol", in_="#triage-payments")
    await desk.settled()
    await later(desk, "16:01")
    assert await pings(desk, card) == ["alice", "carol"]


async def test_an_urgent_one_goes_by_the_clock_also_at_night(desk: Office) -> None:
    desk.clock.set(at("23:30"))
    card = await desk.asks("Payments are down")
    await desk.person("alice").waits_for("you are on duty", thread=card)
    form = await chooses(card, "Change priority", desk)
    form.pick("Priority", "Urgent")
    await sends(form)
    await looked(desk)
    for clock in ("23:46", "00:02", "00:18"):
        await later(desk, clock, days=int(clock.startswith("00")))
    assert await pings(desk, card) == ["alice", "alice", "bob", "lead"]


async def test_what_became_late_at_night_is_said_once_in_the_morning(desk: Office) -> None:
    card = await desk.asks("Refund stuck")
    await desk.stop()
    desk.clock.set(at("20:00", days=2))
    await desk.restart()
    await looked(desk)
    assert await pings(desk, card) == ["alice"]
    await later(desk, "09:00", days=3)
    assert await pings(desk, card) == ["alice", "alice"]
    await later(desk, "12:59", days=3)
    assert await pings(desk, card) == ["alice", "alice"]


@pytest.mark.parametrize("stopped_by", ["Claim", "Snooze", "Wait for requester", "Resolve"])
async def test_the_ladder_stops_when_somebody_does_something(desk: Office, stopped_by: str) -> None:
    card = await desk.asks("Refund stuck")
    await later(desk, "16:01")
    alice = desk.person("alice")
    if stopped_by == "Snooze":
        form = await chooses(card, "Snooze", desk)
        form.pick("Until", "In a week")
        await sends(form)
    elif stopped_by == "Wait for requester":
        await card.choose(stopped_by, by=alice)
    else:
        await card.click(stopped_by, by=alice)
    await desk.settled()
    (again,) = await below(desk, card, "nobody has taken #1")
    assert again.buttons == [] and "now." in again.text
    await later(desk, "12:00", days=2)
    assert await pings(desk, card) == ["alice", "alice"]


async def test_whoever_is_away_or_has_left_is_passed_over(desk: Office) -> None:
    await goes_away(desk, "alice")
    desk.box.deactivate("bob")
    await desk.settled()
    card = await desk.asks("Refund stuck")
    assert "On duty: @carol" in card.text
    assert await pings(desk, card) == ["carol"]
    await later(desk, "16:01")
    # By then Alice is back, and it is her week.
    await goes_away(desk, "carol", days=1)
    await later(desk, "11:02", days=1)
    assert await pings(desk, card) == ["carol", "carol", "alice"]


async def test_seen_not_now_gives_quiet_for_as_long_again_and_says_who(desk: Office) -> None:
    card = await desk.asks("Refund stuck")
    await later(desk, "16:01")
    (again,) = await below(desk, card, "nobody has taken #1")
    stranger = desk.box.add_person("stranger")
    await stranger.joins("#triage-payments")
    assert "Only members of Payments" in said(await again.click("Seen, not now", by=stranger))
    await later(desk, "17:00")
    await again.click("Seen, not now", by=desk.person("bob"))
    await desk.settled()
    (shown,) = await below(desk, card, "has seen #1")
    assert "@bob has seen #1, not now. Quiet until Wed 25 Nov 12:00" in shown.text
    assert shown.buttons == []
    await later(desk, "11:30", days=1)
    assert len(await pings(desk, card)) == 1
    await later(desk, "12:01", days=1)
    assert (await pings(desk, card))[-1] == "bob"


async def test_a_ping_of_another_time_is_answered_in_words(desk: Office) -> None:
    card = await desk.asks("Refund stuck")
    (first,) = await below(desk, card, "you are on duty")
    alice = desk.person("alice")
    await later(desk, "16:01")
    assert "That was asked some time ago" in said(await first.click("Seen, not now", by=alice))
    await card.click("Claim", by=alice)
    await desk.settled()
    assert "#1 is In progress: nobody is asked" in said(await first.click("Seen, not now", by=alice))


@pytest.mark.parametrize("value", ["", "v2:1:1:1", "v1:1", "v1:x:1:1", "v1:99999999999:1:1", "v1:4:1:1"])
async def test_a_forged_button_leads_nowhere_in_words(desk: Office, value: str) -> None:
    card = await desk.asks("Refund stuck")
    (first,) = await below(desk, card, "you are on duty")
    shown = await desk.person("alice").act(
        first.message, {"type": "button", "action_id": "escalation.seen", "block_id": "x", "value": value}
    )
    assert isinstance(shown, Answer)
    assert "leads nowhere" in shown.text or "does not exist" in shown.text


async def test_a_changed_deadline_moves_what_is_waited_for(desk: Office) -> None:
    card = await desk.asks("Refund stuck")
    await later(desk, "13:30")
    assert len(await pings(desk, card)) == 1
    await desk.apply(PAYMENTS | {"claim_within": {"normal": "1h"}})
    desk.product.deps.directory._looked_at = float("-inf")
    await looked(desk)
    await looked(desk)
    assert len(await pings(desk, card)) == 2


async def test_the_requester_is_promised_an_answer_on_their_own_clock_and_hears_when_it_moves(
    desk: Office,
) -> None:
    card = await desk.asks("Refund stuck")
    receipt = await receipt_of(desk, "#1")
    # Ana lives an hour behind Kyiv.
    assert "Answer by 15:00" in receipt.text
    await later(desk, "14:30")
    form = await chooses(card, "Change priority", desk)
    form.pick("Priority", "Low")
    await sends(form)
    told = await desk.person("ana").waits_for("its priority is Low now", thread=receipt)
    assert "Answer by Thursday 11:00" in told.text
    await card.click("Claim", by=desk.person("alice"))
    await later(desk, "17:00")
    await card.click("Give it back", by=desk.person("alice"))
    told = await desk.person("ana").waits_for("back in the queue", thread=receipt)
    assert "Answer by Thursday 16:00" in told.text
