"""The relay: every entry takes effect once, whatever the outside answers."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.db.engine import Database
from bot.indicators import store as days
from bot.indicators.tally import count_repeated
from bot.outbox import letters
from bot.outbox.delivery import Delivery, Entry, Ref, Send, may_hang
from bot.outbox.outcomes import Doubt, Later, Outcome, Parked, Refused, Stale
from bot.outbox.relay import Relay
from bot.outbox.unit_of_work import Transactions, UnitOfWork
from tests.outbox.conftest import Outside, rows_of
from tests.support.clock import MONDAY, MovableClock
from tests.support.waiting import until


class Running:
    """A relay at work, driven by the test's clock."""

    def __init__(self, relay: Relay, database: Database, clock: MovableClock) -> None:
        self._relay = relay
        self._database = database
        self._clock = clock
        self._stop = asyncio.Event()
        self._task = asyncio.create_task(relay.run(self._stop))

    async def until(self, **wanted: Any) -> dict[str, Any]:
        """Waits until the only entry looks like this; time is moved on while it waits."""
        async with asyncio.timeout(10):
            while True:
                row = (await rows_of(self._database))[0]
                if all(row[name] == value for name, value in wanted.items()):
                    return row
                await asyncio.sleep(0.01)

    async def close(self) -> None:
        self._stop.set()
        await asyncio.wait_for(self._task, 15)


@pytest.fixture
async def running(relay: Relay, database: Database, clock: MovableClock) -> AsyncIterator[Running]:
    found = Running(relay, database, clock)
    yield found
    await found.close()


async def _keep_moving(clock: MovableClock) -> None:
    while True:
        clock.advance(3)
        await asyncio.sleep(0.01)


@pytest.fixture
async def quick_time(clock: MovableClock) -> AsyncIterator[None]:
    """Time runs fast, so that waits of minutes pass."""
    moving = asyncio.create_task(_keep_moving(clock))
    yield
    moving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await moving


def fails(*outcomes: Outcome) -> Any:
    left = list(outcomes)

    async def fail(_entry: Entry) -> None:
        if left:
            raise left.pop(0)

    return fail


async def _until_all_done(database: Database) -> None:
    async def all_done() -> bool:
        return all(row["result"] == "done" for row in await rows_of(database))

    await until(all_done, timeout=20)


async def wish(transactions: Transactions, **how: Any) -> None:
    await transactions.run(lambda uow: uow.enqueue("note", {}, once="note:1", **how))


async def test_what_was_asked_for_is_sent_and_closed_with_its_ref(
    relay: Relay, running: Running, outside: Outside, transactions: Transactions
) -> None:
    relay.serve({"note": outside.delivery()})
    await wish(transactions)
    row = await running.until(result="done")
    assert outside.arrived == ["note:1"]
    assert row["ref"] == {"ts": "1"}


async def test_the_settlement_is_one_transaction_with_the_outcome(
    relay: Relay, running: Running, outside: Outside, transactions: Transactions, quick_time: None
) -> None:
    tries: list[int] = []

    def settle(uow: UnitOfWork, _entry: Entry, _ref: Ref) -> None:
        tries.append(1)
        uow.first_time(f"settled:{len(tries)}")
        if len(tries) == 1:
            raise RuntimeError("the disk is gone for a moment")

    relay.serve({"note": outside.delivery(settle=settle)})
    await wish(transactions)
    await running.until(result="done")
    # The first try was rolled back as a whole, and the message was found instead of sent again.
    assert await transactions.run(lambda uow: uow.first_time("settled:1"))
    assert outside.arrived == ["note:1"]


async def test_a_call_that_surely_failed_is_repeated(
    relay: Relay, running: Running, outside: Outside, transactions: Transactions, quick_time: None
) -> None:
    outside.before_send = fails(Later("no connection"), Later("no connection"))
    relay.serve({"note": outside.delivery()})
    await wish(transactions)
    await running.until(result="done")
    assert outside.arrived == ["note:1"]


async def test_what_was_surely_not_done_and_is_never_done_twice_is_done_when_somebody_asks_for_it_again(
    relay: Relay, running: Running, outside: Outside, transactions: Transactions
) -> None:
    kinds = {"note": outside.at_most_once()}
    outside.before_send = fails(Refused("missing_scope"))
    relay.serve(kinds)
    await wish(transactions)
    row = await running.until(result="dead", sent_at=None)
    await transactions.run(lambda uow: letters.retry(uow, [row["id"]], kinds))
    await running.until(result="done")
    assert outside.arrived == ["note:1"]


async def test_a_lost_answer_is_healed_by_looking(
    relay: Relay, running: Running, outside: Outside, transactions: Transactions, quick_time: None
) -> None:
    outside.on_send = fails(Doubt("connection reset"))
    relay.serve({"note": outside.delivery()})
    await wish(transactions)
    row = await running.until(result="done")
    assert outside.arrived == ["note:1"]
    assert row["ref"] == {"ts": "found"}


async def test_a_look_that_finds_nothing_at_first_is_repeated_before_a_second_send(
    relay: Relay, running: Running, outside: Outside, transactions: Transactions, quick_time: None
) -> None:
    outside.on_send = fails(Doubt("connection reset"))
    outside.hidden_looks = 1
    relay.serve({"note": outside.delivery()})
    await wish(transactions)
    await running.until(result="done")
    assert outside.arrived == ["note:1"]


async def test_a_look_that_waits_its_turn_may_take_longer_than_a_send(
    relay: Relay, running: Running, outside: Outside, transactions: Transactions, quick_time: None
) -> None:
    looks: list[str] = []

    async def look(entry: Entry) -> Ref:
        looks.append(entry.dedup)
        await asyncio.sleep(0.5)
        return {"ts": "found"}

    outside.on_send = fails(Doubt("connection reset"))
    relay.serve({"note": replace(outside.delivery(timeout=0.2), look_up=look)})
    await wish(transactions)
    await running.until(result="done")
    assert (outside.arrived, looks) == (["note:1"], ["note:1"])


async def test_what_never_arrived_is_sent_after_two_looks(
    relay: Relay, running: Running, outside: Outside, transactions: Transactions, quick_time: None
) -> None:
    outside.before_send = fails(Doubt("no answer"))
    relay.serve({"note": outside.delivery()})
    await wish(transactions)
    await running.until(result="done")
    assert outside.arrived == ["note:1"]


@pytest.mark.parametrize(("outcome", "repeats"), [(Doubt("no answer"), 1), (Later("no connection"), 0)])
@pytest.mark.by_turns
async def test_a_second_send_is_counted_for_good_unless_the_first_surely_never_left(
    relay: Relay, running: Running, outside: Outside, transactions: Transactions, quick_time: None,
    database: Database, outcome: Outcome, repeats: int,
) -> None:  # fmt: skip
    outside.before_send = fails(outcome)
    relay.serve({"note": outside.delivery()}, repeated=count_repeated)
    await wish(transactions)
    await running.until(result="done")
    found = await database.read(days.since, MONDAY.date())
    assert [(one.what, one.result, one.count) for one in found] == [("note", "repeated", 1)] * repeats


async def test_a_send_that_hangs_is_a_doubt(
    relay: Relay, running: Running, outside: Outside, transactions: Transactions, quick_time: None
) -> None:
    async def hang_once(_entry: Entry) -> None:
        outside.on_send = None
        await asyncio.sleep(60)

    outside.on_send = hang_once
    relay.serve({"note": outside.delivery(timeout=0.1)})
    await wish(transactions)
    await running.until(result="done")
    assert outside.arrived == ["note:1"]


async def test_a_fault_in_our_own_code_does_not_send_twice(
    relay: Relay, running: Running, outside: Outside, transactions: Transactions, quick_time: None
) -> None:
    async def break_once(_entry: Entry) -> None:
        outside.on_send = None
        raise KeyError("ours")

    outside.on_send = break_once
    relay.serve({"note": outside.delivery()})
    await wish(transactions)
    await running.until(result="done")
    assert outside.arrived == ["note:1"]


async def test_the_reason_of_a_fault_of_ours_quotes_nobody(
    relay: Relay, running: Running, outside: Outside, transactions: Transactions
) -> None:
    async def break_off(_entry: Entry) -> None:
        raise ValueError("Ana's words")

    outside.on_send = break_off
    relay.serve({"note": outside.delivery()})
    await wish(transactions)
    row = await running.until(failures=1)
    assert "ValueError" in row["error"] and "Ana" not in row["error"]


async def test_a_refusal_becomes_a_dead_letter_that_is_told(
    relay: Relay, running: Running, outside: Outside, transactions: Transactions
) -> None:
    told: list[str] = []
    words: list[str] = []
    outside.before_send = fails(Refused("msg_too_long", words="The message is too long."))
    delivery = outside.delivery(give_up=lambda _uow, _entry, refused: words.append(refused.words))
    relay.serve(
        {"note": delivery},
        given_up=lambda _uow, entry, result, reason: told.append(f"{entry.kind} {result} {reason}"),
    )
    await wish(transactions)
    await running.until(result="dead")
    assert (words, told) == (["The message is too long."], ["note dead msg_too_long"])


async def test_work_that_was_overtaken_is_dropped_in_silence(
    relay: Relay, running: Running, transactions: Transactions
) -> None:
    told: list[str] = []

    async def prepare(_entry: Entry) -> Send:
        raise Stale("resolved meanwhile")

    relay.serve(
        {"note": Delivery(prepare=prepare, rather="delivered")}, given_up=lambda *_: told.append("told")
    )
    await wish(transactions)
    await running.until(result="stale")
    assert told == []


async def test_a_closed_place_is_told_once_and_the_entry_waits_for_it(
    relay: Relay, running: Running, outside: Outside, transactions: Transactions, quick_time: None
) -> None:
    told: list[str] = []
    outside.before_send = fails(*[Parked("closed:C1")] * 5)
    relay.serve({"note": outside.delivery()}, closed=lambda _uow, _entry, parked: told.append(parked.reason))
    await wish(transactions)
    await running.until(result="done")
    assert told == ["closed:C1"]
    assert outside.arrived == ["note:1"]


async def test_a_waiting_entry_keeps_its_lane_in_order(
    relay: Relay, running: Running, outside: Outside, transactions: Transactions, database: Database,
    quick_time: None,
) -> None:  # fmt: skip
    outside.before_send = fails(Later("no connection"), Later("no connection"))
    relay.serve({"note": outside.delivery()})

    def two(uow: UnitOfWork) -> None:
        uow.enqueue("note", {}, once="note:1", lane="thread")
        uow.enqueue("note", {}, once="note:2", lane="thread")

    await transactions.run(two)
    await _until_all_done(database)
    assert outside.arrived == ["note:1", "note:2"]


async def test_two_relays_on_one_database_send_each_entry_once(
    database: Database, clock: MovableClock, outside: Outside
) -> None:
    stop = asyncio.Event()
    wakes = (asyncio.Event(), asyncio.Event())
    both = [Transactions(database, clock.now, wake.set) for wake in wakes]
    relays = [Relay(transactions, clock, wake) for transactions, wake in zip(both, wakes, strict=True)]
    for relay in relays:
        relay.serve({"note": outside.delivery()})
    tasks = [asyncio.create_task(relay.run(stop)) for relay in relays]

    def wish(uow: UnitOfWork) -> None:
        for n in range(100):
            uow.enqueue("note", {}, once=f"note:{n}")

    await both[0].run(wish)
    await _until_all_done(database)
    stop.set()
    await asyncio.gather(*tasks)
    assert sorted(outside.arrived) == sorted(f"note:{n}" for n in range(100))


async def test_a_relay_that_is_told_to_stop_finishes_what_is_under_way(
    relay: Relay, database: Database, clock: MovableClock, outside: Outside, transactions: Transactions
) -> None:
    under_way, go_on = asyncio.Event(), asyncio.Event()

    async def wait(_entry: Entry) -> None:
        under_way.set()
        await go_on.wait()

    outside.before_send = wait
    relay.serve({"note": outside.delivery()})
    stop = asyncio.Event()
    task = asyncio.create_task(relay.run(stop))
    await wish(transactions)
    await asyncio.wait_for(under_way.wait(), 5)
    stop.set()
    go_on.set()
    await asyncio.wait_for(task, 5)
    assert [row["result"] for row in await rows_of(database)] == ["done"]


async def test_a_relay_goes_on_when_the_database_comes_back(
    relay: Relay, running: Running, database: Database, outside: Outside, transactions: Transactions
) -> None:
    relay.serve({"note": outside.delivery()})
    await wish(transactions)
    database.hold()
    await asyncio.sleep(0.2)
    database.release()
    await running.until(result="done")
    assert outside.arrived == ["note:1"]


async def test_a_relay_shows_that_it_lives(relay: Relay) -> None:
    stamps: list[int] = []
    stop = asyncio.Event()

    def alive() -> None:
        stamps.append(1)
        stop.set()

    await asyncio.wait_for(relay.run(stop, alive), 5)
    assert stamps


async def test_a_side_that_does_not_answer_leaves_room_for_the_others(
    relay: Relay, outside: Outside, transactions: Transactions, running: Running
) -> None:
    silence = asyncio.Event()

    async def hang(_: Entry) -> Send:
        async def send() -> Ref:
            await silence.wait()
            return {}

        return send

    def wish(uow: UnitOfWork) -> None:
        for number in range(40):
            uow.enqueue("call", {}, once=f"call:{number}")
        uow.enqueue("post", {}, once="post")

    relay.serve(
        {**may_hang({"call": Delivery(prepare=hang, rather="delivered")}), "post": outside.delivery()}
    )
    await transactions.run(wish)
    await until(lambda: "post" in outside.arrived)
    silence.set()
