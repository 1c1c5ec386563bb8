"""What a look at the clock reads when there is nothing to do, and what it may take for known."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from bot.db.engine import Database
from bot.features.standup.domain.checkins import Asked, State
from bot.features.standup.jobs import Known, Quiet
from bot.features.standup.store import due, rows
from bot.features.standup.store.rows import NewCheckin
from bot.teams.apply import apply
from bot.teams.roster import Teams
from tests.features.standup.make import plan
from tests.teams.make import two_teams

NOW = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LATER = NOW + 60 * MINUTE
TEAMS = Teams(all=(), groups={})


def _known(**more: Any) -> Known:
    values: dict[str, Any] = {
        "plan": plan(), "members": ("U1", "U2"), "at": NOW, "again": NOW + 10 * MINUTE, "next_at": LATER,
    }  # fmt: skip
    return Known(**(values | more))


@pytest.mark.parametrize(
    ("known", "now", "holds"),
    [
        (_known(), NOW, True),
        (_known(), LATER - MINUTE, True),
        (_known(), LATER, False),
        (_known(next_at=None), LATER, True),
        (_known(), NOW - MINUTE, False),
        (_known(plan=plan(name="Evening")), NOW, False),
        (_known(members=("U1",)), NOW, False),
    ],
    ids=["at once", "until then", "at its time", "nothing in sight", "clock put back", "other plan", "other people"],
)  # fmt: skip
def test_a_plan_is_known_until_its_time_or_a_change(known: Known, now: datetime, holds: bool) -> None:
    assert known.holds(plan(), ("U1", "U2"), now) is holds


@pytest.mark.parametrize(
    ("teams", "now", "covers"),
    [
        (TEAMS, NOW, True),
        (TEAMS, LATER, False),
        (TEAMS, NOW - MINUTE, False),
        (Teams(all=(), groups={}), NOW, False),
    ],
    ids=["within", "over", "clock put back", "read anew"],
)
def test_all_is_quiet_for_these_very_teams_and_this_time(teams: Teams, now: datetime, covers: bool) -> None:
    assert Quiet(teams=TEAMS, since=NOW, until=LATER).covers(teams, now) is covers


def _add(connection: Connection, people: int = 1) -> int:
    apply(connection, two_teams(), NOW)
    round_ = rows.ensure_round(
        connection, team_id=1, series="morning", name="Morning", day=NOW.date(), period=NOW.date(),
        asked=Asked(questions=("What is next?",)), channel="C1", closes_at=LATER, now=NOW,
    )  # fmt: skip
    wanted = [
        NewCheckin(
            user_id=f"U{number}", day=NOW.date(), zone="UTC", opens_at=NOW, closes_at=LATER,
            remind_at=LATER - 30 * MINUTE, state=State.ASKED,
        )
        for number in range(people)
    ]  # fmt: skip
    rows.add_checkins(connection, round_.id, wanted, NOW)
    return round_.id


async def test_what_is_due_later_is_not_due_now(database: Database) -> None:
    await database.write(_add)
    assert await database.read(due.at, NOW) == due.Due(remind=False, settle=False, rounds=[])


async def test_what_is_due_is_found_at_its_time(database: Database) -> None:
    await database.write(_add)
    reminding = await database.read(due.at, LATER - 30 * MINUTE)
    ending = await database.read(due.at, LATER)
    assert (reminding.remind, reminding.settle, reminding.rounds) == (True, False, [])
    assert (ending.settle, [one.has_changed for one in ending.rounds]) == (True, [False])


def _say(connection: Connection, state: State) -> None:
    rows.change_checkin(connection, 1, NOW, state=state)


async def test_a_round_is_looked_at_when_somebody_has_had_their_say_and_then_left_alone(
    database: Database,
) -> None:
    round_id = await database.write(_add)
    await database.write(_say, State.ANSWERED)
    found = await database.read(due.at, NOW)
    await database.write(rows.round_looked_at, round_id)
    assert [(one.id, one.has_changed) for one in found.rounds] == [(round_id, True)]
    assert (await database.read(due.at, NOW)).rounds == []


async def test_whoever_is_still_asked_is_no_reason_to_look(database: Database) -> None:
    await database.write(_add)
    await database.write(_say, State.ASKED)
    assert (await database.read(due.at, NOW)).rounds == []


async def test_a_closed_round_is_not_looked_at_whatever_is_changed_in_it(database: Database) -> None:
    await database.write(rows.close_round, await database.write(_add), NOW)
    await database.write(_say, State.ANSWERED)
    assert (await database.read(due.at, LATER)).rounds == []


def _plan_of_the_look(connection: Connection) -> list[str]:
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        seen.append((statement, values))

    event.listen(connection, "before_cursor_execute", note)
    due.at(connection, NOW)
    event.remove(connection, "before_cursor_execute", note)
    ((statement, values),) = seen
    found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
    return [row.detail for row in found if "standup_" in row.detail]


@pytest.fixture
async def sqlite(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """Not Postgres, which reads small tables whole, whatever indexes they have."""
    opened = Database(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'frontdesk.db')}")
    yield opened
    await opened.close()


async def test_a_look_is_one_statement_that_only_uses_indexes(sqlite: Database) -> None:
    await sqlite.write(_add, 50)
    steps = await sqlite.read(_plan_of_the_look)
    assert len(steps) == 4
    assert [step for step in steps if " INDEX ix_standup_" not in step] == []
