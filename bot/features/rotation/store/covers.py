"""Who asked the channel to take hours of theirs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.features.rotation.domain.covers import Cover
from bot.features.rotation.models import rotation_covers


def add(
    connection: Connection,
    team_id: int,
    *,
    person: str,
    start: datetime,
    end: datetime,
    made_by: str,
    now: datetime,
) -> Cover:
    """They ask, from now on."""
    values = {
        "team_id": team_id,
        "person": person,
        "start_at": start,
        "end_at": end,
        "made_at": now,
        "made_by": made_by,
        "ask_at": now,
    }
    return _cover(
        connection.execute(insert(rotation_covers).values(**values).returning(rotation_covers)).one()
    )


def by_id(connection: Connection, cover_id: int) -> Cover | None:
    """The search of this id."""
    row = connection.execute(select(rotation_covers).where(rotation_covers.c.id == cover_id)).first()
    return None if row is None else _cover(row)


def open_of(connection: Connection, team_id: int, now: datetime) -> list[Cover]:
    """The team's searches that are not settled, in the order of their beginnings."""
    covers = rotation_covers
    query = select(covers).where(
        covers.c.team_id == team_id, covers.c.closed_at.is_(None), covers.c.end_at > now
    )
    return [_cover(row) for row in connection.execute(query.order_by(covers.c.start_at, covers.c.id))]


def due(connection: Connection, now: datetime, limit: int = 100) -> Sequence[tuple[int, int]]:
    """Ids and teams of searches for which something is to be done."""
    covers = rotation_covers
    query = select(covers.c.id, covers.c.team_id).where(covers.c.ask_at <= now).order_by(covers.c.ask_at)
    return [(row.id, row.team_id) for row in connection.execute(query.limit(limit))]


def next_due(connection: Connection) -> datetime | None:
    """When something is to be done next."""
    covers = rotation_covers
    query = select(covers.c.ask_at).where(covers.c.ask_at.is_not(None))
    return connection.scalar(query.order_by(covers.c.ask_at).limit(1))


def advance(connection: Connection, cover: Cover, ask_at: datetime | None) -> bool:
    """The channel is asked now, and again at `ask_at`; False where a twin of us was faster."""
    covers = rotation_covers
    same = (covers.c.id == cover.id) & (covers.c.times_asked == cover.times_asked)
    values = {"times_asked": cover.times_asked + 1, "ask_at": ask_at}
    done = connection.execute(update(covers).where(same, covers.c.closed_at.is_(None)).values(**values))
    return done.rowcount == 1


def close(connection: Connection, cover_id: int, now: datetime, taken_by: str | None) -> bool:
    """It is settled; False where it was already."""
    covers = rotation_covers
    fresh = update(covers).where(covers.c.id == cover_id, covers.c.closed_at.is_(None))
    done = connection.execute(fresh.values(closed_at=now, ask_at=None, taken_by=taken_by))
    return done.rowcount == 1


def posted(connection: Connection, cover_id: int, channel: str, ts: str) -> None:
    """Where the channel was last asked."""
    this = rotation_covers.c.id == cover_id
    connection.execute(update(rotation_covers).where(this).values(channel=channel, ts=ts))


def _cover(row: Row[Any]) -> Cover:
    return Cover(
        id=row.id,
        team_id=row.team_id,
        person=row.person,
        start=row.start_at,
        end=row.end_at,
        made_by=row.made_by,
        times_asked=row.times_asked,
        ask_at=row.ask_at,
        taken_by=row.taken_by,
        closed_at=row.closed_at,
        channel=row.channel,
        ts=row.ts,
    )
