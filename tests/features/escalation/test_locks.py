"""Whoever locks several rows does it in one order, so that nobody waits for each other."""

import asyncio
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Connection, text, update

from bot.db.engine import Database
from bot.features.escalation import store
from bot.features.escalation.models import escalations
from bot.features.requests.models import requests
from bot.features.requests.store import rows
from bot.teams.apply import apply
from tests.features.escalation.make import at, ladder
from tests.features.requests.make import fill, request
from tests.support.postgres import PostgresServer
from tests.support.waiting import until
from tests.teams.make import two_teams

NOW = at("2026-11-24T12:00")
BLOCKED = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


def _two_of_each(connection: Connection) -> None:
    """Two requests with their ladders; the second comes before the first wherever it is looked for."""
    apply(connection, two_teams(), NOW)
    connection.execute(text("ALTER SEQUENCE requests_id_seq RESTART"))
    fill(connection, [request(number=2), request(number=1)])
    for number in (1, 2):
        store.add(connection, ladder(request_id=number))
    connection.execute(update(requests).where(requests.c.id == 1).values(priority_rank=9))
    connection.execute(
        update(escalations).where(escalations.c.request_id == 1).values(asked="moved to the end")
    )


def _duty_passes(connection: Connection) -> None:
    assert rows.name_on_duty_in_team(connection, 1, "U0BOB00001") == [2, 1]


def _team_changes(connection: Connection) -> None:
    store.look_again(connection, 1, NOW)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("change", "lock"),
    [
        (_duty_passes, "SELECT 1 FROM requests WHERE id = $1 FOR UPDATE"),
        (_team_changes, "SELECT 1 FROM escalations WHERE request_id = $1 FOR UPDATE"),
    ],
)
async def test_who_changes_many_and_who_locks_two_do_not_wait_for_each_other(
    postgres: PostgresServer, change: Callable[[Connection], None], lock: str
) -> None:
    name = postgres.create(with_tables=True)
    database = Database(postgres.url_of(name))
    other: Any = await asyncpg.connect(postgres.url_of(name))
    await database.write(_two_of_each)
    transaction = other.transaction()
    await transaction.start()
    await other.execute(lock, 1)
    changing = asyncio.create_task(database.write(change))

    async def waits() -> bool:
        return await other.fetchval(BLOCKED) == 1

    await until(waits)
    await other.execute(lock, 2)
    await transaction.commit()
    await changing
    await other.close()
    await database.close()
    postgres.give_back(name)
