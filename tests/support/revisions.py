"""`python -m tests.support.revisions "add the turns"` drafts the next migration: what the tables have and the newest
migration has not. The draft is then finished by hand, by the policy at its top.
"""

import asyncio
import importlib
import re
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import Connection

from bot import migrate
from bot.db.engine import Database, single_engine

ROOT = Path(__file__).resolve().parent.parent.parent
_NOISE = re.compile(r" *# ### .*\n")


def load_tables() -> None:
    """Imports every module with tables, so that they are known."""
    for path in sorted((ROOT / "bot").rglob("models.py")):
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


async def draft(message: str, revision: str) -> Path:
    """The path of the new file."""
    load_tables()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/draft.db")
        await migrate.upgrade(database)
        engine = single_engine(database.url, command_timeout=None)
        async with engine.begin() as connection:
            path = await connection.run_sync(_draft, message, revision)
        await engine.dispose()
        await database.close()
    path.write_text(_NOISE.sub("", path.read_text()))
    return path


def _draft(connection: Connection, message: str, revision: str) -> Path:
    config = migrate.config()
    config.attributes["connection"] = connection
    script = command.revision(config, message, autogenerate=True, rev_id=revision)
    return Path(script.path)  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue, reportArgumentType]


def next_revision() -> str:
    """Migrations are numbered: 0001, 0002 …"""
    numbers = [int(path.name[:4]) for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py")]
    return f"{max(numbers, default=0) + 1:04}"


if __name__ == "__main__":
    sys.stdout.write(f"{asyncio.run(draft(sys.argv[1], next_revision()))}\n")
