"""Requests as plain values, for files."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from bot.features.requests.models import requests
from bot.teams.models import teams

_PLAIN = (
    "number", "team", "summary", "details", "type", "urgency", "priority", "component", "source",
    "asking_as", "requester", "filed_by", "door", "state", "assignee", "reason",
)  # fmt: skip
_INSTANTS = ("created_at", "claimed_at", "closed_at", "promised_at")
# New columns come last: whoever reads by place finds the others where they were.
COLUMNS = (*_PLAIN, *_INSTANTS, "category")


def export_rows(
    connection: Connection,
    team_key: str | None,
    since: datetime | None,
    until: datetime | None,
    most: int | None = None,
) -> list[dict[str, Any]]:
    """Requests filed from `since` to before `until`, oldest first; None leaves that end, or the team, open.

    At most so many, where `most` is given.
    """
    query = select(requests, teams.c.key.label("team")).join(teams, teams.c.id == requests.c.team_id)
    if team_key is not None:
        query = query.where(teams.c.key == team_key)
    if since is not None:
        query = query.where(requests.c.created_at >= since)
    if until is not None:
        query = query.where(requests.c.created_at < until)
    found = connection.execute(query.order_by(requests.c.created_at, requests.c.id).limit(most))
    return [_exported(row) for row in found.mappings()]


def _exported(row: RowMapping) -> dict[str, Any]:
    instants: Mapping[str, datetime | None] = {name: row[name] for name in _INSTANTS}
    return (
        {name: row[name] for name in _PLAIN}
        | {name: at.isoformat() if at else None for name, at in instants.items()}
        | {"category": row["category"]}
    )
