"""Counts what leaves no row: calls from Slack, and sends that were repeated.

Calls are counted in memory and added to the days every few seconds: nothing is written while somebody waits. While
the database is away the counts are kept: that is when they matter most.
"""

import secrets
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import Connection

from bot.indicators import store
from bot.indicators.domain import REPEATED, Component, Counted
from bot.outbox.delivery import Entry
from bot.outbox.unit_of_work import Transactions, UnitOfWork

Key = tuple[date, str, str, str]


class Tally:
    """One per process. What was counted since the last `write` is lost if the process is killed."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._owner = secrets.token_hex(6)
        self._number = 0
        self._fresh: Counter[Key] = Counter()
        self._leaving: Counter[Key] = Counter()

    def answered(self, kind: str, result: str) -> None:
        """A call of this kind from Slack got its answer, or ended like this."""
        self._fresh[self._now().date(), Component.INTAKE.value, kind, result] += 1

    async def write(self, transactions: Transactions) -> None:
        """Adds what was counted to the days. Raises DatabaseUnavailable, and then keeps it for the next time."""
        if not self._leaving:
            self._leaving, self._fresh = self._fresh, Counter()
            self._number += 1
        if self._leaving:
            await transactions.run(self._add, f"tally:{self._owner}:{self._number}")
            self._leaving = Counter()

    def _add(self, uow: UnitOfWork, name: str) -> None:
        # After an error nobody knows whether it was committed: the same counts go by the same name again.
        if not uow.first_time(name):
            return
        # All in one order, or two of us could wait for each other.
        for (day, component, what, result), count in sorted(self._leaving.items()):
            one = Counted(day=day, component=component, what=what, result=result, count=count)
            store.add(uow.connection, one)


def count_repeated(connection: Connection, entry: Entry, now: datetime) -> None:
    """Counts that this entry was sent again although the first may have arrived; part of the transaction that notes it."""
    store.add(
        connection,
        Counted(day=now.date(), component=Component.DELIVERY, what=entry.kind, result=REPEATED, count=1),
    )
