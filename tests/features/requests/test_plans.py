"""Years of history make no figure slower: each is found by an index over the weeks that it is about."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from bot.features.requests.domain import State
from bot.features.requests.store import counting, work
from tests.features.requests.conftest import Queue
from tests.features.requests.make import acting, request, team
from tests.support.clock import MONDAY

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ROWS = 3_000
# What is open now is no matter of weeks.
BY_INDEX = re.compile(r"ix_requests_(team_created_at|team_closed_at|open|assignee_open)\b")
ALL = re.compile(r"SCAN requests\b|Seq Scan on requests\b")


def _analyse(connection: Connection) -> None:
    connection.execute(text("ANALYZE"))


def _figures(connection: Connection) -> None:
    counting.figures(connection, acting(), (1,), MONDAY)
    counting.avoidable(connection, 1, MONDAY - 30 * DAY, MONDAY)


def _plans(connection: Connection, look: Callable[[Connection], object]) -> list[str]:
    """How the database finds what is looked for."""
    asked: list[tuple[str, Any]] = []

    def hear(_c: Any, _k: Any, statement: str, values: Any, *_: Any) -> None:
        asked.append((statement, values))

    event.listen(connection, "before_cursor_execute", hear)
    look(connection)
    event.remove(connection, "before_cursor_execute", hear)
    explain = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    return [
        "\n".join(str(row) for row in connection.exec_driver_sql(f"{explain} {statement}", values))
        for statement, values in asked
    ]


async def test_every_figure_is_found_by_an_index(office: Queue) -> None:
    # Three years: one in eight hours or so, the newest few open.
    await office.fill([
        request(number=n, created_at=MONDAY - n * 9 * HOUR, state=State.RESOLVED, closed_at=MONDAY)
        for n in range(100, ROWS)
    ])  # fmt: skip
    await office.fill([request(number=n, created_at=MONDAY - n * 9 * HOUR) for n in range(100)])
    await office.database.write(_analyse)
    plans = await office.transactions.read(_plans, _figures)
    assert len(plans) == 13
    for plan in plans:
        assert BY_INDEX.search(plan) and not ALL.search(plan), plan


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_without_statistics_what_is_open_is_not_looked_for_in_all_that_was(office: Queue) -> None:
    def remade(connection: Connection) -> None:
        # Of two indexes that look alike to it, SQLite takes the one that was made last.
        connection.execute(text("DROP INDEX ix_requests_team_created_at"))
        connection.execute(text("CREATE INDEX ix_requests_team_created_at ON requests (team_id, created_at)"))

    await office.database.write(remade)
    await office.fill([request(number=n) for n in range(1, 4)])

    plans = await office.transactions.read(_plans, lambda connection: work.open_work(connection, team()))
    assert len(plans) == 2
    assert [plan for plan in plans if "ix_requests_open" not in plan] == []


@pytest.mark.parametrize("plan", ["SCAN requests", "Seq Scan on requests  (cost=0.00..1.0)"])
def test_a_look_at_every_row_would_be_noticed(plan: str) -> None:
    assert ALL.search(plan) and not BY_INDEX.search(plan)
