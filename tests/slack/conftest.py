"""A workspace, and a gateway that leads to it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yaml

from bot.sandbox.story import Sandbox
from bot.slack.gateway import SlackGateway
from bot.slack.pace import Pace

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    async with Sandbox.start(manifest=manifest) as opened:
        yield opened


@pytest.fixture
async def gateway(box: Sandbox) -> AsyncIterator[SlackGateway]:
    opened = SlackGateway(box.bot_token, box.slack_api_url, pace=Pace(generous=True))
    yield opened
    await opened.close()
