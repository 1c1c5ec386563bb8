"""Requests for tests: one in any state, and people around it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, insert

from bot.features.requests import domain
from bot.features.requests.domain import Door, NewRequest, Origin, Request, State
from bot.features.requests.models import requests
from bot.features.requests.rights import Acting
from bot.features.requests.service.intake import Filing
from bot.teams.domain import Priority, RequestType, Source, Team
from tests.support.clock import MONDAY
from tests.teams.make import payments

WORKSPACE = "T0SANDBOX1"
ANA, ALICE, BOB, STRANGER = "U0ANA00001", "U0ALICE001", "U0BOB00001", "U0STRANGER"


def request(**changes: Any) -> Request:
    """Ana's new request #12 to Payments."""
    plain = Request(
        id=12,
        workspace_id=WORKSPACE,
        number=12,
        team_id=1,
        summary="Refund stuck for order 123",
        details="",
        type=RequestType.QUESTION,
        urgency=Priority.NORMAL,
        priority=Priority.NORMAL,
        priority_rule=None,
        component=None,
        source=Source.OTHER,
        asking_as=Source.OTHER,
        requester=ANA,
        filed_by=ANA,
        origin=Origin(door=Door.COMMAND, channel="C0GENERAL1"),
        state=State.NEW,
        assignee=None,
        snooze_until=None,
        duplicate_of=None,
        reason=None,
        on_duty=ALICE,
        created_at=MONDAY,
        updated_at=MONDAY,
        claimed_at=None,
        closed_at=None,
    )
    return replace(plain, **changes)


def in_state(state: State, assignee: str | None = None) -> Request:
    """A request that came into this state by the moves of the domain, with this person if any."""
    start = request()
    if assignee:
        start = domain.assign(start, assignee, MONDAY)
    match state:
        case State.NEW:
            assert assignee is None, "a new request has nobody"
            return start
        case State.IN_PROGRESS:
            return start if assignee else domain.assign(start, ALICE, MONDAY)
        case State.WAITING:
            return domain.wait(start, MONDAY)
        case State.SNOOZED:
            return domain.snooze(start, MONDAY + timedelta(hours=3), MONDAY)
        case State.RESOLVED:
            return domain.resolve(start, MONDAY)
        case State.DECLINED:
            return domain.decline(start, "Not ours", MONDAY)
        case State.DUPLICATE:
            return domain.duplicate(start, request(id=7, number=7), MONDAY)


def team(**changes: Any) -> Team:
    """Payments, as row 1."""
    return replace(payments(), **{"id": 1, **changes})


def acting(user_id: str = ALICE, *, works: tuple[int, ...] = (1,), admin: bool = False) -> Acting:
    """Somebody who acts; without more, a member of Payments."""
    return Acting(workspace_id=WORKSPACE, user_id=user_id, works=frozenset(works), admin=admin)


def outsider(user_id: str = STRANGER) -> Acting:
    """Somebody of the workspace who works no queue."""
    return acting(user_id, works=())


def new(summary: str = "Refund stuck for order 123", **changes: Any) -> NewRequest:
    """Ana asks Payments by a command in #general."""
    who = changes.pop("requester", ANA)
    origin = changes.pop("origin", Origin(door=Door.COMMAND, channel="C0GENERAL1"))
    filed_by = changes.pop("filed_by", who)
    return NewRequest(
        team_id=changes.pop("team_id", 1),
        summary=summary,
        requester=who,
        filed_by=filed_by,
        origin=origin,
        **changes,
    )


def filing(**changes: Any) -> Filing:
    """The circumstances of somebody outside the team, with nobody on duty."""
    plain = Filing(
        workspace_id=WORKSPACE,
        team=team(),
        known_source=Source.OTHER,
        by_team_member=False,
        on_duty=None,
        limit=60,
    )
    return replace(plain, **changes)


def fill(connection: Connection, rows: Sequence[Request], **columns: Any) -> None:
    """These requests as rows, with other values in some columns; nothing else happens."""

    def values(row: Request) -> dict[str, Any]:
        return {
            "workspace_id": row.workspace_id, "number": row.number, "team_id": row.team_id,
            "summary": row.summary, "details": row.details, "type": row.type.value,
            "urgency": row.urgency.value, "priority": row.priority.value,
            "priority_rank": row.priority.rank, "source": row.source.value,
            "asking_as": row.asking_as.value, "requester": row.requester, "filed_by": row.filed_by,
            "door": row.origin.door.value, "private": row.origin.private, "state": row.state.value,
            "assignee": row.assignee, "created_at": row.created_at, "updated_at": row.updated_at,
            "claimed_at": row.claimed_at, "closed_at": row.closed_at, **columns,
        }  # fmt: skip

    connection.execute(insert(requests), [values(row) for row in rows])
