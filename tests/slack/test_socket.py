"""When a connection is given up for a new one, and that nobody who asks meanwhile goes without an answer."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_bolt.response import BoltResponse

from bot.core.clock import SystemClock
from bot.sandbox.story import Answer, Sandbox
from bot.slack.socket import SlackSocket, SocketPatience
from tests.support.loglines import log_lines
from tests.support.proxy import proxy_to
from tests.support.waiting import PATIENT, until

MANIFEST = Path(__file__).resolve().parents[2] / "manifest.yml"
# Long enough that only what a test is about gives a connection up.
LONG = SocketPatience(look=0.05, first_pause=0.05)


class Line:
    """A bot that says "done" to everything as soon as `may_answer` is set, at the end of a socket."""

    def __init__(self, box: Sandbox, patience: SocketPatience) -> None:
        self.box = box
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.asked = 0
        self.stop = asyncio.Event()
        self.socket = SlackSocket(
            box.app_token, box.slack_api_url, SystemClock(), self._dispatch, patience=patience
        )
        self.running = asyncio.create_task(self.socket.run(self.stop, lambda: None))

    async def _dispatch(self, _: Mapping[str, Any]) -> BoltResponse:
        self.asked += 1
        await self.may_answer.wait()
        return BoltResponse(status=200, body="done")

    @property
    def connections(self) -> int:
        return len(self.box.workspace.hub.sockets)

    async def ask(self, count: int) -> list[str]:
        """What so many commands, one after the other, were answered."""
        return [await self.ask_once() for _ in range(count)]

    async def ask_once(self) -> str:
        answer = await self.box.person("ana").runs("/ask-team Refund stuck")
        assert isinstance(answer, Answer)
        return answer.failed or answer.text

    async def renewed(self, since: int) -> None:
        """Returns when Slack was asked for another connection, and the bot holds one."""
        calls = self.box.journal.calls
        await until(lambda: len(calls("apps.connections.open")) > since and self.socket.connected)

    async def close(self) -> None:
        self.may_answer.set()
        self.stop.set()
        await asyncio.wait_for(self.running, PATIENT)


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    async with Sandbox.start(manifest=manifest, patience=PATIENT) as opened:
        opened.deliver_by_socket()
        yield opened


@pytest.fixture
async def line(box: Sandbox, request: pytest.FixtureRequest) -> AsyncIterator[Line]:
    found = Line(box, getattr(request, "param", LONG))
    await until(lambda: found.socket.connected)
    yield found
    await found.close()


def patient(**seconds: float) -> SocketPatience:
    return SocketPatience(**{"look": LONG.look, "first_pause": LONG.first_pause, **seconds})


async def test_until_slack_closes_the_connection_that_it_warned_of_commands_on_it_are_answered(
    line: Line,
) -> None:
    line.box.workspace.hub.warning = 1.5
    await line.box.disconnect_sockets("warning")
    await until(lambda: line.connections == 2)
    # The workspace gives them to both in turns.
    assert await line.ask(6) == ["done"] * 6
    assert line.connections == 2
    await until(lambda: line.connections == 1)
    assert await line.ask(2) == ["done"] * 2


async def test_a_command_under_way_when_slack_asks_for_a_new_connection_is_answered(line: Line) -> None:
    line.may_answer.clear()
    asking = asyncio.create_task(line.ask_once())
    await until(lambda: line.asked == 1)
    await line.box.disconnect_sockets("refresh_requested")
    await line.renewed(1)
    line.may_answer.set()
    assert await asking == "done"


async def test_at_a_stop_commands_are_answered_that_came_before_the_end_of_the_connection(line: Line) -> None:
    line.may_answer.clear()
    first = asyncio.create_task(line.ask_once())
    await until(lambda: line.asked == 1)
    line.stop.set()
    await asyncio.sleep(0.3)
    of_the_first, line.may_answer = line.may_answer, asyncio.Event()
    second = asyncio.create_task(line.ask_once())
    await until(lambda: line.asked == 2)
    of_the_first.set()
    assert await first == "done"
    await asyncio.sleep(0.3)
    line.may_answer.set()
    assert await second == "done"
    await asyncio.wait_for(line.running, PATIENT)
    assert line.connections == 0


@pytest.mark.parametrize("line", [patient(oldest=1.0)], indirect=True)
async def test_an_old_connection_is_left_only_when_there_is_a_new_one(line: Line) -> None:
    line.may_answer.clear()
    asking = asyncio.create_task(line.ask_once())
    # What it still owes an answer for keeps the old one open.
    await until(lambda: line.connections == 2)
    assert line.socket.connected
    line.may_answer.set()
    assert await asking == "done"
    await until(lambda: line.connections == 1)


def leads_to(box: Sandbox, port: int) -> None:
    """Who asks for a connection from now on is sent to this port."""
    address = f"ws://127.0.0.1:{port}/link"
    box.workspace.server.office = replace(box.workspace.office, socket_url=address)


async def test_a_connection_on_which_nothing_is_heard_for_too_long_is_given_up(box: Sandbox) -> None:
    async with proxy_to(box.port) as proxy:
        leads_to(box, proxy.port)
        line = Line(box, patient(silence=1.0))
        await until(lambda: line.socket.connected)
        with log_lines() as log:
            proxy.freeze()
            leads_to(box, box.port)
            await line.renewed(1)
        why = [said["why"] for said in log.lines if said["event"] == "socket.reconnecting"]
        assert why == ["nothing heard for too long"]
        await line.close()


async def test_pongs_alone_keep_a_connection_alive(box: Sandbox) -> None:
    # The SDK pings every 5 seconds.
    line = Line(box, patient(silence=6.0))
    await until(lambda: line.socket.connected)
    await asyncio.sleep(6.8)
    assert len(box.journal.calls("apps.connections.open")) == 1
    await line.close()


async def test_a_connection_without_a_hello_is_not_taken_for_one(box: Sandbox) -> None:
    box.workspace.hub.says_hello = False
    line = Line(box, patient(hello=0.5))
    await until(lambda: "hello" in line.socket.trouble)
    assert not line.socket.connected
    box.workspace.hub.says_hello = True
    await until(lambda: line.socket.connected)
    assert await line.ask_once() == "done"
    await line.close()


def test_the_patience_is_the_one_that_is_promised() -> None:
    promised = SocketPatience()
    assert (promised.hello, promised.silence, promised.oldest) == (10.0, 60.0, 6 * 3600.0)
