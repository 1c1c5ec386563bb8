"""Whoever lost an entry, or slept too long to be sure of it, neither sends nor settles it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.db.engine import Database
from bot.outbox import store
from bot.outbox.delivery import Delivery, Entry, Ref, Send
from bot.outbox.relay import Relay
from bot.outbox.retry import Again
from bot.outbox.unit_of_work import Transactions
from tests.outbox.conftest import LEASE, Outside, claim, rows_of
from tests.support.clock import MovableClock
from tests.support.waiting import PATIENT

AGAIN = Again(after=1.0, failures=1, looks=0, unsent=True)

Between = Callable[[Entry], Awaitable[None]]


@pytest.fixture
async def entry(database: Database, transactions: Transactions, clock: MovableClock) -> Entry:
    """The only entry, claimed by `a`."""
    await transactions.run(lambda uow: uow.enqueue("note", {}, once="note:1"))
    (claimed,) = await claim(database, clock, owner="a")
    return claimed


async def may_change(database: Database, clock: MovableClock, entry: Entry) -> list[str]:
    """What is open to the holder of this claim."""
    write, now = database.write, clock.now()
    found = {
        "mark": await write(store.mark_sent, entry, now=now, lease=LEASE),
        "put back": await write(store.put_back, entry, now=now, again=AGAIN, error=""),
        "close": await write(store.close, entry, now=now, result="done", ref=None, error=None),
    }
    return [name for name, done in found.items() if done]


async def test_who_holds_the_entry_may_change_it_until_it_is_closed(
    database: Database, clock: MovableClock, entry: Entry
) -> None:
    assert await may_change(database, clock, entry) == ["mark", "put back", "close"]
    assert await may_change(database, clock, entry) == []


async def test_who_claimed_it_again_cannot_change_it_by_the_first_claim(
    database: Database, clock: MovableClock, entry: Entry
) -> None:
    clock.advance(31)
    await claim(database, clock, owner="a")
    assert await may_change(database, clock, entry) == []


async def test_somebody_else_cannot_change_it_whatever_attempt_they_name(
    database: Database, clock: MovableClock, entry: Entry
) -> None:
    assert await may_change(database, clock, replace(entry, owner="b")) == []


@asynccontextmanager
async def at_work(relay: Relay):
    """The relay runs inside the block; what is under way has ended after it."""
    stop = asyncio.Event()
    task = asyncio.create_task(relay.run(stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, PATIENT)


def taken_over(database: Database, clock: MovableClock, came: asyncio.Event) -> Between:
    """While the relay is at it, its lease runs out and another one takes the entry."""

    async def take(_entry: Entry) -> None:
        # By the other one's clock: by this one's the relay itself would take it again.
        later = clock.now() + LEASE + timedelta(seconds=1)
        taken = await database.write(store.claim, owner="b", now=later, lease=LEASE, limit=1, kinds=["note"])
        assert len(taken) == 1
        came.set()

    return take


async def test_what_another_took_meanwhile_is_not_sent(
    relay: Relay, database: Database, clock: MovableClock, outside: Outside, transactions: Transactions
) -> None:
    came = asyncio.Event()
    take = taken_over(database, clock, came)

    async def prepare(entry: Entry) -> Send:
        await take(entry)
        return await outside.delivery().prepare(entry)

    relay.serve({"note": replace(outside.delivery(), prepare=prepare)})
    await transactions.run(lambda uow: uow.enqueue("note", {}, once="note:1"))
    async with at_work(relay):
        await asyncio.wait_for(came.wait(), PATIENT)
    assert outside.arrived == []


async def test_what_another_took_while_it_was_sent_is_not_settled(
    relay: Relay, database: Database, clock: MovableClock, outside: Outside, transactions: Transactions
) -> None:
    came = asyncio.Event()
    outside.on_send = taken_over(database, clock, came)
    settled: list[Ref] = []
    relay.serve({"note": outside.delivery(settle=lambda _uow, _entry, ref: settled.append(ref))})
    await transactions.run(lambda uow: uow.enqueue("note", {}, once="note:1"))
    async with at_work(relay):
        await asyncio.wait_for(came.wait(), PATIENT)
    (row,) = await rows_of(database)
    assert (settled, row["owner"], row["result"]) == ([], "b", None)


async def test_who_slept_for_half_the_lease_does_not_send(
    database: Database, clock: MovableClock, outside: Outside, transactions: Transactions
) -> None:
    # The clock stands still, as it does for a process that was stopped: only the stopwatch shows that time has passed.
    relay = Relay(transactions, clock, asyncio.Event(), lease=timedelta(seconds=0.4))
    slept = asyncio.Event()

    async def prepare(entry: Entry) -> Send:
        await asyncio.sleep(0.3)
        slept.set()
        return await outside.delivery().prepare(entry)

    relay.serve({"note": replace(outside.delivery(), prepare=prepare)})
    await transactions.run(lambda uow: uow.enqueue("note", {}, once="note:1"))
    async with at_work(relay):
        await asyncio.wait_for(slept.wait(), PATIENT)
    (row,) = await rows_of(database)
    assert (outside.arrived, row["closed_at"]) == ([], None)


async def test_a_call_is_written_down_before_it_leaves(
    relay: Relay, database: Database, outside: Outside, transactions: Transactions
) -> None:
    marked: list[bool] = []

    async def look(_entry: Entry) -> None:
        (row,) = await rows_of(database)
        marked.append(row["sent_at"] is not None)

    outside.before_send = look
    delivery: Delivery = outside.delivery()
    relay.serve({"note": delivery})
    await transactions.run(lambda uow: uow.enqueue("note", {}, once="note:1"))
    async with at_work(relay):
        async with asyncio.timeout(PATIENT):
            while not outside.arrived:
                await asyncio.sleep(0.01)
    assert marked == [True]
