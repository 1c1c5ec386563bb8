"""What it costs to open a round: so many statements, however many people are asked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, event, func, select

from bot import bootstrap
from bot.db.engine import Database
from bot.features.home import store as home
from bot.features.standup.events import CheckinChanged
from bot.features.standup.models import standup_checkins
from bot.features.standup.service import opening
from bot.outbox.models import outbox
from bot.outbox.unit_of_work import UnitOfWork
from bot.teams.apply import apply
from tests.features.standup.make import plan
from tests.teams.make import payments, two_teams

BEFORE = datetime(2026, 11, 30, 7, 20, tzinfo=UTC)
# Half past nine in Kyiv.
AT = datetime(2026, 11, 30, 7, 30, tzinfo=UTC)
TEAM = replace(payments(), id=1)
PLAN = plan(timezone="team", done_question=1, plan_question=2)
HEARS = {CheckinChanged: bootstrap.subscribers(())[CheckinChanged]}


def _people(count: int) -> list[str]:
    return [f"U0PERSON{number:03d}" for number in range(count)]


def _open_their_tabs(connection: Connection, people: Sequence[str]) -> None:
    for user_id in people:
        home.first_visit(connection, user_id, BEFORE)


async def _start(database: Database, people: Sequence[str]) -> None:
    await database.write(apply, two_teams(), BEFORE)
    await database.write(_open_their_tabs, people)
    await _statements(database, people, BEFORE)


async def _statements(database: Database, people: Sequence[str], now: datetime) -> list[str]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    def look(connection: Connection) -> None:
        uow = UnitOfWork(connection=connection, now=now, subscribers=HEARS)
        event.listen(connection, "before_cursor_execute", note)
        opening.look(uow, TEAM, PLAN, people, with_jira=True)
        event.remove(connection, "before_cursor_execute", note)

    await database.write(look)
    return seen


def _counts(connection: Connection) -> Mapping[str, int]:
    kinds = connection.execute(select(outbox.c.kind, func.count()).group_by(outbox.c.kind))
    made = connection.scalar(select(func.count()).select_from(standup_checkins))
    return {row[0]: row[1] for row in kinds} | {"check-ins": made or 0}


@pytest.mark.parametrize("count", [2, 200])
async def test_a_round_opens_in_so_many_statements_however_many_are_asked(
    database: Database, count: int
) -> None:
    people = _people(count)
    await _start(database, people)
    statements = await _statements(database, people, AT)
    assert len(statements) <= 15, statements
    assert await database.read(_counts) == {
        "check-ins": count, "home.publish": count, "standup.gather": count, "standup.prompt": count,
    }  # fmt: skip
