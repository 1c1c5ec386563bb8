"""Which database a demo works on: none but an empty one or one that a demo has marked as its own.

It is emptied at each beginning, because the workspace that its rows point to is gone by then.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from sqlalchemy.engine import URL

from bot.core.errors import ConfigError
from bot.db.base import metadata
from bot.db.engine import parse_url
from bot.sandbox.gate import Gate
from bot.sandbox.launcher.teams import TEAMS

MARK = "frontdesk_demo"
MARKING = f"CREATE TABLE {MARK} (kept_by VARCHAR(40))"
_KEYS = frozenset(str(team["key"]) for team in TEAMS["teams"])
_OTHERS_OF_OURS = frozenset({MARK, "alembic_version"})


class DemoDatabase(Protocol):
    """A database that is the demo's for as long as it holds it. `gate` is on the bot's way to it, where there is one."""

    gate: Gate | None

    @property
    def url(self) -> str:
        """The bot's DATABASE_URL."""
        ...

    async def empty(self) -> None:
        """Take everything out and mark it as a demo's. Raises ConfigError, having changed nothing."""
        ...

    async def close(self) -> None:
        """Give it back."""
        ...


def address_of(database: str) -> URL:
    """What `--database` names. Raises ConfigError."""
    if "://" not in database:
        # An address begins with its kind; a path may hold anything.
        return URL.create("sqlite+aiosqlite", database=str(Path(database).expanduser().absolute()))
    try:
        return parse_url(database)
    except ConfigError as error:
        raise ConfigError(*(line.replace("DATABASE_URL", "--database") for line in error.lines)) from error


def must_be_ours(names: Iterable[str], where: str, read: Callable[[str], Iterable[str]]) -> None:
    """Raises ConfigError unless these tables are none at all, or a marked demo's and nobody else's.

    `read` carries out a query of one column. A real bot that was set to work on a demo's database has teams of its own.
    """
    found = set(names)
    foreign = sorted(found - _OTHERS_OF_OURS - set(metadata.tables))
    if MARK in found and not foreign and "teams" in found:
        foreign = sorted(f"the team {key}" for key in set(read("SELECT key FROM teams")) - _KEYS)
    if not found or (MARK in found and not foreign):
        return
    some = ", ".join((foreign or sorted(found))[:3])
    raise ConfigError(
        f"--database: {where} is not a demo's, it holds {some}. A demo empties its database, so name an empty one"
    )
