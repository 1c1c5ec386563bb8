"""Cards of requests that nobody has taken name who is on duty now, not who was when they came in."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.story import Seen
from tests.e2e.conftest import assert_calls_agree
from tests.e2e.office import Office, Transport
from tests.e2e.rotation_office import CHANNEL, later, open_rotation, says

pytestmark = pytest.mark.by_turns


@pytest.fixture
async def office(
    database_url: str, tmp_path: Path, specs: Path, transport: Transport
) -> AsyncIterator[Office]:
    async with open_rotation(database_url, tmp_path, transport=transport) as opened:
        yield opened
        assert_calls_agree(opened)


async def shown(office: Office, card: Seen) -> str:
    """What the card says now."""
    return next(one.text for one in await office.person("alice").sees(in_=CHANNEL) if one.ts == card.ts)


async def test_a_card_that_waits_names_whoever_is_on_duty_now(office: Office) -> None:
    card = await office.asks("Refund stuck for order 123")
    taken = await office.asks("Charged twice", by="frank")
    await taken.click("Claim", by=office.person("carol"))
    await office.settled()
    assert "On duty: @alice" in await shown(office, card)
    await says(office, "lead", "override @bob until tomorrow")
    assert "On duty: @bob" in await shown(office, card)
    assert "@bob" not in await shown(office, taken)
    await later(office, "2026-11-26 00:00")
    assert "On duty: @alice" in await shown(office, card)
    await later(office, "2026-11-30 10:00")
    assert "On duty: @bob" in await shown(office, card)
