"""A person's browser on its way through an installation, and a bot that waits for one."""

import base64
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp

from bot import bootstrap, running
from bot.running import Running, Timing
from bot.sandbox.story import Sandbox
from bot.settings import Settings
from bot.slack.pace import Pace
from tests.running.tiny import tiny_features

PUBLIC = "https://frontdesk.example.com"
QUICK = Timing(look_every=0.1, beat=0.05)


def new_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def oauth_settings(box: Sandbox, database_url: str, **more: Any) -> Settings:
    """Settings without a bot token."""
    installing = box.workspace.installing
    values: dict[str, Any] = {
        "slack_client_id": installing.client_id,
        "slack_client_secret": installing.client_secret,
        "slack_signing_secret": box.signing_secret,
        "slack_api_url": box.slack_api_url,
        "encryption_keys": new_key(),
        "public_url": PUBLIC,
        "database_url": database_url,
        "port": 0,
    }
    return Settings(_env_file=None, **{**values, **more})  # pyright: ignore[reportCallIssue]


@asynccontextmanager
async def waiting_bot(settings: Settings) -> AsyncIterator[Running]:
    """A bot, listening, whose storage is open; whether it is installed is another matter."""
    product = bootstrap.build(settings, features_of=tiny_features, pace=Pace(generous=True))
    found = await running.start(product, timing=QUICK)
    try:
        yield found
    finally:
        await found.close()


@dataclass(frozen=True, kw_only=True)
class Page:
    """What the browser got."""

    status: int
    text: str
    headers: Any


class Browser:
    """It follows nothing by itself, and keeps one cookie."""

    def __init__(self, http: aiohttp.ClientSession, bot: Running) -> None:
        self._http = http
        self._bot = bot
        self.cookie = ""

    async def get(self, path: str, **headers: str) -> Page:
        """A page of the bot."""
        sent = {**headers, **({"Cookie": self.cookie} if self.cookie else {})}
        url = f"{self._bot.address}{path}"
        async with self._http.get(url, headers=sent, allow_redirects=False) as answer:
            for name, morsel in answer.cookies.items():
                self.cookie = f"{name}={morsel.value}"
            return Page(status=answer.status, text=await answer.text(), headers=answer.headers)

    async def allow(self, **headers: str) -> str:
        """To Slack and back: the path, with its query, that Slack sends the browser to."""
        page = await self.get("/slack/install", **headers)
        assert page.status == 302, page
        async with self._http.get(page.headers["Location"], allow_redirects=False) as answer:
            assert answer.status == 302, await answer.text()
            back = urlsplit(answer.headers["Location"])
        assert f"{back.scheme}://{back.netloc}" == PUBLIC
        return f"{back.path}?{back.query}"

    async def install(self) -> Page:
        """All of it."""
        return await self.get(await self.allow())


def query_of(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))
