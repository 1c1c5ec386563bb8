"""A small HTTP server that keeps what is posted to it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from tests.support.waiting import PATIENT


class Listening:
    """`heard` holds the JSON bodies; `status` is the answer."""

    def __init__(self) -> None:
        self.url = ""
        self.status = 200
        self.heard: list[dict[str, Any]] = []
        self._news = asyncio.Event()

    async def listen(self, request: web.Request) -> web.Response:
        self.heard.append(await request.json())
        self._news.set()
        return web.Response(status=self.status)

    async def until(self, count: int, timeout: float = PATIENT) -> list[dict[str, Any]]:
        """What was posted, once there is so much of it."""
        async with asyncio.timeout(timeout):
            while len(self.heard) < count:
                self._news.clear()
                await self._news.wait()
        return self.heard


@asynccontextmanager
async def listening() -> AsyncIterator[Listening]:
    """A server on this machine."""
    found = Listening()
    app = web.Application()
    app.router.add_post("/", found.listen)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    found.url = f"http://{host}:{port}/"
    yield found
    await runner.cleanup()
