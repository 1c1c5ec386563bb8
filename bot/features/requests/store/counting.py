"""Figures over a team's requests of some weeks, counted where they lie: no row of the history leaves the database.

Every statement reads one range of `ix_requests_team_created_at`, or what is open by `ix_requests_open`.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, exists, extract, func, select

from bot.core.categories import AVOIDABLE
from bot.core.figures import QUARTER, Arrivals, Avoidable, Counts, Figures, Kept
from bot.core.leavers import ERASED
from bot.features.requests.domain import CATEGORISED, CLOSED, Move, State
from bot.features.requests.models import request_history, requests
from bot.features.requests.rights import Acting
from bot.features.requests.store.finding import still_open, visible_to

WEEKS = timedelta(weeks=4)
# So many names of each kind are told; a team has fewer.
MOST = 20
# Of what was closed in a month, so much is looked at for what would have made it needless.
MOST_AVOIDABLE = 500
# A request that was closed in a month rarely came earlier than so long before it.
LONGEST_OPEN = timedelta(days=60)

_STATES = (State.RESOLVED, State.DECLINED, State.DUPLICATE)


def figures(
    connection: Connection,
    acting: Acting | None,
    team_ids: Sequence[int],
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Figures:
    """The figures of these teams over what this person may read (None: over all).

    Counted is what came in from `since` (else 4 weeks ago) to before `until` (else now), as it stands now.
    """
    ours = requests.c.team_id.in_(team_ids)
    if acting is not None:
        ours &= visible_to(acting)
    recent = ours & (requests.c.created_at >= (since or now - WEEKS))
    if until is not None:
        recent &= requests.c.created_at < until
    held = requests.c.assignee.is_not(None)
    resolved = recent & (requests.c.state == State.RESOLVED.value)
    claim = _lengths(connection, recent, requests.c.claimed_at)
    resolve = _lengths(connection, resolved, requests.c.closed_at)
    counted = partial(_counted, connection)
    return Figures(
        **_totals(connection, recent),
        **_open(connection, ours),
        median_claim=claim[0],
        claim_most=claim[1],
        median_resolve=resolve[0],
        resolve_most=resolve[1],
        promises=_promises(connection, recent, now),
        by_source=counted(recent, requests.c.source),
        by_type=counted(recent, requests.c.type),
        by_component=counted(recent, requests.c.component),
        by_category=counted(recent & _in(CATEGORISED), requests.c.category),
        by_assignee=counted(resolved & held, requests.c.assignee),
        holding=counted(ours & held & still_open(), requests.c.assignee),
        arrivals=_arrivals(connection, recent),
    )


def _in(states: Collection[State]) -> ColumnElement[bool]:
    return requests.c.state.in_(sorted(state.value for state in states))


def _totals(connection: Connection, recent: ColumnElement[bool]) -> dict[str, int]:
    again = exists().where(
        request_history.c.request_id == requests.c.id, request_history.c.move == Move.REOPEN.value
    )
    query = select(
        func.count(),
        *(func.count().filter(requests.c.state == state.value) for state in _STATES),
        func.count().filter(_in(CLOSED) | again),
        func.count().filter(again),
    )
    names = ("filed", "resolved", "declined", "duplicates", "closed", "reopened")
    found = connection.execute(query.select_from(requests).where(recent)).one()
    return dict(zip(names, found, strict=True))


def _open(connection: Connection, ours: ColumnElement[bool]) -> dict[str, int]:
    query = select(func.count(), func.count().filter(requests.c.assignee.is_(None)))
    found = connection.execute(query.select_from(requests).where(ours, still_open())).one()
    return dict(zip(("open", "unclaimed"), found, strict=True))


def _counted(connection: Connection, condition: ColumnElement[bool], by: Any) -> Counts:
    count = func.count().label("n")
    name = func.coalesce(by, "")
    query = select(name, count).select_from(requests).where(condition).group_by(name)
    found = connection.execute(query.order_by(count.desc(), name).limit(MOST))
    return tuple((row[0], row[1]) for row in found)


def _seconds(instant: Any) -> ColumnElement[int]:
    # Whole seconds on SQLite, with a fraction on Postgres.
    return extract("epoch", instant)


Took = tuple[timedelta | None, timedelta | None]


def _lengths(connection: Connection, condition: ColumnElement[bool], end: Any) -> Took:
    """How long it took half of them to get there, and nine of ten; None where none has."""
    length = _seconds(end) - _seconds(requests.c.created_at)
    ranked = (
        select(
            length.label("length"),
            func.row_number().over(order_by=length).label("place"),
            func.count().over().label("total"),
        )
        .where(condition, end.is_not(None))
        .subquery()
    )
    place, total = ranked.c.place, ranked.c.total
    middle = place.in_([(total + 1) // 2, (total + 2) // 2])
    query = select(
        func.avg(case((middle, ranked.c.length))),
        func.min(case((place * 10 >= total * 9, ranked.c.length))),
    )
    half, most = connection.execute(query).one()
    return _length(half), _length(most)


def _length(seconds: Any) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=max(float(seconds), 0.0))


def _promises(connection: Connection, recent: ColumnElement[bool], now: datetime) -> dict[str, Kept]:
    """Of each priority: taken in time, of those that were taken or have waited too long.

    What was closed without a claim was taken then. What a person has put off is nobody's broken promise.
    """
    taken, promised = func.coalesce(requests.c.claimed_at, requests.c.closed_at), requests.c.promised_at
    kept = func.count().filter(taken <= promised)
    waits = taken.is_(None) & (requests.c.state == State.NEW.value)
    broken = func.count().filter((taken > promised) | (waits & (promised < now)))
    query = select(requests.c.priority, kept, broken).where(recent, promised.is_not(None))
    found = connection.execute(query.group_by(requests.c.priority))
    return {row[0]: Kept(kept=row[1], total=row[1] + row[2]) for row in found if row[1] + row[2]}


def _arrivals(connection: Connection, recent: ColumnElement[bool]) -> tuple[Arrivals, ...]:
    """How many came in each quarter of an hour: what hour that was, the zone's rules say, and no database does."""
    seconds = _seconds(requests.c.created_at)
    quarter = (seconds - seconds % int(QUARTER.total_seconds())).label("quarter")
    query = select(requests.c.team_id, quarter, func.count()).where(recent)
    found = connection.execute(query.group_by(requests.c.team_id, quarter).order_by(quarter))
    return tuple(
        Arrivals(team_id=row[0], at=datetime.fromtimestamp(int(row[1]), UTC), count=row[2]) for row in found
    )


def avoidable(connection: Connection, team_id: int, since: datetime, until: datetime) -> list[Avoidable]:
    """What was closed in this time as something that a page or a tool would have answered, the newest first."""
    query = (
        select(requests.c.number, requests.c.component, requests.c.summary)
        .where(
            requests.c.team_id == team_id,
            requests.c.created_at >= since - LONGEST_OPEN,
            requests.c.created_at < until,
            requests.c.closed_at >= since,
            requests.c.closed_at < until,
            requests.c.category.in_(sorted(category.value for category in AVOIDABLE)),
            # Of what was erased nobody can tell which page would have helped.
            requests.c.summary != ERASED,
        )
        .order_by(requests.c.created_at.desc())
        .limit(MOST_AVOIDABLE)
    )
    return [
        Avoidable(number=row.number, component=row.component or "", words=row.summary)
        for row in connection.execute(query)
    ]
