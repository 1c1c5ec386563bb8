"""Which database a demo works on: none but an empty one or one that a demo has marked as its own.

It is emptied at each beginning, because the workspace that its rows point to is gone by then.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import yaml
from sqlalchemy.engine import URL

from bot.core.errors import ConfigError
from bot.db.base import metadata
from bot.db.engine import parse_url
from bot.sandbox.gate import Gate
from bot.sandbox.launcher.teams import TEAMS
from bot.sandbox.slack.cast import PEOPLE
from bot.sandbox.slack.ids import make_id
from bot.teams.file import read_text


def _likeness(settings: Mapping[str, Any]) -> str:
    return sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()


MARK = "frontdesk_demo"
_AS_APPLIED = read_text(yaml.safe_dump(TEAMS), "the demo's teams").settings
# The mark holds what each team of its demo looks like: a later version's demo may have others.
MARKING = (
    f"CREATE TABLE {MARK} (team VARCHAR(64))",
    *(f"INSERT INTO {MARK} (team) VALUES ('{_likeness(settings)}')" for settings in _AS_APPLIED),
)
_TEAMS = "SELECT CAST(settings AS VARCHAR) FROM teams"
# The teams that no file names. Where an earlier version's table has no such column, the name means the one outside:
# there, all teams came from files.
_TEAMS_OF_SLACK = """
SELECT CAST(one.settings AS VARCHAR) FROM teams AS one, (SELECT 'a file' AS pinned_by) AS usual
WHERE (SELECT pinned_by FROM teams AS same WHERE same.id = one.id) IS NULL
"""
# Whoever visits the demo may set up teams in it: of these people, whom no real workspace has.
_CAST = frozenset(make_id("U", person.name) for person in PEOPLE)
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

    `read` carries out a query of one column. A real bot that was set to work on a demo's database has teams of its own,
    under whatever names.
    """
    found = set(names)
    foreign = sorted(found - _OTHERS_OF_OURS - set(metadata.tables))
    if MARK in found and not foreign and "teams" in found:
        foreign = _teams_of_others(read)
    if not found or (MARK in found and not foreign):
        return
    some = ", ".join((foreign or sorted(found))[:3])
    raise ConfigError(
        f"--database: {where} is not a demo's, it holds {some}. A demo empties its database, so name an empty one"
    )


def _teams_of_others(read: Callable[[str], Iterable[str]]) -> list[str]:
    ours = set(read(f"SELECT team FROM {MARK}"))
    made_by_visitors = [json.loads(written) for written in read(_TEAMS_OF_SLACK)]
    ours |= {_likeness(one) for one in made_by_visitors if one.get("lead") in _CAST}
    found = [json.loads(written) for written in read(_TEAMS)]
    return sorted(f"the team {one.get('key')}" for one in found if _likeness(one) not in ours)
