"""A clock for tests: stands still until it is moved."""

from datetime import UTC, datetime, timedelta

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class MovableClock:
    """Tells the time that the test has set."""

    def __init__(self, start: datetime = MONDAY) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def advance(self, seconds: float) -> None:
        """Moves on, or back for a negative number."""
        self._now += timedelta(seconds=seconds)
