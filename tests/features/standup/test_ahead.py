"""What a check-in that is being written down says of its next times, by the reader's own clock."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.db.engine import Database
from bot.features.standup.ahead import next_ones
from bot.teams import choices, zones
from bot.teams.apply import apply
from bot.teams.plans import NthWeekday
from bot.teams.presence import Choices
from tests.features.standup.make import plan
from tests.teams.make import payments, two_teams

pytestmark = pytest.mark.by_turns

READER = "U0ALICE001"
# A Monday; half past nine in Kyiv is half past seven.
NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
TEAM = replace(payments(), id=1)


async def _next(database: Database, count: int = 3, **more: Any) -> list[tuple[datetime, str | None]]:
    found = await database.read(next_ones, TEAM, plan(**more), READER, NOW, count)
    return [(one.opens_at, one.off) for one in found]


@pytest.fixture
async def database(database: Database) -> Database:
    await database.write(apply, two_teams(), NOW)
    await database.write(zones.learn, READER, "America/New_York", NOW - timedelta(days=30))
    return database


async def test_each_ones_own_time_is_the_readers(database: Database) -> None:
    # Half past nine in New York.
    monday = datetime(2026, 11, 30, 14, 30, tzinfo=UTC)
    days = [monday + timedelta(days=number) for number in range(3)]
    assert await _next(database) == [(day, None) for day in days]


async def test_the_teams_time_is_the_teams(database: Database) -> None:
    found = await _next(database, 1, timezone="team")
    assert found == [(datetime(2026, 12, 1, 7, 30, tzinfo=UTC), None)]


async def test_a_holiday_of_the_reader_is_told_with_its_name(database: Database) -> None:
    await database.write(choices.choose, READER, Choices(reminders=True, holidays=("US",)), NOW)
    (found,) = await _next(database, 1, monthly=(NthWeekday(nth=-1, weekday=4),), starts=date(2026, 12, 20))
    assert found == (datetime(2026, 12, 25, 14, 30, tzinfo=UTC), "Christmas Day")


async def test_a_check_in_that_begins_far_away_has_none_in_sight(database: Database) -> None:
    assert await _next(database, starts=date(2029, 1, 1)) == []
