"""What a use case asks for takes effect with its transaction, once."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from bot.core.errors import UserError
from bot.db.engine import Database
from bot.outbox import store
from bot.outbox.unit_of_work import Transactions, UnitOfWork
from tests.outbox.conftest import claim, rows_of
from tests.support.clock import MovableClock


async def test_a_wish_is_stored_with_the_transaction(database: Database, transactions: Transactions) -> None:
    await transactions.run(lambda uow: uow.enqueue("note", {"n": 1}))
    (row,) = await rows_of(database)
    assert (row["kind"], row["payload"]) == ("note", {"n": 1})


async def test_a_use_case_that_raises_leaves_nothing(database: Database, transactions: Transactions) -> None:
    def refuse(uow: UnitOfWork) -> None:
        uow.enqueue("note", {})
        raise UserError("no")

    with pytest.raises(UserError):
        await transactions.run(refuse)
    assert await rows_of(database) == []


async def test_the_relay_is_woken_only_when_something_was_asked_for(
    transactions: Transactions, wake: asyncio.Event
) -> None:
    await transactions.run(lambda _uow: None)
    assert not wake.is_set()
    await transactions.run(lambda uow: uow.enqueue("note", {}))
    assert wake.is_set()


async def test_a_named_wish_is_kept_once_for_ever(
    database: Database, transactions: Transactions, clock: MovableClock
) -> None:
    await transactions.run(lambda uow: uow.enqueue("note", {"n": 1}, once="receipt:1"))
    await claim(database, clock)
    await transactions.run(lambda uow: uow.enqueue("note", {"n": 2}, once="receipt:1"))
    (row,) = await rows_of(database)
    assert row["payload"] == {"n": 1}


async def test_wishes_to_refresh_join_the_one_that_waits(
    database: Database, transactions: Transactions
) -> None:
    for _ in range(10):
        await transactions.run(lambda uow: uow.enqueue("note", {}, merge="card:1"))
    assert len(await rows_of(database)) == 1


async def test_a_joined_wish_takes_the_sooner_time(
    database: Database, transactions: Transactions, clock: MovableClock
) -> None:
    later = clock.now() + timedelta(minutes=5)
    await transactions.run(lambda uow: uow.enqueue("note", {}, merge="card:1", not_before=later))
    await transactions.run(lambda uow: uow.enqueue("note", {}, merge="card:1"))
    (row,) = await rows_of(database)
    assert row["run_at"] == clock.now()


async def test_a_wish_to_refresh_does_not_join_one_that_is_under_way(
    database: Database, transactions: Transactions, clock: MovableClock
) -> None:
    await transactions.run(lambda uow: uow.enqueue("note", {}, merge="card:1"))
    await claim(database, clock)
    await transactions.run(lambda uow: uow.enqueue("note", {}, merge="card:1"))
    first, second = await rows_of(database)
    assert second["depends_on"] == first["id"]


async def test_entries_of_a_lane_depend_on_the_one_before(
    database: Database, transactions: Transactions
) -> None:
    def two(uow: UnitOfWork) -> None:
        uow.enqueue("note", {"n": 1}, lane="thread:1")
        uow.enqueue("note", {"n": 2}, lane="thread:1")

    await transactions.run(two)
    first, second = await rows_of(database)
    assert (first["depends_on"], second["depends_on"]) == (None, first["id"])


async def test_many_wishes_merge_as_one_does(
    database: Database, transactions: Transactions, clock: MovableClock
) -> None:
    def ask(uow: UnitOfWork) -> None:
        uow.enqueue_merged("note", {f"home:{n}": {"n": n} for n in (1, 2)})

    await transactions.run(ask)
    await transactions.run(ask)
    first, _ = await rows_of(database)
    await claim(database, clock)
    await transactions.run(ask)
    rows = await rows_of(database)
    assert [row["payload"]["n"] for row in rows] == [1, 2, 1, 2]
    assert [row["depends_on"] for row in rows] == [None, None, first["id"], first["id"] + 1]


async def test_of_merged_wishes_that_wait_the_soonest_says_when(
    database: Database, transactions: Transactions, clock: MovableClock
) -> None:
    now = clock.now()

    def ask(uow: UnitOfWork, not_before: datetime | None) -> None:
        uow.enqueue_merged("note", {"home:1": {}}, not_before=not_before)

    for seconds, expected in ((20, 20), (30, 20), (5, 5), (None, 0)):
        await transactions.run(ask, now + timedelta(seconds=seconds) if seconds else None)
        (row,) = await rows_of(database)
        assert row["run_at"] == now + timedelta(seconds=expected)


async def test_an_input_is_new_only_once(transactions: Transactions) -> None:
    assert await transactions.run(lambda uow: uow.first_time("ev:T1:1"))
    assert not await transactions.run(lambda uow: uow.first_time("ev:T1:1"))


async def test_the_answer_to_an_earlier_input_is_kept(transactions: Transactions) -> None:
    await transactions.run(lambda uow: uow.first_time("cmd:1", {"number": 12}))
    assert await transactions.run(lambda uow: uow.answer_to("cmd:1")) == {"number": 12}


async def test_of_two_inputs_at_once_one_is_the_first(transactions: Transactions) -> None:
    first_time = [transactions.run(lambda uow: uow.first_time("ev:T1:2")) for _ in range(8)]
    assert sorted(await asyncio.gather(*first_time)) == [False] * 7 + [True]


async def test_an_event_is_heard_inside_the_same_transaction(
    database: Database, transactions: Transactions
) -> None:
    @dataclass(frozen=True)
    class Happened:
        n: int

    def hear(uow: UnitOfWork, event: Happened) -> None:
        uow.enqueue("note", {"n": event.n})
        raise UserError("the listener refuses")

    transactions.subscribe({Happened: [hear]})
    with pytest.raises(UserError):
        await transactions.run(lambda uow: uow.emit(Happened(3)))
    assert await rows_of(database) == []


async def test_the_newest_work_is_listed_with_what_is_open_first(
    database: Database, transactions: Transactions, clock: MovableClock
) -> None:
    for number in range(4):
        await transactions.run(lambda uow, n=number: uow.enqueue("note", {"n": n}))
        clock.advance(1)
    first, second, _, _ = await claim(database, clock)
    for entry in (second, first):
        ending = {"now": clock.now(), "result": "done", "ref": None, "error": None}
        await database.write(store.close, entry, **ending)
        clock.advance(1)
    listed = await database.read(store.recent, 10)
    assert [row["payload"]["n"] for row in listed] == [3, 2, 0, 1]
    assert [row["payload"]["n"] for row in await database.read(store.recent, 3)] == [3, 2, 0]
