"""A workspace into which the app is not installed yet."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
import yaml

from bot.sandbox.story import Sandbox
from tests.e2e.office import ROOT


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    async with Sandbox.start(manifest=manifest, settle=0.2, retry_delays=(0.0, 0.2, 0.5)) as box:
        yield box


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    timeout = aiohttp.ClientTimeout(total=15)
    async with aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session
