"""The only place that reads the time. Everything else takes `now` as an argument."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time; tests and the demo bring one that can be moved."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def stopwatch() -> float:
    """Seconds of a clock that never goes back: for durations on this machine only."""
    return time.monotonic()


def uptime() -> float:
    """Seconds of a clock that never goes back and, where the system has one, also counts while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()
