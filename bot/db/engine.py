"""Opens SQLite or Postgres and runs plain functions in one transaction each.

Use cases and queries are ordinary functions over a `Connection`: they cannot wait for the network in the
middle of a transaction. What SQLite and Postgres need differently ends here.
"""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, make_url
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from bot.core.errors import ConfigError
from bot.db.errors import DatabaseUnavailable, as_unavailable
from bot.db.postgres import connecting, for_asyncpg, give_up_read_only, without_host_lists
from bot.db.sqlite import WRITES, SqliteFile, like_ours

P = ParamSpec("P")
T = TypeVar("T")

LONGEST_WAIT = 2.0


def parse_url(text: str) -> URL:
    """The address with the asynchronous driver filled in.

    A Postgres may be several servers, `postgresql://one,two/name`, of which one takes writes.
    Raises ConfigError for anything but `sqlite:///path`, `postgresql://…` and `postgres://…`.
    """
    try:
        url = make_url(without_host_lists(text))
    except ConfigError:
        raise
    except Exception as error:
        raise ConfigError("DATABASE_URL is not an address: write sqlite:///path or postgresql://…") from error
    kind = url.drivername.split("+")[0]
    if kind == "sqlite":
        if not url.database or url.database == ":memory:":
            raise ConfigError("DATABASE_URL names no file: write sqlite:///path/to/frontdesk.db")
        return url.set(drivername="sqlite+aiosqlite")
    if kind in ("postgresql", "postgres"):
        return for_asyncpg(url)
    raise ConfigError(f"DATABASE_URL begins with {kind}: write sqlite:///path or postgresql://…")


class Database:
    """One engine. `write` commits when the function returns and rolls back when it raises.

    Whoever waits longer than `longest_wait` seconds for a connection, or for the turn to write, gets DatabaseUnavailable.
    """

    def __init__(self, url: str, *, longest_wait: float = LONGEST_WAIT) -> None:
        self.url = parse_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._file = SqliteFile(self.url, longest_wait=longest_wait) if self.is_sqlite else None
        self._engine = None if self._file else self._make_engine(longest_wait)
        self._held = False

    def hold(self) -> None:
        """Until `release`, reading and writing raise DatabaseUnavailable: the tables are not ready."""
        self._held = True

    def release(self) -> None:
        """The tables are there."""
        self._held = False

    def _make_engine(self, longest_wait: float) -> AsyncEngine:
        url, arguments = connecting(self.url, command_timeout=5, gives_back=True)
        engine = create_async_engine(
            url,
            pool_pre_ping=True,
            pool_size=10,
            max_overflow=5,
            pool_timeout=longest_wait,
            pool_recycle=1800,
            hide_parameters=True,
            connect_args=arguments,
        )
        give_up_read_only(engine)
        return engine

    async def read(
        self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The query's result over one consistent snapshot. Raises DatabaseUnavailable."""
        return await self._run(False, query, *args, **kwargs)

    async def write(
        self, use_case: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The result, once it is committed and on the disk. Raises DatabaseUnavailable.

        After DatabaseUnavailable the outcome is unknown: callers repeat by unique keys.
        """
        return await self._run(True, use_case, *args, **kwargs)

    async def _run(self, writes: bool, work: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        if self._held:
            raise DatabaseUnavailable("the tables are not ready")
        with as_unavailable():
            if self._file is not None:
                run = self._file.write if writes else self._file.read
                return await run(functools.partial(_called, work, args, kwargs))
            assert self._engine is not None
            async with self._engine.begin() as connection:
                return await connection.run_sync(work, *args, **kwargs)

    async def close(self) -> None:
        """Gives every connection back."""
        if self._file is not None:
            await self._file.close()
        if self._engine is not None:
            await self._engine.dispose()


def _called(
    work: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any], connection: Connection
) -> T:
    return work(connection, *args, **kwargs)


def single_engine(url: URL, *, command_timeout: float | None, writes: bool = True) -> AsyncEngine:
    """An engine that opens a connection for each use and keeps none: for probes and migrations."""
    options: dict[str, Any] = {"poolclass": NullPool, "hide_parameters": True}
    if url.get_backend_name() == "sqlite":
        engine = create_async_engine(url, execution_options={WRITES: writes}, **options)
        like_ours(engine.sync_engine)
        return engine
    url, options["connect_args"] = connecting(url, command_timeout=command_timeout)
    return create_async_engine(url, **options)
