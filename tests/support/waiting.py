"""Waiting for something on the other side of a wire, with a bound."""

import asyncio
from collections.abc import Awaitable, Callable
from inspect import isawaitable


async def until(true: Callable[[], bool | Awaitable[bool]], *, timeout: float = 10.0) -> None:
    """Returns once it is true; TimeoutError when it is not within so many seconds."""
    async with asyncio.timeout(timeout):
        while True:
            found = true()
            if await found if isawaitable(found) else found:
                return
            await asyncio.sleep(0.02)
