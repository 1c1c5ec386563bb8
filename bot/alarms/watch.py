"""Looks at something every few seconds and tells when it has been away for long. The looking is passed in."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from bot.alarms.outage import WELL, Notice, Outage, Patience, after_look, seconds_to_next_look
from bot.core.clock import stopwatch

EVERY = 5.0

Probe = Callable[[], Awaitable[str | None]]
Tell = Callable[[Notice], None]
Alive = Callable[[], None]


class Watch:
    """One thing watched. `probe` returns None when it answers, else why not; it bounds its own time."""

    def __init__(
        self, probe: Probe, tell: Tell, *, patience: Patience | None = None, every: float = EVERY
    ) -> None:
        self._probe = probe
        self._tell = tell
        self._patience = patience or Patience()
        self._every = every
        self._outage: Outage = WELL
        self._looked = False
        self.trouble: str | None = None

    @property
    def answers(self) -> bool:
        """Whether the last look found it well; before the first one nothing is known, and that is no."""
        return self._looked and self.trouble is None

    @property
    def down_for(self) -> float:
        """Seconds since the outage began; 0 while all is well."""
        since = self._outage.down_since
        return 0.0 if since is None else stopwatch() - since

    async def run(self, stop: asyncio.Event, alive: Alive) -> None:
        """Goes on until `stop`."""
        while not stop.is_set():
            alive()
            began = stopwatch()
            await self.look()
            pause = seconds_to_next_look(
                self._outage, now=stopwatch(), patience=self._patience, every=self._every
            )
            spent = stopwatch() - began if pause == self._every else 0.0
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), max(pause - spent, 0.01))

    async def look(self) -> None:
        """One look, and what follows from it."""
        self.trouble = await self._probe()
        self._looked = True
        self._outage, notice = after_look(
            self._outage, answers=self.trouble is None, now=stopwatch(), patience=self._patience
        )
        if notice is not None:
            self._tell(notice)
