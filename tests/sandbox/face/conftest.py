"""A face over a sandbox and the tiny bot, and a browser's way to it without a browser."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from bot.sandbox.face.face import Face
from bot.sandbox.face.server import FaceServer
from bot.sandbox.face.stage import Stage
from bot.sandbox.jira.server import JiraServer
from bot.sandbox.jira.site import JiraSite
from bot.sandbox.story import Sandbox
from tests.sandbox.slack.tiny_bot import manifest, tiny_bot


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Somebody at the face: pages are read, forms are sent."""

    box: Sandbox
    jira: JiraServer
    face: Face
    server: FaceServer
    session: aiohttp.ClientSession

    async def page(self, address: str) -> str:
        async with self.session.get(self.server.address + address) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.text()

    async def post(self, address: str, fields: Any = None) -> dict[str, Any]:
        """The reply to what a page sends; `say` in it is what the person is told."""
        async with self.session.post(self.server.address + address, data=fields) as answer:
            assert answer.content_type == "application/json", await answer.text()
            return await answer.json()


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    async with Sandbox.start(manifest=manifest(), settle=0.2) as box, tiny_bot(box):
        yield box


@pytest.fixture
async def desk(box: Sandbox) -> AsyncIterator[Desk]:
    jira = await JiraServer.start(JiraSite(edition="cloud", clock=box.clock.now))
    face = Face(Stage(box=box, jira=jira))
    server = await FaceServer.start(face)
    async with aiohttp.ClientSession() as session:
        yield Desk(box=box, jira=jira, face=face, server=server, session=session)
    await server.stop()
    await jira.stop()
