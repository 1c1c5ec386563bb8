"""Creates the issue once, though Jira knows no idempotency key: after a doubt it is looked for by its label."""

import asyncio

from bot.core.logs import logger
from bot.feature import Deps
from bot.features.tickets import files, service, store
from bot.features.tickets.deliveries.draft import PEOPLE, Drafting, Planned
from bot.features.tickets.deliveries.reading import SlackAway
from bot.features.tickets.domain import Issue, Ticket, TicketState
from bot.features.tickets.service import Requests
from bot.indicators import store as indicators
from bot.indicators.domain import Component, Counted
from bot.jira.failures import LoginRefused
from bot.jira.gateway import JiraGateway
from bot.jira.shapes import IssueRef
from bot.outbox.delivery import Delivery, Entry, Ref, Send
from bot.outbox.outcomes import Later, Outcome, Refused, Stale
from bot.outbox.unit_of_work import UnitOfWork

# The look at Jira's state and the create: each has time-outs of its own in the gateway.
TIMEOUT = 20.0
# Within half a lease, or the relay does not dare to send.
READING = 12.0

log = logger(__name__)


class Creating:
    """The delivery `ticket.create`."""

    def __init__(self, deps: Deps, jira: JiraGateway, requests: Requests) -> None:
        self._deps = deps
        self._jira = jira
        self._requests = requests
        self._drafting = Drafting(deps, jira, requests)

    def delivery(self, look_after: tuple[float, ...]) -> Delivery:
        """`look_after` are the seconds before each look-up by label: the search index lags."""
        return Delivery(
            prepare=self._prepare,
            look_up=self._look_up,
            settle=self._settle,
            give_up=self._give_up,
            held=self._held,
            look_after=look_after,
            timeout=TIMEOUT,
        )

    async def _prepare(self, entry: Entry) -> Send:
        ticket = await self._wished(entry)
        try:
            async with asyncio.timeout(READING):
                found = await self._find(ticket) if ticket.attempt > 1 else []
                planned = None if found else await self._drafting.plan(ticket)
        except TimeoutError as error:
            raise Later(
                "no answer in time to what the issue is made of", after=15.0, counted=False
            ) from error
        if planned is not None:
            await self._keep(ticket, planned)

        async def send() -> Ref:
            return _ref(found if planned is None else [await self._create(planned)])

        return send

    async def _keep(self, ticket: Ticket, planned: Planned) -> None:
        # Before anything is sent: what is said from now on is a comment's business, whatever becomes of the answer.
        run = self._deps.transactions.run
        if not await run(files.keep, ticket, planned.files, planned.told_until):
            raise Stale("it was made meanwhile, or wished anew")

    async def _create(self, planned: Planned) -> IssueRef:
        try:
            return await self._jira.create_issue(planned.draft)
        except Refused as refused:
            # Jira made nothing, and nobody can mend whom it takes for a reporter: they are named in the text instead.
            people = set(PEOPLE).intersection(refused.fields) - planned.parts.in_words
            if not people:
                raise
        return await self._jira.create_issue(self._drafting.without(planned, people))

    async def _wished(self, entry: Entry) -> Ticket:
        ticket = await self._deps.transactions.read(store.by_id, entry.payload["ticket_id"])
        if ticket is None or ticket.attempt != entry.payload["attempt"]:
            raise Stale("wished anew")
        if ticket.state is not TicketState.WISHED:
            raise Stale(f"it is {ticket.state.value}")
        return ticket

    async def _look_up(self, entry: Entry) -> Ref | None:
        found = await self._find(await self._wished(entry))
        return _ref(found) if found else None

    async def _find(self, ticket: Ticket) -> list[IssueRef]:
        """The ticket's issues; of several the first is the one that counts."""
        found = await self._jira.find_by_label(ticket.project, ticket.label)
        if len(found) > 1:
            log.error("tickets.several_issues", label=ticket.label, keys=[one.key for one in found])
        return found

    def _settle(self, uow: UnitOfWork, entry: Entry, ref: Ref) -> None:
        key: str = ref["key"]
        ticket_id: int = entry.payload["ticket_id"]
        ticket = store.by_id(uow.connection, ticket_id)
        told_until = ticket.told_until if ticket else None
        issue = Issue(key=key, url=self._jira.browse(key), id=ref.get("id"), told_until=told_until)
        service.created(uow, ticket_id, issue, self._requests.card_changed)
        files.start(uow, ticket_id)
        others: list[str] = ref.get("others") or []
        if others:
            _count_duplicates(uow, len(others))
        for other in others:
            uow.enqueue(
                "ticket.duplicate",
                {"ticket_id": ticket_id, "key": other},
                once=f"ticket:{ticket_id}:duplicate:{other}",
            )

    def _give_up(self, uow: UnitOfWork, entry: Entry, refused: Refused) -> None:
        ticket = store.by_id(uow.connection, entry.payload["ticket_id"])
        words = refused.words
        if ticket is not None and words == refused.reason:
            words = (
                f"Jira did not say whether it made the issue. Look in {ticket.project} for the label "
                f"{ticket.label} first."
            )
        service.failed(
            uow, entry.payload["ticket_id"], entry.payload["attempt"], words, refused.fields,
            self._requests.card_changed,
        )  # fmt: skip

    def _held(self, uow: UnitOfWork, entry: Entry, outcome: Outcome) -> None:
        if not isinstance(outcome, SlackAway):
            service.held(
                uow, entry.payload["ticket_id"], entry.payload["attempt"],
                login=isinstance(outcome, LoginRefused),
            )  # fmt: skip


def _count_duplicates(uow: UnitOfWork, count: int) -> None:
    found = Counted(
        day=uow.now.date(), component=Component.JIRA, what="issue", result="duplicate", count=count
    )
    indicators.add(uow.connection, found)


def _ref(issues: list[IssueRef]) -> Ref:
    first, *others = issues
    return {"key": first.key, "id": first.id} | ({"others": [one.key for one in others]} if others else {})
