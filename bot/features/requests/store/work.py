"""What was done with requests lately, and what is left to do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, and_, func, select

from bot.features.requests.domain import Move, State
from bot.features.requests.models import request_history, request_threads, requests
from bot.features.requests.store.finding import still_open
from bot.teams.domain import Priority, Team, claim_due

MOST = 20
MOST_OF_KIND = 8
_VERBS = {Move.CLAIM.value: "Took on", Move.RESOLVE.value: "Resolved"}


@dataclass(frozen=True, kw_only=True)
class WorkDone:
    """Somebody took a request on, or resolved it: the later of the two."""

    number: int
    summary: str
    verb: str


def work_since(connection: Connection, user_id: str, since: datetime) -> list[WorkDone]:
    """The requests that this person claimed or resolved since then, in the order of what they did."""
    query = (
        select(requests.c.number, requests.c.summary, request_history.c.move)
        .join(requests, requests.c.id == request_history.c.request_id)
        .where(
            request_history.c.actor == user_id,
            request_history.c.at >= since,
            request_history.c.move.in_(_VERBS),
        )
        .order_by(request_history.c.at.desc(), request_history.c.id.desc())
        .limit(MOST)
    )
    found: dict[int, WorkDone] = {}
    for number, summary, move in connection.execute(query):
        found.setdefault(number, WorkDone(number=number, summary=summary, verb=_VERBS[move]))
    return list(reversed(found.values()))


OpenKind = Literal["unclaimed", "in_progress", "waiting", "snoozed"]
_KINDS: dict[str, OpenKind] = {
    State.NEW.value: "unclaimed",
    State.IN_PROGRESS.value: "in_progress",
    State.WAITING.value: "waiting",
    State.SNOOZED.value: "snoozed",
}


@dataclass(frozen=True, kw_only=True)
class OpenRequest:
    """A request that is not closed. `due`: by when somebody should have taken it; `card`: its channel and ts."""

    id: int
    number: int
    summary: str
    kind: OpenKind
    priority: str
    requester: str
    assignee: str | None
    due: datetime | None
    snoozed_until: datetime | None
    card: tuple[str, str] | None


def open_work(connection: Connection, team: Team) -> tuple[dict[OpenKind, int], list[OpenRequest]]:
    """How much of each kind is open in the team, and the first of each in the queue's order."""
    ours = (requests.c.team_id == team.id) & still_open()
    counting = select(requests.c.state, func.count()).where(ours).group_by(requests.c.state)
    counts: dict[OpenKind, int] = {}
    for state, number in connection.execute(counting):
        if state in _KINDS:
            counts[_KINDS[state]] = number
    found: list[OpenRequest] = []
    for state, kind in _KINDS.items():
        if kind in counts:
            found += _first(connection, team, ours & (requests.c.state == state), kind)
    return counts, found


def _first(
    connection: Connection, team: Team, condition: ColumnElement[bool], kind: OpenKind
) -> list[OpenRequest]:
    card = and_(request_threads.c.request_id == requests.c.id, request_threads.c.side == "card")
    query = (
        select(requests, request_threads.c.channel, request_threads.c.thread_ts)
        .outerjoin(request_threads, card)
        .where(condition)
        .order_by(requests.c.priority_rank, requests.c.created_at, requests.c.id)
        .limit(MOST_OF_KIND)
    )
    return [
        OpenRequest(
            id=row.id,
            number=row.number,
            summary=row.summary,
            kind=kind,
            priority=Priority(row.priority).label,
            requester=row.requester,
            assignee=row.assignee,
            due=claim_due(team, Priority(row.priority), row.created_at) if kind == "unclaimed" else None,
            snoozed_until=row.snooze_until,
            card=(row.channel, row.thread_ts) if row.channel else None,
        )
        for row in connection.execute(query)
    ]


def handled_since(connection: Connection, team_id: int, since: datetime) -> dict[str, int]:
    """How many of the team's requests of the time since then each person has resolved."""
    query = (
        select(requests.c.assignee, func.count())
        .where(
            requests.c.team_id == team_id,
            requests.c.created_at > since,
            requests.c.state == State.RESOLVED.value,
            requests.c.assignee.is_not(None),
        )
        .group_by(requests.c.assignee)
    )
    return {row[0]: row[1] for row in connection.execute(query)}
