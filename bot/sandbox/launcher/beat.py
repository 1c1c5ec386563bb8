"""Whether the bot has looked at its clock since that was moved: what it will do next is known only then."""

import asyncio
import contextlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.bootstrap import Product
from bot.core.clock import Clock
from bot.feature import Feature, Job

# A bot that looks each second and has not by then has trouble; nobody waits for it any longer.
PATIENCE = 3.0
_NEVER = datetime.min.replace(tzinfo=UTC)


class Beat:
    """Two jobs around all those of the bot, which look one after the other."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began = _NEVER
        self._looked = _NEVER
        self._news = asyncio.Event()

    def around(self, product: Product) -> Product:
        """The product with these jobs."""
        first = Job(name="demo.first", every=timedelta(), run=self._first)
        last = Job(name="demo.last", every=timedelta(), run=self._last)
        ours = [Feature(name=job.name, jobs=(job,)) for job in (first, last)]
        return replace(product, features=(ours[0], *product.features, ours[1]))

    async def _first(self, now: datetime) -> None:
        self._began = now

    async def _last(self, _now: datetime) -> None:
        # The clock may have been moved while the others looked: what counts is when they began.
        self._looked = self._began
        self._news.set()
        self._news = asyncio.Event()

    async def caught_up(self) -> None:
        """Returns once the bot has looked at everything by the time that it is now, or after some seconds."""
        since = self._clock.now()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while self._looked < since:
                    await self._news.wait()
