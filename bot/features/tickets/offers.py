"""What other slices may ask about tickets. Each takes a connection or a unit of work; none commits."""

from sqlalchemy import Connection

from bot.core.threads import IssueThreads, PlaceOfThread, RequestFacts, ThreadRef
from bot.features.tickets import domain, store
from bot.features.tickets.domain import Ticket, TicketState
from bot.features.tickets.service import CardChanged, Facts
from bot.outbox.unit_of_work import UnitOfWork


def threads_of_issue(connection: Connection, issue_id: str, *, facts: Facts) -> list[IssueThreads]:
    """All that follow this issue; more than one where several threads were linked to it."""
    found = store.of_issue(connection, issue_id)
    return [_threads(connection, ticket, facts) for ticket in found if ticket.is_done]


def threads_of_ticket(connection: Connection, ticket_id: int, *, facts: Facts) -> IssueThreads | None:
    """The threads of a ticket that is wished or has its issue."""
    return _alive(connection, store.by_id(connection, ticket_id), facts)


def ticket_of_thread(
    connection: Connection, channel: str, thread_ts: str, *, facts: Facts
) -> IssueThreads | None:
    """The ticket of a thread that is no request's; of one that is, None."""
    subject = domain.subject_of(None, ThreadRef(channel=channel, thread_ts=thread_ts))
    ticket = store.find(connection, None, [subject])
    return None if ticket is None or ticket.request_id is not None else _alive(connection, ticket, facts)


def ticket_of_request(connection: Connection, request_id: int, *, facts: Facts) -> IssueThreads | None:
    """The ticket of a request, wished or with its issue."""
    return _alive(connection, store.of_request(connection, request_id), facts)


def rename(uow: UnitOfWork, issue_id: str, key: str, *, card_changed: CardChanged) -> None:
    """The issue moved to another project: cards and later answers show its new key."""
    for ticket in store.of_issue(uow.connection, issue_id):
        if not ticket.is_done or ticket.key == key:
            continue
        url = (ticket.url or "").removesuffix(ticket.key or "") + key
        store.set_key(uow.connection, ticket.id, key, url)
        if ticket.request_id is not None:
            card_changed(uow, ticket.request_id)


def _alive(connection: Connection, ticket: Ticket | None, facts: Facts) -> IssueThreads | None:
    # One that failed is wished anew with the whole thread, or never.
    if ticket is None or ticket.state is TicketState.FAILED:
        return None
    return _threads(connection, ticket, facts)


def _threads(connection: Connection, ticket: Ticket, facts: Facts) -> IssueThreads:
    known = facts(connection, ticket.request_id) if ticket.request_id is not None else None
    return IssueThreads(
        ticket_id=ticket.id,
        issue_id=ticket.issue_id,
        key=ticket.key if ticket.is_done else None,
        url=ticket.url if ticket.is_done else None,
        request_id=ticket.request_id,
        number=known.number if known else None,
        team_id=known.team_id if known else ticket.team_id,
        private=known.private if known else ticket.place.private,
        asked_by=ticket.asked_by,
        threads=_places(ticket, known),
        told_until=ticket.told_until,
        is_open=known.is_open if known else None,
    )


def _places(ticket: Ticket, known: RequestFacts | None) -> tuple[tuple[PlaceOfThread, ThreadRef], ...]:
    if known is None:
        return (("thread", ticket.place.thread),) if ticket.place.reachable else ()
    both: tuple[tuple[PlaceOfThread, ThreadRef | None], ...] = (
        ("card", known.card),
        ("asker", known.asker),
    )
    return tuple((side, thread) for side, thread in both if thread is not None)
