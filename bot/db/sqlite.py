"""One SQLite file: one writer at a time, a few readers, whole functions in one transaction each.

What waits for the disk or for another program's lock (BEGIN, COMMIT) does so in a thread. What a writing
function does in between takes microseconds in memory and runs on the event loop itself: in a thread of its
own it would fight with the loop for the interpreter, and both would lose. Readers may take longer; they have threads.
"""

import asyncio
import contextlib
import contextvars
import functools
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import URL, Engine

from bot.core.logs import logger
from bot.db.errors import DatabaseUnavailable

T = TypeVar("T")

log = logger(__name__)

WRITES = "frontdesk_writes"
READERS = 3


class SqliteFile:
    """Transactions on one file. Raises DatabaseUnavailable, and what the driver and the functions raise."""

    def __init__(self, url: URL, *, longest_wait: float) -> None:
        engine = create_engine(
            url.set(drivername="sqlite"),
            connect_args={"check_same_thread": False},
            pool_size=READERS + 1,
            pool_timeout=longest_wait,
            hide_parameters=True,
        )
        self._engine = like_ours(engine)
        self._longest_wait = longest_wait
        # SQLite has one writer: a queue in this process is fairer and faster than its busy time-out.
        self._turn = asyncio.Lock()
        self._disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite-write")
        self._readers = ThreadPoolExecutor(max_workers=READERS, thread_name_prefix="sqlite-read")

    async def read(self, query: Callable[[Connection], T]) -> T:
        """The result over one snapshot."""
        # A thread would not see the correlation of the call.
        here = contextvars.copy_context()
        reading = functools.partial(here.run, functools.partial(self._read, query))
        return await asyncio.get_running_loop().run_in_executor(self._readers, reading)

    def _read(self, query: Callable[[Connection], T]) -> T:
        with self._begun(False) as connection:
            return query(connection)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """The result, once it is on the disk; nothing is kept when the function raises."""
        await self._wait_for_turn()
        # Whoever gives up waiting may not leave a transaction open behind.
        gave_up = asyncio.Event()
        writing = asyncio.create_task(self._write(work, gave_up))
        writing.add_done_callback(self._end_turn)
        try:
            return await asyncio.shield(writing)
        except asyncio.CancelledError:
            gave_up.set()
            raise

    async def _wait_for_turn(self) -> None:
        # While another program holds the file, a queue of writers would grow and stay behind its callers.
        try:
            async with asyncio.timeout(self._longest_wait):
                await self._turn.acquire()
        except TimeoutError as error:
            raise DatabaseUnavailable("no turn to write") from error

    def _end_turn(self, written: asyncio.Task[Any]) -> None:
        self._turn.release()
        if not written.cancelled():
            written.exception()

    async def _write(self, work: Callable[[Connection], T], gave_up: asyncio.Event) -> T:
        in_thread = functools.partial(asyncio.get_running_loop().run_in_executor, self._disk)
        connection = await in_thread(self._begun, True)
        try:
            if gave_up.is_set():
                # They were told that nothing was changed.
                raise DatabaseUnavailable("nobody waits for it any more")
            result = work(connection)
            await in_thread(connection.commit)
            return result
        finally:
            # Rolls back what was not committed.
            await in_thread(connection.close)

    def _begun(self, writes: bool) -> Connection:
        connection = self._engine.connect()
        try:
            connection.execution_options(**{WRITES: writes})
            connection.begin()
        except BaseException:
            connection.close()
            raise
        return connection

    async def close(self) -> None:
        """Lets what runs end, then closes the file."""
        for threads in (self._disk, self._readers):
            await asyncio.to_thread(threads.shutdown)
        self._engine.dispose()


def begin_wal(path: str) -> None:
    """Puts the file into WAL mode before several connections open it: two at once can refuse each other the switch.

    A file that cannot be opened or is held is left as it is: whoever uses it next tells.
    """
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=1.0)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
    except sqlite3.Error as error:
        log.info("database.no_wal_yet", why=str(error))


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
        "busy_timeout=5000",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    try:
        cursor.execute("PRAGMA journal_mode=WAL")
    except sqlite3.OperationalError as error:
        # The mode is the file's: whoever holds it now is switching it, for all of us.
        if "locked" not in str(error):
            raise
    cursor.close()


def _begin(connection: Connection) -> None:
    # A deferred transaction that reads first and writes later loses updates silently.
    writes = connection.get_execution_options().get(WRITES, True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
