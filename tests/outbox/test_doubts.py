"""Where nobody knows whether it arrived: how long is looked, what is sent again, and what a person decides."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.db.engine import Database
from bot.metrics import DOUBLED
from bot.outbox import store
from bot.outbox.delivery import Entry, Send
from bot.outbox.outcomes import Doubt, Later, Outcome, Parked, Refused, Stale
from bot.outbox.relay import Relay
from bot.outbox.unit_of_work import Transactions
from tests.outbox.conftest import LEASE, Outside, claim
from tests.outbox.test_relay import Running, fails, quick_time, running, wish
from tests.support.clock import MovableClock
from tests.support.waiting import until

__all__ = ["quick_time", "running"]

pytestmark = pytest.mark.by_turns
QUARTER = 900.0


def _doubled() -> float:
    return DOUBLED._value.get()  # pyright: ignore[reportPrivateUsage]


def always(outcome: Outcome) -> Callable[[Entry], Awaitable[None]]:
    async def fail(_entry: Entry) -> None:
        raise outcome

    return fail


async def test_a_look_without_an_answer_for_15_minutes_leaves_it_to_a_person(
    relay: Relay, running: Running, outside: Outside, transactions: Transactions, clock: MovableClock,
    quick_time: None,
) -> None:  # fmt: skip
    outside.on_send = fails(Doubt("connection reset"))
    outside.on_look = always(Later("Slack asks for a pause", after=5.0, counted=False))
    told: list[tuple[str, str]] = []
    relay.serve(
        {"note": outside.delivery(rather="once", longest_doubt=QUARTER)},
        given_up=lambda _uow, _entry, result, reason: told.append((result, reason)),
    )
    await wish(transactions)
    row = await running.until(result="doubtful")
    assert outside.arrived == ["note:1"]
    assert (row["closed_at"] - row["looking_since"]).total_seconds() >= QUARTER
    assert told == [("doubtful", "perhaps sent, cannot be looked up: Slack asks for a pause")]


async def test_what_had_better_arrive_is_sent_again_after_15_minutes_and_counted(
    relay: Relay, running: Running, outside: Outside, transactions: Transactions, clock: MovableClock,
    quick_time: None,
) -> None:  # fmt: skip
    began, before = clock.now(), _doubled()
    outside.on_send = fails(Doubt("connection reset"))
    outside.on_look = always(Later("Slack asks for a pause", after=5.0, counted=False))
    relay.serve({"note": outside.delivery(rather="delivered", longest_doubt=QUARTER)})
    await wish(transactions)
    row = await running.until(result="done")
    assert outside.arrived == ["note:1", "note:1"]
    assert (row["closed_at"] - began).total_seconds() >= QUARTER
    assert _doubled() == before + 1


async def test_nothing_is_sent_while_a_look_gets_no_answer(
    relay: Relay, running: Running, outside: Outside, transactions: Transactions, quick_time: None
) -> None:
    outside.on_send = fails(Doubt("connection reset"))
    outside.on_look = fails(*[Later("no answer")] * 6)
    relay.serve({"note": outside.delivery(rather="delivered", longest_doubt=QUARTER)})
    await wish(transactions)
    row = await running.until(result="done")
    assert (outside.arrived, row["ref"]) == (["note:1"], {"ts": "found"})


async def test_without_a_bound_it_is_looked_for_as_long_as_it_takes(
    relay: Relay, running: Running, outside: Outside, transactions: Transactions, quick_time: None
) -> None:
    outside.on_send = fails(Doubt("connection reset"))
    outside.on_look = fails(*[Later("Jira is away", after=300.0, counted=False)] * 5)
    relay.serve({"note": outside.delivery(rather="once")})
    await wish(transactions)
    row = await running.until(result="done")
    assert (outside.arrived, row["ref"]) == (["note:1"], {"ts": "found"})


@pytest.mark.parametrize("outcome", [Refused("missing_scope"), Parked("closed:C1")])
async def test_where_nobody_can_look_a_person_decides(
    relay: Relay, running: Running, outside: Outside, transactions: Transactions, quick_time: None,
    outcome: Outcome,
) -> None:  # fmt: skip
    outside.on_send = fails(Doubt("connection reset"))
    outside.on_look = always(outcome)
    relay.serve({"note": outside.delivery(rather="once")})
    await wish(transactions)
    await running.until(result="doubtful")
    assert outside.arrived == ["note:1"]


async def test_where_nobody_can_look_what_had_better_arrive_is_sent_again(
    relay: Relay, running: Running, outside: Outside, transactions: Transactions, quick_time: None
) -> None:
    before = _doubled()
    outside.on_send = fails(Doubt("connection reset"))
    outside.on_look = always(Refused("missing_scope"))
    relay.serve({"note": outside.delivery(rather="delivered")})
    await wish(transactions)
    await running.until(result="done")
    assert outside.arrived == ["note:1", "note:1"]
    assert _doubled() == before + 1


async def test_a_pause_before_the_second_send_is_not_counted_as_one(
    relay: Relay, running: Running, outside: Outside, transactions: Transactions, quick_time: None
) -> None:
    before = _doubled()
    outside.before_send = fails(Doubt("reset"), *[Later("Slack asks for a pause", counted=False)] * 3)
    outside.on_look = always(Refused("missing_scope"))
    relay.serve({"note": outside.delivery(rather="delivered")})
    await wish(transactions)
    await running.until(result="done")
    assert (outside.arrived, _doubled()) == (["note:1"], before + 1)


async def test_what_is_done_at_most_once_is_not_repeated_and_troubles_nobody(
    relay: Relay, running: Running, outside: Outside, transactions: Transactions, quick_time: None
) -> None:
    told: list[str] = []
    outside.on_send = fails(Doubt("connection reset"))
    relay.serve({"note": outside.at_most_once()}, given_up=lambda *_: told.append("told"))
    await wish(transactions)
    await running.until(result="dropped")
    assert (outside.arrived, told) == (["note:1"], [])


async def test_what_is_done_at_most_once_is_tried_on_while_it_surely_did_not_leave(
    relay: Relay, running: Running, outside: Outside, transactions: Transactions, quick_time: None
) -> None:
    outside.before_send = fails(Later("no connection"), Later("Slack asks for a pause", counted=False))
    relay.serve({"note": outside.at_most_once()})
    await wish(transactions)
    await running.until(result="done")
    assert outside.arrived == ["note:1"]


async def test_what_was_under_way_when_a_bot_died_is_not_done_a_second_time_where_it_may_not_be(
    relay: Relay, running: Running, outside: Outside, transactions: Transactions, clock: MovableClock,
    database: Database,
) -> None:  # fmt: skip
    relay.serve({"another": outside.at_most_once()})
    await wish(transactions)
    await _as_if_sent(database, clock)
    relay.serve({"note": outside.at_most_once()})
    await running.until(result="dropped")
    assert outside.arrived == []


async def _as_if_sent(database: Database, clock: MovableClock) -> None:
    (entry,) = await claim(database, clock)
    assert await database.write(store.mark_sent, entry, now=clock.now(), lease=LEASE)
    clock.advance(LEASE.total_seconds() + 1)


async def test_a_pause_on_the_first_attempt_leaves_nothing_to_look_for(
    relay: Relay, running: Running, outside: Outside, transactions: Transactions, database: Database,
    clock: MovableClock,
) -> None:  # fmt: skip
    outside.before_send = fails(Later("Slack asks for a pause", after=60.0, counted=False))
    relay.serve({"note": outside.delivery()})
    await wish(transactions)
    row = await running.until(error="Slack asks for a pause")
    assert (row["sent_at"], row["failures"]) == (None, 0)


async def test_a_pause_after_a_doubt_still_looks_first(
    relay: Relay, running: Running, outside: Outside, transactions: Transactions, quick_time: None
) -> None:
    outside.on_send = fails(Doubt("connection reset"))
    outside.hidden_looks = 2
    # Not found twice, then a pause instead of the second send: by then the first has shown up.
    outside.before_send = _second_time(Later("Slack asks for a pause", counted=False))
    relay.serve({"note": outside.delivery()})
    await wish(transactions)
    row = await running.until(result="done")
    assert (outside.arrived, row["ref"]) == (["note:1"], {"ts": "found"})


def _second_time(outcome: Outcome) -> Callable[[Entry], Awaitable[None]]:
    calls: list[int] = []

    async def fail(_entry: Entry) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise outcome

    return fail


async def test_who_slept_too_long_after_the_claim_sends_nothing(
    transactions: Transactions, clock: MovableClock, outside: Outside, database: Database
) -> None:
    slept = [0.0]

    async def sleep(_entry: Entry) -> Send:
        # As if the machine had stood still for more than half a lease between the claim and the send.
        slept[0] += LEASE.total_seconds() / 2 + 0.1
        return await outside.delivery().prepare(_entry)

    relay = Relay(transactions, clock, asyncio.Event(), stopwatch=lambda: slept[0])
    relay.serve({"note": replace(outside.delivery(), prepare=sleep)})
    running = Running(relay, database, clock)
    await wish(transactions)
    row = await running.until(attempts=1)
    await until(lambda: slept[0] > 0)
    await running.close()
    assert outside.arrived == []
    assert (row["closed_at"], row["result"]) == (None, None)


async def test_what_was_overtaken_while_it_was_in_doubt_is_not_said_any_more(
    relay: Relay, running: Running, outside: Outside, transactions: Transactions, quick_time: None
) -> None:
    asked = outside.delivery()

    async def prepare(entry: Entry) -> Send:
        # As a ping does: what may stand there already is rendered for the look, whatever happened since.
        if entry.sent_at is None and outside.on_look is not None:
            raise Stale("somebody has it already")
        return await asked.prepare(entry)

    async def looked(_entry: Entry) -> None:
        pass

    async def lost(_entry: Entry) -> None:
        outside.on_look = looked
        raise Doubt("no answer")

    outside.before_send = lost
    relay.serve({"note": replace(asked, prepare=prepare)})
    await wish(transactions)
    await running.until(result="stale")
    assert outside.arrived == []
