"""After a database came back nobody meets a connection of the time before."""

import asyncio

import pytest
from sqlalchemy import Connection, text

from bot.db.engine import Database
from tests.support.postgres import PostgresServer
from tests.support.proxy import postgres_through_proxy

pytestmark = pytest.mark.postgres


async def test_connections_that_broke_in_the_pool_fail_nobody_afterwards(postgres: PostgresServer) -> None:
    name = postgres.create(with_tables=True)
    async with postgres_through_proxy(postgres.url_of(name)) as (proxy, url):
        database = Database(url, longest_wait=20.0)

        def ask(connection: Connection) -> int:
            return connection.execute(text("SELECT 1 FROM pg_sleep(0.1)")).scalar_one()

        try:
            assert await asyncio.gather(*(database.read(ask) for _ in range(8))) == [1] * 8
            proxy.cut()
            await proxy.listen()
            assert await asyncio.gather(*(database.read(ask) for _ in range(8))) == [1] * 8
        finally:
            await database.close()
    postgres.give_back(name)
