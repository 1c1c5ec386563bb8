"""A sandbox for each test, and a listener that writes down what it is sent."""

from collections.abc import AsyncIterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.story import Sandbox
from tests.sandbox.slack.listener import Listener, listening
from tests.sandbox.slack.tiny_bot import manifest


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    async with Sandbox.start(manifest=manifest(), settle=0.2, retry_delays=(0.0, 0.05, 0.1)) as box:
        yield box


@pytest.fixture
async def listener(box: Sandbox) -> AsyncIterator[Listener]:
    async with listening() as found:
        box.deliver_by_http(found.url)
        yield found


@pytest.fixture
def client(box: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(token=box.bot_token, base_url=box.slack_api_url, retry_handlers=[])
