"""Claiming: each entry is taken by one owner, for as long as its lease."""

import asyncio
from collections import Counter
from datetime import timedelta

from bot.db.engine import Database
from bot.outbox import store
from bot.outbox.retry import Again
from bot.outbox.unit_of_work import Transactions, UnitOfWork
from tests.outbox.conftest import LEASE, claim, rows_of
from tests.support.clock import MovableClock


async def _wish(transactions: Transactions, count: int = 1, **how: object) -> None:
    def wish(uow: UnitOfWork) -> None:
        for n in range(count):
            uow.enqueue("note", {"n": n}, **how)  # pyright: ignore[reportArgumentType]

    await transactions.run(wish)


async def test_a_claimed_entry_is_not_given_to_another(
    database: Database, transactions: Transactions, clock: MovableClock
) -> None:
    await _wish(transactions)
    assert len(await claim(database, clock, owner="a")) == 1
    assert await claim(database, clock, owner="b") == []


async def test_many_at_once_never_take_the_same_entry(
    database: Database, transactions: Transactions, clock: MovableClock
) -> None:
    await _wish(transactions, 60)

    async def take(owner: str) -> list[int]:
        taken: list[int] = []
        while entries := await claim(database, clock, owner=owner, limit=7):
            taken += [entry.id for entry in entries]
        return taken

    shares = await asyncio.gather(*(take(owner) for owner in "abcd"))
    counts = Counter(entry for share in shares for entry in share)
    assert len(counts) == 60
    assert set(counts.values()) == {1}


async def test_entries_come_in_the_order_of_asking(
    database: Database, transactions: Transactions, clock: MovableClock
) -> None:
    await _wish(transactions, 5)
    assert [entry.payload["n"] for entry in await claim(database, clock, limit=3)] == [0, 1, 2]


async def test_what_is_not_due_waits(
    database: Database, transactions: Transactions, clock: MovableClock
) -> None:
    await _wish(transactions, not_before=clock.now() + timedelta(seconds=10))
    assert await claim(database, clock) == []
    clock.advance(10)
    assert len(await claim(database, clock)) == 1


async def test_a_kind_that_nobody_serves_is_left_alone(
    database: Database, transactions: Transactions, clock: MovableClock
) -> None:
    await transactions.run(lambda uow: uow.enqueue("of a later release", {}))
    assert await claim(database, clock) == []


async def test_a_lease_that_ran_out_lets_another_have_it(
    database: Database, transactions: Transactions, clock: MovableClock
) -> None:
    await _wish(transactions)
    await claim(database, clock, owner="a")
    clock.advance(31)
    (entry,) = await claim(database, clock, owner="b")
    assert (entry.owner, entry.attempts) == ("b", 2)


async def test_who_lost_the_lease_cannot_mark_close_or_put_back(
    database: Database, transactions: Transactions, clock: MovableClock
) -> None:
    await _wish(transactions)
    (lost,) = await claim(database, clock, owner="a")
    clock.advance(31)
    await claim(database, clock, owner="b")
    again = Again(after=1.0, failures=1, looks=0, unsent=True)
    assert not await database.write(store.mark_sent, lost, now=clock.now(), lease=LEASE)
    assert not await database.write(store.close, lost, now=clock.now(), result="done", ref=None, error=None)
    assert not await database.write(store.put_back, lost, now=clock.now(), again=again, error="")


async def test_a_lane_waits_for_the_entry_before(
    database: Database, transactions: Transactions, clock: MovableClock
) -> None:
    await _wish(transactions, 2, lane="thread:1")
    (first,) = await claim(database, clock)
    assert await claim(database, clock) == []
    await database.write(store.close, first, now=clock.now(), result="done", ref=None, error=None)
    assert [entry.payload["n"] for entry in await claim(database, clock)] == [1]


async def test_parked_entries_of_a_place_are_brought_forward(
    database: Database, transactions: Transactions, clock: MovableClock
) -> None:
    await _wish(transactions)
    (entry,) = await claim(database, clock)
    again = Again(after=45.0, failures=0, looks=0, unsent=True, parked=True)
    await database.write(store.put_back, entry, now=clock.now(), again=again, error="closed:C1")
    assert await database.write(store.bring_forward, error_prefix="closed:C1", now=clock.now()) == 1
    assert len(await claim(database, clock)) == 1


async def test_done_work_is_forgotten_before_dead_letters(
    database: Database, transactions: Transactions, clock: MovableClock
) -> None:
    await _wish(transactions, 3)
    done, dead, _open = await claim(database, clock)
    await database.write(store.close, done, now=clock.now(), result="done", ref=None, error=None)
    await database.write(store.close, dead, now=clock.now(), result="dead", ref=None, error="no")
    later = clock.now() + timedelta(days=15)
    await database.write(store.purge, later)
    assert [row["result"] for row in await rows_of(database)] == ["dead", None]


async def test_the_backlog_tells_number_and_age(
    database: Database, transactions: Transactions, clock: MovableClock
) -> None:
    await _wish(transactions, 2)
    clock.advance(40)
    assert await database.read(store.backlog, clock.now()) == (2, 40.0)
