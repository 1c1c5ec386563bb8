"""What the short commands do, each with a database of its own: migrate, apply. Printing is not here."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from bot import migrate
from bot.core.clock import SystemClock
from bot.core.errors import ConfigError
from bot.db.engine import Database
from bot.migrate import State
from bot.settings import load
from bot.teams import apply as teams
from bot.teams.file import TeamsFile, read_file

UNMIGRATED = "The database is not ready for this release: run `frontdesk migrate` first"


@asynccontextmanager
async def _database() -> AsyncGenerator[Database]:
    database = Database(load().database_url)
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def migrated_database() -> AsyncGenerator[Database]:
    """The database of the settings. Raises ConfigError where its tables are not those of this release."""
    async with _database() as database:
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


async def apply_file(path: Path, *, dry_run: bool) -> list[str]:
    """The lines of what changed. Raises ConfigError for a bad file, and DatabaseUnavailable."""
    file = read_file(path)
    async with migrated_database() as database:
        changes = await _changes(database, file, dry_run=dry_run)
    return [change.line for change in changes]


async def _changes(database: Database, file: TeamsFile, *, dry_run: bool) -> Sequence[teams.Change]:
    if dry_run:
        return await database.read(teams.dry_run, file)
    return await database.write(teams.apply, file, SystemClock().now())
