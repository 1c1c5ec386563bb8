"""Several servers of which one takes writes, one that stops taking them, and what the world is told of it."""

from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest
from sqlalchemy import Connection, make_url, text

from bot.alarms.probes import database_probe
from bot.db.engine import Database, parse_url
from bot.db.errors import DatabaseUnavailable
from bot.db.postgres import to_one_of_several, without_host_lists
from tests.support.postgres import PostgresServer
from tests.support.proxy import Proxy, postgres_through_proxy, proxy_to

pytestmark = pytest.mark.postgres


@pytest.fixture
def name(postgres: PostgresServer) -> Iterator[str]:
    made = postgres.create(with_tables=False)
    yield made
    postgres.drop(made)


@pytest.fixture
async def through(postgres: PostgresServer, name: str) -> AsyncIterator[tuple[Proxy, str]]:
    """A proxy before the server, and the address of the database through it."""
    async with postgres_through_proxy(postgres.url_of(name)) as found:
        yield found


def _one(connection: Connection) -> int:
    return connection.execute(text("SELECT 1")).scalar_one()


def _keep(connection: Connection) -> None:
    connection.execute(text("CREATE TABLE IF NOT EXISTS kept (id int)"))
    connection.execute(text("INSERT INTO kept VALUES (1)"))


def _read_only_from_now_on(connection: Connection) -> None:
    connection.execute(text("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"))


def _behind(port: int, url: str) -> str:
    """The same database, with a server on this port named before the real one."""
    there = make_url(url)
    login = f"{there.username}:{there.password or ''}"
    return f"postgresql://{login}@127.0.0.1:{port},127.0.0.1:{there.port}/{there.database}"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("postgresql://u:p@one,two/d", "postgresql://u:p@/d?host=one:5432&host=two:5432"),
        ("postgres://u@one:6,two:7/d?sslmode=require", "postgres://u@/d?host=one:6&host=two:7&sslmode=require"),
        ("postgresql://one,two", "postgresql:///?host=one:5432&host=two:5432"),
        ("postgresql://u:a,b@one/d", "postgresql://u:a,b@one/d"),
        ("postgresql://u:p@one/d?application_name=a,b", "postgresql://u:p@one/d?application_name=a,b"),
        ("sqlite:///a,b.db", "sqlite:///a,b.db"),
    ],
)  # fmt: skip
def test_several_servers_are_written_as_in_other_programs(text: str, read: str) -> None:
    assert without_host_lists(text) == read


def test_of_several_servers_the_one_that_takes_writes_is_meant_unless_another_is_asked_for() -> None:
    assert parse_url("postgresql://one,two/d").query["target_session_attrs"] == "read-write"
    asked = parse_url("postgresql://one,two/d?target_session_attrs=primary")
    assert asked.query["target_session_attrs"] == "primary"
    assert "target_session_attrs" not in parse_url("postgresql://one/d").query


async def test_of_two_servers_the_one_that_is_there_is_used(through: tuple[Proxy, str]) -> None:
    database = Database(_behind(9, through[1]))
    assert await database.read(_one) == 1
    await database.close()


async def test_a_server_that_says_nothing_does_not_hide_the_next_one(through: tuple[Proxy, str]) -> None:
    async with proxy_to(through[0].target) as silent:
        silent.freeze()
        database = Database(_behind(silent.port, through[1]))
        assert await database.read(_one) == 1
        await database.close()


async def test_the_watch_finds_the_server_that_is_there_too(through: tuple[Proxy, str]) -> None:
    assert await database_probe(parse_url(_behind(9, through[1])), limit=20)() is None


async def test_a_standby_that_answers_first_does_not_hide_the_one_that_takes_writes() -> None:
    async def dial(*, host: str, **_more: object) -> str:
        if host == "standby":
            raise asyncpg.TargetServerAttributeNotMatched("None of the hosts match")
        return host

    connect = to_one_of_several(dial)
    assert await connect(host=["standby", "primary"], port=[5432, 5432], timeout=3.0) == "primary"


async def test_where_none_of_several_servers_is_there_the_database_is_unavailable() -> None:
    database = Database("postgresql://nobody@127.0.0.1:9,127.0.0.1:10/none")
    with pytest.raises(DatabaseUnavailable):
        await database.read(_one)
    await database.close()


async def test_a_connection_that_takes_no_writes_any_more_is_replaced(
    postgres: PostgresServer, name: str
) -> None:
    database = Database(postgres.url_of(name))
    await database.write(_keep)
    await database.write(_read_only_from_now_on)
    with pytest.raises(DatabaseUnavailable):
        await database.write(_keep)
    await database.write(_keep)
    await database.close()


async def test_a_server_that_takes_no_writes_is_unavailable_until_it_does(
    postgres: PostgresServer, name: str
) -> None:
    database = Database(postgres.url_of(name))
    probe = database_probe(database.url, limit=20)
    assert await probe() is None
    postgres.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    assert await probe() == "cannot be used (it takes no writes)"
    with pytest.raises(DatabaseUnavailable):
        await database.write(_keep)
    postgres.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = off')
    assert await probe() is None
    await database.write(_keep)
    await database.close()
