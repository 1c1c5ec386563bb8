"""Work is shared out as the team chose, over the wire: who gets it, what the card says of it, and giving it back."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.story import Seen
from tests.e2e.conftest import assert_calls_agree
from tests.e2e.escalation_office import below, goes_away, later, looked, open_payments, pings
from tests.e2e.office import Office
from tests.e2e.screen import said
from tests.e2e.steps import receipt_of


async def assignee(card: Seen) -> str:
    """Who has it, by the card."""
    return (await card.now()).text.split("Assignee")[1].split()[0]


async def asks(office: Office, *texts: str) -> list[Seen]:
    """These are asked one after the other; their cards as they are then."""
    return [await office.asks(text) for text in texts]


async def test_the_person_on_duty_gets_new_requests_up_to_the_cap(tmp_path: Path, specs: Path) -> None:
    async with open_payments(tmp_path, split_of_work="on_duty", max_open=1) as office:
        cards = await asks(office, "One", "Two", "Three", "Four")
        assert [await assignee(card) for card in cards] == ["@alice", "@bob", "@carol", "nobody"]
        assert "Assigned to @alice: on duty" in cards[0].text
        assert "Assigned to @bob: next in the rotation" in cards[1].text
        assert "Nobody has room: 1 open each" in cards[3].text
        told = await below(office, cards[1], "Assigned to @bob: next in the rotation")
        assert len(told) == 1
        assert await pings(office, cards[0]) == []
        # Somebody has room again: at the next step it is given, not asked for.
        await cards[1].click("Resolve", by=office.person("bob"))
        await later(office, "16:01")
        assert await assignee(cards[3]) == "@bob"
        assert "Nobody has room" not in (await cards[3].now()).text
        receipt = await receipt_of(office, "#1")
        assert "@alice has it" in receipt.text
        assert_calls_agree(office)


async def test_work_goes_round_by_turns_past_who_is_away(tmp_path: Path, specs: Path) -> None:
    async with open_payments(tmp_path, split_of_work="round_robin") as office:
        first = await asks(office, "One", "Two", "Three", "Four")
        assert [await assignee(card) for card in first] == ["@alice", "@bob", "@carol", "@alice"]
        assert "Assigned to @carol: carol's turn" in first[2].text
        await goes_away(office, "bob")
        await office.restart()
        second = await asks(office, "Five", "Six")
        assert [await assignee(card) for card in second] == ["@carol", "@alice"]
        assert_calls_agree(office)


@pytest.mark.by_turns
async def test_many_at_once_go_round_evenly(tmp_path: Path, database_url: str) -> None:
    async with open_payments(tmp_path, database_url, split_of_work="round_robin") as office:
        ana = office.person("ana")
        await asyncio.gather(*(ana.runs(f"/ask-team payments Thing {number}") for number in range(6)))
        await office.settled()
        await looked(office)
        cards = [await office.card(f"Thing {number}") for number in range(6)]
        held = sorted([await assignee(card) for card in cards])
        assert held == ["@alice", "@alice", "@bob", "@bob", "@carol", "@carol"]


async def test_nobody_there_is_said_on_the_card_and_asked_of_the_lead(tmp_path: Path) -> None:
    async with open_payments(tmp_path, split_of_work="round_robin") as office:
        await goes_away(office, "alice", "bob", "carol")
        card = await office.asks("Refund stuck")
        assert "Nobody is there to take it" in card.text
        await later(office, "16:01")
        assert await pings(office, card) == ["lead"]


async def test_where_the_lead_assigns_the_lead_is_asked_first(tmp_path: Path, specs: Path) -> None:
    async with open_payments(tmp_path, split_of_work="lead_assigns") as office:
        card = await office.asks("Refund stuck")
        (asked,) = await below(office, card, "@lead, #1 is new (Normal): who takes it?")
        assert asked.buttons == ["Assign", "Seen, not now"]
        await later(office, "16:01")
        await later(office, "11:02", days=1)
        await later(office, "15:03", days=1)
        assert await pings(office, card) == ["lead", "lead", "alice", "bob"]
        form: Any = await asked.click("Assign", by=office.person("lead"))
        form.pick("Who takes it?", "carol")
        assert await form.submit() is None
        await office.settled()
        assert await assignee(card) == "@carol"
        assert_calls_agree(office)


async def test_given_back_it_goes_to_the_next_and_never_to_who_passed_it_on(
    tmp_path: Path, specs: Path
) -> None:
    async with open_payments(tmp_path, split_of_work="on_duty") as office:
        card = await office.asks("Refund stuck")
        alice, bob, carol = (office.person(name) for name in ("alice", "bob", "carol"))
        assert "#1 is with @alice: only they can give it back" in said(
            await card.click("Give it back", by=bob)
        )
        # Two clicks at once pass it on once.
        await asyncio.gather(
            *(card.click("Give it back", by=alice) for _ in range(2)), return_exceptions=True
        )
        await office.settled()
        assert await assignee(card) == "@bob"
        assert await below(office, card, "@alice gave it on to @bob: next in the rotation")
        await card.click("Give it back", by=bob)
        await office.settled()
        assert await assignee(card) == "@carol"
        await card.click("Give it back", by=carol)
        await office.settled()
        card = await card.now()
        assert await assignee(card) == "nobody"
        assert "Nobody is there to take it" in card.text
        receipt = await receipt_of(office, "#1")
        told = await office.person("ana").waits_for("back in the queue. Answer by", thread=receipt)
        assert told
        assert_calls_agree(office)


@pytest.mark.parametrize("split", ["pull", "round_robin"])
async def test_a_team_of_one_gets_back_to_the_queue_what_it_gives_back(tmp_path: Path, split: str) -> None:
    async with open_payments(tmp_path, split_of_work=split, members=["U0ALICE001"], rotation=None) as office:
        card = await office.asks("Refund stuck")
        alice = office.person("alice")
        if split == "pull":
            await card.click("Claim", by=alice)
            await office.settled()
        await (await card.now()).click("Give it back", by=alice)
        await office.settled()
        assert await assignee(card) == "nobody"
