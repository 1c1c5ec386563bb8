"""Operators end what could not be sent, beside the running bot."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.outbox import letters
from bot.outbox.letters import GIVEN_UP
from tests.cli.conftest import Frontdesk, frontdesk, nursery
from tests.e2e.office import Office, open_office
from tests.support.waiting import until

__all__ = ["frontdesk", "nursery"]

# A command of its own takes seconds to start where all cores are busy.
pytestmark = [pytest.mark.by_turns, pytest.mark.timeout(120)]


@pytest.fixture
async def office(database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    """An office by the machine's clock, which the command goes by too."""
    async with open_office(database_url, tmp_path, with_jira=False) as opened:
        opened.clock.reset()
        yield opened


async def test_a_refused_card_is_posted_once_when_it_is_tried_again(
    office: Office, frontdesk: Frontdesk
) -> None:
    fault = office.box.faults.add(
        method="chat.postMessage", kind="error", error="restricted_action", channel="C0TRIAGE01"
    )
    await office.person("ana").runs("/ask-team payments Refund stuck")

    async def given_up() -> bool:
        known = await office.product.database.read(letters.listed, GIVEN_UP, "request.card", 5)
        return [one.state for one in known] == ["dead"]

    await until(given_up)
    office.box.faults.remove(fault)
    url = office.settings.database_url
    ended = await frontdesk("outbox", "retry", "--all", "--kind", "request.card", DATABASE_URL=url)
    assert ended.out == "1 tried again as soon as a bot runs\n"
    card = await office.card("Refund stuck")
    assert "#1" in card.text
    await office.settled()
    seen = await office.person("alice").sees(in_="#triage-payments")
    assert sum("Refund stuck" in one.text for one in seen) == 1
