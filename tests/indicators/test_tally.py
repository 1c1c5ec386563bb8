"""Calls are counted in memory and added once, whatever the database does meanwhile."""

from datetime import timedelta

import pytest

from bot.db.engine import Database
from bot.db.errors import DatabaseUnavailable
from bot.indicators import store
from bot.indicators.tally import Tally
from bot.outbox.unit_of_work import Transactions
from tests.indicators.make import TODAY
from tests.support.clock import MovableClock

DAY = timedelta(days=1)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


def _transactions(database: Database, clock: MovableClock) -> Transactions:
    return Transactions(database, clock.now, lambda: None)


async def _counts(database: Database) -> dict[str, int]:
    found = await database.read(store.since, TODAY)
    return {f"{one.day.day} {one.what}/{one.result}": one.count for one in found}


async def test_calls_are_added_to_the_day_on_which_they_came(database: Database, clock: MovableClock) -> None:
    tally, transactions = Tally(clock.now), _transactions(database, clock)
    for _ in range(2):
        tally.answered("command", "ok")
    clock.advance(DAY.total_seconds())
    tally.answered("command", "ok")
    tally.answered("shortcut", "too_slow")
    await tally.write(transactions)
    tally.answered("shortcut", "too_slow")
    await tally.write(transactions)
    await tally.write(transactions)
    assert await _counts(database) == {"23 command/ok": 2, "24 command/ok": 1, "24 shortcut/too_slow": 2}


async def test_two_bots_add_up_their_calls(database: Database, clock: MovableClock) -> None:
    for _ in range(2):
        tally = Tally(clock.now)
        tally.answered("command", "ok")
        await tally.write(_transactions(database, clock))
    assert await _counts(database) == {"23 command/ok": 2}


async def test_an_outage_shows_once_it_is_over(database: Database, clock: MovableClock) -> None:
    tally, transactions = Tally(clock.now), _transactions(database, clock)
    database.hold()
    for _ in range(3):
        tally.answered("command", "unavailable")
        with pytest.raises(DatabaseUnavailable):
            await tally.write(transactions)
    database.release()
    await tally.write(transactions)
    await tally.write(transactions)
    assert await _counts(database) == {"23 command/unavailable": 3}


class _ForgetsTheAnswer(Transactions):
    """The transaction is committed, and whoever asked for it never hears so."""

    async def run(self, *args: object, **kwargs: object) -> object:  # pyright: ignore[reportIncompatibleMethodOverride]
        await super().run(*args, **kwargs)  # pyright: ignore[reportArgumentType, reportCallIssue]
        raise DatabaseUnavailable("connection reset")


async def test_what_was_committed_without_an_answer_is_not_added_again(
    database: Database, clock: MovableClock
) -> None:
    tally = Tally(clock.now)
    tally.answered("command", "ok")
    with pytest.raises(DatabaseUnavailable):
        await tally.write(_ForgetsTheAnswer(database, clock.now, lambda: None))
    tally.answered("command", "ok")
    for _ in range(3):
        await tally.write(_transactions(database, clock))
    assert await _counts(database) == {"23 command/ok": 2}
