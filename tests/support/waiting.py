"""Waiting for something on the other side of a wire, with a bound."""

import asyncio
from collections.abc import Awaitable, Callable
from inspect import isawaitable

# Seconds that an answer may take where the test is not about that: a busy machine stands still now and then.
PATIENT = 20.0


async def until(true: Callable[[], bool | Awaitable[bool]], *, timeout: float = PATIENT) -> None:
    """Returns once it is true; TimeoutError when it is not within so many seconds."""
    async with asyncio.timeout(timeout):
        while True:
            found = true()
            if await found if isawaitable(found) else found:
                return
            await asyncio.sleep(0.02)
