"""Values for the tests of this slice, and what the requests would know."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from bot.core.errors import UserError
from bot.core.threads import RequestFacts, RequestThread, ThreadRef
from bot.features.tickets.domain import Place, Wish, as_thread
from bot.features.tickets.service import Requests
from bot.outbox.unit_of_work import UnitOfWork

REQUEST = 12
CARD = ThreadRef(channel="C0TRIAGE01", thread_ts="100.000001")
ASKER = ThreadRef(channel="C0ASKPAY01", thread_ts="100.000002")
ELSEWHERE = ThreadRef(channel="C0GENERAL1", thread_ts="100.000003")


def facts(**more: Any) -> RequestFacts:
    values: dict[str, Any] = {
        "request_id": REQUEST,
        "number": REQUEST,
        "team_id": 1,
        "summary": "Refund stuck",
        "details": "Order 123 was paid twice",
        "type_label": "Bug",
        "asking_as_label": "Partner team",
        "priority_label": "High",
        "component": "Billing",
        "requester": "U0ANA00001",
        "filed_by": "U0ANA00001",
        "assignee": None,
        "is_open": True,
        "private": False,
        "created_at": datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
        "card": CARD,
        "asker": ASKER,
    } | more
    return RequestFacts(**values)


def place(**more: Any) -> Place:
    values: dict[str, Any] = {
        "workspace_id": "T0SANDBOX1",
        "thread": ELSEWHERE,
        "message_ts": "100.000003",
        "author": "U0ANA00001",
        "text": "Refund stuck",
    } | more
    return Place(**values)


def wish(**more: Any) -> Wish:
    values: dict[str, Any] = {
        "place": place(),
        "request_id": None,
        "team_id": 1,
        "by": "U0ALICE001",
        "project": "PAY",
        "issue_type": "Task",
        "summary": "Refund stuck",
        "description": "Order 123 was paid twice",
        "sending": "V1:1",
    } | more
    return Wish(**values)


@dataclass
class Known:
    """One request, or none, and the wishes to renew its card."""

    request: RequestFacts | None = None
    renewed: list[int] = field(default_factory=list)

    def find(self, _: Connection, channel: str, thread_ts: str) -> RequestThread | None:
        ref = ThreadRef(channel=channel, thread_ts=thread_ts)
        if self.request is None or ref not in (self.request.card, self.request.asker):
            return None
        return as_thread(self.request)

    def facts(self, _: Connection, request_id: int) -> RequestFacts:
        if self.request is None or request_id != self.request.request_id:
            raise UserError("That request does not exist, or you cannot see it. Check the number.")
        return self.request

    def renew(self, _: UnitOfWork, request_id: int) -> None:
        self.renewed.append(request_id)

    def joined(self) -> Requests:
        return Requests(find_thread=self.find, facts=self.facts, card_changed=self.renew)
