"""Another program that holds a SQLite file for writing."""

import contextlib
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.support.waiting import until


@asynccontextmanager
async def held_for_writing(path: str) -> AsyncIterator[None]:
    """The file is locked until the block ends.

    The lock is asked for without waiting: the bot lives on the same loop, and what it holds itself just now would
    never be given back to somebody who stands still for it.
    """
    with contextlib.closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other:

        def is_locked() -> bool:
            with contextlib.suppress(sqlite3.OperationalError):
                other.execute("BEGIN IMMEDIATE")
            return other.in_transaction

        await until(is_locked)
        try:
            yield
        finally:
            other.execute("ROLLBACK")
