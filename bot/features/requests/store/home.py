"""What the Home tab shows of requests: pages by key and counts of what is open, flat in the size of history."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select, tuple_

from bot.core.threads import Side, ThreadRef
from bot.db.base import UTCDateTime
from bot.features.requests.domain import State
from bot.features.requests.models import request_askers, request_history, request_threads, requests
from bot.features.requests.store.finding import still_open
from bot.features.requests.store.rows import from_row
from bot.features.requests.values import Listed, Place, Window

PAGE = 8
# Of what waits unclaimed so many are looked at, the oldest first, for those that are overdue.
MOST_WAITING = 300
# So many that wait for one person's answer are looked at.
MOST_ANSWERS = 50
# So many that somebody joined are shown.
MOST_FOLLOWED = 5
# Who had to do with a request lately, in lines of its history.
LINES = 8
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Clocks of replicas differ by less.
_AHEAD = timedelta(days=1)
_BY_ID = (requests.c.id,)
_BY_END = (requests.c.closed_at, requests.c.id)
_BY_URGENCY = (requests.c.priority_rank, requests.c.created_at, requests.c.id)


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What is open in a team's queue."""

    open: int
    unclaimed: int
    waiting: int


def asked(connection: Connection, user_id: str, place: Place, now: datetime) -> Window:
    """What this person asked for: open (newest first), or with `done` closed (closed last first)."""
    if place.kind == "done":
        # A bound, so that an index leads to it: what is open has no such time.
        condition = (requests.c.requester == user_id) & (requests.c.closed_at <= now + _AHEAD)
        return _window(connection, _rows("asker").where(condition), _BY_END, place, newest_first=True)
    query = _rows("asker").where(requests.c.requester == user_id, requests.c.closed_at.is_(None))
    return _window(connection, query, _BY_ID, place, newest_first=True)


def followed(connection: Connection, user_id: str) -> list[Listed]:
    """Open requests of others that this person joined, the latest first; one more than MOST_FOLLOWED at most."""
    columns = (requests, request_askers.c.channel, request_askers.c.thread_ts)
    query = (
        select(*columns)
        .join(request_askers, request_askers.c.request_id == requests.c.id)
        .where(request_askers.c.user_id == user_id, requests.c.closed_at.is_(None))
        .order_by(request_askers.c.joined_at.desc(), requests.c.id.desc())
        .limit(MOST_FOLLOWED + 1)
    )
    return _listed(connection, query)


def waiting_on(connection: Connection, user_id: str) -> list[Listed]:
    """What waits for this person's answer, the longest first; at most MOST_ANSWERS."""
    query = (
        _rows("asker")
        .where(requests.c.requester == user_id, requests.c.closed_at.is_(None))
        .where(requests.c.state == State.WAITING.value)
        .order_by(requests.c.updated_at, requests.c.id)
        .limit(MOST_ANSWERS)
    )
    return _listed(connection, query)


def held(connection: Connection, user_id: str, place: Place) -> Window:
    """What is with this person, in the queue's order."""
    query = _rows("card").where(requests.c.assignee == user_id, requests.c.closed_at.is_(None))
    return _window(connection, query, _BY_URGENCY, place, newest_first=False)


def count_asked(connection: Connection, user_id: str) -> int:
    """How many open requests this person asked for."""
    return _count(connection, requests.c.requester == user_id)


def has_finished(connection: Connection, user_id: str, now: datetime) -> bool:
    """Whether anything that this person asked for is over."""
    ended = (requests.c.requester == user_id) & (requests.c.closed_at <= now + _AHEAD)
    return connection.execute(select(requests.c.id).where(ended).limit(1)).first() is not None


def count_held(connection: Connection, user_id: str) -> int:
    """How many open requests are with this person."""
    return _count(connection, requests.c.assignee == user_id)


def counts_of(connection: Connection, team_ids: Collection[int]) -> Mapping[int, Counts]:
    """What is open in each of these teams; a team with nothing open is missing."""
    new = requests.c.state == State.NEW.value
    waiting = requests.c.state == State.WAITING.value
    query = (
        select(requests.c.team_id, func.count(), func.count().filter(new), func.count().filter(waiting))
        .where(_open_of(team_ids))
        .group_by(requests.c.team_id)
    )
    return {
        row[0]: Counts(open=row[1], unclaimed=row[2], waiting=row[3]) for row in connection.execute(query)
    }


def unclaimed(connection: Connection, team_ids: Collection[int]) -> list[Listed]:
    """What nobody has taken in these teams, the oldest first, each with its card; at most MOST_WAITING."""
    query = (
        _rows("card")
        .where(_open_of(team_ids), requests.c.state == State.NEW.value)
        .order_by(requests.c.created_at, requests.c.id)
        .limit(MOST_WAITING)
    )
    return _listed(connection, query)


def _open_of(team_ids: Collection[int]) -> ColumnElement[bool]:
    """What is open in these teams."""
    return requests.c.team_id.in_(team_ids) & still_open()


def concerned(connection: Connection, request_id: int) -> set[str]:
    """Who had to do with the request lately: whoever moved it, had it, or was given it."""
    query = (
        select(request_history.c.actor, request_history.c.facts)
        .where(request_history.c.request_id == request_id)
        .order_by(request_history.c.id.desc())
        .limit(LINES)
    )
    people: set[str] = set()
    for actor, facts in connection.execute(query):
        named = (actor, facts.get("to"), facts.get("from"))
        people.update(one for one in named if isinstance(one, str))
    return people


def _rows(side: Side) -> Select[Any]:
    thread = and_(request_threads.c.request_id == requests.c.id, request_threads.c.side == side)
    columns = (requests, request_threads.c.channel, request_threads.c.thread_ts)
    return select(*columns).outerjoin(request_threads, thread)


def _listed(connection: Connection, query: Select[Any]) -> list[Listed]:
    return [
        Listed(
            request=from_row(row),
            thread=ThreadRef(channel=row["channel"], thread_ts=row["thread_ts"]) if row["channel"] else None,
        )
        for row in connection.execute(query).mappings()
    ]


def _count(connection: Connection, condition: Any) -> int:
    query = select(func.count()).select_from(requests).where(condition, requests.c.closed_at.is_(None))
    return connection.execute(query).scalar_one()


def _window(
    connection: Connection, query: Select[Any], key: Sequence[Any], place: Place, *, newest_first: bool
) -> Window:
    """The page at this place. Where nothing is left there, or it is the first one by now, the first page."""
    back = place.way == "before"
    falling = newest_first is not back
    ordered = query.order_by(*(column.desc() if falling else column for column in key)).limit(PAGE + 1)
    anchor = _anchor(place, key)
    if anchor is not None:
        # One column compared as a row of one is no SQL.
        there = key[0] if len(key) == 1 else tuple_(*key)
        value = anchor[0] if len(key) == 1 else anchor
        ordered = ordered.where(there < value if falling else there > value)
    found = _listed(connection, ordered)
    more, found = len(found) > PAGE, found[:PAGE]
    if anchor is not None and (not found or (back and not more)):
        return _window(connection, query, key, place.first, newest_first=newest_first)
    if back:
        found.reverse()
    newer = _place(place, "before", found[0], key) if anchor is not None else None
    older = _place(place, "after", found[-1], key) if found and (more or back) else None
    return Window(rows=tuple(found), newer=newer, older=older)


def _anchor(place: Place, key: Sequence[Any]) -> tuple[Any, ...] | None:
    """The values that the place begins beside; None for the first page, or a place of another list."""
    if len(place.key) != len(key):
        return None
    return tuple(_value(column, number) for column, number in zip(key, place.key, strict=True))


def _value(column: Any, number: int) -> Any:
    if isinstance(column.type, UTCDateTime):
        return _EPOCH + timedelta(microseconds=number)
    # No column of ranks holds what a button that somebody made up may say.
    return min(number, 9) if column is requests.c.priority_rank else number


def _place(place: Place, way: str, beside: Listed, key: Sequence[Any]) -> Place:
    values = {
        "id": beside.request.id,
        "priority_rank": beside.request.priority.rank,
        "created_at": _micros(beside.request.created_at),
        "closed_at": _micros(beside.request.closed_at or _EPOCH),
    }
    return Place(kind=place.kind, way=way, key=tuple(values[column.name] for column in key))


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)
