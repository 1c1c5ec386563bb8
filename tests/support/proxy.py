"""A TCP proxy between the bot and what it talks to, for tests that break the connection on purpose.

What goes through is not read: faults of Slack's and Jira's own answers belong to the sandbox.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import make_url

_CHUNK = 65536
_Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def answers(port: int) -> bool:
    """Whether somebody listens on this port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Proxy:
    """Listens on one port of this machine and passes everything to `target`: a port here, or a Unix socket."""

    def __init__(self, target: int | str) -> None:
        self.target = target
        self.port = 0
        # Seconds that each piece is on its way, in either direction.
        self.delay = 0.0
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._pumps: set[asyncio.Task[None]] = set()
        self._asks = asyncio.Event()
        self._answers = asyncio.Event()
        self._asks.set()
        self._answers.set()

    async def listen(self) -> None:
        """Takes connections, on the same port as before if there was one."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    def freeze(self) -> None:
        """Nothing passes any more; connections stay open, new ones are taken."""
        self._asks.clear()
        self._answers.clear()

    def hold_answers(self) -> None:
        """What the target says stays here; what it is told still arrives."""
        self._answers.clear()

    def let_go(self) -> None:
        """Everything passes again, what was held first."""
        self._asks.set()
        self._answers.set()

    def cut(self) -> None:
        """Breaks every connection and refuses new ones, until `listen`."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in list(self._open):
            writer.transport.abort()
        for pump in list(self._pumps):
            pump.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            there = await self._connect()
        except OSError:
            writer.transport.abort()
            self._open.discard(writer)
            return
        self._open.add(there[1])
        self._pump((reader, there[1]), self._asks)
        self._pump((there[0], writer), self._answers)

    async def _connect(self) -> _Stream:
        if isinstance(self.target, int):
            return await asyncio.open_connection("127.0.0.1", self.target)
        return await asyncio.open_unix_connection(self.target)

    def _pump(self, stream: _Stream, may_pass: asyncio.Event) -> None:
        task = asyncio.create_task(self._carry(stream, may_pass))
        self._pumps.add(task)
        task.add_done_callback(self._pumps.discard)

    async def _carry(self, stream: _Stream, may_pass: asyncio.Event) -> None:
        reader, writer = stream
        try:
            while found := await reader.read(_CHUNK):
                await may_pass.wait()
                if self.delay:
                    await asyncio.sleep(self.delay)
                writer.write(found)
                await writer.drain()
        except OSError:
            pass
        finally:
            self._open.discard(writer)
            writer.close()


@asynccontextmanager
async def proxy_to(target: int | str) -> AsyncIterator[Proxy]:
    """A listening proxy, for as long as the block runs."""
    proxy = Proxy(target)
    await proxy.listen()
    try:
        yield proxy
    finally:
        proxy.let_go()
        proxy.cut()


@asynccontextmanager
async def postgres_through_proxy(database_url: str) -> AsyncIterator[tuple[Proxy, str]]:
    """A proxy in front of this Postgres, and DATABASE_URL of the way through it."""
    url = make_url(database_url)
    where = url.query.get("host")
    target = f"{where}/.s.PGSQL.{url.port or 5432}" if isinstance(where, str) else url.port or 5432
    async with proxy_to(target) as proxy:
        through = url.difference_update_query(("host",)).set(host="127.0.0.1", port=proxy.port)
        yield proxy, through.render_as_string(hide_password=False)
