"""Trouble of every kind while many people work: nothing that was acknowledged is lost, nothing happens twice.

The short run takes some kinds, for seconds; `make faults` takes all of them on both databases and writes down what
became of everything (see `figures`).
"""

import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from tests.faults import figures, weather
from tests.faults.crowd import gather
from tests.faults.life import Place, open_place
from tests.faults.reckoning import Reckoning, reckon, settled
from tests.faults.weather import Fault, Weather
from tests.support.long_run import IS_LONG
from tests.support.proxy import Proxy, postgres_through_proxy

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

LONG = 8.0 if IS_LONG else 3.5
OFTEN = 4 if IS_LONG else 2
EVERY = 0.35
# Slack's own: at once, after a minute, after five. Here they are seconds, and enough of them for the trouble to end.
RETRIES = (0.3, 2.0, 4.0, 6.0, 6.0, 6.0, 6.0)

SHORT: dict[str, tuple[Fault, ...]] = {
    "sqlite": (weather.killed,),
    "postgres": (weather.database_away,),
}
ALL: dict[str, tuple[Fault, ...]] = {
    "sqlite": (*weather.ANYWHERE, *weather.OF_A_FILE),
    "postgres": (*weather.ANYWHERE, *weather.OF_A_SERVER),
}
CASES = [
    pytest.param(backend, fault, marks=pytest.mark.postgres if backend == "postgres" else ())
    for backend, faults in (ALL if IS_LONG else SHORT).items()
    for fault in faults
]


@asynccontextmanager
async def place_at(
    database_url: str, directory: Path, *, by_socket: bool = False
) -> AsyncIterator[tuple[Place, Proxy | None]]:
    """A place with a Jira, and the way of its bot to Postgres."""
    async with AsyncExitStack() as stack:
        proxy, way = None, None
        if not database_url.startswith("sqlite"):
            proxy, way = await stack.enter_async_context(postgres_through_proxy(database_url))
        edition = "cloud" if proxy is None else "datacenter"
        place = await stack.enter_async_context(
            open_place(database_url, directory, edition=edition, bots_way=way, by_socket=by_socket)
        )
        place.box.workspace.courier.retry_delays = RETRIES
        yield place, proxy


async def works_through(place: Place, proxy: Proxy | None, fault: Fault) -> Reckoning:
    """The crowd works while this goes wrong, and goes on until it is over; then all is counted."""
    async with gather(place) as crowd:
        trouble = Weather(place=place, to_database=proxy, dice=random.Random(7), long=LONG, often=OFTEN)
        await crowd.works_through(fault(trouble), every=EVERY)
        await crowd.works(6, every=EVERY)
        place.box.faults.clear()
        await settled(place)
        return await reckon(crowd)


def nothing_is_lost_or_doubled(found: Reckoning) -> None:
    """What has to hold after any trouble."""
    assert found.lost == []
    assert found.doubled == []
    assert found.untrue == []
    assert found.given_up == 0
    assert found.recorded > 0


@pytest.mark.parametrize(("backend", "fault"), CASES, ids=lambda one: getattr(one, "__name__", one))
async def test_nothing_acknowledged_is_lost_and_nothing_is_done_twice(
    database_url: str, tmp_path: Path, backend: str, fault: Fault
) -> None:
    async with place_at(database_url, tmp_path) as (place, proxy):
        found = await works_through(place, proxy, fault)
    figures.keep(fault.__name__, backend, found)
    nothing_is_lost_or_doubled(found)


@pytest.mark.by_turns
@pytest.mark.parametrize("fault", weather.OF_A_SOCKET if IS_LONG else [weather.sockets_break],
                         ids=lambda one: one.__name__)  # fmt: skip
async def test_over_a_socket_nothing_is_lost_or_done_twice_either(
    database_url: str, tmp_path: Path, backend: str, fault: Fault
) -> None:
    async with place_at(database_url, tmp_path, by_socket=True) as (place, proxy):
        found = await works_through(place, proxy, fault)
    figures.keep(f"{fault.__name__} (socket)", backend, found)
    nothing_is_lost_or_doubled(found)
