"""A bot that is paused in the middle of a transaction: the others wait for its locks a few seconds, not for ever."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, text

from bot.db.engine import Database
from bot.db.errors import DatabaseUnavailable
from tests.support.waiting import until

pytestmark = pytest.mark.postgres


class Paused:
    """A bot of its own, on a loop of its own, that stops inside a transaction until it is woken."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.holds = threading.Event()
        self.wakes = threading.Event()

    def live(self) -> None:
        """Its life; raises what its transaction raises."""
        asyncio.run(self._write())

    async def _write(self) -> None:
        database = Database(self._url)
        try:
            await database.write(self._stop_inside)
        finally:
            await database.close()

    def _stop_inside(self, connection: Connection) -> None:
        put(connection, "by the one that is paused")
        self.holds.set()
        # The whole loop stands still, as a stopped process does.
        self.wakes.wait(40)


def put(connection: Connection, answer: str) -> None:
    """Writes the one row that everybody wants."""
    connection.execute(
        text(
            "INSERT INTO inbox (key, at, answer) VALUES ('one', now(), to_json(CAST(:answer AS text))) "
            "ON CONFLICT (key) DO UPDATE SET answer = excluded.answer"
        ),
        {"answer": answer},
    )


@pytest.mark.parametrize("backend", ["postgres"])
async def test_locks_of_a_bot_that_stands_still_are_given_back_and_what_it_did_is_undone(
    database_url: str, database: Database
) -> None:
    paused = Paused(database_url)

    async def is_written() -> bool:
        try:
            await database.write(put, "by the one that works")
        except DatabaseUnavailable:
            return False
        return True

    with ThreadPoolExecutor(max_workers=1) as thread:
        life = thread.submit(paused.live)
        try:
            await until(paused.holds.is_set)
            await until(is_written, timeout=30)
        finally:
            paused.wakes.set()
        with pytest.raises(DatabaseUnavailable):
            await asyncio.wrap_future(life)
    kept = await database.read(lambda c: c.execute(text("SELECT answer FROM inbox")).scalar_one())
    assert kept == "by the one that works"
