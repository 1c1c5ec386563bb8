"""Values for the tests of this slice, and what tickets and requests would know."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from bot.core.files import FileRef
from bot.core.text import plain
from bot.core.threads import IssueThreads, ThreadRef
from bot.features.in_step import Neighbours, Tickets
from bot.jira import texts
from bot.jira.shapes import CommentNow, IssueState
from bot.outbox.unit_of_work import UnitOfWork

REQUEST = 12
TICKET = 7
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CARD = ThreadRef(channel="C0TRIAGE01", thread_ts="100.000001")
ASKER = ThreadRef(channel="C0ASKPAY01", thread_ts="100.000002")


def threads(**more: Any) -> IssueThreads:
    """A ticket of request #12, with both its threads."""
    values: dict[str, Any] = {
        "ticket_id": TICKET,
        "issue_id": "10100",
        "key": "PAY-1",
        "url": "https://jira.example.com/browse/PAY-1",
        "request_id": REQUEST,
        "number": REQUEST,
        "team_id": 1,
        "private": False,
        "asked_by": "U0ALICE001",
        "threads": (("card", CARD), ("asker", ASKER)),
    } | more
    return IssueThreads(**values)


def state(**more: Any) -> IssueState:
    """PAY-1 as Jira has it."""
    values: dict[str, Any] = {
        "key": "PAY-1",
        "id": "10100",
        "summary": "Refund stuck",
        "status": "To Do",
        "status_id": "10000",
        "category": "new",
        "assignee": None,
        "resolution": None,
        "updated": NINE,
        "is_restricted": False,
    } | more
    return IssueState(**values)


IN_PROGRESS: dict[str, Any] = {"status": "In Progress", "status_id": "3", "category": "indeterminate"}
DONE: dict[str, Any] = {"status": "Done", "status_id": "10001", "category": "done", "resolution": "Done"}


def comment(**more: Any) -> CommentNow:
    """A comment of Nina's."""
    values: dict[str, Any] = {
        "id": "500",
        "account": "nina",
        "author": "Nina Novak",
        "body": "Fixed in 2.4",
        "created": NINE,
        "updated": NINE,
        "is_hidden": False,
    } | more
    return CommentNow(**values)


@dataclass
class Known:
    """Tickets by id, and what requests and tickets were told."""

    tickets: dict[int, IssueThreads] = field(default_factory=dict[int, IssueThreads])
    resolved: list[tuple[int, str, str]] = field(default_factory=list[tuple[int, str, str]])
    reopened: list[tuple[int, str, str]] = field(default_factory=list[tuple[int, str, str]])
    renamed: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    renewed: list[int] = field(default_factory=list[int])
    wanted: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])

    def add(self, ticket: IssueThreads) -> None:
        self.tickets[ticket.ticket_id] = ticket

    def of_issue(self, _: Connection, issue_id: str) -> list[IssueThreads]:
        return [one for one in self.tickets.values() if one.issue_id == issue_id]

    def of_ticket(self, _: Connection, ticket_id: int) -> IssueThreads | None:
        return self.tickets.get(ticket_id)

    def of_request(self, _: Connection, request_id: int) -> IssueThreads | None:
        return next((one for one in self.tickets.values() if one.request_id == request_id), None)

    def of_thread(self, _: Connection, channel: str, thread_ts: str) -> IssueThreads | None:
        ref = ThreadRef(channel=channel, thread_ts=thread_ts)
        mine = (one for one in self.tickets.values() if one.request_id is None)
        return next((one for one in mine if ref in [place for _, place in one.threads]), None)

    def rename(self, _: UnitOfWork, issue_id: str, key: str) -> None:
        self.renamed.append((issue_id, key))

    def resolve(self, _: UnitOfWork, request_id: int, key: str, who: str) -> None:
        self.resolved.append((request_id, key, who))

    def reopen(self, _: UnitOfWork, request_id: int, key: str, who: str) -> None:
        self.reopened.append((request_id, key, who))

    def renew(self, _: UnitOfWork, request_id: int) -> None:
        self.renewed.append(request_id)

    def want(self, _: UnitOfWork, ticket_id: int, files: Sequence[FileRef]) -> None:
        self.wanted += [(ticket_id, file.name) for file in files]

    def neighbours(self) -> Neighbours:
        return Neighbours(
            threads_of_issue=self.of_issue,
            threads_of_ticket=self.of_ticket,
            rename=self.rename,
            resolve=self.resolve,
            reopen=self.reopen,
            card_changed=self.renew,
            words_of=lambda body: plain(texts.read(body)),
        )

    def for_words(self) -> Tickets:
        return Tickets(
            of_ticket=self.of_ticket,
            of_request=self.of_request,
            of_thread=self.of_thread,
            want_files=self.want,
        )
