"""Whether people were asked on time, counted from check-ins and their prompts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, update

from bot.db.engine import Database
from bot.features.standup.service import opening
from bot.features.standup.store.asked import ends
from bot.outbox.models import outbox
from bot.outbox.unit_of_work import UnitOfWork
from bot.teams.apply import apply
from tests.features.standup.make import plan
from tests.teams.make import payments, two_teams

MIDNIGHT = datetime(2026, 11, 30, tzinfo=UTC)
BEFORE = datetime(2026, 11, 30, 7, 20, tzinfo=UTC)
# Half past nine in Kyiv; open for two hours.
AT = datetime(2026, 11, 30, 7, 30, tzinfo=UTC)
TEAM = replace(payments(), id=1)
PLAN = plan(timezone="team")
ANN, BEN, CAT = "U0ALICE001", "U0BOB00001", "U0CAROL001"


@pytest.fixture
async def asked(database: Database) -> Database:
    """Somebody has looked for whom to ask before the time had come."""
    await database.write(apply, two_teams(), BEFORE)
    await _look(database, [ANN, BEN, CAT], BEFORE)
    return database


async def _look(database: Database, people: Sequence[str], now: datetime) -> None:
    await database.write(lambda c: opening.look(UnitOfWork(connection=c, now=now), TEAM, PLAN, people))


async def _prompts_end(database: Database, result: str, at: datetime) -> None:
    """All questions that are on their way end like this."""

    def end(connection: Connection) -> None:
        open_ones = (outbox.c.kind == "standup.prompt") & outbox.c.closed_at.is_(None)
        connection.execute(update(outbox).where(open_ones).values(closed_at=at, result=result))

    await database.write(end)


async def _ends(database: Database, day: datetime = MIDNIGHT) -> Mapping[str, int]:
    found = await database.read(ends, day, day + timedelta(days=1))
    return {result: count for (_, result), count in found.items()}


@pytest.mark.parametrize(
    ("result", "seconds", "end"),
    [
        ("done", 2, {"on_time": 2}),
        ("done", 60, {"on_time": 2}),
        ("done", 61, {"late": 2}),
        ("dead", 30, {"not_asked": 2}),
        ("doubtful", 30, {"not_asked": 2}),
        ("stale", 30, {}),
        # Slack was away until there was nothing left to ask.
        ("stale", 7200, {"not_asked": 2}),
    ],
)
@pytest.mark.by_turns
async def test_a_question_within_60_seconds_of_its_time_is_on_time(
    asked: Database, result: str, seconds: int, end: Mapping[str, int]
) -> None:
    await _look(asked, [ANN, BEN], AT)
    assert await _ends(asked) == {}
    await _prompts_end(asked, result, AT + timedelta(seconds=seconds))
    assert await _ends(asked) == end
    assert await _ends(asked, MIDNIGHT - timedelta(days=1)) == {}


async def test_a_bot_that_came_back_asks_late_however_quickly_the_message_goes(asked: Database) -> None:
    back = AT + timedelta(minutes=20)
    await _look(asked, [ANN], back)
    await _prompts_end(asked, "done", back + timedelta(seconds=1))
    assert await _ends(asked) == {"late": 1}


async def test_whom_nobody_could_ask_any_more_was_missed(asked: Database) -> None:
    await _look(asked, [ANN, BEN], AT + timedelta(hours=3))
    assert await _ends(asked) == {"missed": 2}


async def test_whoever_joins_in_the_middle_is_asked_then_and_is_nobodys_delay(asked: Database) -> None:
    await _look(asked, [ANN], AT)
    await _prompts_end(asked, "done", AT + timedelta(seconds=1))
    joined = AT + timedelta(minutes=30)
    await _look(asked, [ANN, BEN], joined)
    await _prompts_end(asked, "done", joined + timedelta(seconds=1))
    assert await _ends(asked) == {"on_time": 1}


async def test_a_plan_that_begins_in_the_middle_of_its_time_is_not_late(database: Database) -> None:
    await database.write(apply, two_teams(), AT)
    begun = AT + timedelta(minutes=30)
    await _look(database, [ANN], begun)
    await _prompts_end(database, "done", begun)
    assert await _ends(database) == {}
