"""Which requests: twins of a new one, followers, sleepers, the next unclaimed one, what somebody may read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, false, func, or_, select

from bot.features.requests.domain import Origin, Request, State
from bot.features.requests.models import intake_offers, requests
from bot.features.requests.rights import Acting
from bot.features.requests.store.rows import from_row


@dataclass(frozen=True, kw_only=True)
class Twin:
    """A request that a new one may be the same as."""

    id: int
    number: int
    filed_by: str
    filed_key: str | None
    line: str | None
    origin_channel: str | None
    origin_ts: str | None
    team_id: int
    created_at: datetime


def twins(
    connection: Connection,
    workspace_id: str,
    since: datetime,
    *,
    keys: Collection[str],
    messages: Collection[Origin],
    lines: Collection[tuple[str, str]],
) -> list[Twin]:
    """What came by these keys or from these messages, and since then in these (person, line)."""
    same: list[ColumnElement[bool]] = [
        and_(requests.c.origin_channel == origin.channel, requests.c.origin_ts == origin.ts)
        for origin in messages
    ]
    if keys:
        same.append(requests.c.filed_key.in_(keys))
    if lines:
        people, texts = {person for person, _ in lines}, {text for _, text in lines}
        repeated = requests.c.filed_by.in_(people) & requests.c.line.in_(texts)
        same.append(repeated & (requests.c.created_at > since))
    if not same:
        return []
    query = select(
        requests.c.id, requests.c.number, requests.c.filed_by, requests.c.filed_key, requests.c.line,
        requests.c.origin_channel, requests.c.origin_ts, requests.c.team_id, requests.c.created_at,
    ).where(requests.c.workspace_id == workspace_id, or_(*same))  # fmt: skip
    return [Twin(**row) for row in connection.execute(query).mappings()]


def filed_since(connection: Connection, people: Collection[str], since: datetime) -> dict[str, int]:
    """How many requests each of these people filed since then; who filed none is missing."""
    query = (
        select(requests.c.filed_by, func.count())
        .where(requests.c.filed_by.in_(people), requests.c.created_at > since)
        .group_by(requests.c.filed_by)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def of_message(connection: Connection, workspace_id: str, channel: str, ts: str) -> Request | None:
    """The request that was made of this message."""
    query = select(requests).where(
        requests.c.workspace_id == workspace_id,
        requests.c.origin_channel == channel,
        requests.c.origin_ts == ts,
    )
    row = connection.execute(query).mappings().first()
    return from_row(row) if row else None


def made_of(
    connection: Connection, workspace_id: str, channel: str, stamps: Sequence[str]
) -> dict[str, datetime]:
    """Of which of these messages a request was made, and when."""
    query = select(requests.c.origin_ts, requests.c.created_at).where(
        requests.c.workspace_id == workspace_id,
        requests.c.origin_channel == channel,
        requests.c.origin_ts.in_(stamps),
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def duplicates_of(connection: Connection, request_id: int) -> list[int]:
    """Ids of the requests that follow this one's fate."""
    return list(connection.scalars(select(requests.c.id).where(requests.c.duplicate_of == request_id)))


def due_to_wake(connection: Connection, now: datetime, limit: int = 100) -> list[int]:
    """Ids of snoozed requests whose time has come."""
    query = select(requests.c.id).where(requests.c.snooze_until <= now).order_by(requests.c.snooze_until)
    return list(connection.scalars(query.limit(limit)))


def next_to_wake(connection: Connection, now: datetime) -> datetime | None:
    """When the next snoozed request comes back, also one that is due already; None when none is snoozed."""
    query = select(requests.c.snooze_until).where(requests.c.snooze_until.is_not(None))
    return connection.scalar(query.order_by(requests.c.snooze_until).limit(1))


def first_unclaimed(connection: Connection, team_ids: Sequence[int]) -> Request | None:
    """The first new request of these teams in the queue's order, ours alone; others' locked ones are passed."""
    query = (
        select(requests)
        .where(requests.c.team_id.in_(team_ids), requests.c.closed_at.is_(None))
        .where(requests.c.state == State.NEW.value)
        .order_by(requests.c.priority_rank, requests.c.created_at, requests.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = connection.execute(query).mappings().first()
    return from_row(row) if row else None


def still_open() -> ColumnElement[bool]:
    """Open requests. Every rank is meant: named, it leads SQLite, which may have no statistics, to what is open."""
    return requests.c.closed_at.is_(None) & (requests.c.priority_rank >= 0)


def visible_to(acting: Acting) -> ColumnElement[bool]:
    """The condition for what somebody may read, as `rights.may_see` says it of one request."""
    ours = requests.c.workspace_id == acting.workspace_id
    if acting.admin:
        return ours
    public = false() if acting.outside else requests.c.private.is_(False)
    return ours & or_(
        public,
        requests.c.team_id.in_(sorted(acting.works)),
        requests.c.requester == acting.user_id,
        requests.c.filed_by == acting.user_id,
    )


def purge_offers(connection: Connection, now: datetime) -> None:
    """Forgets texts that nobody filed for 30 days."""
    connection.execute(delete(intake_offers).where(intake_offers.c.created_at < now - timedelta(days=30)))


def count_open(connection: Connection, condition: ColumnElement[bool]) -> int:
    """How many open requests there are under this condition."""
    query = select(func.count()).select_from(requests).where(requests.c.closed_at.is_(None), condition)
    return connection.execute(query).scalar_one()


def state_words(connection: Connection, request_id: int) -> str | None:
    """How the request stands, in the words of the screen; None where it is gone."""
    state = connection.scalar(select(requests.c.state).where(requests.c.id == request_id))
    return None if state is None else State(state).label


def open_of_team(connection: Connection, team_id: int, limit: int) -> list[Request]:
    """The team's open requests in the queue's order."""
    query = select(requests).where(requests.c.team_id == team_id, requests.c.closed_at.is_(None))
    ordered = query.order_by(requests.c.priority_rank, requests.c.created_at, requests.c.id).limit(limit)
    return [from_row(row) for row in connection.execute(ordered).mappings()]


def open_after(connection: Connection, request_id: int, limit: int) -> list[Request]:
    """Open requests with a greater id than this, in their order."""
    query = select(requests).where(requests.c.closed_at.is_(None), requests.c.id > request_id)
    return [
        from_row(row) for row in connection.execute(query.order_by(requests.c.id).limit(limit)).mappings()
    ]


def open_of_people(connection: Connection, team_id: int) -> dict[str, int]:
    """How many of the team's open requests each person has; who has none is missing."""
    query = (
        select(requests.c.assignee, func.count())
        .where(
            requests.c.team_id == team_id, requests.c.closed_at.is_(None), requests.c.assignee.is_not(None)
        )
        .group_by(requests.c.assignee)
    )
    return {row[0]: row[1] for row in connection.execute(query)}
