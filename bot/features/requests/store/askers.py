"""Others who ask for the same as a request, and whom an old answer helped."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select, update

from bot.core.leavers import is_gone
from bot.core.threads import ThreadRef
from bot.features.requests.models import request_askers, request_helped, requests
from bot.outbox.unit_of_work import upsert


@dataclass(frozen=True, kw_only=True)
class Deflected:
    """How many joined an open request, and how many were helped by an old answer: none of them filed anything."""

    joined: int
    helped: int


def add_asker(connection: Connection, request_id: int, user_id: str, now: datetime) -> bool:
    """Whether this person is new among them."""
    row = {"request_id": request_id, "user_id": user_id, "joined_at": now}
    insert = upsert(connection, request_askers).values(**row).on_conflict_do_nothing()
    return connection.execute(insert.returning(request_askers.c.user_id)).first() is not None


def askers_of(connection: Connection, request_id: int) -> list[str]:
    """Who joined it and is still there, in their order; the requester is not among them."""
    query = select(request_askers.c.user_id).where(request_askers.c.request_id == request_id)
    joined = connection.scalars(query.order_by(request_askers.c.joined_at, request_askers.c.user_id))
    return [user_id for user_id in joined if not is_gone(user_id)]


def count_askers(connection: Connection, request_id: int) -> int:
    """How many joined it."""
    query = select(func.count()).select_from(request_askers)
    return connection.scalar(query.where(request_askers.c.request_id == request_id)) or 0


def asker_thread(connection: Connection, request_id: int, user_id: str) -> ThreadRef | None:
    """The message below which this person reads how it goes."""
    query = select(request_askers.c.channel, request_askers.c.thread_ts).where(_is(request_id, user_id))
    row = connection.execute(query).first()
    return ThreadRef(channel=row[0], thread_ts=row[1]) if row and row[0] and row[1] else None


def set_asker_thread(connection: Connection, request_id: int, user_id: str, ref: ThreadRef) -> None:
    """Writes down where they are told."""
    where = {"channel": ref.channel, "thread_ts": ref.thread_ts}
    connection.execute(update(request_askers).where(_is(request_id, user_id)).values(**where))


def _is(request_id: int, user_id: str) -> ColumnElement[bool]:
    return (request_askers.c.request_id == request_id) & (request_askers.c.user_id == user_id)


def add_helped(connection: Connection, request_id: int, user_id: str, now: datetime) -> None:
    """Somebody needed no request of their own; each person counts once for each answer."""
    row = {"request_id": request_id, "user_id": user_id, "at": now}
    connection.execute(upsert(connection, request_helped).values(**row).on_conflict_do_nothing())


def deflected(connection: Connection, team_ids: Collection[int], since: datetime) -> Deflected:
    """What did not become a request of these teams since then, because another one was there already."""
    counted: list[int] = []
    for table, at in ((request_askers, request_askers.c.joined_at), (request_helped, request_helped.c.at)):
        query = (
            select(func.count())
            .select_from(table.join(requests, requests.c.id == table.c.request_id))
            .where(at >= since, requests.c.team_id.in_(team_ids))
        )
        counted.append(connection.scalar(query) or 0)
    return Deflected(joined=counted[0], helped=counted[1])
