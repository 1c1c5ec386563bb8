"""Every second: which jobs should be looked at again? One after the other, none stops the others.

APScheduler beats the time and does nothing more: it keeps no jobs and knows no calendar.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler  # pyright: ignore[reportMissingTypeStubs]

from bot.core.clock import Clock
from bot.core.logs import logger
from bot.db.errors import DatabaseUnavailable
from bot.feature import Job
from bot.metrics import LOOP_FAILURES

BEAT = 1.0
LONGEST_JOB = 20.0

log = logger(__name__)


class Tick:
    """One per process; several share a database. Jobs must bear being run twice at once."""

    def __init__(self, jobs: Sequence[Job], clock: Clock, *, longest_job: float = LONGEST_JOB) -> None:
        self._jobs = tuple(jobs)
        self._clock = clock
        self._longest_job = longest_job
        self._ran: dict[str, datetime] = {}
        self._busy = asyncio.Lock()
        self._alive: Callable[[], None] = lambda: None

    async def run(self, stop: asyncio.Event, alive: Callable[[], None], *, beat: float = BEAT) -> None:
        """Goes on until `stop`, then lets the job under way end."""
        self._alive = alive
        scheduler = AsyncIOScheduler(logger=logging.getLogger("apscheduler"))
        scheduler.add_job(  # pyright: ignore[reportUnknownMemberType]
            self.once, "interval", seconds=beat, max_instances=1, coalesce=True, misfire_grace_time=None
        )
        scheduler.start()
        try:
            await stop.wait()
        finally:
            scheduler.remove_all_jobs()  # pyright: ignore[reportUnknownMemberType]
            async with self._busy:
                scheduler.shutdown(wait=False)

    async def once(self) -> None:
        """One beat: runs what is due by the clock, each guarded and bounded."""
        async with self._busy:
            for job in self._jobs:
                self._alive()
                now = self._clock.now()
                if self._is_due(job, now):
                    self._ran[job.name] = now
                    await self._run(job, now)
            self._alive()

    def _is_due(self, job: Job, now: datetime) -> bool:
        last = self._ran.get(job.name)
        # A clock that was put back must not make a job wait for the time to come round again.
        return last is None or now - last >= job.every or now < last

    async def _run(self, job: Job, now: datetime) -> None:
        try:
            await asyncio.wait_for(job.run(now), self._longest_job)
        except DatabaseUnavailable as error:
            log.warning("tick.no_database", job=job.name, why=str(error))
        except TimeoutError:
            log.warning("tick.job_too_slow", job=job.name)
        except Exception:
            LOOP_FAILURES.labels(f"job {job.name}").inc()
            log.exception("tick.job_broke", job=job.name)
