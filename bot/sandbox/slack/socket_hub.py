"""Socket Mode (https://docs.slack.dev/apis/events-api/using-socket-mode): connections, envelopes and their acknowledgements."""

import asyncio
import contextlib
import itertools
import json
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from bot.sandbox.slack.wire import Json, is_object
from bot.sandbox.slack.world import APP_ID, World

MOST_CONNECTIONS = 10
# How long a connection lives on after its warning, and how long the last acknowledgements are waited for.
WARNING = 10.0
LAST_ACKNOWLEDGEMENTS = 3.0


@dataclass(kw_only=True)
class SocketHub:
    """The open connections; any of them may get an envelope, each envelope is acknowledged once."""

    world: World
    sockets: list[web.WebSocketResponse] = field(default_factory=list[web.WebSocketResponse])
    # Why nobody can connect just now: the names of those who keep the door shut.
    shut_by: set[str] = field(default_factory=set[str])
    # Whether whoever connects is greeted: a connection without hello is of no use.
    says_hello: bool = True
    # Seconds between a warning and the end of that connection.
    warning: float = WARNING
    _owing: "dict[web.WebSocketResponse, set[asyncio.Future[Json]]]" = field(
        default_factory=dict[web.WebSocketResponse, "set[asyncio.Future[Json]]"]
    )
    _partings: "set[asyncio.Task[None]]" = field(default_factory=set["asyncio.Task[None]"])
    _tickets: set[str] = field(default_factory=set[str])
    _waiting: "dict[str, asyncio.Future[Json]]" = field(default_factory=dict[str, "asyncio.Future[Json]"])
    _turn: "itertools.count[int]" = field(default_factory=itertools.count)

    def ticket(self) -> str:
        """A ticket for one connection."""
        ticket = self.world.serials.unique()
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection, from hello to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=401)
        self._tickets.discard(ticket)
        if self.shut_by:
            return web.Response(status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if len(self.sockets) >= MOST_CONNECTIONS:
            await socket.send_json(self._farewell("too_many_websockets"))
            await socket.close()
            return socket
        self.sockets.append(socket)
        self.world.bell.ring()
        try:
            if self.says_hello:
                await socket.send_json(self._hello())
            await self._listen(socket)
        finally:
            if socket in self.sockets:
                self.sockets.remove(socket)
            self._owing.pop(socket, None)
        return socket

    async def send(
        self, kind: str, payload: Json, *, timeout: float, retry: tuple[int, str] | None = None
    ) -> Json:
        """Send an envelope and return its acknowledgement; TimeoutError without one, ConnectionError without a socket."""
        if not self.sockets:
            raise ConnectionError("no socket is connected")
        socket = self.sockets[next(self._turn) % len(self.sockets)]
        envelope_id = self.world.serials.unique()
        envelope: Json = {"envelope_id": envelope_id, "payload": payload, "type": kind}
        envelope["accepts_response_payload"] = kind != "events_api"
        if retry is not None:
            envelope |= {"retry_attempt": retry[0], "retry_reason": retry[1]}
        acknowledged: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = acknowledged
        owing = self._owing.setdefault(socket, set())
        owing.add(acknowledged)
        try:
            await socket.send_json(envelope)
            return await asyncio.wait_for(acknowledged, timeout)
        finally:
            self._waiting.pop(envelope_id, None)
            owing.discard(acknowledged)

    async def disconnect(self, reason: str) -> None:
        """Send every client away with Slack's words: `warning`, `refresh_requested`, `link_disabled`.

        After a warning a connection gets envelopes for another 10 seconds, else no more; then it is closed.
        """
        for socket in list(self.sockets):
            # One that is breaking anyway hears nothing.
            with contextlib.suppress(ConnectionResetError):
                await socket.send_json(self._farewell(reason))
            if reason != "warning" and socket in self.sockets:
                self.sockets.remove(socket)
            parting = asyncio.create_task(self._part(socket, self.warning if reason == "warning" else 0.0))
            self._partings.add(parting)
            parting.add_done_callback(self._partings.discard)

    async def _part(self, socket: web.WebSocketResponse, after: float) -> None:
        await asyncio.sleep(after)
        if socket in self.sockets:
            self.sockets.remove(socket)
        if owing := self._owing.get(socket):
            await asyncio.wait(set(owing), timeout=LAST_ACKNOWLEDGEMENTS)
        await socket.close()

    async def cut(self) -> None:
        """Break every connection without a word."""
        for parting in list(self._partings):
            parting.cancel()
        for socket in list(self.sockets):
            if socket in self.sockets:
                self.sockets.remove(socket)
            await socket.close()

    async def _listen(self, socket: web.WebSocketResponse) -> None:
        async for message in socket:
            if message.type != WSMsgType.TEXT:
                continue
            found = json.loads(message.data)
            if is_object(found) and (waiting := self._waiting.get(str(found.get("envelope_id")))):
                payload = found.get("payload")
                if not waiting.done():
                    waiting.set_result(payload if is_object(payload) else {})

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.sockets),
            "debug_info": {
                "host": "applink-sandbox",
                "build_number": 10,
                "approximate_connection_time": 18060,
            },
            "connection_info": {"app_id": APP_ID},
        }

    def _farewell(self, reason: str) -> Json:
        return {
            "type": "disconnect",
            "reason": reason,
            "num_connections": len(self.sockets),
            "debug_info": {"host": "applink-sandbox"},
            "connection_info": {"app_id": APP_ID},
        }
