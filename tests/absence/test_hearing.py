"""Who hears writes it down; whoever finds a long silence has it read back, once for all replicas."""

import asyncio
from dataclasses import dataclass

import pytest

from bot.absence.events import Returned
from bot.absence.hearing import Hearing
from bot.absence.report import words
from bot.absence.store import Read
from bot.db.engine import Database
from bot.db.errors import DatabaseUnavailable
from bot.outbox.unit_of_work import Transactions
from tests.outbox.conftest import rows_of
from tests.support.clock import MovableClock

pytestmark = pytest.mark.by_turns


@dataclass
class Replica:
    """One process: `up` is its own running time, which a moved clock does not touch."""

    hearing: Hearing
    clock: MovableClock
    up: list[float]
    well: list[bool]

    async def looks(self, *, after: float = 0.0) -> None:
        """Time goes by, then it looks."""
        self.clock.advance(after)
        self.up[0] += after
        await self.hearing.look(self.clock.now())


def replica(transactions: Transactions, clock: MovableClock) -> Replica:
    up, well = [0.0], [True]
    hearing = Hearing(transactions, lambda: well[0], uptime=lambda: up[0])
    return Replica(hearing=hearing, clock=clock, up=up, well=well)


async def test_who_was_ill_for_long_reads_back_from_when_it_last_heard(
    transactions: Transactions, clock: MovableClock, returns: list[Returned], database: Database
) -> None:
    one = replica(transactions, clock)
    await one.looks()
    began = clock.now()
    one.well[0] = False
    await one.looks(after=60)
    one.well[0] = True
    await one.looks(after=600)
    assert [event.absence.began for event in returns] == [began]
    assert [row["kind"] for row in await rows_of(database)] == ["absence.report"]


@pytest.mark.parametrize("seconds", [20, 240])
async def test_a_short_illness_is_left_to_slack(
    transactions: Transactions, clock: MovableClock, returns: list[Returned], seconds: int
) -> None:
    one = replica(transactions, clock)
    await one.looks()
    one.well[0] = False
    await one.looks(after=seconds / 2)
    one.well[0] = True
    await one.looks(after=seconds / 2)
    assert returns == []


async def test_a_new_process_finds_how_long_nobody_heard(
    transactions: Transactions, clock: MovableClock, returns: list[Returned]
) -> None:
    await replica(transactions, clock).looks()
    clock.advance(301)
    await replica(transactions, clock).looks()
    assert len(returns) == 1


async def test_two_replicas_that_come_back_together_read_back_once(
    transactions: Transactions, clock: MovableClock, returns: list[Returned], database: Database
) -> None:
    await replica(transactions, clock).looks()
    clock.advance(3600)
    await asyncio.gather(*(replica(transactions, clock).looks() for _ in range(4)))
    assert len(await rows_of(database)) == 1


async def test_while_another_replica_hears_nobody_is_away(
    transactions: Transactions, clock: MovableClock, returns: list[Returned]
) -> None:
    one, other = replica(transactions, clock), replica(transactions, clock)
    await one.looks()
    other.well[0] = False
    for _ in range(20):
        await one.looks(after=30)
        await other.looks()
    other.well[0] = True
    await other.looks()
    assert returns == []


async def test_a_clock_that_is_moved_is_no_absence(
    transactions: Transactions, clock: MovableClock, returns: list[Returned]
) -> None:
    one = replica(transactions, clock)
    await one.looks()
    clock.advance(24 * 3600)
    await one.looks(after=25)
    assert returns == []


async def test_a_machine_that_slept_was_away(
    transactions: Transactions, clock: MovableClock, returns: list[Returned]
) -> None:
    one = replica(transactions, clock)
    await one.looks()
    await one.looks(after=3600)
    assert len(returns) == 1


async def test_a_clock_that_is_behind_puts_nothing_back(
    transactions: Transactions, clock: MovableClock, returns: list[Returned]
) -> None:
    await replica(transactions, clock).looks()
    clock.advance(-3600)
    await replica(transactions, clock).looks()
    clock.advance(3660)
    await replica(transactions, clock).looks()
    assert returns == []


async def test_what_could_not_be_written_down_counts_as_not_heard(
    transactions: Transactions, clock: MovableClock, returns: list[Returned], database: Database
) -> None:
    one = replica(transactions, clock)
    await one.looks()
    database.hold()
    with pytest.raises(DatabaseUnavailable):
        await one.looks(after=200)
    database.release()
    await one.looks(after=200)
    assert len(returns) == 1


TOLD = {"began": "2026-11-23T09:00:00+00:00", "ended": "2026-11-23T10:00:00+00:00", "is_cut": False}


def test_the_report_says_from_when_to_when_and_how_many() -> None:
    read = [
        Read(channel="C1", result="done", ref={"found": 2}),
        Read(channel="C2", result="done", ref={"found": 1}),
    ]
    text = words(TOLD, read)
    assert "Mon 23 Nov, 09:00" in text and "Mon 23 Nov, 10:00" in text
    assert "found 3 messages and filed them" in text
    assert "not read" not in text


def test_the_report_says_what_was_not_read() -> None:
    read = [
        Read(channel="C1", result="done", ref={"found": 0, "is_closed": True}),
        Read(channel="C2", result="dead", ref={}),
        Read(channel="C3", result="done", ref={"found": 1, "is_cut": True}),
    ]
    text = words(TOLD, read)
    assert "It did not read everything" in text
    assert "could not read <#C1> (C1), <#C2> (C2)" in text
