"""Makes the database match the teams file, and says what changes. Reading the file is not here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, insert, select, update

from bot.teams.file import TeamsFile
from bot.teams.models import teams
from bot.teams.settings import completed


@dataclass(frozen=True, kw_only=True)
class Change:
    """One line of what `apply` does: to one team, or to the order of all (`key` empty)."""

    kind: Literal["added", "changed", "returned", "removed", "ordered"]
    key: str = ""
    keys: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The change in words."""
        match self.kind:
            case "added":
                return f"added team {self.key}"
            case "changed":
                return f"changed team {self.key}: {', '.join(self.keys)}"
            case "returned":
                changed = f"; changed: {', '.join(self.keys)}" if self.keys else ""
                return f"brought back team {self.key}{changed}"
            case "removed":
                return f"removed team {self.key}: takes nothing new; its requests stay"
            case "ordered":
                return f"changed the order of teams: {', '.join(self.keys)}"


@dataclass(frozen=True, kw_only=True)
class _Row:
    id: int
    key: str
    active: bool
    settings: Mapping[str, Any]


def dry_run(connection: Connection, file: TeamsFile, workspace_id: str = "") -> list[Change]:
    """What `apply` would change; nothing is written."""
    return _changes(_rows(connection, workspace_id), file)


def apply(connection: Connection, file: TeamsFile, now: datetime, workspace_id: str = "") -> list[Change]:
    """Makes the database match the file; nothing is returned where it does already.

    A team that the file leaves out keeps its row and its requests and is no longer active.
    """
    if connection.dialect.name == "postgresql":
        # Two runs at once would both add the same team.
        connection.exec_driver_sql("LOCK TABLE teams IN SHARE ROW EXCLUSIVE MODE")
    rows = _rows(connection, workspace_id)
    changes = _changes(rows, file)
    if changes:
        _write(connection, rows, file, {change.key for change in changes}, now, workspace_id)
    return changes


def _rows(connection: Connection, workspace_id: str) -> dict[str, _Row]:
    found = connection.execute(
        select(teams.c.id, teams.c.key, teams.c.active, teams.c.settings)
        .where(teams.c.workspace_id == workspace_id)
        .order_by(teams.c.position, teams.c.id)
    )
    return {row.key: _Row(id=row.id, key=row.key, active=row.active, settings=row.settings) for row in found}


def _changes(rows: Mapping[str, _Row], file: TeamsFile) -> list[Change]:
    wanted = [settings["key"] for settings in file.settings]
    found = [_change(rows.get(settings["key"]), settings) for settings in file.settings]
    gone = [Change(kind="removed", key=key) for key, row in rows.items() if row.active and key not in wanted]
    changes = [change for change in found if change is not None] + gone
    before = [key for key, row in rows.items() if row.active and key in wanted]
    if before != [key for key in wanted if key in before]:
        changes.append(Change(kind="ordered", keys=tuple(wanted)))
    return changes


def _change(row: _Row | None, settings: Mapping[str, Any]) -> Change | None:
    key: str = settings["key"]
    if row is None:
        return Change(kind="added", key=key)
    # A key that an older release did not write is no change while it means the same.
    before, after = completed(row.settings), completed(settings)
    keys = tuple(name for name in after if after[name] != before.get(name))
    if not row.active:
        return Change(kind="returned", key=key, keys=keys)
    return Change(kind="changed", key=key, keys=keys) if keys else None


def _write(
    connection: Connection,
    rows: Mapping[str, _Row],
    file: TeamsFile,
    changed: set[str],
    now: datetime,
    workspace_id: str,
) -> None:
    for position, settings in enumerate(file.settings):
        row = rows.get(settings["key"])
        values: dict[str, Any] = {"active": True, "settings": dict(settings), "position": position}
        if row is None:
            new = {"workspace_id": workspace_id, "key": settings["key"], "updated_at": now}
            connection.execute(insert(teams).values(**values, **new))
            continue
        if row.key in changed:
            values["updated_at"] = now
        connection.execute(update(teams).where(teams.c.id == row.id).values(**values))
    _retire(connection, [row for key, row in rows.items() if key in changed], file, now)


def _retire(connection: Connection, rows: Sequence[_Row], file: TeamsFile, now: datetime) -> None:
    wanted = {settings["key"] for settings in file.settings}
    for row in rows:
        if row.key not in wanted:
            gone = update(teams).where(teams.c.id == row.id).values(active=False, updated_at=now)
            connection.execute(gone)
