"""kill -9 while a check-in is asked and summed up: everybody is asked once, and the channel gets one summary."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from sqlalchemy import Connection, func, select, update

from bot.features.standup.models import standup_checkins, standup_rounds
from bot.sandbox.slack.faults import Fault
from bot.sandbox.story import Form
from bot.teams import apply, file
from tests.e2e.office import PAYMENTS
from tests.faults.life import Place, leases_run_out, open_place, until

pytestmark = [pytest.mark.faults, pytest.mark.timeout(90)]

CHANNEL = "C0STANDUP1"
MEMBERS = 3


@pytest.fixture
async def place(database_url: str, tmp_path: Path) -> AsyncIterator[Place]:
    async with open_place(database_url, tmp_path) as opened:
        yield opened


async def _asks_now(place: Place) -> None:
    """The team's check-in has been open for some minutes, and is for some hours."""
    now = datetime.now(UTC).astimezone(ZoneInfo("Europe/Kyiv"))  # noqa: TID251
    opened = now - timedelta(minutes=5)
    standup: dict[str, Any] = {
        "name": "Morning", "at": f"{opened:%H:%M}", "days": "mon-sun", "timezone": "team", "open_for": "6h",
        "channel": CHANNEL, "questions": ["What is next?"],
    }  # fmt: skip
    path = place.directory / "standups.yml"
    path.write_text(yaml.safe_dump({"teams": [PAYMENTS | {"standups": [standup]}]}))
    await place.database.write(apply.apply, file.read_file(path), datetime(2026, 11, 2, tzinfo=UTC))


async def _struck(fault: Fault) -> None:
    async def look() -> bool:
        return fault.hits > 0

    await until(look)


def _prompts(place: Place) -> int:
    return sum(count for name, count in place.posts().items() if name.startswith("standup:prompt:"))


async def prompt_on_its_way(place: Place) -> None:
    """A prompt's call has left, and never arrives."""
    fault = place.box.faults.add(method="chat.postMessage", kind="hang", seconds=3600)
    await _asks_now(place)
    await _struck(fault)


async def prompt_posted_unheard(place: Place) -> None:
    """Prompts stand in Slack; the bot dies before it hears so."""
    fault = place.box.faults.add(method="chat.postMessage", kind="hang_after", seconds=3600)
    await _asks_now(place)
    await _struck(fault)
    assert _prompts(place) >= 1


@pytest.mark.by_turns
@pytest.mark.parametrize(
    "point", [prompt_on_its_way, prompt_posted_unheard], ids=lambda point: point.__name__
)
async def test_everybody_is_asked_once_though_the_bot_was_killed(place: Place, point: Any) -> None:
    await point(place)
    await place.kill()
    await leases_run_out(place)
    await place.begin()
    await until(lambda: _are_asked(place))
    await place.quiet()
    assert _prompts(place) == MEMBERS
    assert max(place.posts().values()) == 1


async def _are_asked(place: Place) -> bool:
    await place.hurry()
    return _prompts(place) == MEMBERS


async def test_a_summary_that_was_posted_unheard_is_posted_once(place: Place) -> None:
    await _asks_now(place)
    await until(lambda: _are_asked(place))
    prompt = await place.box.person("alice").waits_for("Open until")
    form = await prompt.click("Fill in")
    assert isinstance(form, Form)
    form.fill("What is next?", "Payouts")
    assert await form.submit() is None
    fault = place.box.faults.add(method="chat.postMessage", kind="hang_after", channel=CHANNEL, seconds=3600)
    await place.database.write(_time_is_up)
    await _struck(fault)
    await place.kill()
    await leases_run_out(place)
    await place.begin()
    await until(lambda: _is_answered_in_thread(place))
    await place.quiet()
    named = {name: count for name, count in place.posts().items() if name.startswith("standup:summary:")}
    assert len(named) == 2 and set(named.values()) == {1}
    assert await place.database.read(_answers) == 1


async def _is_answered_in_thread(place: Place) -> bool:
    await place.hurry()
    await asyncio.sleep(0.05)
    return any(name.endswith(".0") for name in place.posts())


def _time_is_up(connection: Connection) -> None:
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    connection.execute(update(standup_rounds).values(closes_at=long_ago))


def _answers(connection: Connection) -> int:
    query = select(func.count()).where(standup_checkins.c.state == "answered")
    return connection.scalar(query) or 0
