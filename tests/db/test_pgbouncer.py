"""Through PgBouncer, where the next transaction may run on another connection of the server."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from bot import migrate
from bot.alarms.probes import database_probe
from bot.db.engine import Database
from tests.support.pgbouncer import pgbouncer_before
from tests.support.postgres import PostgresServer
from tests.support.waiting import PATIENT

pytestmark = pytest.mark.postgres

PEOPLE, TIMES = 12, 10


@pytest.fixture
def url(postgres: PostgresServer) -> Iterator[str]:
    name = postgres.create(with_tables=False)
    yield postgres.url_of(name)
    postgres.drop(name)


def _write(connection: Connection, key: str) -> None:
    connection.execute(text("INSERT INTO inbox (key, at) VALUES (:key, now())"), {"key": key})
    connection.execute(text("SELECT count(*) FROM inbox WHERE key <> :key"), {"key": key}).scalar_one()


def _count(connection: Connection) -> int:
    return connection.execute(text("SELECT count(*) FROM inbox")).scalar_one()


async def _writes(database: Database, person: int) -> None:
    for turn in range(TIMES):
        await database.write(_write, f"{person}-{turn}")


async def test_with_pgbouncer_in_the_address_its_transaction_pooling_does(url: str, tmp_path: Path) -> None:
    async with pgbouncer_before(url, tmp_path, pooling="transaction") as through:
        database = Database(f"{through}?pgbouncer=true", longest_wait=PATIENT)
        await migrate.upgrade(database)
        assert await database_probe(database.url, limit=PATIENT)() is None
        await asyncio.gather(*(_writes(database, person) for person in range(PEOPLE)))
        assert await database.read(_count) == PEOPLE * TIMES
        await database.close()


async def test_without_that_word_statements_are_not_found_again(url: str, tmp_path: Path) -> None:
    async with pgbouncer_before(url, tmp_path, pooling="transaction") as through:
        database = Database(through, longest_wait=PATIENT)
        await migrate.upgrade(database)
        outcomes = await asyncio.gather(
            *(_writes(database, person) for person in range(PEOPLE)), return_exceptions=True
        )
        found = [str(outcome) for outcome in outcomes if isinstance(outcome, Exception)]
        assert any("prepared statement" in words for words in found)
        await database.close()
