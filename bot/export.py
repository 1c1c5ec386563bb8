"""`frontdesk export`: rows as CSV or JSON text. What a row holds is decided by its feature."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from sqlalchemy import Connection

from bot.commands import migrated_database
from bot.core.errors import ConfigError
from bot.features.requests.store.export import COLUMNS, export_rows
from bot.features.standup.store import export as check_ins
from bot.teams.export import as_text
from bot.teams.store import all_teams
from bot.teams.store import rows as team_rows

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)

# A spreadsheet takes a cell that begins like this for a formula and runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


async def exported_requests(team: str | None, since: date | None, until: date | None, format: str) -> str:
    """Requests of one team or of all, as text; `until` is included. Raises ConfigError.

    Days are days of the team's time zone, of UTC for all teams.
    """
    async with migrated_database() as database:
        zone = await database.read(_zone_of, team)
        start = _midnight(since, zone) if since else EARLIEST
        end = _midnight(min(until, LATEST.date()) + timedelta(days=1), zone) if until else LATEST
        rows = await database.read(export_rows, team, start, end)
    return as_json(rows) if format == "json" else as_csv(rows, COLUMNS)


async def exported_standups(team: str | None, since: date | None, until: date | None, format: str) -> str:
    """Check-ins of one team or of all, as text; both days are included. Raises ConfigError."""
    async with migrated_database() as database:
        await database.read(_zone_of, team)
        rows = await database.read(check_ins.export_rows, team, since, until)
    return as_json(rows) if format == "json" else as_csv(rows, check_ins.COLUMNS)


async def exported_teams() -> str:
    """All active teams as the text of a teams file. Raises ConfigError."""
    async with migrated_database() as database:
        rows = await database.read(team_rows)
    return as_text(row.settings for row in rows.values() if row.active)


def _zone_of(connection: Connection, key: str | None) -> tzinfo:
    if key is None:
        return UTC
    teams_by_key = {team.key: team for team in all_teams(connection)}
    if key not in teams_by_key:
        known = ", ".join(sorted(teams_by_key)) or "none yet: run `frontdesk apply teams.yml`"
        raise ConfigError(f"There is no team {key}. Teams: {known}")
    return teams_by_key[key].zone


def _midnight(day: date, zone: tzinfo) -> datetime:
    # Days beyond the years that a database can tell from each other are all the same to an export.
    if not EARLIEST.date() < day < LATEST.date():
        return EARLIEST if day < LATEST.date() else LATEST
    return datetime.combine(day, time(), zone).astimezone(UTC)


def as_csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str] = ()) -> str:
    """A header and one line for each row; no cell can be taken for a formula. Without rows: the columns' header."""
    table = [dict(row) for row in rows]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(list(table[0]) if table else list(columns))
    writer.writerows([_cell(value) for value in row.values()] for row in table)
    return out.getvalue()


def as_json(rows: Iterable[Mapping[str, Any]]) -> str:
    """A JSON array of objects, one on each line."""
    lines = [
        json.dumps({name: _plain(value) for name, value in row.items()}, ensure_ascii=False) for row in rows
    ]
    return "[" + ",\n ".join(lines) + "]\n"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _cell(value: Any) -> str:
    # Readers of CSV take a lone carriage return for the end of the line.
    text = "" if value is None else str(_plain(value)).replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if text.startswith(_FORMULA) else text
