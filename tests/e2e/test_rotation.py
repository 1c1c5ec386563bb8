"""Who is on duty, and how that changes: everybody who is concerned hears of it, once."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.conftest import assert_calls_agree
from tests.e2e.office import Office, Transport
from tests.e2e.rotation_office import (
    direct,
    group,
    later,
    open_rotation,
    says,
    told,
    topic,
)

pytestmark = pytest.mark.by_turns


@pytest.fixture
async def office(
    database_url: str, tmp_path: Path, specs: Path, transport: Transport
) -> AsyncIterator[Office]:
    async with open_rotation(database_url, tmp_path, transport=transport) as opened:
        yield opened
        assert_calls_agree(opened)


async def test_everybody_may_ask_who_is_on_duty(office: Office) -> None:
    answer = await says(office, "ana", "payments", in_="#general")
    assert "@alice" in answer and "on duty until" in answer and "Then @bob" in answer


async def test_an_override_is_one_truth_everywhere(office: Office) -> None:
    answer = await says(office, "lead", "override @bob")
    assert "@bob" in answer
    (news,) = await told(office)
    assert "@bob is on duty" in news and "in place of @alice" in news and "changed by @lead" in news
    assert [len([one for one in await direct(office, name) if "is on duty" in one.text]) for name in
            ("alice", "bob", "carol", "lead")] == [1, 1, 0, 0]  # fmt: skip
    assert group(office) == ["bob"] and topic(office).startswith("On duty: @bob until Mon 7 Dec, 10:00")
    card = await office.asks("Refund stuck")
    assert "On duty: @bob" in card.text
    receipt = [one.text for one in await direct(office, "ana")][-1]
    assert "@bob is on duty" in receipt
    assert "@bob is on duty until" in await says(office, "ana", "payments", in_="#general")


async def test_at_the_handoff_the_next_person_gets_what_is_open_and_accepts_it(office: Office) -> None:
    await office.asks("Refund stuck for order 123")
    await says(office, "alice", "note The refund job is paused until Monday")
    await later(office, "2026-11-30 10:00")
    assert [one for one in await told(office) if "On duty now: @bob until" in one]
    assert group(office) == ["bob"]
    (pack,) = [one for one in await direct(office, "bob") if "You are on duty" in one.text]
    assert "Refund stuck for order 123" in pack.text and "paused until Monday" in pack.text
    await pack.click("Accept")
    await office.settled()
    (pack,) = [one for one in await direct(office, "bob") if "You are on duty" in one.text]
    assert "Accepted" in pack.text and not pack.buttons
    assert [one for one in await direct(office, "alice") if "@bob has accepted the handover" in one.text]
