"""Teams that visitors set up in a demo are the demo's own; those of a real bot are not."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, text

from bot.core.errors import ConfigError
from bot.db.engine import Database
from bot.sandbox.launcher.database import MARK, MARKING, must_be_ours
from bot.sandbox.launcher.teams import TEAMS
from bot.teams import edit
from bot.teams.apply import apply
from bot.teams.beside import checked
from bot.teams.file import TeamsFile

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
NEW = {
    "key": "search",
    "name": "Search",
    "lead": "U0FRANK001",
    "members": ["U0ERIN0001"],
    "timezone": "Europe/Warsaw",
    "triage_channel": "C0SEARCH01",
}


def file_of(*teams: dict[str, Any]) -> TeamsFile:
    return TeamsFile(settings=tuple(checked(team, beside=[])[0] for team in teams))


def look(connection: Connection) -> None:
    def read(query: str) -> list[str]:
        return [str(found) for found in connection.scalars(text(query))]

    must_be_ours([MARK, "teams"], "demo.db", read)


def _mark(connection: Connection) -> None:
    for statement in MARKING:
        connection.execute(text(statement))


@pytest.fixture
async def demo(database: Database) -> AsyncIterator[Database]:
    """A database as a demo leaves it; at the end without the mark, which is no table of ours."""
    await database.write(_mark)
    await database.write(apply, file_of(*TEAMS["teams"]), NOW)
    for key in ("payments", "mobile"):
        await database.write(edit.release, key, NOW)
    yield database
    await database.write(lambda connection: connection.execute(text(f"DROP TABLE {MARK}")))


async def test_what_visitors_set_up_or_changed_may_be_thrown_away(demo: Database) -> None:
    await demo.write(edit.add, NEW, NOW)
    kept = await demo.read(edit.kept, "payments")
    assert kept is not None
    await demo.write(edit.change, "payments", {"idle_claim": "5d"}, NOW, seen=kept.seen)
    await demo.read(look)


@pytest.mark.by_turns
async def test_a_team_of_people_whom_no_demo_has_is_kept(demo: Database) -> None:
    await demo.write(edit.add, NEW | {"lead": "U07REAL1234"}, NOW)
    with pytest.raises(ConfigError, match="the team search"):
        await demo.read(look)


@pytest.mark.by_turns
async def test_a_team_of_a_file_is_kept_whoever_leads_it(demo: Database) -> None:
    await demo.write(apply, file_of(NEW), NOW)
    with pytest.raises(ConfigError, match="the team search"):
        await demo.read(look)


class _Undo(Exception):
    """Takes back what the test did to a table that other tests use."""


def _look_without_the_column(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE teams DROP COLUMN pinned_by"))
    look(connection)
    raise _Undo


async def test_a_demo_of_an_earlier_version_is_known_by_its_teams(demo: Database) -> None:
    with pytest.raises(_Undo):
        await demo.write(_look_without_the_column)
