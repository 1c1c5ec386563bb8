"""What the proxy that ships lets through, to whom, and what it does when a bot is not there or dies with a call."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from tests.support.haproxy import CONFIGURATION, find_haproxy, free_ports, haproxy_before
from tests.support.waiting import until

pytestmark = pytest.mark.timeout(60)


@dataclass
class Answering:
    """Something that listens where a bot would, and says what it is told to say."""

    port: int
    ready: bool = True
    alive: bool = True
    dies_with_calls: bool = False
    calls: list[str] = field(default_factory=list[str])
    looked_at: int = 0
    _runner: web.AppRunner | None = None

    async def listen(self) -> None:
        app = web.Application()
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/healthz", self._healthz)
        app.router.add_route("*", "/{path:.*}", self._called)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True).start()

    async def leave(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _readyz(self, _: web.Request) -> web.Response:
        self.looked_at += 1
        return web.Response(status=200 if self.ready else 503)

    async def _healthz(self, _: web.Request) -> web.Response:
        return web.Response(status=200 if self.alive else 503)

    async def _called(self, request: web.Request) -> web.Response:
        self.calls.append(f"{request.method} {request.path} {await request.text()}".strip())
        if self.dies_with_calls:
            assert request.transport is not None
            request.transport.abort()
        return web.Response(text="taken")


@dataclass
class Front:
    """A proxy with two that answer behind it."""

    address: str
    a: Answering
    b: Answering
    http: aiohttp.ClientSession

    @property
    def calls(self) -> list[str]:
        return self.a.calls + self.b.calls

    async def ask(self, method: str, path: str, body: str = "") -> int:
        async with self.http.request(method, URL(self.address + path, encoded=True), data=body) as answer:
            return answer.status

    async def looked(self) -> None:
        """Returns when what is said now has been heard: three more looks at whoever listens."""
        there = [one for one in (self.a, self.b) if one._runner is not None]
        wanted = {one.port: one.looked_at + 3 for one in there}
        await until(lambda: all(one.looked_at >= wanted[one.port] for one in there))


@pytest.fixture
async def front() -> AsyncIterator[Front]:
    async with AsyncExitStack() as stack:
        pair = [Answering(port) for port in free_ports(2)]
        for one in pair:
            await one.listen()
            stack.push_async_callback(one.leave)
        address = await stack.enter_async_context(haproxy_before(pair[0].port, pair[1].port))
        # On a connection that was used before, haproxy would only hang up where it now says 502.
        once = aiohttp.TCPConnector(force_close=True)
        http = await stack.enter_async_context(
            aiohttp.ClientSession(connector=once, timeout=aiohttp.ClientTimeout(20))
        )
        yield Front(address, pair[0], pair[1], http)


def test_haproxy_accepts_the_configuration_without_a_warning() -> None:
    said = subprocess.run(
        [find_haproxy(), "-c", "-f", str(CONFIGURATION)],
        env={"FRONTDESK_A": "127.0.0.1:3000", "FRONTDESK_B": "127.0.0.1:3001"},
        capture_output=True, text=True, check=False, timeout=20,
    )  # fmt: skip
    assert (said.returncode, "WARNING" in said.stderr) == (0, False), said.stderr


async def test_the_world_reaches_what_slack_jira_and_calendars_call_and_nothing_else(front: Front) -> None:
    open_paths = {
        "POST": ("/slack/events", "/jira/webhook"),
        "GET": ("/slack/install", "/slack/oauth_redirect?code=1&state=2", "/calendar/aB-_9.ics"),
    }
    closed = (
        "/metrics", "/healthz", "/readyz", "/", "/slack/events/", "/slack/events/../../metrics", "/calendar/",
        "/calendar/../metrics", "/calendar/..%2fmetrics", "/calendar/a/b.ics", "//metrics", "/SLACK/EVENTS",
        "/slack/events%2f..%2f..%2fmetrics",
    )  # fmt: skip
    for method, paths in open_paths.items():
        assert {path: await front.ask(method, path) for path in paths} == dict.fromkeys(paths, 200)
    taken = len(front.calls)
    assert {path: await front.ask("GET", path) for path in closed} == dict.fromkeys(closed, 404)
    assert len(front.calls) == taken == 5


async def test_a_bot_that_says_it_is_not_ready_gets_no_more_calls(front: Front) -> None:
    front.a.ready = False
    await front.looked()
    assert [await front.ask("POST", "/slack/events") for _ in range(6)] == [200] * 6
    assert (len(front.a.calls), len(front.b.calls)) == (0, 6)


async def test_a_bot_that_is_ready_again_gets_calls_again(front: Front) -> None:
    front.a.ready = False
    await front.looked()
    front.a.ready = True
    await front.looked()
    assert [await front.ask("POST", "/slack/events") for _ in range(6)] == [200] * 6
    assert front.a.calls and front.b.calls


async def test_while_no_bot_is_ready_one_that_lives_still_answers_people(front: Front) -> None:
    front.a.ready = front.b.ready = False
    await front.looked()
    assert [await front.ask("POST", "/slack/events") for _ in range(4)] == [200] * 4


async def test_nobody_notices_a_bot_that_refuses_connections(front: Front) -> None:
    await front.a.leave()
    answers = await asyncio.gather(*(front.ask("POST", "/slack/events", str(n)) for n in range(20)))
    assert answers == [200] * 20
    assert sorted(front.b.calls) == sorted(f"POST /slack/events {n}" for n in range(20))


async def test_a_call_that_a_bot_has_taken_is_never_sent_to_the_other(front: Front) -> None:
    front.a.dies_with_calls = front.b.dies_with_calls = True
    answers = [await front.ask("POST", "/slack/events", str(n)) for n in range(6)]
    assert answers == [502] * 6
    assert sorted(front.calls) == sorted(f"POST /slack/events {n}" for n in range(6))


async def test_where_no_bot_is_at_all_the_caller_hears_it_at_once(front: Front) -> None:
    await front.a.leave()
    await front.b.leave()
    assert await front.ask("POST", "/slack/events") == 503
