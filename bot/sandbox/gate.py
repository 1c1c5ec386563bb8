"""A gate on the way to a server: everything passes unread, until it is shut. The demo puts one before Postgres."""

import asyncio
import contextlib

_CHUNK = 65536
Target = tuple[str, int] | str


class Gate:
    """Listens on a port of 127.0.0.1 and passes all on to `target`: a host and port, or the path of a socket file.

    Made by `start`; ended by `stop`. While it is shut, whoever connects is sent away at once.
    """

    def __init__(self, target: Target) -> None:
        self._target = target
        self._open = True
        self._server: asyncio.Server | None = None
        self._ends: set[asyncio.StreamWriter] = set()
        self._pumps: set[asyncio.Task[None]] = set()
        self.port = 0

    @classmethod
    async def start(cls, target: Target) -> "Gate":
        """Listen on a free port, open."""
        gate = cls(target)
        gate._server = await asyncio.start_server(gate._meet, "127.0.0.1", 0)
        gate.port = int(gate._server.sockets[0].getsockname()[1])
        return gate

    async def let_through(self, open: bool) -> None:
        """Open the gate, or shut it: every connection breaks, as when the server is taken away."""
        self._open = open
        if not open:
            self._break_all()

    async def stop(self) -> None:
        """Shut it for good."""
        self._open = False
        if self._server is not None:
            self._server.close()
        self._break_all()
        await asyncio.gather(*self._pumps, return_exceptions=True)

    def _break_all(self) -> None:
        for end in list(self._ends):
            end.transport.abort()
        for pump in list(self._pumps):
            pump.cancel()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._ends.add(writer)
        try:
            there = await self._connect() if self._open else None
        except OSError:
            there = None
        if there is None or not self._open:
            self._send_away(writer, *([there[1]] if there else []))
            return
        self._ends.add(there[1])
        self._pump(reader, there[1])
        self._pump(there[0], writer)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if isinstance(self._target, str):
            return await asyncio.open_unix_connection(self._target)
        return await asyncio.open_connection(*self._target)

    def _send_away(self, *ends: asyncio.StreamWriter) -> None:
        for end in ends:
            self._ends.discard(end)
            end.transport.abort()

    def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._carry(reader, writer))
        self._pumps.add(task)
        task.add_done_callback(self._pumps.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(OSError):
                while found := await reader.read(_CHUNK):
                    writer.write(found)
                    await writer.drain()
        finally:
            self._ends.discard(writer)
            writer.close()
