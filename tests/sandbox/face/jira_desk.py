"""A face beside a Jira of either edition, a receiver of its webhooks, and the window that watches a page."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from bot.sandbox.face.face import Face
from bot.sandbox.face.server import FaceServer
from bot.sandbox.face.stage import Stage
from bot.sandbox.jira import JiraServer, JiraSite, hands
from bot.sandbox.jira.model import Edition, Issue
from bot.sandbox.story import Sandbox

EVIL = """<script>alert(1)</script> "both' & <img src=x onerror=alert(2)>"""


@dataclass(kw_only=True)
class Receiver:
    """The other end of a webhook; `status` is what it answers."""

    url: str = ""
    status: int = 200
    events: list[str] = field(default_factory=list[str])
    bodies: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    async def take(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.json())
        self.events.append(self.bodies[-1]["webhookEvent"])
        return web.Response(status=self.status)


@dataclass(kw_only=True)
class JiraDesk:
    """Somebody at Jira's pages: they are read, forms are sent as Nina unless said otherwise."""

    jira: JiraServer
    server: FaceServer
    session: aiohttp.ClientSession
    receiver: Receiver

    @property
    def site(self) -> JiraSite:
        return self.jira.site

    def issue(self, **fields: Any) -> Issue:
        """An issue of the bot's in PAY."""
        given = {"summary": "Refund stuck", "issuetype": {"name": "Task"}, **fields}
        return hands.creates(self.site, self.site.bot_account, self.site.projects["PAY"], given)

    async def get(self, address: str, *, status: int = 200) -> str:
        async with self.session.get(self.server.address + address) as answer:
            assert answer.status == status, await answer.text()
            return await answer.text()

    async def post(self, address: str, *, by: str = "nina", **fields: str) -> dict[str, Any]:
        data = {"by": by, **fields}
        async with self.session.post(self.server.address + address, data=data) as answer:
            return await answer.json()

    async def told(self) -> list[str]:
        """The events that the webhook has received by now."""
        async with asyncio.timeout(5):
            await self.site.webhooks.idle()
        return self.receiver.events

    @asynccontextmanager
    async def window(self, page: str, key: str, since: str) -> AsyncIterator[aiohttp.StreamReader]:
        """A page that stays open; `next_patches` reads what it is sent."""
        asked = {"page": page, "key": key, "by": "nina", "since": since}
        async with self.session.get(f"{self.server.address}/jira/live", params=asked) as answer:
            assert answer.status == 200
            yield answer.content


async def next_patches(stream: aiohttp.StreamReader) -> list[dict[str, str]]:
    """The next patches that a window is sent."""
    async with asyncio.timeout(5):
        async for line in stream:
            if line.startswith(b"data: "):
                return json.loads(line.removeprefix(b"data: "))
    raise AssertionError("the window was closed")


@asynccontextmanager
async def jira_desk(box: Sandbox, edition: Edition) -> AsyncIterator[JiraDesk]:
    """Everything running, with the receiver registered."""
    jira = await JiraServer.start(JiraSite(edition=edition, clock=box.clock.now))
    server = await FaceServer.start(Face(Stage(box=box, jira=jira)))
    receiver, runner = Receiver(), web.AppRunner(web.Application())
    runner.app.router.add_post("/hook", receiver.take)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    jira.site.webhooks.add(receiver.url)
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
            yield JiraDesk(jira=jira, server=server, session=session, receiver=receiver)
    finally:
        await server.stop()
        await jira.stop()
        await runner.cleanup()
