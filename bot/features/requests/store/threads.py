"""The two threads of a request, and what other slices may know of it."""

from datetime import datetime

from sqlalchemy import Connection, select

from bot.core.threads import RequestFacts, RequestThread, Side, ThreadRef
from bot.features.requests.models import request_threads, requests
from bot.features.requests.store.rows import by_id
from bot.outbox.unit_of_work import upsert


def add_thread(connection: Connection, request_id: int, side: Side, ref: ThreadRef) -> None:
    """Joins a thread to a request. A thread that has one already keeps it."""
    row = {"channel": ref.channel, "thread_ts": ref.thread_ts, "request_id": request_id, "side": side}
    connection.execute(upsert(connection, request_threads).values(**row).on_conflict_do_nothing())


def thread_of(connection: Connection, request_id: int, side: Side) -> ThreadRef | None:
    """Where the card stands, or where the requester is talked to."""
    query = select(request_threads.c.channel, request_threads.c.thread_ts).where(
        request_threads.c.request_id == request_id, request_threads.c.side == side
    )
    row = connection.execute(query).first()
    return ThreadRef(channel=row[0], thread_ts=row[1]) if row else None


def in_thread(connection: Connection, channel: str, thread_ts: str) -> tuple[int, Side] | None:
    """The request that this thread belongs to, and on which side."""
    query = select(request_threads.c.request_id, request_threads.c.side).where(
        request_threads.c.channel == channel, request_threads.c.thread_ts == thread_ts
    )
    row = connection.execute(query).first()
    return (row[0], row[1]) if row else None


def find_thread(connection: Connection, channel: str, thread_ts: str) -> RequestThread | None:
    """The request that a thread belongs to, with both its threads; None for any other thread."""
    found = in_thread(connection, channel, thread_ts)
    if found is None:
        return None
    request = by_id(connection, found[0])
    return RequestThread(
        request_id=request.id,
        number=request.number,
        team_id=request.team_id,
        side=found[1],
        requester=request.requester,
        filed_by=request.filed_by,
        private=request.origin.private,
        card=thread_of(connection, request.id, "card"),
        asker=thread_of(connection, request.id, "asker"),
    )


def threads_lately(connection: Connection, since: datetime, limit: int) -> list[ThreadRef]:
    """The threads of requests that something has happened to since then, newest first."""
    query = (
        select(request_threads.c.channel, request_threads.c.thread_ts)
        .join(requests, requests.c.id == request_threads.c.request_id)
        .where(requests.c.updated_at >= since)
        .order_by(requests.c.updated_at.desc(), requests.c.id.desc())
        .limit(limit)
    )
    return [ThreadRef(channel=row[0], thread_ts=row[1]) for row in connection.execute(query)]


def facts(connection: Connection, request_id: int) -> RequestFacts:
    """What other slices may know of a request. Raises UserError when there is none."""
    request = by_id(connection, request_id)
    return RequestFacts(
        request_id=request.id,
        number=request.number,
        team_id=request.team_id,
        summary=request.summary,
        details=request.details,
        type_label=request.type.label,
        asking_as_label=request.asking_as.label,
        priority_label=request.priority.label,
        component=request.component,
        requester=request.requester,
        filed_by=request.filed_by,
        assignee=request.assignee,
        is_open=request.state.is_open,
        private=request.origin.private,
        created_at=request.created_at,
        card=thread_of(connection, request.id, "card"),
        asker=thread_of(connection, request.id, "asker"),
    )
