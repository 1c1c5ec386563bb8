"""Waiting for something to change in the workspace without asking again and again."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


class Bell:
    """Rung on every visible change; those who wait look again then."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Event] = set()
        # How often it was rung: as long as this stays, nothing that rings it has changed.
        self.rings = 0

    def ring(self) -> None:
        """Wake everybody who waits."""
        self.rings += 1
        for waiting in self._waiting:
            waiting.set()

    def listen(self) -> asyncio.Event:
        """An event that the next ring sets; give it back with `forget`."""
        waiting = asyncio.Event()
        self._waiting.add(waiting)
        return waiting

    def forget(self, waiting: asyncio.Event) -> None:
        """Ring it no more."""
        self._waiting.discard(waiting)

    async def until(self, look: Callable[[], Found | None], timeout: float) -> Found | None:
        """What `look` finds, at once or after a change; None when `timeout` seconds have passed."""
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout
        rung = self.listen()
        try:
            while True:
                rung.clear()
                if (found := look()) is not None:
                    return found
                await asyncio.wait_for(rung.wait(), end - loop.time())
        except TimeoutError:
            return look()
        finally:
            self.forget(rung)
