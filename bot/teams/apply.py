"""Makes the database match the teams file, and says what changes. Reading the file is not here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, insert, update

from bot.core.errors import ConfigError
from bot.teams import store
from bot.teams.beside import clashes
from bot.teams.file import TeamsFile
from bot.teams.models import teams
from bot.teams.settings import completed
from bot.teams.store import Row


@dataclass(frozen=True, kw_only=True)
class Change:
    """One line of what `apply` does: to one team, or to the order of all (`key` empty)."""

    kind: Literal["added", "changed", "returned", "removed", "ordered", "pinned"]
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
            case "pinned":
                return (
                    f"took over team {self.key}, set up in Slack: from now on it is changed in the file only"
                )


def dry_run(connection: Connection, file: TeamsFile, workspace_id: str = "") -> list[Change]:
    """What `apply` would change; nothing is written. Raises ConfigError as `apply` does."""
    return _changes(store.rows(connection, workspace_id), file)


def apply(connection: Connection, file: TeamsFile, now: datetime, workspace_id: str = "") -> list[Change]:
    """Makes the database match the file; nothing is returned where it does already.

    The teams it names are pinned to the file. One that the file leaves out keeps its row and its requests and is no
    longer active, unless it is set up in Slack: then it stays as it is, and ConfigError is raised where the file takes
    something that only one team may have.
    """
    store.lock(connection)
    rows = store.rows(connection, workspace_id)
    changes = _changes(rows, file)
    _write(connection, rows, file, {change.key for change in changes if change.key}, now, workspace_id)
    return changes


def staying(connection: Connection, file: TeamsFile, workspace_id: str = "") -> list[str]:
    """A line for each team that the file does not name and does not take away: it is set up in Slack."""
    rows = _staying(store.rows(connection, workspace_id), file)
    return [f"team {row.key} stays as it is: it is set up in Slack, not in this file" for row in rows]


def _staying(rows: Mapping[str, Row], file: TeamsFile) -> list[Row]:
    wanted = {settings["key"] for settings in file.settings}
    return [row for row in rows.values() if row.active and row.pinned_by is None and row.key not in wanted]


def _changes(rows: Mapping[str, Row], file: TeamsFile) -> list[Change]:
    taken = clashes(file.settings, beside=[row.settings for row in _staying(rows, file)])
    if taken:
        raise ConfigError(*(f"{file.name}: {words}" for words in taken))
    wanted = [settings["key"] for settings in file.settings]
    changes = [
        change for settings in file.settings for change in _of_team(rows.get(settings["key"]), settings)
    ]
    changes += [Change(kind="removed", key=key) for key, row in rows.items() if _goes(row, wanted)]
    before = [key for key, row in rows.items() if row.active and key in wanted]
    if before != [key for key in wanted if key in before]:
        changes.append(Change(kind="ordered", keys=tuple(wanted)))
    return changes


def _goes(row: Row, wanted: Sequence[str]) -> bool:
    return row.active and row.pinned_by is not None and row.key not in wanted


def _of_team(row: Row | None, settings: Mapping[str, Any]) -> list[Change]:
    key: str = settings["key"]
    if row is None:
        return [Change(kind="added", key=key)]
    keys = changed_keys(row.settings, settings)
    if not row.active:
        return [Change(kind="returned", key=key, keys=keys)]
    taken_over = [Change(kind="pinned", key=key)] if row.pinned_by is None else []
    return taken_over + ([Change(kind="changed", key=key, keys=keys)] if keys else [])


def changed_keys(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys that mean something else now. One that an older release did not write is no change in itself."""
    old, new = completed(before), completed(after)
    return tuple(name for name in new if new[name] != old.get(name))


def _write(
    connection: Connection,
    rows: Mapping[str, Row],
    file: TeamsFile,
    changed: set[str],
    now: datetime,
    workspace_id: str,
) -> None:
    for position, settings in enumerate(file.settings):
        row = rows.get(settings["key"])
        values: dict[str, Any] = {
            "active": True,
            "settings": dict(settings),
            "position": position,
            "pinned_by": file.name,
        }
        if row is None:
            new = {"workspace_id": workspace_id, "key": settings["key"], "updated_at": now}
            connection.execute(insert(teams).values(**values, **new))
            continue
        if row.key in changed:
            values["updated_at"] = now
        elif (row.position, row.pinned_by) == (position, file.name):
            continue
        connection.execute(update(teams).where(teams.c.id == row.id).values(**values))
    _retire(connection, [row for key, row in rows.items() if key in changed], file, now)


def _retire(connection: Connection, rows: Sequence[Row], file: TeamsFile, now: datetime) -> None:
    wanted = {settings["key"] for settings in file.settings}
    for row in rows:
        if row.key not in wanted:
            gone = update(teams).where(teams.c.id == row.id).values(active=False, updated_at=now)
            connection.execute(gone)
