"""The sandbox's clock."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.sandbox.clock import SandboxClock

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def test_it_is_what_it_was_set_to() -> None:
    clock = SandboxClock(lambda: NOON)
    clock.set(NOON + timedelta(days=1))
    assert clock.now() == NOON + timedelta(days=1)
    clock.advance(30)
    assert clock.now() == NOON + timedelta(days=1, seconds=30)


async def test_a_sleeper_wakes_when_the_clock_is_moved() -> None:
    clock = SandboxClock(lambda: NOON)
    sleeper = asyncio.create_task(clock.sleep(3600))
    await asyncio.sleep(0)
    clock.advance(3599)
    await asyncio.sleep(0.01)
    assert not sleeper.done()
    clock.advance(2)
    await asyncio.wait_for(sleeper, 2)


async def test_a_sleeper_notices_that_a_clock_handed_in_has_jumped() -> None:
    now = [NOON]
    clock = SandboxClock(lambda: now[0])
    sleeper = asyncio.create_task(clock.sleep(3600))
    await asyncio.sleep(0)
    now[0] += timedelta(hours=2)
    await asyncio.wait_for(sleeper, 2)
