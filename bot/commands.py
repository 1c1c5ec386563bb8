"""What the short commands do, each with a database of its own: migrate, apply. Printing is not here."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from bot import migrate
from bot.core.clock import SystemClock
from bot.core.errors import ConfigError
from bot.db.engine import Database
from bot.features.rotation.forecast import forecast, keep_plans
from bot.migrate import State
from bot.settings import load
from bot.teams import apply as teams
from bot.teams import store
from bot.teams.file import TeamsFile, read_file
from bot.teams.settings import team_of

# Where one of these changes, whose turn it is may be different.
TURNS = frozenset({"rotation", "timezone", "holidays", "people"})
UNMIGRATED = "The database is not ready for this release: run `frontdesk migrate` first"


@asynccontextmanager
async def _database() -> AsyncGenerator[Database]:
    database = Database(load().database_url)
    try:
        yield database
    finally:
        await database.close()


def must_be_there(database: Database) -> None:
    """Raises ConfigError where the SQLite file is not: looking into it would make an empty one."""
    path = database.url.database
    if database.is_sqlite and path and not Path(path).exists():
        raise ConfigError(
            f"There is no {path} here: set DATABASE_URL or go where it lies; `frontdesk migrate` makes a new one"
        )


@asynccontextmanager
async def migrated_database() -> AsyncGenerator[Database]:
    """The database of the settings. Raises ConfigError where its tables are not those of this release."""
    async with _database() as database:
        must_be_there(database)
        if await migrate.state(database) is State.BEHIND:
            raise ConfigError(UNMIGRATED)
        yield database


async def bring_up_to_date() -> str:
    """The newest migration; returns what was done, in words. Raises DatabaseUnavailable."""
    async with _database() as database:
        before = await migrate.state(database)
        await migrate.upgrade(database)
    match before:
        case State.CURRENT:
            return "nothing to do: the database is up to date"
        case State.NEWER:
            return "nothing to do: a later release of Frontdesk has been here"
        case State.BEHIND:
            return f"the database is up to date now ({migrate.head()})"


@dataclass(frozen=True, kw_only=True)
class Applied:
    """What a teams file changed, a line each, and the teams beside it that stay as they are."""

    changed: Sequence[str]
    staying: Sequence[str]


async def apply_file(path: Path, *, dry_run: bool) -> Applied:
    """What changed. Raises ConfigError for a bad file, and DatabaseUnavailable."""
    file = read_file(path)
    now = SystemClock().now()
    async with migrated_database() as database:
        # Looked at before: afterwards the plan of now would count as the one that was in force.
        ahead = await database.read(_forecasts, file, now)
        staying = await database.read(teams.staying, file)
        changes = await _changes(database, file, now, dry_run=dry_run)
    return Applied(changed=[line for change in changes for line in _lines(change, ahead)], staying=staying)


def _forecasts(connection: Connection, file: TeamsFile, now: datetime) -> dict[str, list[str]]:
    """The next shifts of each team of the file, by its key."""
    known = {team.key: team for team in store.all_teams(connection)}
    found: dict[str, list[str]] = {}
    for settings in file.settings:
        before = known.get(settings["key"])
        team = team_of(settings, id=before.id if before else 0)
        found[team.key] = forecast(connection, team, before, now)
    return found


def _lines(change: teams.Change, ahead: Mapping[str, Sequence[str]]) -> list[str]:
    turns = change.kind in ("added", "returned") or not TURNS.isdisjoint(change.keys)
    shifts = (
        ahead.get(change.key, ()) if turns and change.kind not in ("removed", "ordered", "pinned") else ()
    )
    return [change.line, *(f"    {shift}" for shift in shifts)]


async def _changes(
    database: Database, file: TeamsFile, now: datetime, *, dry_run: bool
) -> Sequence[teams.Change]:
    if dry_run:
        return await database.read(teams.dry_run, file)
    return await database.write(_apply, file, now)


def _apply(connection: Connection, file: TeamsFile, now: datetime) -> Sequence[teams.Change]:
    keep_plans(connection, store.all_teams(connection))
    return teams.apply(connection, file, now)
