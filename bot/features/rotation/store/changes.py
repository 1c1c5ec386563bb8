"""Overrides and skips as rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, case, insert, literal, null, select, update

from bot.db.base import UTCDateTime
from bot.features.rotation.domain import Override, Skip
from bot.features.rotation.models import rotation_changes
from bot.features.rotation.store.standing import override_of, skip_of


def add_override(
    connection: Connection,
    team_id: int,
    *,
    person: str,
    start: datetime,
    end: datetime,
    made_by: str,
    now: datetime,
    pair: str | None = None,
) -> Override:
    """This person has it from start until just before end."""
    row = _add(connection, team_id, "override", person, start, end, made_by, now, pair)
    return override_of(row)


def add_skip(
    connection: Connection,
    team_id: int,
    *,
    person: str,
    start: datetime,
    until: datetime,
    made_by: str,
    now: datetime,
) -> Skip:
    """This person is left out from start until just before `until`."""
    return skip_of(_add(connection, team_id, "skip", person, start, until, made_by, now, None))


def _add(
    connection: Connection,
    team_id: int,
    kind: str,
    person: str,
    start: datetime,
    end: datetime,
    made_by: str,
    now: datetime,
    pair: str | None,
) -> Row[Any]:
    values = {
        "team_id": team_id,
        "kind": kind,
        "person": person,
        "start_at": start,
        "end_at": end,
        "made_at": now,
        "made_by": made_by,
        "pair": pair,
    }
    return connection.execute(insert(rotation_changes).values(**values).returning(rotation_changes)).one()


def standing_ones(connection: Connection, team_id: int, now: datetime) -> Sequence[Row[Any]]:
    """The changes that are in force or to come, in the order in which they were made."""
    changes = rotation_changes
    query = select(changes).where(
        changes.c.team_id == team_id, changes.c.withdrawn_at.is_(None), changes.c.end_at > now
    )
    return connection.execute(query.order_by(changes.c.id)).all()


def withdraw(connection: Connection, team_id: int, change_id: int, now: datetime) -> list[int]:
    """Takes this change back, and those of its pair. Returns the ids that were still standing.

    Of one that has begun, what has been stays: it only ends now.
    """
    changes = rotation_changes
    ours = (changes.c.team_id == team_id) & changes.c.withdrawn_at.is_(None) & (changes.c.end_at > now)
    pair = connection.scalar(select(changes.c.pair).where(ours, changes.c.id == change_id))
    these = changes.c.id == change_id if pair is None else changes.c.pair == pair
    begun = changes.c.start_at < now
    values = {
        "end_at": case((begun, literal(now, UTCDateTime())), else_=changes.c.end_at),
        "withdrawn_at": case((begun, null()), else_=literal(now, UTCDateTime())),
    }
    taken = update(changes).where(ours, these).values(**values).returning(changes.c.id)
    return sorted(connection.scalars(taken))
