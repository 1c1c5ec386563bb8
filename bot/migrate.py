"""Brings the database to the newest migration, one program at a time. The migrations are in `migrations/`.

No alembic.ini is needed: the configuration is made here. What the tables look like is not decided here.
"""

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.db.engine import Database, single_engine
from bot.db.errors import as_unavailable

T = TypeVar("T")

# Any number will do, as long as every release uses the same.
LOCK = 7_246_510_338


class State(Enum):
    """How the database stands to this release."""

    CURRENT = "current"
    BEHIND = "behind"
    NEWER = "newer"


def config() -> Config:
    """Alembic's configuration: from the wheel, or from the source tree."""
    here = Path(__file__).resolve().parent
    packaged = here / "_migrations"
    found = Config()
    found.set_main_option(
        "script_location", str(packaged if packaged.is_dir() else here.parent / "migrations")
    )
    found.set_main_option("path_separator", "os")
    return found


def head() -> str | None:
    """The newest migration of this release."""
    return ScriptDirectory.from_config(config()).get_current_head()


async def upgrade(database: Database) -> None:
    """All or nothing, under a lock. Raises DatabaseUnavailable; repeatable."""
    await _locked(database, _upgrade)


async def downgrade(database: Database, revision: str) -> None:
    """Back to an older migration, all or nothing, under the same lock. Raises DatabaseUnavailable."""
    await _locked(database, lambda connection: command.downgrade(_with(connection), revision))


async def state(database: Database) -> State:
    """Whether the database is where this release wants it. Raises DatabaseUnavailable."""
    engine = single_engine(database.url, command_timeout=5, writes=False)
    try:
        with as_unavailable():
            async with engine.connect() as connection:
                return await connection.run_sync(_state)
    finally:
        await engine.dispose()


async def is_current(database: Database) -> bool:
    """Whether this release can work on the database as it is. Raises DatabaseUnavailable."""
    return await state(database) is not State.BEHIND


def _state(connection: Connection) -> State:
    found = set(MigrationContext.configure(connection).get_current_heads())
    scripts = ScriptDirectory.from_config(config())
    known = {script.revision for script in scripts.walk_revisions()}
    if found == set(scripts.get_heads()):
        return State.CURRENT
    # A later release has been here: what it left must work with us (see the policy in the migrations' template).
    return State.NEWER if found - known else State.BEHIND


def _upgrade(connection: Connection) -> None:
    if _state(connection) is State.BEHIND:
        command.upgrade(_with(connection), "head")


def _with(connection: Connection) -> Config:
    found = config()
    found.attributes["connection"] = connection
    return found


async def _locked(database: Database, work: Callable[[Connection], T]) -> T:
    engine = single_engine(database.url, command_timeout=None)
    if database.is_sqlite:
        _without_foreign_keys(engine)
    try:
        with as_unavailable():
            async with engine.begin() as connection:
                return await connection.run_sync(_under_lock, work)
    finally:
        await engine.dispose()


def _under_lock(connection: Connection, work: Callable[[Connection], T]) -> T:
    if connection.dialect.name == "postgresql":
        # The lock goes with the transaction, whatever becomes of this program.
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        connection.execute(text("SET LOCAL lock_timeout = '10s'"))
        return work(connection)
    # SQLite: BEGIN IMMEDIATE has locked the file already.
    result = work(connection)
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise RuntimeError(f"the migration would leave {len(broken)} rows that refer to nothing")
    return result


def _without_foreign_keys(engine: AsyncEngine) -> None:
    # SQLite changes a table by writing it anew; with keys enforced, dropping the old one would take rows along.
    def switch_off(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.close()

    event.listen(engine.sync_engine, "connect", switch_off)
