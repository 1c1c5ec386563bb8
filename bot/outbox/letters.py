"""Dead letters in people's hands: what was given up is listed, tried again or dropped, while bots run.

Every change is fenced by the state that it starts from: whoever comes second changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, func, or_, select, update

from bot.outbox.delivery import Delivery, Entry, Revived
from bot.outbox.models import outbox
from bot.outbox.unit_of_work import UnitOfWork

GIVEN_UP = ("dead", "doubtful")
STATES = (*GIVEN_UP, "waiting")
OVERTAKEN = "overtaken before it was tried again"
ANEW = "asked for anew"


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One entry for people. `state`: dead, doubtful or waiting; `since`: when it was given up, or asked for."""

    id: int
    kind: str
    state: str
    since: datetime
    payload: Mapping[str, Any]
    reason: str


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What became of those that were named. `unchanged`: they are no dead letters, or not any more.

    `unserved`: nobody sends their kind, so that they would wait for ever.
    """

    changed: int = 0
    overtaken: int = 0
    unchanged: int = 0
    unserved: int = 0


def listed(connection: Connection, states: Sequence[str], kind: str | None, limit: int) -> list[Letter]:
    """Those in one of these states (see STATES), newest first."""
    wanted = [_is(state) for state in states]
    since = func.coalesce(outbox.c.closed_at, outbox.c.created_at)
    query = select(outbox).where(or_(*wanted)).order_by(since.desc(), outbox.c.id.desc()).limit(limit)
    if kind is not None:
        query = query.where(outbox.c.kind == kind)
    return [_letter(row) for row in connection.execute(query).mappings()]


def count(connection: Connection, states: Sequence[str]) -> dict[str, int]:
    """How many there are in each of these states."""
    return {
        state: connection.scalar(select(func.count()).select_from(outbox).where(_is(state))) or 0
        for state in states
    }


def _is(state: str) -> ColumnElement[bool]:
    return outbox.c.closed_at.is_(None) if state == "waiting" else outbox.c.result == state


def _letter(row: RowMapping) -> Letter:
    return Letter(
        id=row["id"],
        kind=row["kind"],
        state=row["result"] or "waiting",
        since=row["closed_at"] or row["created_at"],
        payload=row["payload"],
        reason=row["error"] or "",
    )


def unknown(connection: Connection, ids: Sequence[int]) -> list[int]:
    """Those of these ids that no entry has, or has any more."""
    there = set(connection.scalars(select(outbox.c.id).where(outbox.c.id.in_(ids))))
    return [one for one in dict.fromkeys(ids) if one not in there]


def given_up(connection: Connection, kind: str | None, after: int, limit: int) -> list[int]:
    """Ids of dead letters above `after`, in their order."""
    query = select(outbox.c.id).where(outbox.c.result.in_(GIVEN_UP), outbox.c.id > after)
    if kind is not None:
        query = query.where(outbox.c.kind == kind)
    return list(connection.scalars(query.order_by(outbox.c.id).limit(limit)))


def retry(uow: UnitOfWork, ids: Sequence[int], deliveries: Mapping[str, Delivery]) -> Counts:
    """Gives dead letters back to the relay, with their failures forgotten.

    What may have arrived keeps the time of its sending, so that it is looked for before anything is sent. What was
    done another way meanwhile is closed as overtaken.
    """
    changed = overtaken = unserved = 0
    for entry, merge_key in _locked(uow.connection, ids):
        if entry.kind not in deliveries:
            unserved += 1
            continue
        revived = _revived(uow, entry, merge_key, deliveries[entry.kind])
        closed = {"result": "stale", "error": OVERTAKEN if revived == "overtaken" else ANEW}
        if _change(uow.connection, entry.id, _fresh(uow.now) if revived == "again" else closed):
            changed += revived != "overtaken"
            overtaken += revived == "overtaken"
    uow.enqueued += changed
    rest = len(set(ids)) - changed - overtaken - unserved
    return Counts(changed=changed, overtaken=overtaken, unchanged=rest, unserved=unserved)


def _revived(uow: UnitOfWork, entry: Entry, merge_key: str | None, delivery: Delivery) -> Revived:
    if merge_key and _is_wished_anew(uow.connection, entry, merge_key):
        return "overtaken"
    return delivery.revive(uow, entry) if delivery.revive else "again"


def drop(uow: UnitOfWork, ids: Sequence[int], by: str) -> Counts:
    """Dead letters that nobody wants any more; the reason keeps who said so."""
    changed = sum(
        _change(uow.connection, entry.id, {"result": "dropped", "error": f"{entry.error} (dropped by {by})"})
        for entry, _ in _locked(uow.connection, ids)
    )
    return Counts(changed=changed, unchanged=len(set(ids)) - changed)


def _locked(connection: Connection, ids: Sequence[int]) -> list[tuple[Entry, str | None]]:
    query = select(outbox).where(outbox.c.id.in_(ids), outbox.c.result.in_(GIVEN_UP))
    rows = connection.execute(query.order_by(outbox.c.id).with_for_update()).mappings().all()
    names = Entry.__dataclass_fields__
    return [(Entry(**{name: row[name] for name in names}), row["merge_key"]) for row in rows]


def _is_wished_anew(connection: Connection, entry: Entry, merge_key: str) -> bool:
    newer = select(outbox.c.id).where(
        outbox.c.merge_key == merge_key, outbox.c.closed_at.is_(None), outbox.c.id != entry.id
    )
    return connection.scalar(newer.limit(1)) is not None


def _fresh(now: datetime) -> dict[str, Any]:
    # `attempts` goes on counting: with `owner` it is the fence against a relay that woke up late. `claimed_at` stays,
    # so that it does not stand in the way of a wish to come under the same name.
    return {
        "closed_at": None,
        "result": None,
        "error": None,
        "failures": 0,
        "looks": 0,
        "looking_since": None,
        "lease_until": None,
        "run_at": now,
    }


def _change(connection: Connection, entry_id: int, values: Mapping[str, Any]) -> bool:
    fenced = update(outbox).where(outbox.c.id == entry_id, outbox.c.result.in_(GIVEN_UP))
    return connection.execute(fenced.values(**values)).rowcount == 1


def waits(connection: Connection, kind: str, lane: str, but: int) -> bool:
    """Whether another entry of this kind is open in this lane."""
    others = select(outbox.c.id).where(
        outbox.c.kind == kind, outbox.c.lane == lane, outbox.c.closed_at.is_(None), outbox.c.id != but
    )
    return connection.scalar(others.limit(1)) is not None
