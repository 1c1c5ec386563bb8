"""Statements over the outbox: claim, mark, close. Each is fenced by owner and attempt."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select, update

from bot.outbox.delivery import Entry, Ref
from bot.outbox.models import inbox, outbox
from bot.outbox.retry import Again


def claim(
    connection: Connection, *, owner: str, now: datetime, lease: timedelta, limit: int, kinds: Sequence[str]
) -> list[Entry]:
    """Takes up to `limit` due entries whose predecessors are closed, oldest first."""
    before = outbox.alias("before")
    blocked = select(before.c.id).where(before.c.id == outbox.c.depends_on, before.c.closed_at.is_(None))
    pick = (
        select(outbox.c.id)
        .where(
            outbox.c.closed_at.is_(None),
            outbox.c.run_at <= now,
            or_(outbox.c.lease_until.is_(None), outbox.c.lease_until < now),
            outbox.c.kind.in_(kinds),
            ~blocked.exists(),
        )
        .order_by(outbox.c.run_at, outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("pick")
    )
    taken = (
        update(outbox)
        .where(outbox.c.id.in_(select(pick.c.id)))
        .values(
            owner=owner,
            attempts=outbox.c.attempts + 1,
            lease_until=now + lease,
            claimed_at=func.coalesce(outbox.c.claimed_at, now),
        )
        .returning(outbox)
    )
    rows = connection.execute(taken).mappings().all()
    return sorted((_entry(row) for row in rows), key=lambda entry: (entry.run_at, entry.id))


def _entry(row: Any) -> Entry:
    return Entry(**{name: row[name] for name in Entry.__dataclass_fields__})


def _ours(entry: Entry) -> ColumnElement[bool]:
    return and_(
        outbox.c.id == entry.id,
        outbox.c.owner == entry.owner,
        outbox.c.attempts == entry.attempts,
        outbox.c.closed_at.is_(None),
    )


def mark_sent(connection: Connection, entry: Entry, *, now: datetime, lease: timedelta) -> bool:
    """Writes down that the call is about to leave. False: the lease was lost, do not send."""
    sent = update(outbox).where(_ours(entry)).values(sent_at=now, looking_since=None, lease_until=now + lease)
    return connection.execute(sent).rowcount == 1


def close(
    connection: Connection,
    entry: Entry,
    *,
    now: datetime,
    result: str,
    ref: Ref | None,
    error: str | None,
    unsent: bool = False,
) -> bool:
    """Ends the entry. False: somebody else has it by now. `unsent`: nothing of it can be outside."""
    values: dict[str, Any] = {
        "closed_at": now,
        "result": result,
        "ref": dict(ref) if ref else None,
        "error": error,
        "lease_until": None,
    }
    if unsent:
        values["sent_at"] = None
    return connection.execute(update(outbox).where(_ours(entry)).values(**values)).rowcount == 1


def put_back(
    connection: Connection,
    entry: Entry,
    *,
    now: datetime,
    again: Again,
    error: str,
    looking_since: datetime | None = None,
) -> bool:
    """Gives the entry back for a later attempt. `looking_since`: looking for what was sent has got no answer."""
    values: dict[str, Any] = {
        "run_at": now + timedelta(seconds=again.after),
        "failures": again.failures,
        "looks": again.looks,
        "looking_since": looking_since,
        "lease_until": None,
        "error": error,
    }
    if again.unsent:
        values["sent_at"] = None
    return connection.execute(update(outbox).where(_ours(entry)).values(**values)).rowcount == 1


def bring_forward(connection: Connection, *, error_prefix: str, now: datetime) -> int:
    """Parked entries whose reason begins like this are tried again at once."""
    sooner = (
        update(outbox)
        .where(outbox.c.closed_at.is_(None), outbox.c.error.startswith(error_prefix, autoescape=True))
        .values(run_at=now)
    )
    return connection.execute(sooner).rowcount


def ref_of(connection: Connection, dedup: str) -> Ref | None:
    """What the entry of this name left outside; None while it is not done."""
    return connection.scalar(select(outbox.c.ref).where(outbox.c.dedup == dedup))


def was_given_up(connection: Connection, dedup: str) -> bool:
    """Whether the entry of this name is a dead letter."""
    result = connection.scalar(select(outbox.c.result).where(outbox.c.dedup == dedup))
    return result in ("refused", "dead", "doubtful")


def backlog(connection: Connection, now: datetime) -> tuple[int, float]:
    """How many entries are open, and the age in seconds of the oldest one that is due."""
    row = connection.execute(
        select(func.count(), func.min(outbox.c.run_at)).where(outbox.c.closed_at.is_(None))
    ).one()
    oldest: datetime | None = row[1]
    return row[0], max((now - oldest).total_seconds(), 0.0) if oldest else 0.0


def ends(
    connection: Connection, start: datetime, end: datetime, kinds: Sequence[str] = ()
) -> dict[tuple[str, str], int]:
    """How many entries came to an end from `start` on and before `end`, by kind and result; of these kinds or all."""
    query = select(outbox.c.kind, outbox.c.result, func.count()).where(
        outbox.c.closed_at >= start, outbox.c.closed_at < end
    )
    if kinds:
        query = query.where(outbox.c.kind.in_(kinds))
    rows = connection.execute(query.group_by(outbox.c.kind, outbox.c.result))
    return {(kind, result): count for kind, result, count in rows}


def recent(connection: Connection, limit: int) -> list[Mapping[str, Any]]:
    """The newest entries as they lie in the table: what is open first, then what was closed last."""
    newest = select(outbox).where(outbox.c.closed_at.is_(None)).order_by(outbox.c.id.desc()).limit(limit)
    waiting = connection.execute(newest).mappings().all()
    last = (
        select(outbox)
        .where(outbox.c.closed_at.is_not(None))
        .order_by(outbox.c.closed_at.desc(), outbox.c.id.desc())
    )
    closed = connection.execute(last.limit(limit - len(waiting))).mappings().all()
    return [dict(row) for row in (*waiting, *closed)]


def purge(connection: Connection, now: datetime) -> None:
    """Forgets input keys after 7 days, done work after 14 and dead letters after 90."""
    connection.execute(delete(inbox).where(inbox.c.at < now - timedelta(days=7)))
    done = outbox.c.result.in_(("done", "stale"))
    connection.execute(delete(outbox).where(done, outbox.c.closed_at < now - timedelta(days=14)))
    connection.execute(delete(outbox).where(outbox.c.closed_at < now - timedelta(days=90)))


def given_up(connection: Connection) -> Mapping[str, int]:
    """How many entries were given up as far back as they are kept, by result: `dead` or `doubtful`."""
    found = select(outbox.c.result, func.count()).where(outbox.c.result.in_(("dead", "doubtful")))
    rows = connection.execute(found.group_by(outbox.c.result)).all()
    return {row[0]: row[1] for row in rows}


def kept_with(connection: Connection, key: str) -> Any:
    """What was kept with an input of this name (see `UnitOfWork.first_time`); None where nothing was."""
    return connection.scalar(select(inbox.c.answer).where(inbox.c.key == key))


def was_seen(connection: Connection, key: str) -> bool:
    """Whether an input of this name came before (see `UnitOfWork.first_time`)."""
    return connection.scalar(select(inbox.c.key).where(inbox.c.key == key)) is not None
