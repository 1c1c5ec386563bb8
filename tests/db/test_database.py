"""One transaction for each call, and one error when there is no database."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from bot.core.errors import ConfigError
from bot.db.engine import Database, parse_url
from bot.db.errors import DatabaseUnavailable
from bot.db.sole import SoleRun


def _count(connection: Connection, add: int = 0) -> int:
    value = connection.execute(text("SELECT count(*) FROM inbox")).scalar_one()
    for n in range(add):
        connection.execute(
            text(f"INSERT INTO inbox (key, at) VALUES ('k{value}-{n}', '2026-11-23 09:00:00')")
        )
    return value


async def test_what_a_use_case_wrote_is_there_after_it_returned(database: Database) -> None:
    await database.write(_count, 1)
    assert await database.read(_count) == 1


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_what_is_committed_is_on_the_disk_before_anybody_hears_of_it(database: Database) -> None:
    def pragmas(connection: Connection) -> list[object]:
        names = ("synchronous", "journal_mode", "foreign_keys")
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]

    full = 2
    assert await database.write(pragmas) == [full, "wal", 1]


async def test_many_read_modify_writes_at_once_lose_none(database: Database) -> None:
    def add_one(connection: Connection) -> None:
        if connection.dialect.name == "postgresql":
            connection.execute(text("LOCK TABLE inbox IN EXCLUSIVE MODE"))
        _count(connection, 1)

    await asyncio.gather(*(database.write(add_one) for _ in range(40)))
    assert await database.read(_count) == 40


async def test_nothing_is_read_or_written_while_the_tables_are_not_ready(database: Database) -> None:
    database.hold()
    with pytest.raises(DatabaseUnavailable):
        await database.read(_count)
    with pytest.raises(DatabaseUnavailable):
        await database.write(_count)
    database.release()
    assert await database.read(_count) == 0


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    database = Database("postgresql://nobody@127.0.0.1:9/none")
    with pytest.raises(DatabaseUnavailable):
        await database.read(_count)
    await database.close()


async def test_a_file_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/no/such/folder/frontdesk.db")
    with pytest.raises(DatabaseUnavailable):
        await database.read(_count)
    await database.close()


async def test_a_writer_does_not_queue_for_long_behind_one_that_hangs(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/frontdesk.db")
    with closing(sqlite3.connect(tmp_path / "frontdesk.db", isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("BEGIN IMMEDIATE")
        first = asyncio.create_task(database.write(lambda _: None))
        await asyncio.sleep(0.05)
        with pytest.raises(DatabaseUnavailable):
            await database.write(lambda _: None)
        other.execute("ROLLBACK")
        await first
    await database.close()


async def test_a_writer_who_gives_up_leaves_no_transaction_open(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/frontdesk.db")
    with closing(sqlite3.connect(tmp_path / "frontdesk.db", isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("BEGIN IMMEDIATE")
        first = asyncio.create_task(database.write(lambda _: None))
        await asyncio.sleep(0.05)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        other.execute("ROLLBACK")
    assert await asyncio.wait_for(database.write(lambda _: 1), 5) == 1
    await database.close()


@pytest.mark.parametrize(
    "text",
    [
        "mysql://x/y",
        "sqlite://",
        "sqlite:///:memory:",
        "nonsense",
        "",
        "postgresql+x y",
        "postgresql://one,,two/x",
        "postgresql://one,two/x?target_session_attrs=foo",
    ],
)
def test_an_address_that_is_neither_sqlite_nor_postgres_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        parse_url(text)


@pytest.mark.parametrize("text", ["postgresql://h/d", "postgres://h/d", "postgresql+psycopg://h/d"])
def test_every_way_to_write_postgres_gets_the_driver_that_we_use(text: str) -> None:
    assert parse_url(text).drivername == "postgresql+asyncpg"


def test_a_second_run_on_one_sqlite_file_is_refused_in_words(tmp_path: Path) -> None:
    url = parse_url(f"sqlite:///{tmp_path}/frontdesk.db")
    first = SoleRun.of(url)
    with pytest.raises(ConfigError, match="runs already"):
        SoleRun.of(url)
    first.close()
    SoleRun.of(url).close()


def test_several_runs_may_share_a_postgres() -> None:
    url = parse_url("postgresql://h/d")
    first, second = SoleRun.of(url), SoleRun.of(url)
    first.close()
    second.close()
