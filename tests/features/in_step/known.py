"""What the tickets and the requests would know of the threads of one issue."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from bot.core.files import FileRef
from bot.core.threads import IssueThreads, RequestThread, ThreadRef
from bot.features.in_step import words
from bot.outbox.unit_of_work import UnitOfWork

TICKET, REQUEST = 7, 12


@dataclass(kw_only=True)
class KnownTicket:
    """What the tickets and the requests would know of one thread, or of a request's two."""

    ticket: IssueThreads | None = None
    asker: str = "U0ANA00001"
    files: list[str] = field(default_factory=list)

    def of_ticket(self, _: Connection, ticket_id: int) -> IssueThreads | None:
        return self.ticket if ticket_id == TICKET else None

    def of_request(self, _: Connection, request_id: int) -> IssueThreads | None:
        return self.ticket if self.ticket and self.ticket.request_id == request_id else None

    def of_thread(self, _: Connection, channel: str, thread_ts: str) -> IssueThreads | None:
        place = ("thread", ThreadRef(channel=channel, thread_ts=thread_ts))
        return self.ticket if self.ticket and place in self.ticket.threads else None

    def want_files(self, _: UnitOfWork, ticket_id: int, files: Sequence[FileRef]) -> None:
        assert ticket_id == TICKET
        self.files += [file.name for file in files]

    def find(self, _: Connection, channel: str, thread_ts: str) -> RequestThread | None:
        place = ThreadRef(channel=channel, thread_ts=thread_ts)
        if self.ticket is None or self.ticket.request_id is None:
            return None
        sides: dict[Any, ThreadRef] = dict(self.ticket.threads)
        side = next((name for name, thread in sides.items() if thread == place), None)
        if side is None:
            return None
        return RequestThread(
            request_id=REQUEST,
            number=REQUEST,
            team_id=1,
            side=side,
            requester=self.asker,
            filed_by=self.asker,
            private=self.ticket.private,
            card=sides.get("card"),
            asker=sides.get("asker"),
        )

    def tickets(self) -> words.Tickets:
        return words.Tickets(
            of_ticket=self.of_ticket,
            of_request=self.of_request,
            of_thread=self.of_thread,
            want_files=self.want_files,
        )
