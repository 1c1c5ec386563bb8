"""Check-ins as plain values, for files. What people wrote stays in Slack."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from bot.features.standup.models import standup_checkins, standup_rounds
from bot.teams.models import teams

COLUMNS = (
    "team", "check_in", "day", "person", "state", "note", "opens_at", "closes_at", "answered_at", "late", "minutes",
)  # fmt: skip


def export_rows(
    connection: Connection, team_key: str | None, since: date | None, until: date | None
) -> list[dict[str, Any]]:
    """Everybody's check-ins of these days, both included, oldest first; None leaves that end, or the team, open.

    Of anonymous check-ins there is no person, and nothing else that tells one from another: no order of the team,
    no time of somebody's zone.
    """
    query = (
        select(standup_checkins, standup_rounds.c.name, standup_rounds.c.asked, teams.c.key.label("team"))
        .join(standup_rounds, standup_rounds.c.id == standup_checkins.c.round_id)
        .join(teams, teams.c.id == standup_rounds.c.team_id)
    )
    if team_key is not None:
        query = query.where(teams.c.key == team_key)
    if since is not None:
        query = query.where(standup_rounds.c.day >= since)
    if until is not None:
        query = query.where(standup_rounds.c.day <= until)
    query = query.order_by(standup_rounds.c.day, standup_checkins.c.round_id, standup_checkins.c.id)
    found = list(connection.execute(query).mappings())
    found.sort(key=lambda row: (row["day"], row["round_id"], row["shuffle"] if _is_hidden(row) else ""))
    return [_exported(row) for row in found]


def _is_hidden(row: RowMapping) -> bool:
    return bool(row["asked"].get("anonymous"))


def _exported(row: RowMapping) -> dict[str, Any]:
    hidden = _is_hidden(row)
    return {
        "team": row["team"],
        "check_in": row["name"],
        "day": row["day"].isoformat(),
        "person": "" if hidden else row["user_id"],
        "state": row["state"],
        "note": "" if hidden else row["note"],
        "opens_at": None if hidden else row["opens_at"].isoformat(),
        "closes_at": None if hidden else row["closes_at"].isoformat(),
        "answered_at": None if hidden or not row["answered_at"] else row["answered_at"].isoformat(),
        "late": row["is_late"],
        "minutes": None if hidden else _minutes(row["opens_at"], row["answered_at"]),
    }


def _minutes(opened: datetime, answered: datetime | None) -> int | None:
    """How long the answer took; whoever answered early took no time."""
    return max(0, round((answered - opened).total_seconds() / 60)) if answered else None
