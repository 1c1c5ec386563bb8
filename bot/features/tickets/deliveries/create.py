"""Creates the issue once, though Jira knows no idempotency key: after a doubt it is looked for by its label."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from zoneinfo import ZoneInfo

from bot.core.logs import logger
from bot.core.text import Document
from bot.core.threads import RequestFacts, ThreadRef
from bot.feature import Deps
from bot.features.tickets import service, store
from bot.features.tickets.deliveries.reading import SlackAway, hear, who_we_are
from bot.features.tickets.domain import Side, Ticket, TicketState
from bot.features.tickets.names import names_of
from bot.features.tickets.service import Requests
from bot.features.tickets.views.description import Parts, description
from bot.features.tickets.views.transcript import Heard, Said, together
from bot.jira import adf, wiki
from bot.jira.gateway import JiraGateway
from bot.jira.shapes import IssueDraft, IssueRef
from bot.metrics import DOUBLED
from bot.outbox.delivery import Delivery, Entry, Ref, Send
from bot.outbox.outcomes import Later, Outcome, Refused, Stale
from bot.outbox.unit_of_work import UnitOfWork
from bot.slack.links import permalink
from bot.teams.domain import Team

# The look at Jira's state and the create: each has time-outs of its own in the gateway.
TIMEOUT = 20.0
# Within half a lease, or the relay does not dare to send.
READING = 12.0

log = logger(__name__)


@dataclass(frozen=True, kw_only=True)
class _Background:
    """What the issue is about, beside what was typed."""

    facts: RequestFacts | None
    team: Team | None
    heard: Sequence[Heard]


class Creating:
    """The delivery `ticket.create`."""

    def __init__(self, deps: Deps, jira: JiraGateway, requests: Requests) -> None:
        self._deps = deps
        self._jira = jira
        self._requests = requests

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
                found = await self._find(ticket) if ticket.attempt > 1 else None
                draft = None if found else await self._draft(ticket)
        except TimeoutError as error:
            raise Later(
                "no answer in time to what the issue is made of", after=15.0, counted=False
            ) from error

        async def send() -> Ref:
            issue = found if draft is None else await self._jira.create_issue(draft)
            assert issue is not None
            return {"key": issue.key, "id": issue.id}

        return send

    async def _wished(self, entry: Entry) -> Ticket:
        ticket = await self._deps.transactions.read(store.by_id, entry.payload["ticket_id"])
        if ticket is None or ticket.attempt != entry.payload["attempt"]:
            raise Stale("wished anew")
        if ticket.state is not TicketState.WISHED:
            raise Stale(f"it is {ticket.state.value}")
        return ticket

    async def _draft(self, ticket: Ticket) -> IssueDraft:
        # Jira first: while it is away, Slack is left in peace.
        type_id = await self._type_id(ticket)
        background = await self._background(ticket)
        target = background.team.jira if background.team else None
        here = target if target and target.project == ticket.project else None
        return IssueDraft(
            project=ticket.project,
            type_id=type_id,
            summary=ticket.summary,
            description=description(await self._parts(ticket, background), self._size),
            labels=tuple(dict.fromkeys((*(target.labels if target else ()), ticket.label))),
            # Components are a project's own.
            components=here.components if here else (),
        )

    async def _type_id(self, ticket: Ticket) -> str:
        types = await self._jira.issue_types(ticket.project)
        for kind in types:
            if kind.name.casefold() == ticket.issue_type.casefold():
                return kind.id
        there = ", ".join(kind.name for kind in types) or "none"
        raise Refused(
            "no such issue type",
            words=f"Project {ticket.project} has no issue type “{ticket.issue_type}”. It has: {there}.",
        )

    async def _background(self, ticket: Ticket) -> _Background:
        facts = None
        if ticket.request_id is not None:
            facts = await self._deps.transactions.read(self._requests.facts, ticket.request_id)
        teams = await self._deps.directory.teams()
        team = teams.get(ticket.team_id) if ticket.team_id is not None else None
        reading = [hear(self._deps.slack, thread, side) for side, thread in _threads(ticket, facts)]
        return _Background(facts=facts, team=team, heard=await asyncio.gather(*reading))

    async def _parts(self, ticket: Ticket, background: _Background) -> Parts:
        facts = background.facts
        closed = not background.heard or any(heard.closed for heard in background.heard)
        said = together(background.heard, facts)
        if closed and not said and ticket.place.text:
            said = (_alone(ticket),)
        people = [ticket.asked_by, *((facts.requester, facts.filed_by) if facts else ())]
        people += [one.author for one in said]
        return Parts(
            typed=ticket.description,
            facts=facts,
            asked_by=ticket.asked_by,
            links=await self._links(ticket, facts),
            said=said,
            unread=sum(heard.unread for heard in background.heard),
            closed=closed,
            zone=background.team.zone if background.team else ZoneInfo(UTC.tzname(None)),
            names=await names_of(self._deps.directory, people, (one.text for one in said)),
        )

    async def _links(self, ticket: Ticket, facts: RequestFacts | None) -> list[tuple[str, str]]:
        us = await who_we_are(self._deps.slack)
        if facts is None:
            places = [("The thread in Slack", ticket.place.thread)]
        else:
            # Nobody outside of a private place learns where it is.
            asker = None if facts.private else facts.asker
            places = [("The request's card in Slack", facts.card), ("The request's thread in Slack", asker)]
        links = [(label, permalink(us, ref.channel, ref.thread_ts)) for label, ref in places if ref]
        return [(label, url) for label, url in links if url]

    def _size(self, document: Document) -> int:
        if not self._jira.cloud:
            return len(wiki.write(document))
        return len(json.dumps(adf.write(document), ensure_ascii=False))

    async def _look_up(self, entry: Entry) -> Ref | None:
        found = await self._find(await self._wished(entry))
        return {"key": found.key, "id": found.id} if found else None

    async def _find(self, ticket: Ticket) -> IssueRef | None:
        found = await self._jira.find_by_label(ticket.project, ticket.label)
        if len(found) > 1:
            DOUBLED.inc(len(found) - 1)
            log.error("tickets.several_issues", label=ticket.label, keys=[one.key for one in found])
        return found[0] if found else None

    def _settle(self, uow: UnitOfWork, entry: Entry, ref: Ref) -> None:
        key: str = ref["key"]
        ticket_id: int = entry.payload["ticket_id"]
        service.created(uow, ticket_id, key, self._jira.browse(key), self._requests.card_changed)

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
            service.held(uow, entry.payload["ticket_id"], entry.payload["attempt"])


def _threads(ticket: Ticket, facts: RequestFacts | None) -> list[tuple[Side, ThreadRef]]:
    if facts is None:
        return [(Side.THREAD, ticket.place.thread)] if ticket.place.reachable else []
    both = [(Side.ASKER, facts.asker), (Side.CARD, facts.card)]
    return [(side, thread) for side, thread in both if thread is not None]


def _alone(ticket: Ticket) -> Said:
    place = ticket.place
    return Said(
        channel=place.thread.channel, ts=place.message_ts, author=place.author, signature="", text=place.text
    )
