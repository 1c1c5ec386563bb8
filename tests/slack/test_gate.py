"""The door without a secret, and that nothing is parsed before it is believed. The rest is shown with the running bot."""

import hashlib
import hmac
from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.response import BoltResponse

from bot.core.clock import SystemClock
from bot.slack.gate import Gate

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SIGNED = {"X-Slack-Request-Timestamp": "1", "X-Slack-Signature": "v0=0"}


class Door:
    """A gate that listens; `heard` is what it let in."""

    def __init__(self, secret: str | None) -> None:
        self.heard: list[Mapping[str, Any]] = []
        self.gate = Gate(secret, SystemClock(), self._dispatch)

    async def _dispatch(self, body: Mapping[str, Any]) -> BoltResponse:
        self.heard.append(body)
        return BoltResponse(status=200, body="")


@pytest.fixture
async def door() -> AsyncIterator[tuple[Door, str]]:
    """A door of a bot in Socket Mode, and its address."""
    found = Door(None)
    app = web.Application()
    app.router.add_post("/", found.gate)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield found, f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


@pytest.mark.parametrize("headers", [FORM, FORM | SIGNED])
async def test_without_a_secret_nobody_is_believed(door: tuple[Door, str], headers: dict[str, str]) -> None:
    found, url = door
    async with aiohttp.ClientSession() as http, http.post(url, data=b"command=/x", headers=headers) as answer:
        assert answer.status == 401
    assert found.heard == []


async def test_without_a_secret_not_even_the_empty_one_is_taken(door: tuple[Door, str]) -> None:
    found, url = door
    stamp = str(int(SystemClock().now().timestamp()))
    raw = b"command=/x&team_id=T1&user_id=U1"
    digest = hmac.new(b"", b"v0:%s:" % stamp.encode() + raw, hashlib.sha256).hexdigest()
    headers = FORM | {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}
    async with aiohttp.ClientSession() as http, http.post(url, data=raw, headers=headers) as answer:
        assert answer.status == 401
    assert found.heard == []


async def test_without_a_secret_a_body_that_cannot_be_read_is_not_even_looked_at(
    door: tuple[Door, str],
) -> None:
    _, url = door
    headers = {"Content-Type": "application/json"}
    async with (
        aiohttp.ClientSession() as http,
        http.post(url, data=b"[" * 100_000, headers=headers) as answer,
    ):
        assert answer.status == 401
