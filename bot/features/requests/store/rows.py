"""Requests as rows: numbering, adding, loading, locking, saving."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, insert, select, update

from bot.core.categories import Category
from bot.core.errors import UserError
from bot.features.requests.domain import Door, Origin, Request, State
from bot.features.requests.models import request_numbers, requests
from bot.outbox.unit_of_work import upsert
from bot.teams.domain import Priority, RequestType, Source

GONE = "That request does not exist, or you cannot see it. Check the number."


@dataclass(frozen=True, kw_only=True)
class Added:
    """A request that has no id yet. `filed_key` and `line` recognise the same call and the same words again."""

    request: Request
    filed_key: str | None
    line: str | None


def take_numbers(connection: Connection, workspace_id: str, count: int) -> int:
    """The first of the next `count` numbers; the row stays locked until the transaction ends."""
    taken = upsert(connection, request_numbers).values(workspace_id=workspace_id, last=count)
    taken = taken.on_conflict_do_update(
        index_elements=["workspace_id"], set_={"last": request_numbers.c.last + count}
    ).returning(request_numbers.c.last)
    return connection.execute(taken).scalar_one() - count + 1


def give_back_numbers(connection: Connection, workspace_id: str, count: int) -> None:
    """Undoes `take_numbers` for the last `count`, in its transaction: no number is missing later."""
    back = update(request_numbers).where(request_numbers.c.workspace_id == workspace_id)
    connection.execute(back.values(last=request_numbers.c.last - count))


def add_all(connection: Connection, added: Sequence[Added]) -> list[Request]:
    """Stores new requests and returns them with their ids, in the same order."""
    if not added:
        return []
    rows = [_row(each.request, each.filed_key, each.line) for each in added]
    insert_all = insert(requests).returning(requests.c.number, requests.c.id)
    ids = {row.number: row.id for row in connection.execute(insert_all, rows)}
    return [replace(each.request, id=ids[each.request.number]) for each in added]


def _row(request: Request, filed_key: str | None, line: str | None) -> dict[str, Any]:
    return {
        **_changeable(request),
        "workspace_id": request.workspace_id,
        "number": request.number,
        "team_id": request.team_id,
        "type": request.type.value,
        "urgency": request.urgency.value,
        "component": request.component,
        "source": request.source.value,
        "asking_as": request.asking_as.value,
        "requester": request.requester,
        "filed_by": request.filed_by,
        "door": request.origin.door.value,
        "origin_channel": request.origin.channel,
        "origin_ts": request.origin.ts,
        "origin_thread_ts": request.origin.thread_ts,
        "private": request.origin.private,
        "filed_key": filed_key,
        "line": line,
        "on_duty": request.on_duty,
        "created_at": request.created_at,
    }


def by_id(connection: Connection, request_id: int) -> Request:
    """The request, for reading. Raises UserError when there is none."""
    return _one(connection, requests.c.id == request_id, lock=False)


def lock(connection: Connection, request_id: int) -> Request:
    """The request, ours alone until the transaction ends. Raises UserError when there is none."""
    return _one(connection, requests.c.id == request_id, lock=True)


def lock_both(connection: Connection, one: int, other: int) -> tuple[Request, Request]:
    """Both requests, ours alone until the transaction ends, locked in an order that cannot cross itself."""
    found = {request_id: lock(connection, request_id) for request_id in sorted({one, other})}
    return found[one], found[other]


def by_number(connection: Connection, workspace_id: str, number: int) -> Request:
    """The request with this `#`, for reading. Raises UserError when there is none."""
    return _one(
        connection, and_(requests.c.workspace_id == workspace_id, requests.c.number == number), lock=False
    )


def _one(connection: Connection, condition: Any, *, lock: bool) -> Request:
    query = select(requests).where(condition)
    if lock:
        query = query.with_for_update()
    row = connection.execute(query).mappings().first()
    if row is None:
        raise UserError(GONE)
    return from_row(row)


def from_row(m: RowMapping) -> Request:
    """A row of `requests` as the value the domain works with."""
    return Request(
        id=m["id"],
        workspace_id=m["workspace_id"],
        number=m["number"],
        team_id=m["team_id"],
        summary=m["summary"],
        details=m["details"],
        type=RequestType(m["type"]),
        urgency=Priority(m["urgency"]),
        priority=Priority(m["priority"]),
        priority_rule=m["priority_rule"],
        component=m["component"],
        source=Source(m["source"]),
        asking_as=Source(m["asking_as"]),
        requester=m["requester"],
        filed_by=m["filed_by"],
        origin=Origin(
            door=Door(m["door"]),
            channel=m["origin_channel"],
            ts=m["origin_ts"],
            thread_ts=m["origin_thread_ts"],
            private=m["private"],
        ),
        state=State(m["state"]),
        assignee=m["assignee"],
        snooze_until=m["snooze_until"],
        duplicate_of=m["duplicate_of"],
        reason=m["reason"],
        on_duty=m["on_duty"],
        created_at=m["created_at"],
        updated_at=m["updated_at"],
        claimed_at=m["claimed_at"],
        closed_at=m["closed_at"],
        category=Category(m["category"]) if m["category"] else None,
        promised_at=m["promised_at"],
    )


def save(connection: Connection, request: Request) -> None:
    """Writes what a move can change."""
    connection.execute(update(requests).where(requests.c.id == request.id).values(**_changeable(request)))


def name_on_duty(connection: Connection, request_id: int, person: str) -> None:
    """Somebody else is on duty than was known when it was filed."""
    connection.execute(update(requests).where(requests.c.id == request_id).values(on_duty=person))


def name_on_duty_in_team(connection: Connection, team_id: int, person: str | None) -> list[int]:
    """The same for all that nobody has taken yet. Returns their ids, the most urgent first."""
    other = requests.c.on_duty.is_distinct_from(person)
    waiting = (requests.c.team_id == team_id) & requests.c.closed_at.is_(None)
    new = waiting & (requests.c.state == State.NEW.value) & other
    # Locked in the order in which everybody locks several, or two of us could wait for each other.
    locked = select(requests.c.id).where(new).order_by(requests.c.id).with_for_update().cte("locked")
    changed = update(requests).where(requests.c.id.in_(select(locked.c.id))).values(on_duty=person)
    rows = connection.execute(
        changed.returning(requests.c.id, requests.c.priority_rank, requests.c.created_at)
    )
    return [row.id for row in sorted(rows, key=lambda row: (row.priority_rank, row.created_at, row.id))]


def _changeable(request: Request) -> dict[str, Any]:
    return {
        "summary": request.summary,
        "details": request.details,
        "priority": request.priority.value,
        "priority_rank": request.priority.rank,
        "priority_rule": request.priority_rule,
        "state": request.state.value,
        "assignee": request.assignee,
        "snooze_until": request.snooze_until,
        "duplicate_of": request.duplicate_of,
        "reason": request.reason,
        "updated_at": request.updated_at,
        "claimed_at": request.claimed_at,
        "closed_at": request.closed_at,
        "category": request.category.value if request.category else None,
        "promised_at": request.promised_at,
    }
