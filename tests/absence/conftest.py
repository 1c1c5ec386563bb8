"""Transactions by a movable clock, with somebody who hears of every return."""

import pytest

from bot.absence.events import Returned
from bot.db.engine import Database
from bot.outbox.unit_of_work import Transactions
from tests.support.clock import MovableClock


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def returns() -> list[Returned]:
    """Every return that was told, in order."""
    return []


@pytest.fixture
def transactions(database: Database, clock: MovableClock, returns: list[Returned]) -> Transactions:
    found = Transactions(database, clock.now, lambda: None)
    found.subscribe({Returned: [lambda _uow, event: returns.append(event)]})
    return found
