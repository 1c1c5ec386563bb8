"""A bot that only writes down what it is sent and answers as it is told: for tests of the wire itself."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

Answering = Callable[[web.Request], Awaitable[web.Response]]


async def _fine(_: web.Request) -> web.Response:
    return web.Response()


@dataclass(kw_only=True)
class Listener:
    """`heard` holds the bodies as they were understood, `headers` what came with each; `answer` may be replaced."""

    url: str = ""
    heard: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    answer: Answering = _fine
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.bodies.append(body)
        self.headers.append({name.lower(): value for name, value in request.headers.items()})
        self.heard.append(_understood(request.content_type, body))
        self.arrived.set()
        return await self.answer(request)

    async def until(self, count: int) -> None:
        """Wait until that many calls have come, at most 5 s."""
        async with asyncio.timeout(5):
            while len(self.heard) < count:
                self.arrived.clear()
                await self.arrived.wait()

    def events(self, kind: str = "") -> list[dict[str, Any]]:
        """The envelopes of events, all or of one type."""
        found = [body for body in self.heard if body.get("type") == "event_callback"]
        return [body for body in found if kind in ("", body["event"]["type"], body["event"].get("subtype"))]


def _understood(content_type: str, body: bytes) -> dict[str, Any]:
    if content_type == "application/json":
        return json.loads(body)
    fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
    return json.loads(fields["payload"]) if "payload" in fields else fields


@asynccontextmanager
async def listening() -> AsyncIterator[Listener]:
    """A listener on a free port."""
    found = Listener()
    app = web.Application()
    app.router.add_post("/slack/events", found.listen)
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    at = socket.create_server(("127.0.0.1", 0))
    await web.SockSite(runner, at).start()
    found.url = f"http://127.0.0.1:{at.getsockname()[1]}/slack/events"
    try:
        yield found
    finally:
        await runner.cleanup()
