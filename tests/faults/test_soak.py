"""Half an hour of a crowd and of random trouble in one process: it grows no further. `make soak` runs it.

`FRONTDESK_SOAK_MINUTES` is how long it lasts for each database; where it is not set nothing here runs.
"""

import os
import random
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from sqlalchemy import Connection, func, select

from bot.core.clock import stopwatch
from bot.db.base import metadata
from bot.outbox.models import outbox
from tests.faults import weather
from tests.faults.crowd import Crowd, gather
from tests.faults.life import Place
from tests.faults.reckoning import reckon, settled
from tests.faults.test_crowd import nothing_is_lost_or_doubled, place_at
from tests.faults.weather import Fault, Weather
from tests.support.proxy import Proxy

MINUTES = float(os.environ.get("FRONTDESK_SOAK_MINUTES") or 0)

pytestmark = [pytest.mark.faults, pytest.mark.timeout(MINUTES * 60 + 900)]

EVERY = 0.5
MEGABYTE = 2**20
# What may come and go: the allocator keeps some, connections are opened and closed. Growth goes on beyond it.
MEMORY_SLACK = 40 * MEGABYTE
FILES_SLACK = 20
# Without those that end the process, whose growth is looked at.
TROUBLES: dict[str, tuple[Fault, ...]] = {
    "sqlite": (weather.database_locked, weather.disk_full),
    "postgres": (weather.database_away, weather.database_silent, weather.database_slow),
}
ANYWHERE = (
    weather.fair, weather.answers_are_lost, weather.stopped_and_continued, weather.slack_loses_answers,
    weather.slack_is_down, weather.slack_asks_for_pauses, weather.slack_tells_twice, weather.jira_fails,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Look:
    """The bot's process and its database at one moment, when everything was sent."""

    seconds: float
    memory: int
    files: int
    open: int
    rows: int

    def __str__(self) -> str:
        return (
            f"{self.seconds:6.0f} s  {self.memory / MEGABYTE:6.1f} MB  {self.files:4d} files  "
            f"{self.open} open of {self.rows} rows"
        )


def _rows(connection: Connection) -> tuple[int, int]:
    waiting = select(func.count()).select_from(outbox).where(outbox.c.closed_at.is_(None))
    count = sum(
        connection.scalar(select(func.count()).select_from(table)) or 0 for table in metadata.sorted_tables
    )
    return connection.scalar(waiting) or 0, count


async def look(place: Place, began: float) -> Look:
    """Measures the process that lives now."""
    assert place.life is not None
    process = psutil.Process(place.life.process.pid)
    waiting, rows = await place.database.read(_rows)
    return Look(
        seconds=stopwatch() - began, memory=process.memory_info().rss, files=process.num_fds(),
        open=waiting, rows=rows,
    )  # fmt: skip


async def lives_through(crowd: Crowd, proxy: Proxy | None, troubles: tuple[Fault, ...]) -> list[Look]:
    """Random trouble until the time is over; a look after each."""
    place, dice, began = crowd.place, random.Random(4711), stopwatch()
    looks: list[Look] = []
    while stopwatch() - began < MINUTES * 60:
        fault = dice.choice(troubles)
        trouble = Weather(place=place, to_database=proxy, dice=dice, long=dice.uniform(3.0, 12.0))
        await crowd.works_through(fault(trouble), every=EVERY)
        place.box.faults.clear()
        await settled(place)
        looks.append(await look(place, began))
        print(looks[-1], fault.__name__, flush=True)
    return looks


if MINUTES:

    @pytest.mark.parametrize("backend", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
    async def test_a_process_that_lives_through_much_trouble_does_not_grow(
        database_url: str, tmp_path: Path, backend: str
    ) -> None:
        async with place_at(database_url, tmp_path) as (place, proxy), gather(place) as crowd:
            looks = await lives_through(crowd, proxy, (*ANYWHERE, *TROUBLES[backend]))
            found = await reckon(crowd)
        nothing_is_lost_or_doubled(found)
        # Everything was met once by then: what is kept for ever is there.
        warm, last = looks[len(looks) // 3], looks[-1]
        assert {one.open for one in looks} == {0}
        assert last.memory - warm.memory < MEMORY_SLACK
        assert last.files - warm.files < FILES_SLACK
