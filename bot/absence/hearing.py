"""Writes down that somebody hears, every 20 seconds; whoever finds that nobody did for long has it read back.

Whether all is well just now is passed in, and so is what is read: see `bot.joints`.
"""

from collections.abc import Callable
from datetime import datetime

from bot.absence import store
from bot.absence.domain import BORNE, absence
from bot.absence.events import Returned
from bot.absence.report import REPORT
from bot.core.clock import uptime
from bot.core.logs import logger
from bot.db.errors import DatabaseUnavailable
from bot.outbox.unit_of_work import Transactions, UnitOfWork

# Seconds between two stamps.
EVERY = 20.0

log = logger(__name__)


class Hearing:
    """One per process; all of them stamp one row. `is_well`: the database, Slack and the socket all answer."""

    def __init__(
        self,
        transactions: Transactions,
        is_well: Callable[[], bool],
        *,
        uptime: Callable[[], float] = uptime,
    ) -> None:
        self._transactions = transactions
        self._is_well = is_well
        self._uptime = uptime
        self._stamped: float | None = None

    async def look(self, _now: datetime) -> None:
        """One look. Raises DatabaseUnavailable."""
        if not self._is_well():
            self._stamped = None
            return
        up = self._uptime()
        since = None if self._stamped is None else up - self._stamped
        if since is not None and since < EVERY:
            return
        # Who has heard all along is not taken for absent when only the clock was moved.
        awake = since is not None and since < BORNE.total_seconds()
        try:
            await self._transactions.run(hear, awake=awake)
        except DatabaseUnavailable:
            self._stamped = None
            raise
        self._stamped = up


def hear(uow: UnitOfWork, *, awake: bool) -> None:
    """Stamps; after an absence of more than 5 minutes what was written meanwhile is asked for, once for all replicas."""
    last = store.last_heard(uow.connection, uow.now)
    store.hear(uow.connection, uow.now)
    found = None if awake else absence(last, uow.now)
    if found is None:
        return
    log.warning(
        "absence.noticed", began=found.began.isoformat(), ended=found.ended.isoformat(), cut=found.is_cut
    )
    lane = f"absence:{found.ended:%Y-%m-%dT%H:%M:%S.%f}"
    uow.emit(Returned(absence=found, lane=lane))
    payload = {
        "began": found.began.isoformat(),
        "ended": found.ended.isoformat(),
        "is_cut": found.is_cut,
        "lane": lane,
    }
    uow.enqueue(REPORT, payload, once=f"{lane}:report", lane=lane)
