"""One after the other, each by itself: what breaks for one holds up no other."""

from collections.abc import Awaitable, Callable, Hashable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from bot.core.logs import logger
from bot.db.errors import DatabaseUnavailable
from bot.metrics import LOOP_FAILURES

REST = timedelta(minutes=1)

T = TypeVar("T")

log = logger(__name__)


class Apart:
    """For a job that goes through many of a kind. One whose turn broke is left alone for a minute, in this process."""

    def __init__(self, job: str) -> None:
        self._job = job
        self._broke: dict[Hashable, datetime] = {}

    async def each(
        self,
        items: Iterable[T],
        now: datetime,
        work: Callable[[T], Awaitable[None]],
        *,
        key: Callable[[T], Hashable],
    ) -> None:
        """Does `work` for each of them. What it raises is logged and counted by the job's name.

        Raises DatabaseUnavailable at once: it would be the same for all.
        """
        for item in items:
            name = key(item)
            if self._rests(name, now):
                continue
            try:
                await work(item)
            except DatabaseUnavailable:
                raise
            except Exception:
                LOOP_FAILURES.labels(f"job {self._job}").inc()
                log.exception("tick.one_broke", job=self._job, one=str(name))
                self._broke[name] = now

    def _rests(self, name: Hashable, now: datetime) -> bool:
        since = self._broke.get(name)
        # A clock that was put back must not make it wait for the time to come round again.
        if since is not None and since <= now < since + REST:
            return True
        self._broke.pop(name, None)
        return False
