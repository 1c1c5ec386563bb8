"""Counted days on both databases: repeated and at once, nothing is counted twice."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from bot.db.engine import Database
from bot.indicators import store
from bot.indicators.domain import Counted
from tests.indicators.make import TODAY, counted

AT_ONCE = 4


async def _counts(database: Database) -> Mapping[str, int]:
    found = await database.read(store.since, TODAY - timedelta(days=500))
    return {f"{one.component}/{one.what}/{one.result}": one.count for one in found}


async def test_a_count_from_rows_is_the_same_however_often_it_is_made(database: Database) -> None:
    for _ in range(3):
        await database.write(
            store.raise_to, [counted("delivery/card/done", 7), counted("jira/issue/created")]
        )
    assert await _counts(database) == {"delivery/card/done": 7, "jira/issue/created": 1}


async def test_whoever_sees_fewer_ends_looked_earlier(database: Database) -> None:
    for count in (7, 9, 8):
        await database.write(store.raise_to, [counted("delivery/card/done", count)])
    assert await _counts(database) == {"delivery/card/done": 9}


async def test_what_leaves_no_row_is_added(database: Database) -> None:
    for count in (2, 3):
        await database.write(store.add, counted("intake/command/ok", count))
    assert await _counts(database) == {"intake/command/ok": 5}


async def test_several_bots_count_at_once_and_none_is_lost(database: Database) -> None:
    def write(connection: Connection, number: int) -> None:
        kinds = ["delivery/card/done", "delivery/ping/done", "delivery/note/dead"]
        # Given in another order by each: they must not wait for each other.
        turned = kinds[number % 3 :] + kinds[: number % 3]
        store.raise_to(connection, [counted(kind, 5 + number) for kind in turned])
        store.add(connection, counted("intake/command/ok"))

    await asyncio.gather(*(database.write(write, number) for number in range(AT_ONCE)))
    most = 5 + AT_ONCE - 1
    assert await _counts(database) == {
        "delivery/card/done": most, "delivery/ping/done": most, "delivery/note/dead": most,
        "intake/command/ok": AT_ONCE,
    }  # fmt: skip


async def test_days_are_kept_for_more_than_a_year(database: Database) -> None:
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    days = [counted("jira/issue/created", day=TODAY - timedelta(days=ago)) for ago in (0, 366, 400, 401)]
    await database.write(store.raise_to, days)
    await database.write(store.purge, now)
    found = await database.read(store.since, TODAY - timedelta(days=500))
    assert [(TODAY - one.day).days for one in found] == [400, 366, 0]


async def test_reading_a_month_does_not_look_at_the_years_before(database: Database) -> None:
    history = [
        counted(f"delivery/kind{number}/done", day=TODAY - timedelta(days=ago))
        for ago in range(400)
        for number in range(10)
    ]
    await database.write(store.raise_to, history)
    assert len(await database.read(store.since, TODAY - timedelta(days=27))) == 280
    plan = await database.read(_plan_of_a_month)
    assert "SCAN service_days" not in plan and "Seq Scan" not in plan, plan


def _plan_of_a_month(connection: Connection) -> str:
    """How the database would read it."""
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        connection.execute(text("ANALYZE service_days"))
    explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
    query = "SELECT * FROM service_days WHERE day >= '2026-10-27' ORDER BY day, component, what, result"
    rows: list[Any] = list(connection.execute(text(f"{explain} {query}")))
    return "\n".join(str(row) for row in rows)


async def test_a_day_is_read_for_itself(database: Database) -> None:
    yesterday = TODAY - timedelta(days=1)
    await database.write(
        store.raise_to, [counted("jira/issue/created", 2), counted("jira/issue/created", day=yesterday)]
    )
    assert await database.read(store.of_day, TODAY) == [
        Counted(day=TODAY, component="jira", what="issue", result="created", count=2)
    ]
