"""When each background loop last went round, for `/healthz`. What the loops do is not here."""

from collections.abc import Callable

from bot.core.clock import Clock, stopwatch
from bot.metrics import LOOP_LAST_TICK

STOOD_STILL = 30.0

Alive = Callable[[], None]


class Liveness:
    """One per process. A loop that has not stamped for 30 seconds stands still."""

    def __init__(self, clock: Clock, *, longest: float = STOOD_STILL) -> None:
        self._clock = clock
        self._longest = longest
        self._stamps: dict[str, float] = {}

    def of(self, loop: str) -> Alive:
        """What the loop of this name calls each time it goes round. It counts from now on."""

        def alive() -> None:
            self._stamps[loop] = stopwatch()
            LOOP_LAST_TICK.labels(loop).set(self._clock.now().timestamp())

        alive()
        return alive

    def ended(self, loop: str) -> None:
        """The loop has ended as it was asked to: nobody waits for it."""
        self._stamps.pop(loop, None)

    def standing_still(self) -> list[str]:
        """The names of the loops that hang."""
        now = stopwatch()
        return sorted(loop for loop, at in self._stamps.items() if now - at > self._longest)
