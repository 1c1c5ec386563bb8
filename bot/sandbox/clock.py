"""The sandbox's own time. The bot's clock is elsewhere; a test may hand one clock to both."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

_LOOK_AGAIN = 0.05


def _system_time() -> datetime:
    return datetime.now(UTC)


class SandboxClock:
    """Aware UTC time that can be moved: `advance` and `set` shift it, and it keeps running from there."""

    def __init__(self, now: Callable[[], datetime] = _system_time) -> None:
        self._now = now
        self._shift = timedelta()
        self._moved: set[asyncio.Event] = set()

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return self._now().astimezone(UTC) + self._shift

    @property
    def ahead(self) -> timedelta:
        """How far it has been moved from the clock that it was made from."""
        return self._shift

    def advance(self, by: timedelta | float) -> None:
        """Move on by a duration, or by that many seconds."""
        self._shift += by if isinstance(by, timedelta) else timedelta(seconds=by)
        self._wake()

    def set(self, instant: datetime) -> None:
        """Make it be `instant` (aware) now."""
        self._shift += instant.astimezone(UTC) - self.now()
        self._wake()

    def reset(self) -> None:
        """Be again what the clock says that this one was made from, which may be earlier than now."""
        self._shift = timedelta()
        self._wake()

    async def sleep(self, seconds: float) -> None:
        """Return once this clock has moved on by `seconds`, by itself or because somebody moved it."""
        await self.sleep_until(self.now() + timedelta(seconds=seconds))

    async def sleep_until(self, target: datetime) -> None:
        """Return once it is `target` (aware) or later."""
        moved = asyncio.Event()
        self._moved.add(moved)
        try:
            while (left := (target - self.now()).total_seconds()) > 0:
                moved.clear()
                await self._rest(moved, left)
        finally:
            self._moved.discard(moved)

    async def _rest(self, moved: asyncio.Event, left: float) -> None:
        # A clock that was handed in can jump without telling us, so look again from time to time.
        pause = left if self._now is _system_time else min(left, _LOOK_AGAIN)
        try:
            await asyncio.wait_for(moved.wait(), pause)
        except TimeoutError:
            return

    def _wake(self) -> None:
        for moved in self._moved:
            moved.set()
