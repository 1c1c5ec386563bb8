"""Dead letters in people's hands: tried again or dropped, once, whatever else happens meanwhile."""

from typing import Any

import pytest

from bot.db.engine import Database
from bot.outbox import letters, store
from bot.outbox.delivery import Delivery, Entry, Revived
from bot.outbox.letters import Counts
from bot.outbox.unit_of_work import Transactions, UnitOfWork
from tests.outbox.conftest import LEASE, Outside, claim, rows_of
from tests.support.clock import MovableClock

pytestmark = pytest.mark.by_turns

KINDS = {"note": Outside().delivery()}


async def given_up(
    database: Database, transactions: Transactions, clock: MovableClock, *, sent: bool = False, **how: Any
) -> int:
    """The id of a dead letter of the kind `note`."""
    await transactions.run(lambda uow: uow.enqueue("note", {}, **{"once": "note:1", **how}))
    (entry,) = await claim(database, clock, limit=1)
    if sent:
        await database.write(store.mark_sent, entry, now=clock.now(), lease=LEASE)
    await database.write(
        store.close, entry, now=clock.now(), result="dead", ref=None, error="restricted_action"
    )
    return entry.id


def _retry(uow: UnitOfWork, *ids: int, kinds: Any = KINDS) -> Counts:
    return letters.retry(uow, ids, kinds)


async def test_one_that_is_tried_again_begins_anew_and_keeps_when_it_may_have_been_sent(
    database: Database, transactions: Transactions, clock: MovableClock
) -> None:
    letter = await given_up(database, transactions, clock, sent=True)
    sent_at = clock.now()
    clock.advance(3600)
    assert await transactions.run(_retry, letter) == Counts(changed=1)
    (row,) = await rows_of(database)
    assert (row["closed_at"], row["result"], row["failures"], row["sent_at"]) == (None, None, 0, sent_at)
    (entry,) = await claim(database, clock)
    assert (entry.id, entry.attempts, entry.sent_at) == (letter, 2, sent_at)


async def test_what_was_asked_for_twice_is_done_once(
    database: Database, transactions: Transactions, clock: MovableClock
) -> None:
    letter = await given_up(database, transactions, clock)
    assert await transactions.run(_retry, letter, letter) == Counts(changed=1)
    assert await transactions.run(_retry, letter) == Counts(unchanged=1)
    assert await transactions.run(letters.drop, [letter], "ada") == Counts(unchanged=1)


async def test_a_dropped_one_keeps_the_reason_and_who_dropped_it(
    database: Database, transactions: Transactions, clock: MovableClock
) -> None:
    letter = await given_up(database, transactions, clock)
    assert await transactions.run(letters.drop, [letter], "ada") == Counts(changed=1)
    (row,) = await rows_of(database)
    assert (row["result"], row["error"]) == ("dropped", "restricted_action (dropped by ada)")
    assert await transactions.run(_retry, letter) == Counts(unchanged=1)


async def test_what_was_wished_anew_meanwhile_is_closed_as_overtaken(
    database: Database, transactions: Transactions, clock: MovableClock
) -> None:
    letter = await given_up(database, transactions, clock, once=None, merge="card:1")
    await transactions.run(lambda uow: uow.enqueue("note", {}, merge="card:1"))
    assert await transactions.run(_retry, letter) == Counts(overtaken=1)
    old, new = await rows_of(database)
    assert (old["result"], old["error"], new["closed_at"]) == ("stale", letters.OVERTAKEN, None)


async def test_a_wish_after_the_retry_stands_beside_it_in_its_lane(
    database: Database, transactions: Transactions, clock: MovableClock
) -> None:
    letter = await given_up(database, transactions, clock, once=None, merge="card:1")
    await transactions.run(_retry, letter)
    await transactions.run(lambda uow: uow.enqueue("note", {}, merge="card:1"))
    _, new = await rows_of(database)
    assert new["depends_on"] == letter
    assert [entry.id for entry in await claim(database, clock)] == [letter]


async def test_what_still_waits_behind_it_waits_for_it_again(
    database: Database, transactions: Transactions, clock: MovableClock
) -> None:
    def two(uow: UnitOfWork) -> None:
        uow.enqueue("note", {}, once="note:1", lane="thread")
        uow.enqueue("note", {}, once="note:2", lane="thread")

    await transactions.run(two)
    (first,) = await claim(database, clock)
    await database.write(store.close, first, now=clock.now(), result="dead", ref=None, error="no")
    await transactions.run(_retry, first.id)
    assert [entry.dedup for entry in await claim(database, clock)] == ["note:1"]


async def test_a_relay_that_woke_up_late_cannot_touch_what_is_tried_again(
    database: Database, transactions: Transactions, clock: MovableClock
) -> None:
    await transactions.run(lambda uow: uow.enqueue("note", {}, once="note:1"))
    (asleep,) = await claim(database, clock)
    clock.advance(31)
    (entry,) = await claim(database, clock)
    await database.write(store.close, entry, now=clock.now(), result="dead", ref=None, error="no")
    await transactions.run(_retry, entry.id)
    await claim(database, clock)
    for late in (asleep, entry):
        assert not await database.write(
            store.close, late, now=clock.now(), result="done", ref=None, error=None
        )


@pytest.mark.parametrize(
    ("revived", "counts", "results"),
    [
        ("again", Counts(changed=1), [None]),
        ("anew", Counts(changed=1), ["stale", None]),
        ("overtaken", Counts(overtaken=1), ["stale"]),
    ],
)
async def test_what_a_retry_means_the_kind_says(
    database: Database, transactions: Transactions, clock: MovableClock,
    revived: Revived, counts: Counts, results: list[str | None],
) -> None:  # fmt: skip
    def revive(uow: UnitOfWork, _entry: Entry) -> Revived:
        if revived == "anew":
            uow.enqueue("note", {}, once="note:1:again")
        return revived

    letter = await given_up(database, transactions, clock)
    kinds = {"note": Delivery(prepare=Outside().delivery().prepare, rather="delivered", revive=revive)}
    assert await transactions.run(_retry, letter, kinds=kinds) == counts
    assert [row["result"] for row in await rows_of(database)] == results


async def test_the_list_tells_states_apart_and_goes_from_the_newest_back(
    database: Database, transactions: Transactions, clock: MovableClock
) -> None:
    dead = await given_up(database, transactions, clock)
    clock.advance(60)
    await transactions.run(lambda uow: uow.enqueue("other", {"request_id": 3}, once="other:1"))
    known = await database.read(letters.listed, letters.STATES, None, 10)
    assert [(one.kind, one.state) for one in known] == [("other", "waiting"), ("note", "dead")]
    assert [one.id for one in await database.read(letters.listed, letters.GIVEN_UP, None, 10)] == [dead]
    assert await database.read(letters.listed, letters.STATES, "none", 10) == []
    assert await database.read(letters.count, letters.STATES) == {"dead": 1, "doubtful": 0, "waiting": 1}
    assert await database.read(letters.unknown, [dead, 99, 99]) == [99]
