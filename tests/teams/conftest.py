"""A tiny Slack on the wire that knows people and user groups, and clocks that tests can move."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.db.engine import Database
from bot.slack.gateway import SlackGateway
from bot.slack.pace import Pace
from bot.teams.directory import Directory


@dataclass(kw_only=True)
class Slack:
    """What the stand-in knows, how it is broken, and how often it was asked."""

    users: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    groups: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    is_down: bool = False
    asked: Counter[str] = field(default_factory=Counter[str])
    answers: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, call: web.Request) -> web.Response:
        """Answers one call, when it answers at all."""
        arguments = {**call.query, **await call.post()}
        method = call.match_info["method"]
        wanted = str(arguments["user" if method == "users.info" else "usergroup"])
        self.asked[wanted] += 1
        await self.answers.wait()
        if self.is_down:
            return web.json_response({"ok": False}, status=503)
        if method == "users.info":
            found = self.users.get(wanted)
            return web.json_response({"ok": True, "user": found} if found else _no("user_not_found"))
        members = self.groups.get(wanted)
        return web.json_response(
            _no("no_such_subteam") if members is None else {"ok": True, "users": members}
        )


def _no(error: str) -> dict[str, Any]:
    return {"ok": False, "error": error}


@dataclass(kw_only=True)
class Time:
    """A clock and a stopwatch that go on together, by hand."""

    passed: timedelta = timedelta(0)

    def now(self) -> datetime:
        return datetime(2026, 11, 24, 9, 0, tzinfo=UTC) + self.passed

    def elapsed(self) -> float:
        return 1000 + self.passed.total_seconds()

    def goes_on(self, **length: float) -> None:
        self.passed += timedelta(**length)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def slack() -> Slack:
    stand_in = Slack()
    stand_in.answers.set()
    return stand_in


@pytest.fixture
async def gateway(slack: Slack) -> AsyncIterator[SlackGateway]:
    app = web.Application()
    app.router.add_route("*", "/api/{method}", slack.serve)
    async with TestServer(app) as server:
        gateway = SlackGateway("xoxb-test", str(server.make_url("/api/")), pace=Pace(generous=True))
        yield gateway
        slack.answers.set()
        await gateway.close()


@pytest.fixture
async def directory(database: Database, gateway: SlackGateway, time: Time) -> AsyncIterator[Directory]:
    made = Directory(database, gateway, time, time.elapsed)
    yield made
    await made.close()
