"""Queries over tickets. Each takes a connection; none commits."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, RowMapping, case, insert, or_, select, update

from bot.core.threads import ThreadRef
from bot.features.tickets.domain import Issue, Place, Step, Ticket, TicketState, Wish
from bot.features.tickets.models import ticket_history, tickets
from bot.outbox import store as outbox


def by_id(connection: Connection, ticket_id: int) -> Ticket | None:
    """The ticket, for reading."""
    return _one(connection.execute(select(tickets).where(tickets.c.id == ticket_id)))


def lock(connection: Connection, ticket_id: int) -> Ticket | None:
    """The ticket, ours alone until the transaction ends."""
    return _one(connection.execute(select(tickets).where(tickets.c.id == ticket_id).with_for_update()))


def of_request(connection: Connection, request_id: int) -> Ticket | None:
    """The ticket that this request has."""
    return _one(connection.execute(select(tickets).where(tickets.c.request_id == request_id)))


def find(
    connection: Connection, request_id: int | None, subjects: Sequence[str], *, locked: bool = False
) -> Ticket | None:
    """The ticket of the request or of one of these subjects; where there are two, one that has an issue first."""
    same: list[Any] = [tickets.c.subject.in_(subjects)]
    if request_id is not None:
        same.append(tickets.c.request_id == request_id)
    done_first = case((tickets.c.state == TicketState.CREATED.value, 0), else_=1)
    query = select(tickets).where(or_(*same)).order_by(done_first, tickets.c.id).limit(1)
    return _one(connection.execute(query.with_for_update() if locked else query))


def add(connection: Connection, subject: str, wish: Wish, label: str, now: datetime) -> int:
    """A new ticket's id."""
    values = {
        **_wished(wish, now),
        "workspace_id": wish.place.workspace_id,
        "subject": subject,
        "request_id": wish.request_id,
        "label": label,
        "attempt": 1,
        "created_at": now,
    }
    return connection.execute(insert(tickets).values(**values).returning(tickets.c.id)).scalar_one()


def wish_again(connection: Connection, ticket: Ticket, wish: Wish, now: datetime) -> None:
    """The ticket with what was entered this time, as the next attempt."""
    changed = {**_wished(wish, now), "attempt": ticket.attempt + 1}
    connection.execute(update(tickets).where(tickets.c.id == ticket.id).values(**changed))


def _wished(wish: Wish, now: datetime) -> dict[str, Any]:
    place = wish.place
    return {
        "team_id": wish.team_id,
        "channel": place.thread.channel,
        "thread_ts": place.thread.thread_ts,
        "message_ts": place.message_ts,
        "message_author": place.author,
        "message_text": place.text,
        "private": place.private,
        "reachable": place.reachable,
        "state": TicketState.WISHED.value,
        "asked_by": wish.by,
        "project": wish.project,
        "issue_type": wish.issue_type,
        "summary": wish.summary,
        "description": wish.description,
        "fields": {"values": dict(wish.fields), "shown": dict(wish.shown)} if wish.fields else None,
        "is_linked": wish.link is not None,
        "issue_key": wish.link,
        "failure": None,
        "complaints": None,
        "updated_at": now,
    }


def set_request(connection: Connection, ticket_id: int, request_id: int) -> None:
    """The ticket is the request's from now on."""
    connection.execute(update(tickets).where(tickets.c.id == ticket_id).values(request_id=request_id))


def set_created(connection: Connection, ticket_id: int, issue: Issue, now: datetime) -> None:
    """There is an issue."""
    changed = {
        "state": TicketState.CREATED.value,
        "issue_key": issue.key,
        "issue_url": issue.url,
        "issue_id": issue.id,
        "told_until": issue.told_until,
        "failure": None,
        "complaints": None,
    }
    connection.execute(update(tickets).where(tickets.c.id == ticket_id).values(**changed, updated_at=now))


def set_failed(
    connection: Connection, ticket_id: int, failure: str, complaints: Mapping[str, str], now: datetime
) -> None:
    """Jira refused it, in these words, and said this about single fields."""
    changed = {"state": TicketState.FAILED.value, "failure": failure, "complaints": dict(complaints)}
    connection.execute(update(tickets).where(tickets.c.id == ticket_id).values(**changed, updated_at=now))


def of_issue(connection: Connection, issue_id: str) -> list[Ticket]:
    """The tickets of this issue, oldest first."""
    query = select(tickets).where(tickets.c.issue_id == issue_id).order_by(tickets.c.id)
    return [_ticket(row) for row in connection.execute(query).mappings()]


def set_key(connection: Connection, ticket_id: int, key: str, url: str) -> None:
    """The issue has another key by now."""
    connection.execute(update(tickets).where(tickets.c.id == ticket_id).values(issue_key=key, issue_url=url))


def add_history(
    connection: Connection,
    ticket_id: int,
    step: Step,
    actor: str | None,
    at: datetime,
    facts: Mapping[str, Any],
) -> None:
    """One line of who did what."""
    line = {"ticket_id": ticket_id, "at": at, "actor": actor, "step": step.value, "facts": dict(facts)}
    connection.execute(insert(ticket_history).values(**line))


def history(connection: Connection, ticket_id: int) -> list[tuple[Step, str | None]]:
    """What happened and who did it (None: Jira), oldest first."""
    query = (
        select(ticket_history.c.step, ticket_history.c.actor)
        .where(ticket_history.c.ticket_id == ticket_id)
        .order_by(ticket_history.c.id)
    )
    return [(Step(step), actor) for step, actor in connection.execute(query)]


def was_told(connection: Connection, ticket_id: int, attempt: int) -> bool:
    """Whether the refusal of this attempt was read in the form already."""
    query = select(ticket_history.c.facts).where(
        ticket_history.c.ticket_id == ticket_id, ticket_history.c.step == Step.TOLD.value
    )
    return any(facts.get("attempt") == attempt for facts in connection.scalars(query))


def _one(result: CursorResult[Any]) -> Ticket | None:
    found = result.mappings().first()
    return None if found is None else _ticket(found)


def _ticket(m: RowMapping) -> Ticket:
    place = Place(
        workspace_id=m["workspace_id"],
        thread=ThreadRef(channel=m["channel"], thread_ts=m["thread_ts"]),
        message_ts=m["message_ts"],
        author=m["message_author"],
        text=m["message_text"],
        private=m["private"],
        reachable=m["reachable"],
    )
    entered: Mapping[str, Any] = m["fields"] or {}
    return Ticket(
        id=m["id"],
        subject=m["subject"],
        request_id=m["request_id"],
        team_id=m["team_id"],
        place=place,
        state=TicketState(m["state"]),
        attempt=m["attempt"],
        label=m["label"],
        asked_by=m["asked_by"],
        project=m["project"],
        issue_type=m["issue_type"],
        summary=m["summary"],
        description=m["description"],
        key=m["issue_key"],
        url=m["issue_url"],
        failure=m["failure"],
        issue_id=m["issue_id"],
        is_linked=m["is_linked"],
        fields=entered.get("values", {}),
        shown=entered.get("shown", {}),
        complaints=m["complaints"] or {},
        told_until=m["told_until"],
        created_at=m["created_at"],
        updated_at=m["updated_at"],
    )


def ends(connection: Connection, start: datetime, end: datetime) -> Mapping[tuple[str, str], int]:
    """What became of the wishes for issues that ended from `start` on and before `end`."""
    closed = outbox.ends(connection, start, end, ["ticket.create"])
    return {("issue", _ENDS[result]): count for (_, result), count in closed.items() if result in _ENDS}


# One with which Jira did not agree counts as not made, though whoever wished it was told and can mend it.
_ENDS = {"done": "created", "refused": "refused", "dead": "given_up", "doubtful": "doubtful"}
