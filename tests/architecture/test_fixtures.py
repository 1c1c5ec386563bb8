"""The fixtures of tests/conftest.py keep their promises."""

import pytest
from sqlalchemy import Connection, func, insert, inspect, select, text

from bot import migrate
from bot.core.clock import SystemClock
from bot.db.engine import Database
from bot.teams.models import teams


def _tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def test_a_database_has_the_tables_of_the_product(database: Database) -> None:
    assert "outbox" in await database.read(_tables)


async def test_a_database_is_at_the_newest_migration(database: Database) -> None:
    assert await migrate.state(database) is migrate.State.CURRENT


async def test_an_empty_database_has_no_tables(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    assert await database.read(_tables) == set()
    await database.close()


async def test_the_database_is_the_one_that_the_test_is_named_after(database: Database, backend: str) -> None:
    version = "SELECT sqlite_version()" if backend == "sqlite" else "SELECT version()"
    answer = await database.read(lambda connection: connection.execute(text(version)).scalar_one())
    assert answer[0].isdigit() if backend == "sqlite" else answer.startswith("PostgreSQL")


@pytest.mark.parametrize("turn", [1, 2, 3])
async def test_every_test_begins_without_rows_and_with_the_first_number(
    database: Database, turn: int
) -> None:
    def add(connection: Connection) -> int:
        assert connection.execute(select(func.count()).select_from(teams)).scalar_one() == 0
        values = {"key": f"team{turn}", "settings": {}, "position": 1}
        connection.execute(insert(teams).values(**values, active=True, updated_at=SystemClock().now()))
        return connection.execute(select(teams.c.id)).scalar_one()

    assert await database.write(add) == 1
