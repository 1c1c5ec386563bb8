"""One SQLite file: a thread that writes, a few that read, each running whole functions.

The event loop hands over a function and gets its result: one hop a transaction instead of one a statement.
"""

import asyncio
import contextvars
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import URL, Engine

T = TypeVar("T")

WRITES = "frontdesk_writes"
READERS = 3


class SqliteFile:
    """Transactions on one file. Raises what the driver and the functions raise."""

    def __init__(self, url: URL, *, longest_wait: float) -> None:
        engine = create_engine(
            url.set(drivername="sqlite"),
            connect_args={"check_same_thread": False},
            pool_size=READERS + 1,
            pool_timeout=longest_wait,
            hide_parameters=True,
        )
        self._engine = like_ours(engine)
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite-write")
        self._readers = ThreadPoolExecutor(max_workers=READERS, thread_name_prefix="sqlite-read")

    async def run(self, writes: bool, work: Callable[[Connection], T]) -> T:
        """The result after the commit; nothing is committed when the function raises."""
        threads = self._writer if writes else self._readers
        # A thread would not see the correlation of the call.
        here = contextvars.copy_context()
        transaction = functools.partial(here.run, functools.partial(self._transaction, writes, work))
        return await asyncio.get_running_loop().run_in_executor(threads, transaction)

    def _transaction(self, writes: bool, work: Callable[[Connection], T]) -> T:
        with self._engine.connect() as connection:
            connection.execution_options(**{WRITES: writes})
            with connection.begin():
                return work(connection)

    async def close(self) -> None:
        """Lets what runs end, then closes the file."""
        for threads in (self._writer, self._readers):
            await asyncio.to_thread(threads.shutdown)
        self._engine.dispose()


def like_ours(engine: Engine) -> Engine:
    """The engine with our pragmas and our way to begin a transaction."""
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    # The driver must not open transactions by itself: `_begin` does.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=5000",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A deferred transaction that reads first and writes later loses updates silently.
    writes = connection.get_execution_options().get(WRITES, True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
