"""The index of words: made alike by code and migrations, filled from the rows that are there, fed by older releases."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Connection, text

from bot import migrate
from bot.db.base import metadata
from bot.db.engine import Database
from bot.features.requests.store.similar import look_alikes
from bot.teams.apply import apply
from tests.features.requests.make import fill, outsider, request
from tests.support.clock import MONDAY
from tests.teams.make import two_teams

BEFORE = "0012"
OF_SQLITE = "SELECT name, sql FROM sqlite_master WHERE name LIKE '%request%search%' ORDER BY name"
OF_POSTGRES = (
    "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'request_search' "
    "UNION SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname LIKE 'tr_requests%' "
    "UNION SELECT proname, prosrc FROM pg_proc WHERE proname LIKE 'feed_%' "
    "UNION SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conname LIKE '%request_search%' ORDER BY 1"
)


@pytest.fixture
async def empty(empty_database_url: str) -> AsyncIterator[Database]:
    database = Database(empty_database_url)
    yield database
    await database.close()


def _made(connection: Connection) -> list[tuple[str, str]]:
    query = OF_POSTGRES if connection.dialect.name == "postgresql" else OF_SQLITE
    return [(row[0], row[1]) for row in connection.execute(text(query))]


def _numbers(connection: Connection) -> list[int]:
    return sorted(one.number for one in look_alikes(connection, outsider(), "refund stuck").open)


async def test_the_migration_makes_the_index_of_the_code(empty: Database) -> None:
    await migrate.upgrade(empty)
    migrated = await empty.read(_made)
    await migrate.downgrade(empty, "base")
    assert await empty.read(_made) == []
    await empty.write(metadata.create_all)
    assert await empty.read(_made) == migrated != []


async def test_rows_of_the_release_before_are_found_and_it_goes_on_feeding_the_index(empty: Database) -> None:
    await migrate.upgrade(empty)
    await migrate.downgrade(empty, BEFORE)
    await empty.write(apply, two_teams(), MONDAY)
    await empty.write(
        fill, [request(id=1, number=1), request(id=2, number=2, summary="Coffee machine leaks")]
    )
    await migrate.upgrade(empty)
    assert await empty.read(_numbers) == [1]
    # The release before knows no more than the table of requests.
    await empty.write(fill, [request(id=3, number=3)])
    await empty.write(
        lambda c: c.execute(text("UPDATE requests SET summary = 'Refund stuck' WHERE number = 2"))
    )
    await empty.write(lambda c: c.execute(text("UPDATE requests SET summary = 'Thanks' WHERE number = 1")))
    assert await empty.read(_numbers) == [2, 3]
