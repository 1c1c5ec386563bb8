"""Socket Mode: a connection that we open, kept alive for ever. Each envelope is acknowledged after it is stored.

Source: Slack, "Using Socket Mode". The SDK speaks the protocol; when to give up a connection is decided here,
because its own reconnecting has left clients that never heard anything again.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

import aiohttp
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.clock import Clock, stopwatch
from bot.core.logs import logger
from bot.metrics import SOCKET_LAST

Dispatch = Callable[[Mapping[str, Any]], Awaitable[BoltResponse]]
Alive = Callable[[], None]

log = logger(__name__)


@dataclass(frozen=True, kw_only=True)
class SocketPatience:
    """Seconds: until `hello`, between two signs of life, of a connection's age, between looks and attempts.

    `parting`: how long Slack may take to close a connection that it told us to leave; it warns some 10 seconds ahead.
    """

    hello: float = 10.0
    silence: float = 60.0
    oldest: float = 6 * 3600.0
    look: float = 0.5
    first_pause: float = 0.5
    longest_pause: float = 15.0
    last_answers: float = 5.0
    parting: float = 15.0


class SlackSocket:
    """One per process. `connected` says whether Slack can reach us just now."""

    def __init__(
        self,
        app_token: str,
        base_url: str,
        clock: Clock,
        dispatch: Dispatch,
        *,
        patience: SocketPatience | None = None,
    ) -> None:
        self._app_token = app_token
        self._base_url = base_url
        self._clock = clock
        self._dispatch = dispatch
        self._patience = patience or SocketPatience()
        self._current: _Connection | None = None
        self._stopping = asyncio.Event()
        self._farewells: set[asyncio.Task[None]] = set()
        self.trouble = "not connected yet"

    @property
    def connected(self) -> bool:
        """Whether Slack has said hello on the connection we hold, and it has not died since."""
        current = self._current
        return current is not None and current.why_dead(self._patience) is None

    async def run(self, stop: asyncio.Event, alive: Alive) -> None:
        """Holds a connection until `stop`; then takes nothing new and lets running answers be given."""
        pause = self._patience.first_pause
        while not stop.is_set():
            alive()
            if await self._renew():
                pause = self._patience.first_pause
                await self._stay(stop, alive)
            else:
                await _rest(pause, stop)
                pause = min(pause * 2, self._patience.longest_pause)
        await self._close()

    async def _renew(self) -> bool:
        """Opens a new connection first and lets the old one go then, so that nothing falls between."""
        fresh = self._new_connection()
        try:
            await asyncio.wait_for(fresh.open(), self._patience.hello)
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            self.trouble = _words(error)
            log.warning("socket.not_connected", why=self.trouble)
            self._let_go(fresh)
            return False
        old, self._current = self._current, fresh
        self.trouble = ""
        log.info("socket.connected")
        if old is not None:
            self._let_go(old)
        return True

    async def _stay(self, stop: asyncio.Event, alive: Alive) -> None:
        current = self._current
        assert current is not None
        while not stop.is_set():
            alive()
            await _rest(self._patience.look, stop)
            SOCKET_LAST.set(self._clock.now().timestamp() - (stopwatch() - current.heard_at))
            why = current.why_dead(self._patience)
            self.trouble = why or ""
            why = why or current.why_replace(self._patience)
            if why is not None:
                log.info("socket.reconnecting", why=why)
                return

    def _new_connection(self) -> "_Connection":
        client = AsyncWebClient(base_url=self._base_url, timeout=10, retry_handlers=[])
        fresh = _Connection(self._app_token, client)
        fresh.socket_mode_request_listeners.append(self._receive)
        return fresh

    def _let_go(self, old: "_Connection") -> None:
        farewell = asyncio.create_task(self._part(old))
        self._farewells.add(farewell)
        farewell.add_done_callback(self._farewells.discard)

    async def _part(self, old: "_Connection") -> None:
        # Slack sends calls over any connection that is open. One that it told us to leave it closes itself: whatever
        # comes until then is answered. What we close ourselves may have a call on its way to us, which is lost.
        if old.told_to_leave:
            until = stopwatch() + self._patience.parting
            while old.is_open and stopwatch() < until and not self._stopping.is_set():
                await _rest(self._patience.look, self._stopping)
        await old.answered(self._patience.last_answers)
        await old.shut()

    async def _close(self) -> None:
        self._stopping.set()
        if self._current is not None:
            self._let_go(self._current)
            self._current = None
        if self._farewells:
            await asyncio.wait(set(self._farewells), timeout=self._patience.last_answers + 1)

    async def _receive(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        task = asyncio.create_task(self._answer(client, request))
        assert isinstance(client, _Connection)
        client.owes(task)
        await asyncio.wait({task})
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("socket.answer_broke", kind=request.type, exc_info=error)

    async def _answer(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        body: Mapping[str, Any] = cast(Any, request).payload
        response = await self._dispatch(body)
        if response.status != 200:
            # Not acknowledged: Slack sends an event again.
            log.info("socket.not_acknowledged", kind=request.type, status=response.status)
            return
        payload = _payload(response) if request.accepts_response_payload else None
        acknowledgement = SocketModeResponse(envelope_id=request.envelope_id, payload=payload)
        try:
            await client.send_socket_mode_response(acknowledgement)
        except (aiohttp.ClientError, OSError, RuntimeError) as error:
            log.warning("socket.acknowledgement_lost", kind=request.type, why=type(error).__name__)


class _Connection(SocketModeClient):
    """One connection that never reconnects by itself; it only notes what it hears."""

    def __init__(self, app_token: str, client: AsyncWebClient) -> None:
        quiet = logging.getLogger("slack_sdk.socket_mode.client")
        quiet.setLevel(logging.CRITICAL)
        super().__init__(app_token, logger=quiet, web_client=client, auto_reconnect_enabled=False)
        self.on_message_listeners.append(self._hear)
        self.opened_at = stopwatch()
        self.heard_at = stopwatch()
        self.told_to_leave = False
        self._hello = asyncio.Event()
        self._answering: set[asyncio.Task[None]] = set()
        self._pong: float | None = None

    async def open(self) -> None:
        """Connects and waits for Slack's hello. Raises what the SDK raises; the caller bounds the time."""
        self.wss_uri = await self.issue_new_wss_url()
        await self.connect()
        await self._hello.wait()

    async def connect_to_new_endpoint(self, force: bool = False) -> None:
        """Slack asks us to leave: the caller of `why_replace` brings the new connection."""
        self.told_to_leave = True

    @property
    def is_open(self) -> bool:
        """Whether calls may still come over it."""
        return self.current_session is not None and not self.current_session.closed

    def why_dead(self, patience: SocketPatience) -> str | None:
        """Why this connection is no use any more; None while it is."""
        if not self.is_open:
            return "the connection is closed"
        self._notice_pongs()
        if stopwatch() - self.heard_at > patience.silence:
            return "nothing heard for too long"
        return None

    def why_replace(self, patience: SocketPatience) -> str | None:
        """Why it is time for a new one while this one still works: before Slack or a router between us drops it."""
        if self.told_to_leave:
            return "Slack asked for a new connection"
        return "it is old" if stopwatch() - self.opened_at > patience.oldest else None

    def owes(self, answer: "asyncio.Task[None]") -> None:
        """This answer has to go out over it."""
        self._answering.add(answer)
        answer.add_done_callback(self._answering.discard)

    async def answered(self, within: float) -> None:
        """Returns when it owes nothing any more, whatever came meanwhile; or after so many seconds."""
        until = stopwatch() + within
        while self._answering and (left := until - stopwatch()) > 0:
            await asyncio.wait(set(self._answering), timeout=left)

    async def shut(self) -> None:
        """Ends it, whatever state it is in."""
        with suppress(aiohttp.ClientError, OSError, RuntimeError, TimeoutError):
            await asyncio.wait_for(self.close(), 3.0)
        if not self.aiohttp_client_session.closed:
            await self.aiohttp_client_session.close()

    def _notice_pongs(self) -> None:
        # The SDK keeps the answers to its pings to itself; a new one is a sign of life.
        if self.last_ping_pong_time != self._pong:
            self._pong = self.last_ping_pong_time
            self.heard_at = stopwatch()

    async def _hear(self, message: aiohttp.WSMessage) -> None:
        self.heard_at = stopwatch()
        if not self._hello.is_set() and _kind(message.data) == "hello":
            self._hello.set()


def _kind(text: object) -> object:
    try:
        found = json.loads(str(text))
    except ValueError:
        return None
    return cast(Mapping[str, Any], found).get("type") if isinstance(found, dict) else None


def _payload(response: BoltResponse) -> dict[str, Any] | None:
    if not response.body:
        return None
    if response.first_headers().get("content-type", "").startswith("application/json"):
        return cast(dict[str, Any], json.loads(response.body))
    return {"text": response.body}


def _words(error: BaseException) -> str:
    if isinstance(error, SlackApiError):
        response = cast(Any, error).response
        if response.status_code != 200:
            # Slack says what is wrong with a token only in an answer of its own.
            return f"Slack does not take connections just now (HTTP {response.status_code})"
        code = str(response.get("error"))
        return f"Slack refused ({code}): check SLACK_APP_TOKEN and that Socket Mode is on"
    if isinstance(error, TimeoutError):
        return "Slack did not say hello in time"
    return f"no connection to Slack ({type(error).__name__})"


async def _rest(seconds: float, stop: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
