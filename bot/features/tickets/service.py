"""Use cases of tickets: plain functions over a unit of work. They neither know Slack nor Jira."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from bot.core.text import clean
from bot.core.threads import RequestFacts, RequestThread, ThreadRef
from bot.features.tickets import domain, store
from bot.features.tickets.domain import Issue, IssueLink, Side, Step, Ticket, TicketState, Wish
from bot.features.tickets.events import IssueKnown
from bot.outbox.unit_of_work import UnitOfWork

FindThread = Callable[[Connection, str, str], RequestThread | None]
# So long a form waits for Jira's answer, and a little more.
IN_FORM = timedelta(seconds=3)

Facts = Callable[[Connection, int], RequestFacts]
CardChanged = Callable[[UnitOfWork, int], None]


@dataclass(frozen=True, kw_only=True)
class Requests:
    """What the slice knows of requests: the one a thread belongs to, its facts, and how its card is renewed."""

    find_thread: FindThread
    facts: Facts
    card_changed: CardChanged

    def of(self, connection: Connection, request_id: int | None, thread: ThreadRef) -> RequestThread | None:
        """The request of this id, else the one that the thread belongs to. Raises UserError for a wrong id."""
        if request_id is not None:
            return domain.as_thread(self.facts(connection, request_id))
        return self.find_thread(connection, thread.channel, thread.thread_ts)


@dataclass(frozen=True, kw_only=True)
class Wished:
    """The ticket that there is now. `new`: this wish made it. `repeated`: this very form was sent before."""

    ticket: Ticket
    new: bool
    repeated: bool = False


def wish(uow: UnitOfWork, asked: Wish, requests: Requests) -> Wished:
    """The thread's one ticket, asked of Jira at once if it is new or had failed.

    Raises UserError for a field that is wrong.
    """
    project, issue_type, summary = domain.checked(asked)
    description = clean(asked.description).strip()
    thread = asked.place.thread
    request = requests.of(uow.connection, asked.request_id, thread)
    request_id = request.request_id if request else None
    asked = replace(
        asked, request_id=request_id, project=project, issue_type=issue_type, summary=summary,
        description=description,
    )  # fmt: skip
    key = f"view:{asked.place.workspace_id}:{asked.sending}"
    repeated = bool(asked.sending) and not uow.first_time(key)
    subjects = domain.subjects_of(request_id, domain.threads_of(request, thread))
    found = store.find(uow.connection, request_id, subjects, locked=True)
    if found is not None and (repeated or found.state is not TicketState.FAILED):
        _join(uow, found, request_id, requests.card_changed)
        return Wished(ticket=found, new=False, repeated=repeated)
    return Wished(ticket=_ask(uow, found, asked, requests.card_changed), new=True)


def _ask(uow: UnitOfWork, failed: Ticket | None, asked: Wish, card_changed: CardChanged) -> Ticket:
    if failed is None:
        subject = domain.subject_of(asked.request_id, asked.place.thread)
        label = domain.label_of(secrets.token_bytes(5))
        ticket_id = store.add(uow.connection, subject, asked, label, uow.now)
    else:
        ticket_id = failed.id
        store.wish_again(uow.connection, failed, asked, uow.now)
        _join(uow, failed, asked.request_id, card_changed)
    return _send_off(uow, ticket_id, asked.by, card_changed)


def try_again(uow: UnitOfWork, ticket_id: int, attempt: int, card_changed: CardChanged) -> bool:
    """A wish that failed is asked for once more as it was, by the operators. False: it is not as it failed any more."""
    ticket = store.lock(uow.connection, ticket_id)
    if ticket is None or ticket.attempt != attempt or ticket.state is not TicketState.FAILED:
        return False
    store.once_more(uow.connection, ticket, uow.now)
    _send_off(uow, ticket.id, None, card_changed)
    return True


def _send_off(uow: UnitOfWork, ticket_id: int, by: str | None, card_changed: CardChanged) -> Ticket:
    ticket = _known(uow.connection, ticket_id)
    facts = {"project": ticket.project, "issue_type": ticket.issue_type, "attempt": ticket.attempt}
    store.add_history(uow.connection, ticket.id, Step.WISHED, by, uow.now, facts)
    kind, once = ("ticket.link", "existing") if ticket.is_linked else ("ticket.create", "create")
    uow.enqueue(
        kind,
        {"ticket_id": ticket.id, "attempt": ticket.attempt},
        once=f"ticket:{ticket.id}:{once}:{ticket.attempt}",
        lane=f"ticket:{ticket.id}",
    )
    _card(uow, ticket, card_changed)
    return ticket


def join(uow: UnitOfWork, ticket_id: int, request_id: int, card_changed: CardChanged) -> None:
    """A ticket that a thread got before it belonged to a request is the request's from now on."""
    ticket = store.lock(uow.connection, ticket_id)
    if ticket is not None:
        _join(uow, ticket, request_id, card_changed)


def adopt(uow: UnitOfWork, request_id: int, thread: ThreadRef, card_changed: CardChanged) -> None:
    """A request was made of a thread: the issue that the thread may have is the request's from now on."""
    found = store.find(uow.connection, None, [domain.subject_of(None, thread)], locked=True)
    if found is not None:
        _join(uow, found, request_id, card_changed)


def _join(uow: UnitOfWork, ticket: Ticket, request_id: int | None, card_changed: CardChanged) -> None:
    if request_id is None or ticket.request_id is not None:
        return
    if store.of_request(uow.connection, request_id) is not None:
        return
    store.set_request(uow.connection, ticket.id, request_id)
    store.add_history(uow.connection, ticket.id, Step.JOINED, None, uow.now, {"request_id": request_id})
    card_changed(uow, request_id)


def created(uow: UnitOfWork, ticket_id: int, issue: Issue, card_changed: CardChanged) -> None:
    """Jira has the issue: the card shows it, each thread is told, and the issue gets its links back."""
    _has_issue(uow, ticket_id, issue, Step.CREATED, card_changed)


def linked(uow: UnitOfWork, ticket_id: int, issue: Issue, card_changed: CardChanged) -> None:
    """The issue that was named is there: as if it had been made, and what was said so far goes there as a comment."""
    if not _has_issue(uow, ticket_id, issue, Step.LINKED, card_changed):
        return
    uow.enqueue(
        "ticket.first_comment",
        {"ticket_id": ticket_id},
        once=f"ticket:{ticket_id}:first_comment",
        lane=f"ticket:{ticket_id}",
    )


def _has_issue(uow: UnitOfWork, ticket_id: int, issue: Issue, step: Step, card_changed: CardChanged) -> bool:
    ticket = store.lock(uow.connection, ticket_id)
    if ticket is None or ticket.is_done:
        return False
    store.set_created(uow.connection, ticket.id, issue, uow.now)
    store.add_history(uow.connection, ticket.id, step, None, uow.now, {"key": issue.key})
    _card(uow, ticket, card_changed)
    for side in _sides(ticket):
        _post(uow, "ticket.announce", ticket, side, f"ticket:{ticket.id}:announce:{side.value}")
        uow.enqueue(
            "ticket.remote_link",
            {"ticket_id": ticket.id, "side": side.value},
            once=f"ticket:{ticket.id}:link:{side.value}",
            lane=f"ticket:{ticket.id}",
        )
    if issue.id is not None:
        is_linked = step is Step.LINKED
        uow.emit(IssueKnown(ticket_id=ticket.id, issue_id=issue.id, key=issue.key, is_linked=is_linked))
    return True


def failed(
    uow: UnitOfWork,
    ticket_id: int,
    attempt: int,
    words: str,
    fields: Mapping[str, str],
    card_changed: CardChanged,
) -> None:
    """Jira refused the issue: whoever wanted it reads why, and may try again."""
    ticket = store.lock(uow.connection, ticket_id)
    if ticket is None or ticket.attempt != attempt or ticket.state is not TicketState.WISHED:
        return
    store.set_failed(uow.connection, ticket.id, words, fields, uow.now)
    facts = {"words": words, "fields": dict(fields), "attempt": attempt}
    store.add_history(uow.connection, ticket.id, Step.FAILED, None, uow.now, facts)
    _card(uow, ticket, card_changed)
    uow.enqueue(
        "ticket.refused",
        {"ticket_id": ticket.id, "attempt": attempt},
        once=f"ticket:{ticket.id}:refused:{attempt}",
        # Whoever still has the form open reads it there.
        not_before=max(ticket.updated_at + IN_FORM, uow.now),
    )


def told(uow: UnitOfWork, ticket_id: int, attempt: int, user_id: str) -> None:
    """The refusal of this attempt is read in the form: no message has to tell it."""
    facts = {"attempt": attempt}
    store.add_history(uow.connection, ticket_id, Step.TOLD, user_id, uow.now, facts)


def held(uow: UnitOfWork, ticket_id: int, attempt: int, *, login: bool = False) -> None:
    """Jira does not answer, or (`login`) does not accept the bot: the thread is told once that the wish is kept."""
    ticket = store.by_id(uow.connection, ticket_id)
    if ticket is None or ticket.attempt != attempt or ticket.state is not TicketState.WISHED:
        return
    once = f"ticket:{ticket.id}:held:{attempt}" + (":login" if login else "")
    _post(uow, "ticket.held", ticket, _sides(ticket)[0], once, login=login)


def existing(connection: Connection, request: RequestThread | None, thread: ThreadRef) -> Ticket | None:
    """The ticket of this thread that stands in the way of a new one; a failed one does not."""
    request_id = request.request_id if request else None
    found = store.find(
        connection, request_id, domain.subjects_of(request_id, domain.threads_of(request, thread))
    )
    return None if found is None or found.state is TicketState.FAILED else found


def issue_of(connection: Connection, request_id: int) -> IssueLink | None:
    """The request's issue, or that it is being created; None where there is none and nobody waits for one."""
    ticket = store.of_request(connection, request_id)
    if ticket is None or ticket.state is TicketState.FAILED:
        return None
    if ticket.is_done:
        return IssueLink(key=ticket.key or "", url=ticket.url)
    return IssueLink(key=domain.LINKING if ticket.is_linked else domain.CREATING)


def _sides(ticket: Ticket) -> tuple[Side, ...]:
    return (Side.THREAD,) if ticket.request_id is None else (Side.CARD, Side.ASKER)


def _post(uow: UnitOfWork, kind: str, ticket: Ticket, side: Side, once: str, **more: Any) -> None:
    payload: dict[str, Any] = {"ticket_id": ticket.id, "side": side.value, **more}
    lane = None if side is Side.THREAD else f"{side.value}:{ticket.request_id}"
    uow.enqueue(kind, payload, once=once, lane=lane)


def _card(uow: UnitOfWork, ticket: Ticket, card_changed: CardChanged) -> None:
    if ticket.request_id is not None:
        card_changed(uow, ticket.request_id)


def _known(connection: Connection, ticket_id: int) -> Ticket:
    ticket = store.by_id(connection, ticket_id)
    assert ticket is not None
    return ticket
