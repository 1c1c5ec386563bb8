"""A thread gets an issue that is there already: looked at, linked, and told what was said so far."""

import asyncio
from dataclasses import replace

from bot.core.text import Document
from bot.feature import Deps
from bot.features.tickets import files, service, store
from bot.features.tickets.deliveries.draft import most_bytes
from bot.features.tickets.deliveries.material import gather
from bot.features.tickets.deliveries.reading import SlackAway
from bot.features.tickets.domain import Issue, Ticket, TicketState
from bot.features.tickets.service import Requests
from bot.features.tickets.views.description import linked_comment
from bot.jira.failures import LoginRefused
from bot.jira.gateway import JiraGateway
from bot.outbox.delivery import Delivery, Entry, Ref, Revived, Send
from bot.outbox.outcomes import Later, Outcome, Refused, Stale
from bot.outbox.unit_of_work import UnitOfWork

TIMEOUT = 15.0
# Within half a lease, or the relay does not dare to send.
READING = 12.0
LOOK_AFTER = (2.0, 10.0)


class Linking:
    """The deliveries `ticket.link` and `ticket.first_comment`."""

    def __init__(self, deps: Deps, jira: JiraGateway, requests: Requests) -> None:
        self._deps = deps
        self._jira = jira
        self._requests = requests

    def all(self) -> dict[str, Delivery]:
        return {
            # Nothing is written in Jira: it may be done again.
            "ticket.link": Delivery(
                prepare=self._prepare,
                settle=self._settle,
                give_up=self._give_up,
                held=self._held,
                revive=self._revive,
                rather="delivered",
                timeout=TIMEOUT,
            ),
            "ticket.first_comment": Delivery(
                prepare=self._prepare_comment,
                look_up=self._look_up_comment,
                rather="once",
                look_after=LOOK_AFTER,
                timeout=TIMEOUT,
            ),
        }

    async def _prepare(self, entry: Entry) -> Send:
        ticket = await self._wished(entry)
        ref = await self._found(ticket)
        try:
            async with asyncio.timeout(READING):
                await self._plan(ticket)
        except TimeoutError as error:
            raise Later("no answer in time to what was said", after=15.0, counted=False) from error

        async def send() -> Ref:
            return ref

        return send

    async def _wished(self, entry: Entry) -> Ticket:
        ticket = await self._deps.transactions.read(store.by_id, entry.payload["ticket_id"])
        if ticket is None or ticket.attempt != entry.payload["attempt"]:
            raise Stale("wished anew")
        if ticket.state is not TicketState.WISHED:
            raise Stale(f"it is {ticket.state.value}")
        return ticket

    async def _found(self, ticket: Ticket) -> Ref:
        key = ticket.key or ""
        state = await self._jira.issues.state(key)
        if state is None:
            words = f"There is no issue {key} in Jira, or Frontdesk's account there cannot see it."
            raise Refused("no such issue", words=words, fields={"link": words})
        return {"key": state.key, "id": state.id}

    async def _plan(self, ticket: Ticket) -> None:
        limit = await most_bytes(self._jira)
        material = await gather(self._deps, self._requests, ticket)
        known = await self._deps.transactions.read(files.of_ticket, ticket.id)
        planned = files.plan(known, material.files, limit)
        # What is said from now on is a comment's business, whatever becomes of this.
        if not await self._deps.transactions.run(files.keep, ticket, planned, material.told_until):
            raise Stale("it was linked meanwhile, or wished anew")

    def _settle(self, uow: UnitOfWork, entry: Entry, ref: Ref) -> None:
        ticket_id: int = entry.payload["ticket_id"]
        ticket = store.by_id(uow.connection, ticket_id)
        told_until = ticket.told_until if ticket else None
        key: str = ref["key"]
        issue = Issue(key=key, url=self._jira.browse(key), id=ref["id"], told_until=told_until)
        service.linked(uow, ticket_id, issue, self._requests.card_changed)
        files.start(uow, ticket_id)

    def _give_up(self, uow: UnitOfWork, entry: Entry, refused: Refused) -> None:
        service.failed(
            uow, entry.payload["ticket_id"], entry.payload["attempt"], refused.words, refused.fields,
            self._requests.card_changed,
        )  # fmt: skip

    def _revive(self, uow: UnitOfWork, entry: Entry) -> Revived:
        # The next attempt has words of its own for the thread.
        ticket_id, attempt = entry.payload["ticket_id"], entry.payload["attempt"]
        wished = service.try_again(uow, ticket_id, attempt, self._requests.card_changed)
        return "anew" if wished else "overtaken"

    def _held(self, uow: UnitOfWork, entry: Entry, outcome: Outcome) -> None:
        if not isinstance(outcome, SlackAway):
            login = isinstance(outcome, LoginRefused)
            service.held(uow, entry.payload["ticket_id"], entry.payload["attempt"], login=login)

    async def _prepare_comment(self, entry: Entry) -> Send:
        ticket = await self._linked(entry)
        document = await self._comment(ticket)

        async def send() -> Ref:
            return {"comment": await self._jira.comments.add(_issue(ticket), document, entry.dedup)}

        return send

    async def _comment(self, ticket: Ticket) -> Document:
        try:
            async with asyncio.timeout(READING):
                material = await gather(self._deps, self._requests, ticket, ticket.told_until)
        except TimeoutError as error:
            raise Later("no answer in time to what was said", after=15.0, counted=False) from error
        known = await self._deps.transactions.read(files.of_ticket, ticket.id)
        left_out = {one.ref.id: one.reason for one in known if one.reason}
        return linked_comment(replace(material.parts, left_out=left_out), self._jira.length).document

    async def _look_up_comment(self, entry: Entry) -> Ref | None:
        ticket = await self._linked(entry)
        found = await self._jira.comments.find(_issue(ticket), entry.dedup, entry.created_at)
        return {"comment": found} if found else None

    async def _linked(self, entry: Entry) -> Ticket:
        ticket = await self._deps.transactions.read(store.by_id, entry.payload["ticket_id"])
        if ticket is None or not ticket.is_done:
            raise Stale("there is no such ticket")
        return ticket


def _issue(ticket: Ticket) -> str:
    # The id stays when the issue moves to another project.
    return ticket.issue_id or ticket.key or ""
