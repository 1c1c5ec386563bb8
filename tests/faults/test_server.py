"""A Postgres server that restarts, crashes or stands still under a crowd, and bots that share it. The long run only."""

import asyncio
import os
import random
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.faults import figures
from tests.faults.crowd import gather
from tests.faults.life import Life, Place, open_place
from tests.faults.reckoning import Reckoning, reckon, settled
from tests.faults.test_crowd import EVERY, RETRIES, nothing_is_lost_or_doubled
from tests.support.long_run import IS_LONG
from tests.support.own_postgres import OwnPostgres, own_postgres

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.timeout(600)]

# Longer than what a bot has taken is kept for it.
PAST_THE_LEASE = 33.0
OUTAGE = 10.0


async def restarts_in_order(server: OwnPostgres) -> None:
    """Three times it ends every connection and begins anew."""
    for _ in range(3):
        await asyncio.sleep(2.0)
        await server.restart("fast")


async def crashes(server: OwnPostgres) -> None:
    """Three times it ends without a word and reads its log again."""
    for _ in range(3):
        await asyncio.sleep(2.0)
        await server.restart("immediate")


async def is_stopped(server: OwnPostgres) -> None:
    """It is ended, and begun again ten seconds later."""
    await asyncio.sleep(1.0)
    await server.stop("fast")
    await asyncio.sleep(OUTAGE)
    await server.begin()


async def stands_still(server: OwnPostgres) -> None:
    """Its processes are stopped; connections stay open and say nothing."""
    await asyncio.sleep(1.0)
    server.stand_still()
    await asyncio.sleep(OUTAGE)
    server.go_on()


Trouble = Callable[[OwnPostgres], Awaitable[None]]


async def works_through(place: Place, trouble: Awaitable[None]) -> Reckoning:
    """The crowd works until the trouble is over, and a little longer; then all is counted."""
    place.box.workspace.courier.retry_delays = RETRIES
    async with gather(place) as crowd:
        await crowd.works_through(trouble, every=EVERY)
        await crowd.works(6, every=EVERY)
        place.box.faults.clear()
        await settled(place)
        return await reckon(crowd)


if IS_LONG:

    @pytest.mark.parametrize(
        "trouble", [restarts_in_order, crashes, is_stopped, stands_still], ids=lambda one: one.__name__
    )
    async def test_a_server_in_trouble_loses_nothing_and_doubles_nothing(
        tmp_path: Path, trouble: Trouble
    ) -> None:
        async with own_postgres() as server, open_place(server.url, tmp_path, edition="cloud") as place:
            found = await works_through(place, trouble(server))
        figures.keep(f"server {trouble.__name__}", "postgres", found)
        nothing_is_lost_or_doubled(found)

    @pytest.mark.parametrize("backend", ["postgres"])
    async def test_of_two_bots_one_that_stood_still_past_its_lease_does_nothing_a_second_time(
        database_url: str, tmp_path: Path
    ) -> None:
        async with open_place(database_url, tmp_path, edition="cloud") as place:
            found = await works_through(place, pauses_in_turns(place))
        figures.keep("two bots, each paused", "postgres", found)
        nothing_is_lost_or_doubled(found)

    @pytest.mark.parametrize("backend", ["postgres"])
    async def test_of_two_bots_either_may_be_killed_at_any_time(database_url: str, tmp_path: Path) -> None:
        async with open_place(database_url, tmp_path, edition="cloud") as place:
            found = await works_through(place, kills_in_turns(place, random.Random(7)))
        figures.keep("two bots, each killed", "postgres", found)
        nothing_is_lost_or_doubled(found)


async def pauses_in_turns(place: Place) -> None:
    """Two bots; the one that Slack calls is stopped for longer than a lease, the other is called meanwhile."""
    assert place.life is not None
    bots = [place.life, await another(place)]
    try:
        for number in range(3):
            paused, called = bots[number % 2], bots[1 - number % 2]
            await asyncio.sleep(4.0)
            os.kill(paused.process.pid, signal.SIGSTOP)
            await place.lead_to(called)
            await asyncio.sleep(PAST_THE_LEASE)
            os.kill(paused.process.pid, signal.SIGCONT)
    finally:
        await bots[1].kill()
        await place.lead_to(bots[0])


async def kills_in_turns(place: Place, dice: random.Random) -> None:
    """Two bots; the one that Slack calls is killed, the other is called, and the dead one begins again."""
    assert place.life is not None
    bots = [place.life, await another(place)]
    try:
        for number in range(6):
            await asyncio.sleep(dice.uniform(0.5, 3.0))
            await bots[number % 2].kill()
            await place.lead_to(bots[1 - number % 2])
            bots[number % 2] = await another(place)
    finally:
        place.life = bots[0]
        await bots[1].kill()
        await place.lead_to(bots[0])
        # What the dead have taken is free when its time is over, and not before.
        await asyncio.sleep(PAST_THE_LEASE)


async def another(place: Place) -> Life:
    """One more bot on the same database."""
    life = await Life.begin(place.environment(), place.directory)
    await life.ready()
    return life
