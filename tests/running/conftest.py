"""The whole product against the sandbox, on a database without tables: it brings its own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml

from bot.alarms.outage import Patience
from bot.bootstrap import build
from bot.running import Running, Timing, start
from bot.sandbox.story import Sandbox
from bot.settings import Settings
from tests.running.listening import Listening, listening
from tests.running.tiny import tiny_features

ROOT = Path(__file__).resolve().parent.parent.parent
QUICK = Timing(
    patience=Patience(alert_after=0.6, again_every=60.0, steady_after=0.1), look_every=0.1, beat=0.05
)

Start = Callable[..., Awaitable[Running]]


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    async with Sandbox.start(manifest=manifest, settle=0.2, retry_delays=(0.0, 0.2, 0.5)) as box:
        yield box


@pytest.fixture
async def pager() -> AsyncIterator[Listening]:
    """Where ALERT_WEBHOOK_URL points."""
    async with listening() as found:
        yield found


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
        yield session


def settings_for(box: Sandbox, database_url: str, **more: Any) -> Settings:
    """Settings of a bot in this sandbox, over HTTP unless `more` says otherwise."""
    values: dict[str, Any] = {
        "slack_bot_token": box.bot_token,
        "slack_signing_secret": box.signing_secret,
        "slack_api_url": box.slack_api_url,
        "database_url": database_url,
        "port": 0,
    }
    return Settings(_env_file=None, **{**values, **more})  # pyright: ignore[reportCallIssue]


@pytest.fixture
async def start_bot(box: Sandbox) -> AsyncIterator[Start]:
    """Starts bots that are closed after the test."""
    async with AsyncExitStack() as stack:

        async def start_one(database_url: str, *, migrate: bool = True, **more: Any) -> Running:
            product = build(settings_for(box, database_url, **more), features_of=tiny_features)
            running = await start(product, migrate=migrate, timing=QUICK)
            stack.push_async_callback(running.close)
            if not more.get("slack_app_token"):
                box.deliver_by_http(f"{running.address}/slack/events")
            return running

        yield start_one
