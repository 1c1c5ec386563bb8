"""Use cases of moving an issue from Slack: offered when its request moves, asked for with a button, done once."""

from collections.abc import Callable
from typing import Any, Literal

from sqlalchemy import Connection

from bot.core.threads import IssueThreads
from bot.features.in_step.domain import State
from bot.features.in_step.words import lane
from bot.outbox.unit_of_work import UnitOfWork

ASK = "issue.ask"
OFFER = "issue.offer"
TRANSITION = "issue.transition"
NOT_MOVED = "issue.not_moved"

Way = Literal["done", "undone"]
OfRequest = Callable[[Connection, int], IssueThreads | None]
ApplyState = Callable[[UnitOfWork, State, str], None]


def request_moved(uow: UnitOfWork, request_id: int, way: Way, of_request: OfRequest) -> None:
    """Somebody closed (`done`) or reopened (`undone`) a request: its issue may want to follow.

    Whether it has to is seen when Jira is asked.
    """
    ticket = of_request(uow.connection, request_id)
    if ticket is None or ticket.key is None:
        return
    # First the card's thread reads what happened to the request, then the question.
    uow.enqueue(ASK, {"ticket_id": ticket.ticket_id, "way": way}, lane=f"card:{request_id}")


def ask(uow: UnitOfWork, ticket_id: int, way: Way) -> None:
    """The question's turn has come.

    It has a lane of its own: neither does Jira's silence hold up a post, nor a closed channel what goes to the issue.
    """
    uow.enqueue(OFFER, {"ticket_id": ticket_id, "way": way}, lane=f"{lane(ticket_id)}:offer")


def decide(uow: UnitOfWork, offer: str, choice: dict[str, Any]) -> dict[str, Any]:
    """What becomes of an offer: the first choice counts, and everybody is told that one.

    `choice` is `{}` to leave the issue as it is, else what `issue.transition` needs.
    """
    if not uow.first_time(offer, choice):
        return uow.answer_to(offer) or {}
    if choice:
        uow.enqueue(TRANSITION, choice, once=f"{offer}:move", lane=lane(choice["ticket_id"]))
    return choice


def not_moved(uow: UnitOfWork, ticket_id: int, by: str, entry: str, why: str) -> None:
    """Jira does not move it: whoever asked is told."""
    uow.enqueue(NOT_MOVED, {"ticket_id": ticket_id, "by": by, "why": why}, once=f"{entry}:not_moved")
