"""Statements over the row that all replicas share."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, or_, select, update

from bot.absence.models import heard
from bot.outbox.models import outbox
from bot.outbox.unit_of_work import upsert

_THE_ROW = heard.c.id == 1


def last_heard(connection: Connection, now: datetime) -> datetime | None:
    """Until when somebody heard; None the first time. Nobody else changes it until we commit."""
    made = upsert(connection, heard).values(id=1, at=now).on_conflict_do_nothing(index_elements=["id"])
    if connection.execute(made).rowcount == 1:
        return None
    return connection.scalar(select(heard.c.at).where(_THE_ROW).with_for_update())


def hear(connection: Connection, now: datetime) -> None:
    """Somebody hears now. A clock that is behind another's puts nothing back."""
    connection.execute(update(heard).where(_THE_ROW, heard.c.at < now).values(at=now))


@dataclass(frozen=True, kw_only=True)
class Turn:
    """The right to push the scheduled message on; `post_id` is the one that waits now."""

    post_id: str | None


def take_turn(connection: Connection, now: datetime, every: timedelta) -> Turn | None:
    """A turn, where nobody has taken one for so long; None for everybody else."""
    due = or_(heard.c.pushed_at.is_(None), heard.c.pushed_at <= now - every, heard.c.pushed_at > now)
    taken = update(heard).where(_THE_ROW, due).values(pushed_at=now).returning(heard.c.post_id)
    row = connection.execute(taken).first()
    return None if row is None else Turn(post_id=row[0])


def pushed(connection: Connection, post_id: str) -> None:
    """This message waits from now on."""
    connection.execute(update(heard).where(_THE_ROW).values(post_id=post_id))


def give_turn_back(connection: Connection) -> None:
    """Whoever looks next pushes it on."""
    connection.execute(update(heard).where(_THE_ROW).values(pushed_at=None))


@dataclass(frozen=True, kw_only=True)
class Read:
    """What came of reading one channel; `result` is None while it is not done."""

    channel: str
    result: str | None
    ref: Mapping[str, Any]


def read_in(connection: Connection, lane: str, kind: str) -> list[Read]:
    """What came of reading in this absence's lane."""
    query = (
        select(outbox.c.payload, outbox.c.result, outbox.c.ref)
        .where(outbox.c.lane == lane, outbox.c.kind == kind)
        .order_by(outbox.c.id)
    )
    return [
        Read(channel=row.payload["channel"], result=row.result, ref=row.ref or {})
        for row in connection.execute(query)
    ]
