"""Hours without anybody, told to the lead."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from bot.features.rotation.ahead import Known
from bot.features.rotation.models import rotation_gaps


def of_teams(connection: Connection, team_ids: Collection[int], now: datetime) -> list[Known]:
    """What the leads know of and is not over."""
    gaps = rotation_gaps
    query = select(gaps).where(gaps.c.team_id.in_(team_ids), gaps.c.end_at > now)
    rows = connection.execute(query.order_by(gaps.c.team_id, gaps.c.start_at))
    return [Known(team_id=row.team_id, start=row.start_at, end=row.end_at) for row in rows]


def keep(connection: Connection, team_id: int, start: datetime, end: datetime, now: datetime) -> None:
    """The lead knows of these hours from now on."""
    row = {"team_id": team_id, "start_at": start, "end_at": end, "told_at": now}
    connection.execute(insert(rotation_gaps).values(**row))


def lengthen(connection: Connection, team_id: int, start: datetime, end: datetime) -> None:
    """Hours that touch these are kept as reaching to this end."""
    gaps = rotation_gaps
    touching = (gaps.c.team_id == team_id) & (gaps.c.start_at < end) & (gaps.c.end_at >= start)
    connection.execute(update(gaps).where(touching, gaps.c.end_at < end).values(end_at=end))


def forget(connection: Connection, team_id: int, starts: Collection[datetime]) -> None:
    """Somebody is there again: should nobody be once more, that is news."""
    if starts:
        gaps = rotation_gaps
        these = (gaps.c.team_id == team_id) & gaps.c.start_at.in_(starts)
        connection.execute(delete(gaps).where(these))
