"""Changes one team that is set up in Slack, by the rules of the teams file. Who may do so is not decided here."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, update

from bot.core.errors import UserError
from bot.teams import store
from bot.teams.apply import Change, changed_keys
from bot.teams.beside import Problem, checked
from bot.teams.domain import Team
from bot.teams.export import as_in_file
from bot.teams.models import teams
from bot.teams.settings import completed, team_of
from bot.teams.store import Row

__all__ = [
    "Kept",
    "Problem",
    "WrongSettings",
    "add",
    "change",
    "kept",
    "kept_of",
    "pinned_words",
    "planned",
    "release",
    "remove",
    "version",
]

CHANGED_MEANWHILE = (
    "Somebody has changed this team's settings since you opened them, and nothing of yours was saved. "
    "Go back to the settings, look at what is there now, and change it again."
)
GONE = "This team is no longer there: it was removed."


class WrongSettings(Exception):
    """What was asked for is no right team. `problems` lie under keys of the file, so that a form can show them."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{problem.path}: {problem.words}" for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A team's settings as they are: as the file would say them, and their version for `change`."""

    id: int
    key: str
    team: Team
    said: Mapping[str, Any]
    seen: str
    pinned_by: str | None


def version(settings: Mapping[str, Any]) -> str:
    """A short word that is another one as soon as anything in these stored settings is."""
    text = json.dumps(completed(settings), sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def kept(connection: Connection, team_key: str) -> Kept | None:
    """The active team of this key; None where there is none."""
    row = store.rows(connection).get(team_key)
    return _kept(row) if row is not None and row.active else None


def kept_of(connection: Connection, team_id: int) -> Kept:
    """The active team of this id, whatever its key is now. Raises UserError where there is none."""
    row = next((row for row in store.rows(connection).values() if row.id == team_id and row.active), None)
    if row is None:
        raise UserError(GONE)
    return _kept(row)


def planned(connection: Connection, team_key: str, as_in_file: Mapping[str, Any]) -> dict[str, Any]:
    """The stored settings that `change` would write. Raises WrongSettings, and UserError where there is no such team."""
    rows = store.rows(connection)
    return _checked(rows, _row_of(rows, team_key), as_in_file)


def change(
    connection: Connection, team_key: str, as_in_file: Mapping[str, Any], now: datetime, *, seen: str
) -> list[Change]:
    """Sets these keys of a team, as a teams file would say them; None takes a key out; other keys stay as they are.

    Returns what changed, nothing where it means the same. `seen` is the version that the person looked at. Raises
    WrongSettings with every problem, and UserError for a team that changed meanwhile, is pinned by a file, or is gone.
    """
    store.lock(connection)
    rows = store.rows(connection)
    row = _row_of(rows, team_key)
    _check_editable(row)
    is_new = version(row.settings) == seen
    try:
        settings = _checked(rows, row, as_in_file)
        keys = changed_keys(row.settings, settings)
    except WrongSettings:
        if is_new:
            raise
        keys, settings = ("",), {}
    if not keys:
        # Also where somebody else, or the same person by a second press, has just said the same.
        return []
    if not is_new:
        raise UserError(CHANGED_MEANWHILE)
    values = {"key": settings["key"], "settings": settings, "updated_at": now}
    connection.execute(update(teams).where(teams.c.id == row.id).values(**values))
    return [Change(kind="changed", key=settings["key"], keys=keys)]


def add(connection: Connection, as_in_file: Mapping[str, Any], now: datetime) -> list[Change]:
    """A new team, set up in Slack. One that was removed and had this key comes back, with its requests.

    Raises WrongSettings with every problem.
    """
    store.lock(connection)
    rows = store.rows(connection)
    settings = _checked(rows, None, as_in_file)
    last = max((row.position for row in rows.values()), default=-1)
    values: dict[str, Any] = {
        "active": True,
        "settings": settings,
        "position": last + 1,
        "pinned_by": None,
        "updated_at": now,
    }
    before = rows.get(settings["key"])
    if before is None:
        connection.execute(insert(teams).values(workspace_id="", key=settings["key"], **values))
        return [Change(kind="added", key=settings["key"])]
    connection.execute(update(teams).where(teams.c.id == before.id).values(**values))
    return [Change(kind="returned", key=settings["key"], keys=changed_keys(before.settings, settings))]


def remove(connection: Connection, team_key: str, now: datetime) -> list[Change]:
    """The team takes nothing new; its requests stay. Raises UserError for one that is pinned by a file, or gone."""
    store.lock(connection)
    row = _row_of(store.rows(connection), team_key)
    _check_editable(row)
    connection.execute(update(teams).where(teams.c.id == row.id).values(active=False, updated_at=now))
    return [Change(kind="removed", key=team_key)]


def release(connection: Connection, team_key: str, now: datetime) -> str | None:
    """From now on the team is changed in Slack; returns the file that had pinned it, None where none had.

    Raises UserError for a team that is not there.
    """
    store.lock(connection)
    row = _row_of(store.rows(connection), team_key)
    if row.pinned_by is not None:
        connection.execute(update(teams).where(teams.c.id == row.id).values(pinned_by=None, updated_at=now))
    return row.pinned_by


def pinned_words(file: str) -> str:
    """Why a team cannot be changed in Slack, and what to do instead."""
    return (
        f"This team is pinned by {file}: change it there and run `frontdesk apply`. "
        "`frontdesk export teams` writes such a file anew."
    )


def _check_editable(row: Row) -> None:
    if row.pinned_by is not None:
        raise UserError(pinned_words(row.pinned_by))


def _row_of(rows: Mapping[str, Row], team_key: str) -> Row:
    row = rows.get(team_key)
    if row is None or not row.active:
        raise UserError(GONE)
    return row


def _kept(row: Row) -> Kept:
    return Kept(
        id=row.id,
        key=row.key,
        team=team_of(row.settings, id=row.id),
        said=as_in_file(row.settings),
        seen=version(row.settings),
        pinned_by=row.pinned_by,
    )


def _checked(rows: Mapping[str, Row], row: Row | None, changed: Mapping[str, Any]) -> dict[str, Any]:
    said = {**(as_in_file(row.settings) if row else {}), **changed}
    said = {key: value for key, value in said.items() if value is not None}
    beside = [other.settings for other in rows.values() if other.active and other is not row]
    settings, problems = checked(said, beside=beside)
    taken = rows.get(settings["key"]) if not problems else None
    if row is not None and taken is not None and taken is not row:
        problems.append(Problem(path="key", words="was the key of a team that was removed: choose another"))
    if problems:
        raise WrongSettings(problems)
    return settings
