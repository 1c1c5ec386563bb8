"""A demo on Postgres: one at a time in a database, with a gate between the bot and the server."""

import getpass
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.core.errors import ConfigError
from bot.db.engine import single_engine
from bot.db.errors import DatabaseUnavailable, as_unavailable
from bot.sandbox.gate import Gate, Target
from bot.sandbox.launcher.database import MARKING, must_be_ours

# Any number will do that the migrations' lock does not have.
LOCK = 7_246_510_339
LONGEST_STATEMENT = 10.0
PORT = 5432
# Where a server of this machine listens when the address names none, as its own clients look for it.
_SOCKETS = ("/run/postgresql", "/var/run/postgresql", "/private/tmp", "/tmp")

# What extensions have brought along is nobody's work.
_RELATIONS = text(
    """
    SELECT n.nspname = current_schema() AS here, n.nspname, c.relname, c.relkind
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
      AND NOT EXISTS (
          SELECT 1 FROM pg_depend d
          WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
      )
    """
)


class PostgresDemo:
    """See `DemoDatabase`. A lock of the session keeps two demos off one database."""

    def __init__(self, url: URL) -> None:
        self.gate: Gate | None = None
        self._url = url
        self._where = url.set(drivername="postgresql", username=None, password=None).render_as_string()
        self._engine: AsyncEngine | None = None
        self._session: AsyncConnection | None = None

    @classmethod
    async def take(cls, url: URL) -> "PostgresDemo":
        """The database of this address. Raises ConfigError, having changed nothing."""
        found = cls(url)
        try:
            async with found._at_work() as session:
                await session.run_sync(_must_be_ours, found._where)
            if url.query.get("ssl") != "verify-full":
                # Behind the gate the server has another name, which that would not bear.
                found.gate = await Gate.start(target_of(url))
        except ConfigError:
            await found.close()
            raise
        return found

    @property
    def url(self) -> str:
        """The bot's DATABASE_URL, through the gate."""
        if self.gate is None:
            return self._url.render_as_string(hide_password=False)
        through = self._url.difference_update_query(("host", "port")).set(
            host="127.0.0.1", port=self.gate.port
        )
        if through.username is None:
            through = through.set(username=getpass.getuser())
        return through.render_as_string(hide_password=False)

    async def empty(self) -> None:
        """Take everything out, unless it is not a demo's. Raises ConfigError, having changed nothing."""
        async with self._at_work() as session:
            await session.run_sync(_take_out, self._where)

    async def close(self) -> None:
        """Let others have it."""
        if self.gate is not None:
            await self.gate.stop()
        await self._let_go()

    @asynccontextmanager
    async def _at_work(self) -> AsyncGenerator[AsyncConnection]:
        """A transaction of the session that holds the lock. Whatever goes wrong in it is told as ConfigError."""
        try:
            with as_unavailable():
                session = await self._held()
                async with session.begin():
                    yield session
        except ModuleNotFoundError as error:
            raise ConfigError(
                f"--database: Postgres needs {error.name}: install frontdesk with the extra postgres"
            ) from error
        except (DatabaseUnavailable, SQLAlchemyError, TypeError, ValueError) as error:
            why = " ".join(str(error.__cause__ or error).split())
            raise ConfigError(
                f"--database: {self._where} cannot be used ({why or type(error).__name__})"
            ) from error

    async def _held(self) -> AsyncConnection:
        if self._session is not None and not await _is_alive(self._session):
            await self._let_go()
        if self._session is None:
            self._engine = single_engine(self._url, command_timeout=LONGEST_STATEMENT)
            self._session = await self._engine.connect()
            async with self._session.begin():
                got = await self._session.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK})
            if not got:
                raise ConfigError(
                    f"--database: a demo is at work in {self._where}: end that one first, or name another"
                )
        return self._session

    async def _let_go(self) -> None:
        session, engine = self._session, self._engine
        self._session = self._engine = None
        if session is not None:
            # The lock goes with the session, also with one that is broken.
            await session.invalidate()
            await session.close()
        if engine is not None:
            await engine.dispose()


async def _is_alive(session: AsyncConnection) -> bool:
    try:
        with as_unavailable():
            async with session.begin():
                await session.execute(text("SELECT 1"))
    except (DatabaseUnavailable, SQLAlchemyError):
        return False
    return True


def target_of(url: URL) -> Target:
    """Where the server of this address listens: host and port, or the path of a socket file."""
    named = url.query.get("host", url.host)
    host = named if isinstance(named, str) else None
    written = url.query.get("port", url.port)
    port = int(written) if isinstance(written, str | int) and str(written).isdecimal() else PORT
    if host is not None:
        return _socket(host, port) if host.startswith("/") else (host, port)
    there = (_socket(folder, port) for folder in _SOCKETS)
    return next((path for path in there if Path(path).exists()), ("localhost", port))


def _socket(folder: str, port: int) -> str:
    return f"{folder}/.s.PGSQL.{port}"


def _must_be_ours(connection: Connection, where: str) -> list[str]:
    """The names of what is there. Raises ConfigError for what is not a demo's."""
    rows = connection.execute(_RELATIONS).all()
    # What lies in another schema cannot be a demo's: it gets a name that none of ours has.
    names = [row.relname if row.here else f"{row.nspname}.{row.relname}" for row in rows]
    must_be_ours(names, where, lambda query: connection.scalars(text(query)))
    return [row.relname for row in rows]


def _take_out(connection: Connection, where: str) -> None:
    connection.execute(text("SET LOCAL lock_timeout = '5s'"))
    quote = connection.dialect.identifier_preparer.quote
    if names := ", ".join(quote(name) for name in _must_be_ours(connection, where)):
        connection.execute(text(f"DROP TABLE {names} CASCADE"))
    for statement in MARKING:
        connection.execute(text(statement))
