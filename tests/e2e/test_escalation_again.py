"""What comes back, comes late or was held back: said to who is there now, in working hours, once."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.story import Seen
from tests.e2e.conftest import assert_calls_agree
from tests.e2e.escalation_office import at, below, goes_away, later, looked, open_payments, pings, triage
from tests.e2e.office import Office
from tests.e2e.steps import receipt_of

BACK = "#1 is back in the queue (Normal)"


@pytest.fixture
async def desk(tmp_path: Path, specs: Path) -> AsyncIterator[Office]:
    """Payments on SQLite; a normal request is to be claimed within 4 working hours."""
    async with open_payments(tmp_path) as opened:
        yield opened
        assert_calls_agree(opened)


async def told(office: Office, words: str) -> list[Seen]:
    """What Ana read about #1 that says so."""
    receipt = await receipt_of(office, "#1")
    return [one for one in await office.person("ana").sees(thread=receipt) if words in one.text]


@pytest.mark.by_turns
async def test_what_comes_back_names_who_is_on_duty_at_once_and_begins_anew(office: Office) -> None:
    card = await office.asks("Refund stuck")
    await card.click("Claim", by=office.person("bob"))
    await office.settled()
    await later(office, "13:00")
    await card.click("Give it back", by=office.person("bob"))
    await office.settled()
    await looked(office)
    (word,) = await below(office, card, BACK)
    assert word.text.startswith("@alice, you are on duty") and word.buttons == ["Seen, not now"]
    await office.restart()
    await later(office, "16:59")
    assert len(await below(office, card, "nobody has taken")) == 0
    await later(office, "17:01")
    assert len(await below(office, card, "nobody has taken")) == 1
    assert len(await told(office, "back in the queue")) == 1


async def test_what_comes_back_at_night_is_said_in_the_morning(desk: Office) -> None:
    card = await desk.asks("Refund stuck")
    await card.choose("Wait for requester", by=desk.person("alice"))
    await desk.settled()
    await later(desk, "23:00")
    await desk.person("ana").says("It is order 123", thread=await receipt_of(desk, "#1"))
    await desk.settled()
    await looked(desk)
    assert await below(desk, card, BACK) == []
    await later(desk, "09:00", days=1)
    assert len(await below(desk, card, BACK)) == 1
    await later(desk, "12:59", days=1)
    assert await below(desk, card, "nobody has taken") == []
    await later(desk, "13:01", days=1)
    assert len(await below(desk, card, "nobody has taken")) == 1


async def test_what_comes_back_asks_the_lead_where_the_lead_assigns(tmp_path: Path) -> None:
    async with open_payments(tmp_path, split_of_work="lead_assigns") as office:
        card = await office.asks("Refund stuck")
        await card.click("Claim", by=office.person("bob"))
        await office.settled()
        await card.click("Give it back", by=office.person("bob"))
        await office.settled()
        await looked(office)
        (word,) = await below(office, card, BACK)
        assert word.text.startswith(f"@lead, {BACK}: who takes it?")


async def test_a_ping_that_was_held_back_by_a_closed_channel_is_not_said_at_night(desk: Office) -> None:
    card = await desk.asks("Refund stuck")
    desk.box.archive("triage-payments")
    desk.clock.set(at("16:01"))
    await looked(desk)
    desk.clock.set(at("23:00"))
    desk.box.archive("triage-payments", archived=False)
    await desk.settled()
    await looked(desk)
    assert await below(desk, card, "nobody has taken") == []
    await later(desk, "09:01", days=1)
    (said,) = await below(desk, card, "nobody has taken")
    # It is shown anew like any other.
    await said.click("Seen, not now", by=desk.person("alice"))
    await desk.settled()
    assert len(await below(desk, card, "has seen #1")) == 1


async def test_a_ping_that_was_held_back_asks_who_is_on_duty_by_then(desk: Office) -> None:
    card = await desk.asks("Refund stuck")
    desk.box.archive("triage-payments")
    desk.clock.set(at("16:01"))
    await looked(desk)
    await desk.person("lead").runs("/rotation override @carol", in_="#general")
    desk.clock.set(at("16:30"))
    desk.box.archive("triage-payments", archived=False)
    await desk.settled()
    assert await pings(desk, card) == ["alice", "carol"]
    (said,) = await below(desk, card, "nobody has taken")
    await card.click("Claim", by=desk.person("bob"))
    await desk.settled()
    assert (await said.now()).text.startswith("@carol, you are on duty")


async def test_a_question_that_was_held_back_gives_its_day_from_when_it_is_read(desk: Office) -> None:
    card = await desk.asks("Refund stuck")
    await card.click("Claim", by=desk.person("alice"))
    await desk.settled()
    desk.box.archive("triage-payments")
    desk.clock.set(at("12:01", days=3))
    await looked(desk)
    desk.clock.set(at("11:00", days=6))
    desk.box.archive("triage-payments", archived=False)
    await desk.settled()
    assert len(await below(desk, card, "Still on it?")) == 1
    await later(desk, "12:02", days=6)
    assert "In progress" in (await card.now()).text
    await later(desk, "11:02", days=7)
    assert "nobody yet" in (await card.now()).text


async def test_a_first_word_that_was_seen_says_so_when_somebody_has_it(desk: Office) -> None:
    card = await desk.asks("Refund stuck")
    (word,) = await below(desk, card, "is new")
    await word.click("Seen, not now", by=desk.person("alice"))
    await desk.settled()
    assert "Quiet until" in (await word.now()).text
    await card.click("Claim", by=desk.person("bob"))
    await desk.settled()
    shown = (await word.now()).text
    assert "Quiet until" not in shown and "#1 is In progress now" in shown


async def test_a_card_that_came_late_names_who_is_on_duty_by_then(desk: Office) -> None:
    desk.box.archive("triage-payments")
    await desk.person("ana").runs("/ask-team payments Refund stuck")
    desk.clock.set(at("13:00"))
    await looked(desk)
    await desk.person("lead").runs("/rotation override @carol", in_="#general")
    desk.clock.set(at("14:00"))
    desk.box.archive("triage-payments", archived=False)
    await desk.settled()
    card = await desk.card("Refund stuck")
    await looked(desk)
    assert await pings(desk, card) == ["carol"]


async def test_a_lead_who_was_away_is_asked_when_back(tmp_path: Path) -> None:
    async with open_payments(tmp_path, rotation=None) as office:
        await goes_away(office, "lead")
        card = await office.asks("Refund stuck")
        await later(office, "16:01")
        assert await pings(office, card) == []
        await later(office, "11:02", days=1)
        assert await pings(office, card) == ["lead"]
        assert await below(office, card, "nobody else is left to ask")
        await later(office, "12:00", days=8)
        assert await pings(office, card) == ["lead"]


async def test_a_digest_that_was_held_back_is_not_told_when_its_day_is_over(desk: Office) -> None:
    await desk.asks("Refund stuck")
    desk.box.archive("triage-payments")
    desk.clock.set(at("09:00", days=1))
    await looked(desk)
    desk.clock.set(at("19:00", days=1))
    desk.box.archive("triage-payments", archived=False)
    await desk.settled()
    await looked(desk)
    assert await triage(desk, "today:") == []


async def test_the_holder_of_a_quiet_claim_is_not_asked_while_away(desk: Office) -> None:
    card = await desk.asks("Refund stuck")
    await card.click("Claim", by=desk.person("bob"))
    await desk.settled()
    await goes_away(desk, "bob", days=20)
    await later(desk, "12:01", days=3)
    assert await below(desk, card, "Still on it?") == []
    assert len(await below(desk, card, "@bob is away, so it is back in the queue")) == 1
    assert len(await told(desk, "back in the queue")) == 1
    await looked(desk)
    assert len(await below(desk, card, BACK)) == 1


async def test_a_new_request_that_is_given_out_is_told_of_once(tmp_path: Path) -> None:
    async with open_payments(tmp_path, split_of_work="on_duty") as office:
        card = await office.asks("Refund stuck")
        receipt = await receipt_of(office, "#1")
        assert "It is In progress: @alice has it" in receipt.text
        assert await told(office, "works on it") == []
        await card.click("Give it back", by=office.person("alice"))
        await office.settled()
        assert len(await told(office, "@bob works on it")) == 1


async def test_whoever_takes_their_claim_back_is_not_given_it_again(tmp_path: Path) -> None:
    async with open_payments(tmp_path, split_of_work="on_duty", max_open=1) as office:
        cards = [await office.asks(text) for text in ("One", "Two", "Three", "Four")]
        alice = office.person("alice")
        await alice.reacts(cards[3], ":eyes:")
        await office.settled()
        await cards[0].click("Resolve", by=alice)
        await alice.unreacts(cards[3], ":eyes:")
        await office.settled()
        await looked(office)
        assert "nobody yet" in (await cards[3].now()).text
