"""Keeps a background loop going whatever it meets. What the loop does is passed in."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from bot.core.logs import logger
from bot.metrics import LOOP_FAILURES

SHORTEST = 0.1
LONGEST = 5.0

log = logger(__name__)


async def keep_going(name: str, body: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
    """Runs `body` until it returns; an exception starts it again after 0.1 to 5 seconds, and is counted."""
    pause = SHORTEST
    while not stop.is_set():
        try:
            await body()
            return
        except Exception:
            LOOP_FAILURES.labels(name).inc()
            log.exception("loop.broke", loop=name)
        await pause_for(pause, stop)
        pause = min(pause * 2, LONGEST)


async def pause_for(seconds: float, stop: asyncio.Event) -> None:
    """Sleeps that long, or until `stop`."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
