"""The tick: what is due is run, one after the other, whatever the others do."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.db.errors import DatabaseUnavailable
from bot.feature import Job
from bot.scheduling.tick import Tick
from tests.support.clock import MONDAY, MovableClock


def _job(ran: list[str], name: str, every: float, error: Exception | None = None) -> Job:
    async def run(now: datetime) -> None:
        ran.append(f"{name} {(now - MONDAY).total_seconds():.0f}")
        if error is not None:
            raise error

    return Job(name=name, every=timedelta(seconds=every), run=run)


async def test_a_job_runs_at_once_and_then_when_its_time_has_passed() -> None:
    ran: list[str] = []
    clock = MovableClock()
    tick = Tick([_job(ran, "look", 10)], clock)
    for _ in range(25):
        await tick.once()
        clock.advance(1)
    assert ran == ["look 0", "look 10", "look 20"]


async def test_jobs_run_in_the_order_in_which_they_were_listed() -> None:
    ran: list[str] = []
    await Tick([_job(ran, "first", 1), _job(ran, "second", 1)], MovableClock()).once()
    assert ran == ["first 0", "second 0"]


@pytest.mark.parametrize("error", [ValueError("broken"), DatabaseUnavailable("away")])
async def test_a_job_that_breaks_stops_neither_the_others_nor_its_next_time(error: Exception) -> None:
    ran: list[str] = []
    clock = MovableClock()
    tick = Tick([_job(ran, "bad", 1, error), _job(ran, "good", 1)], clock)
    await tick.once()
    clock.advance(1)
    await tick.once()
    assert ran == ["bad 0", "good 0", "bad 1", "good 1"]


async def test_a_job_that_hangs_is_given_up_so_that_the_others_run() -> None:
    ran: list[str] = []

    async def hang(_now: datetime) -> None:
        await asyncio.sleep(60)

    hanging = Job(name="hang", every=timedelta(seconds=1), run=hang)
    await Tick([hanging, _job(ran, "good", 1)], MovableClock(), longest_job=0.05).once()
    assert ran == ["good 0"]


async def test_a_clock_that_is_put_back_does_not_stop_a_job_for_that_long() -> None:
    ran: list[str] = []
    clock = MovableClock()
    tick = Tick([_job(ran, "look", 10)], clock)
    await tick.once()
    clock.advance(-3600)
    await tick.once()
    assert ran == ["look 0", "look -3600"]


async def test_after_a_long_sleep_a_job_runs_once_not_once_for_each_time_missed() -> None:
    ran: list[str] = []
    clock = MovableClock()
    tick = Tick([_job(ran, "look", 10)], clock)
    await tick.once()
    clock.advance(86_400)
    await tick.once()
    await tick.once()
    assert ran == ["look 0", "look 86400"]


async def test_the_beat_goes_on_until_it_is_told_to_stop_and_shows_that_it_lives() -> None:
    ran: list[str] = []
    stamps: list[int] = []
    clock = MovableClock()
    stop = asyncio.Event()

    async def run(_now: datetime) -> None:
        ran.append("look")
        clock.advance(1)
        if len(ran) == 3:
            stop.set()

    tick = Tick([Job(name="look", every=timedelta(seconds=1), run=run)], clock)
    await asyncio.wait_for(tick.run(stop, lambda: stamps.append(1), beat=0.02), 10)
    assert len(ran) == 3
    assert len(stamps) >= 3


async def test_stopping_lets_the_job_under_way_end() -> None:
    stop, under_way, go_on = asyncio.Event(), asyncio.Event(), asyncio.Event()
    ended: list[bool] = []

    async def run(_now: datetime) -> None:
        under_way.set()
        await go_on.wait()
        ended.append(True)

    tick = Tick([Job(name="slow", every=timedelta(hours=1), run=run)], MovableClock())
    task = asyncio.create_task(tick.run(stop, lambda: None, beat=0.02))
    await asyncio.wait_for(under_way.wait(), 5)
    stop.set()
    go_on.set()
    await asyncio.wait_for(task, 5)
    assert ended == [True]
