"""The migrations make exactly the tables that the code describes, keep rows, and go back down."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, inspect, text

from bot import migrate
from bot.db.base import beside, metadata
from bot.db.engine import Database
from bot.db.errors import DatabaseUnavailable
from bot.migrate import State
from tests.support.rows import fill, rows_in

AT_ONCE = 3


@pytest.fixture
async def empty(empty_database_url: str) -> AsyncIterator[Database]:
    database = Database(empty_database_url)
    yield database
    await database.close()


def _differences(connection: Connection) -> list[Any]:
    # What full text is found by no table describes; its own tests do, in test_search.py.
    seen = {"include_name": lambda name, kind, _: kind != "table" or name not in beside}
    return compare_metadata(MigrationContext.configure(connection, opts=seen), metadata)


def _tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def test_the_migrations_make_the_tables_that_the_code_describes(empty: Database) -> None:
    await migrate.upgrade(empty)
    assert await empty.read(_differences) == []


async def test_a_database_without_tables_is_behind(empty: Database) -> None:
    assert await migrate.state(empty) is State.BEHIND
    assert not await migrate.is_current(empty)


async def test_after_the_upgrade_the_database_is_current(empty: Database) -> None:
    await migrate.upgrade(empty)
    assert await migrate.state(empty) is State.CURRENT


async def test_a_second_upgrade_changes_nothing(empty: Database) -> None:
    await migrate.upgrade(empty)
    await empty.write(fill)
    before = await empty.read(rows_in)
    await migrate.upgrade(empty)
    assert await empty.read(rows_in) == before


async def test_several_upgrades_at_once_are_done_one_after_the_other(empty_database_url: str) -> None:
    databases = [Database(empty_database_url) for _ in range(AT_ONCE)]
    await asyncio.gather(*(migrate.upgrade(database) for database in databases))
    assert await migrate.state(databases[0]) is State.CURRENT
    await asyncio.gather(*(database.close() for database in databases))


async def test_rows_live_through_each_migration(empty: Database) -> None:
    await migrate.upgrade(empty)
    await empty.write(fill)
    assert all(await empty.read(rows_in))


async def test_going_back_to_the_beginning_takes_every_table_away(empty: Database) -> None:
    await migrate.upgrade(empty)
    await empty.write(fill)
    await migrate.downgrade(empty, "base")
    assert await empty.read(_tables) <= {"alembic_version"}


async def test_going_back_and_up_again_ends_at_the_same_tables(empty: Database) -> None:
    await migrate.upgrade(empty)
    await migrate.downgrade(empty, "base")
    await migrate.upgrade(empty)
    assert await empty.read(_differences) == []


def _tables_as_they_are(connection: Connection) -> MetaData:
    """The tables that stand in the database now, with every column's type as the code has it."""
    there = inspect(connection)
    old = MetaData()
    for table in metadata.sorted_tables:
        if table.name in there.get_table_names():
            names = {column["name"] for column in there.get_columns(table.name)}
            copied = table.to_metadata(old)
            for gone in [column for column in copied.columns if column.name not in names]:
                copied._columns.remove(gone)  # pyright: ignore[reportPrivateUsage]
    return old


@pytest.mark.parametrize("release", ["0001", "0003"])
async def test_the_rows_of_an_older_release_live_through_the_upgrade(empty: Database, release: str) -> None:
    await migrate.upgrade(empty)
    await migrate.downgrade(empty, release)
    old = await empty.read(_tables_as_they_are)
    await empty.write(fill, old)
    before = await empty.read(rows_in, old)
    await migrate.upgrade(empty)
    assert min(before) > 0
    assert await empty.read(rows_in, old) == before
    assert await empty.read(_differences) == []


@pytest.mark.parametrize("release", ["0001", "0003"])
async def test_an_older_release_can_write_on_the_new_tables(empty: Database, release: str) -> None:
    await migrate.upgrade(empty)
    await migrate.downgrade(empty, release)
    old = await empty.read(_tables_as_they_are)
    await migrate.upgrade(empty)
    await empty.write(fill, old)
    assert min(await empty.read(rows_in, old)) > 0


async def test_a_database_of_a_later_release_is_left_as_it_is(empty: Database) -> None:
    await migrate.upgrade(empty)
    await empty.write(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    await migrate.upgrade(empty)
    assert await migrate.state(empty) is State.NEWER
    assert await migrate.is_current(empty)


async def test_an_upgrade_that_breaks_leaves_nothing_behind(empty: Database) -> None:
    # The last table of the first migration is there already, so it breaks half-way.
    await empty.write(lambda c: c.execute(text("CREATE TABLE user_group_members (x INTEGER)")))
    with pytest.raises(Exception, match="user_group_members"):
        await migrate.upgrade(empty)
    assert await empty.read(_tables) == {"user_group_members"}


async def test_without_a_server_the_upgrade_says_that_there_is_no_database() -> None:
    database = Database("postgresql://nobody@127.0.0.1:9/none")
    with pytest.raises(DatabaseUnavailable):
        await migrate.upgrade(database)
    await database.close()
