"""What is posted about a ticket: its key, that it has to wait, that Jira refused it."""

from collections.abc import Callable, Mapping

from bot.core.threads import RequestFacts, ThreadRef
from bot.feature import Deps
from bot.features.tickets import store
from bot.features.tickets.domain import Side, Ticket, TicketState
from bot.features.tickets.service import Requests
from bot.features.tickets.views import form, words
from bot.outbox.delivery import Delivery, Entry
from bot.outbox.outcomes import Stale
from bot.slack.blocks import Message
from bot.slack.links import permalink
from bot.slack.posting import Post, post_delivery

# Project and type of which Jira has refused a field: gives what fields are called and looks anew from now on.
Refusing = Callable[[str, str], Mapping[str, str]]


class Posts:
    """The deliveries that write in Slack."""

    def __init__(self, deps: Deps, requests: Requests, field_refused: Refusing) -> None:
        self._deps = deps
        self._requests = requests
        self._field_refused = field_refused

    def all(self) -> dict[str, Delivery]:
        slack = self._deps.slack
        return {
            "ticket.announce": post_delivery(slack, self._announce, rather="delivered"),
            "ticket.held": post_delivery(slack, self._held, rather="once"),
            "ticket.refused": post_delivery(slack, self._refused, rather="delivered"),
        }

    async def _announce(self, entry: Entry) -> Post:
        ticket, facts = await read(self._deps, self._requests, entry)
        if not ticket.is_done:
            raise Stale("there is no issue")
        if not ticket.place.reachable and facts is None:
            return Post(message=words.direct_announcement(ticket), to_user=ticket.asked_by)
        return _in_thread(entry, ticket, facts, words.announcement(ticket, facts))

    async def _held(self, entry: Entry) -> Post:
        ticket, facts = await read(self._deps, self._requests, entry)
        if ticket.state is not TicketState.WISHED:
            raise Stale("it waits no longer")
        message = words.held(ticket, login=entry.payload.get("login") is True)
        if not ticket.place.reachable and facts is None:
            return Post(message=message, to_user=ticket.asked_by)
        return _in_thread(entry, ticket, facts, message)

    async def _refused(self, entry: Entry) -> Post:
        ticket, facts = await read(self._deps, self._requests, entry)
        if ticket.attempt != entry.payload["attempt"]:
            raise Stale("wished anew")
        names: Mapping[str, str] = {}
        if ticket.complaints:
            names = self._field_refused(ticket.project, ticket.issue_type)
        if await self._deps.transactions.read(store.was_told, ticket.id, ticket.attempt):
            raise Stale("it was read in the form")
        place = ticket.place
        link = permalink(
            self._deps.slack.identity, place.thread.channel, place.message_ts, place.thread.thread_ts
        )
        return Post(
            message=words.refused(ticket, facts, link or "", form.AGAIN, names), to_user=ticket.asked_by
        )


async def read(deps: Deps, requests: Requests, entry: Entry) -> tuple[Ticket, RequestFacts | None]:
    """The ticket that an entry is about, and the facts of its request. Raises Stale when it is gone."""
    ticket = await deps.transactions.read(store.by_id, entry.payload["ticket_id"])
    if ticket is None:
        raise Stale("there is no such ticket")
    if ticket.request_id is None:
        return ticket, None
    return ticket, await deps.transactions.read(requests.facts, ticket.request_id)


def thread_on(side: Side, ticket: Ticket, facts: RequestFacts | None) -> ThreadRef | None:
    """Where the thread of this side is; None while it is not there."""
    if side is Side.THREAD or facts is None:
        return ticket.place.thread
    return facts.card if side is Side.CARD else facts.asker


def _in_thread(entry: Entry, ticket: Ticket, facts: RequestFacts | None, message: Message) -> Post:
    thread = thread_on(Side(entry.payload["side"]), ticket, facts)
    if thread is None:
        raise Stale("that thread does not exist")
    return Post(message=message, channel=thread.channel, thread_ts=thread.thread_ts)
