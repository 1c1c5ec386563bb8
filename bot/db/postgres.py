"""What only Postgres needs: addresses of several servers, PgBouncer, and servers that have stopped taking writes.

The driver is an extra of the package: it is loaded where a connection is made.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from importlib import import_module
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import ExceptionContext
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.errors import ConfigError

PORT = "5432"
CONNECT_WITHIN = 3.0
# A bot whose machine is paused in the middle of a transaction holds its locks: after so many milliseconds the server
# takes them from it, or nobody else could file anything until it wakes. Our own limit for a statement is shorter.
STOOD_STILL = {"statement_timeout": "6000", "idle_in_transaction_session_timeout": "6000"}
# A standby, or a primary that an operator has shut for writing.
READ_ONLY = "read-only transaction"

# Which of several servers is meant, in libpq's words ("Parameter Key Words").
SERVERS = ("read-write", "primary", "any", "read-only", "standby", "prefer-standby")
_SEVERAL = re.compile(
    r"(postgres\w*(?:\+\w+)?://(?:[^@/?]*@)?)([^@/?]+,[^@/?]+)((?:/[^?]*)?)(?:\?(.*))?", re.DOTALL
)


def without_host_lists(text: str) -> str:
    """An address with several servers, `postgresql://user@one:5432,two:5432/name`, as SQLAlchemy reads it.

    Raises ConfigError where one of them has no name.
    """
    found = _SEVERAL.fullmatch(text)
    if found is None:
        return text
    before, hosts, name, query = found.groups()
    if not all(hosts.split(",")):
        raise ConfigError("DATABASE_URL names a server that has no name: look at its commas")
    each = [host if re.search(r":\d+$", host) else f"{host}:{PORT}" for host in hosts.split(",")]
    return f"{before}{name or '/'}?{'&'.join([f'host={host}' for host in each] + ([query] if query else []))}"


def for_asyncpg(url: URL) -> URL:
    """The same server in the words of the driver. Of several servers the one that takes writes is meant.

    Raises ConfigError for a word that no server goes by.
    """
    query = dict(url.query)
    # libpq's word for TLS is sslmode; asyncpg's is ssl. Plain addresses use the first.
    if "sslmode" in query:
        query["ssl"] = query.pop("sslmode")
    if isinstance(query.get("host"), tuple):
        query.setdefault("target_session_attrs", "read-write")
    if query.get("target_session_attrs", SERVERS[0]) not in SERVERS:
        raise ConfigError(f"DATABASE_URL: target_session_attrs is one of {', '.join(SERVERS)}")
    return url.set(drivername="postgresql+asyncpg", query=query)


def connecting(
    url: URL, *, command_timeout: float | None, gives_back: bool = False
) -> tuple[URL, dict[str, Any]]:
    """What SQLAlchemy is given to connect: within 3 seconds in all, to whichever server takes us.

    `gives_back`: the server takes the locks of who stands still after six seconds. PgBouncer lets no such wish through.
    """
    arguments: dict[str, Any] = {"timeout": CONNECT_WITHIN, "command_timeout": command_timeout}
    if gives_back and url.query.get("pgbouncer") != "true":
        arguments["server_settings"] = STOOD_STILL
    if isinstance(url.query.get("host"), tuple):
        arguments["async_creator_fn"] = to_one_of_several()
    if url.query.get("pgbouncer") == "true":
        # The next transaction may run on another connection of PgBouncer's, which knows none of our statements.
        arguments |= {"statement_cache_size": 0, "prepared_statement_cache_size": 0}
        arguments["prepared_statement_name_func"] = _unnamed
    return url.difference_update_query(("pgbouncer",)), arguments


def give_up_read_only(engine: AsyncEngine) -> None:
    """A connection that takes no writes is closed, with all others of the pool: after a fail-over they lead to the wrong server."""

    def look(context: ExceptionContext) -> None:
        if READ_ONLY in str(context.original_exception):
            context.is_disconnect = True

    event.listen(engine.sync_engine, "handle_error", look)


def _unnamed() -> str:
    return ""


def to_one_of_several(dial: Callable[..., Awaitable[Any]] | None = None) -> Callable[..., Awaitable[Any]]:
    """Tries one server after the other, first the one that took us last; each gets its share of the time.

    `dial` connects to one of them; without it the driver does.

    The driver's own way gives all of it to the first one, so that one that swallows packets hides the rest.
    """
    last = 0

    async def connect(*, host: Sequence[str], port: Sequence[int], timeout: float, **more: Any) -> Any:
        nonlocal last
        driver: Any = import_module("asyncpg")
        error: BaseException | None = None
        for turn in range(len(host)):
            number = (last + turn) % len(host)
            try:
                found = await (dial or driver.connect)(
                    host=host[number], port=int(port[number]), timeout=timeout / len(host), **more
                )
            except (
                OSError,
                TimeoutError,
                driver.PostgresError,
                driver.InterfaceError,
                # A standby answers, and the driver says no by itself; this is none of the errors above.
                driver.InternalClientError,
            ) as refused:
                error = refused
                continue
            last = number
            return found
        assert error is not None
        raise error

    return connect
