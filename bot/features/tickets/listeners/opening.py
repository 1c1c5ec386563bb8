"""What opens the form: the card's button, the menu of a message, *Try again* after a refusal."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from bot.core.clock import stopwatch
from bot.core.errors import UserError
from bot.core.text import plain
from bot.core.threads import RequestFacts, RequestThread, ThreadRef
from bot.feature import Deps
from bot.features.tickets import domain, service, store
from bot.features.tickets.catalog import Catalog
from bot.features.tickets.domain import Place, Ticket, TicketState
from bot.features.tickets.fields.inputs import Shown
from bot.features.tickets.fields.reading import restored
from bot.features.tickets.listeners.offering import Offering
from bot.features.tickets.listeners.seeing import PATIENCE, Look, Seeing
from bot.features.tickets.names import names_of
from bot.features.tickets.service import Requests
from bot.features.tickets.views import form, words
from bot.features.tickets.views.carried import Context
from bot.features.tickets.views.form import Filled
from bot.features.tickets.views.sent import number_in
from bot.slack import mrkdwn
from bot.slack.calls import Action, Call, Shortcut, is_private_place
from bot.slack.replies import Answer, OpenForm, Reply
from bot.teams.domain import Team

_DIRECT = "directmessage"
# So long after the click the form opens without the fields that Jira has not told by then.
FIELDS_BY = 1.4


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What a form is opened with. `direct`: nobody can be invited to where it is."""

    place: Place
    request: RequestThread | None
    facts: RequestFacts | None
    summary: str
    description: str
    direct: bool = False


@dataclass(frozen=True, kw_only=True)
class Before:
    """What was entered when the form was sent the last time, and what Jira said to it."""

    project: str
    issue_type: str
    link: str = ""
    shown: Mapping[str, Shown] = field(default_factory=dict[str, Shown])
    complaints: Mapping[str, str] = field(default_factory=dict[str, str])
    failure: str = ""


class Opening:
    """The listeners that open the form. One per process."""

    def __init__(
        self, deps: Deps, requests: Requests, seeing: Seeing, catalog: Catalog, offering: Offering
    ) -> None:
        self._deps = deps
        self._requests = requests
        self._seeing = seeing
        self._catalog = catalog
        self._offering = offering

    async def from_card(self, call: Action) -> Reply:
        """*Create Jira issue* on a request's card."""
        request_id = number_in(call.value)
        if request_id is None:
            raise UserError(words.OLD_BUTTON)
        facts = await self._deps.transactions.read(self._requests.facts, request_id)
        thread = facts.card or _clicked(call) or facts.asker
        if thread is None:
            raise UserError(words.NO_THREAD)
        place = Place(
            workspace_id=call.workspace_id,
            thread=thread,
            message_ts=thread.thread_ts,
            private=facts.private or is_private_place(thread.channel, ""),
        )
        return await self._propose(call, _of_request(place, facts))

    async def from_message(self, call: Shortcut) -> Reply:
        """*Create Jira issue* in the menu of any message, which whoever calls sees."""
        message = call.message or {}
        ts = str(message.get("ts") or "")
        if not call.channel_id or not ts:
            raise UserError(words.NO_MESSAGE)
        place = Place(
            workspace_id=call.workspace_id,
            thread=ThreadRef(channel=call.channel_id, thread_ts=str(message.get("thread_ts") or ts)),
            message_ts=ts,
            author=str(message.get("user") or ""),
            text=str(message.get("text") or ""),
            private=is_private_place(call.channel_id, call.channel_name),
        )
        facts = await self._deps.transactions.read(facts_at, self._requests, place.thread)
        if facts is not None:
            proposal = _of_request(replace(place, private=place.private or facts.private), facts)
            return await self._propose(call, proposal)
        direct = call.channel_name == _DIRECT or call.channel_id.startswith("D")
        proposal = Proposal(
            place=place, request=None, facts=None, summary="", description=place.text, direct=direct
        )
        return await self._propose(call, proposal)

    async def again(self, call: Action) -> Reply:
        """*Try again* below a refusal: the form with all that was entered and Jira's words."""
        began = stopwatch()
        ticket_id = number_in(call.value)
        ticket = await self._deps.transactions.read(store.by_id, ticket_id) if ticket_id else None
        if ticket is None or ticket.place.workspace_id != call.workspace_id:
            raise UserError(words.OLD_BUTTON)
        if ticket.state is not TicketState.FAILED:
            return Answer(words.exists(ticket))
        facts = await self._deps.transactions.read(
            facts_at, self._requests, ticket.place.thread, ticket.request_id
        )
        request = domain.as_thread(facts) if facts else None
        place, _ = await asyncio.gather(
            self._place_of(call, ticket, request),
            self._seeing.check_rights(call, await self._deps.directory.teams(), request),
        )
        proposal = Proposal(
            place=place, request=request, facts=facts, summary=ticket.summary, description=ticket.description
        )
        self._catalog.forget(ticket.project, ticket.issue_type)
        return await self._open(call, proposal, began, _before(ticket))

    async def _place_of(self, call: Call, ticket: Ticket, request: RequestThread | None) -> Place:
        return ticket.place if request else await self._seeing.seen(call.user_id, ticket.place)

    async def _propose(self, call: Call, proposal: Proposal) -> Reply:
        began = stopwatch()
        teams = await self._deps.directory.teams()
        # Side by side: the trigger lives for three seconds.
        _, look, description, _ = await asyncio.gather(
            self._seeing.check_rights(call, teams, proposal.request),
            self._seeing.look_at(proposal.place.thread.channel),
            self._readable(proposal.description),
            self._warm(call, proposal),
        )
        there = await self._there_already(proposal)
        if there is not None:
            return Answer(words.exists(there))
        summary = proposal.summary or description.partition("\n")[0]
        place = _as_looked_at(proposal, look)
        proposal = replace(proposal, place=place, summary=summary, description=description)
        return await self._open(call, proposal, began)

    async def _open(
        self, call: Call, proposal: Proposal, began: float, before: Before | None = None
    ) -> Reply:
        team = await self._team_for(call, proposal)
        context = Context(
            place=proposal.place,
            request_id=proposal.request.request_id if proposal.request else None,
            team_id=team.id if team else None,
        )
        before = before or self._first(team)
        offer = await self._offering.offer(
            team,
            before.project,
            before.issue_type,
            proposal.facts,
            patience=max(FIELDS_BY - (stopwatch() - began), 0.0),
        )
        filled = Filled(
            summary=proposal.summary,
            description=proposal.description,
            link=before.link,
            shown=before.shown,
            complaints=before.complaints,
            failure=before.failure,
        )
        return OpenForm(form.build(context, offer, filled))

    def _first(self, team: Team | None) -> Before:
        project = self._catalog.first_project(team)
        if project is None:
            raise UserError(words.NO_PROJECT)
        return Before(project=project[1], issue_type=self._catalog.types(project[1], team)[0])

    async def _team_for(self, call: Call, proposal: Proposal) -> Team | None:
        teams = await self._deps.directory.teams()
        return domain.team_for(teams, proposal.request, proposal.place.thread.channel, call.user_id)

    async def _warm(self, call: Call, proposal: Proposal) -> None:
        """Asks Jira for the fields of the form that will open, beside what else has to be asked."""
        team = await self._team_for(call, proposal)
        if self._catalog.first_project(team) is not None:
            first = self._first(team)
            await self._catalog.fields(first.project, first.issue_type)

    async def _readable(self, text: str) -> str:
        names: dict[str, str] = {}
        try:
            names = await asyncio.wait_for(names_of(self._deps.directory, (), (text,)), PATIENCE)
        except TimeoutError:
            pass  # Ids are a poor name, but the form cannot wait.
        return plain(mrkdwn.read(text, names)).strip()

    async def _there_already(self, proposal: Proposal) -> Ticket | None:
        request, thread = proposal.request, proposal.place.thread
        ticket = await self._deps.transactions.read(service.existing, request, thread)
        if ticket is not None and ticket.request_id is None and request is not None:
            changed = self._requests.card_changed
            await self._deps.transactions.run(service.join, ticket.id, request.request_id, changed)
        return ticket


async def off(call: Call) -> Reply:
    """Every door where Jira is not configured: how to change that."""
    return Answer(words.off())


def facts_at(
    connection: Connection, requests: Requests, thread: ThreadRef, request_id: int | None = None
) -> RequestFacts | None:
    """The facts of this request, else of the one that the thread belongs to. Raises UserError for a wrong id."""
    request = requests.of(connection, request_id, thread)
    return requests.facts(connection, request.request_id) if request else None


def _of_request(place: Place, facts: RequestFacts) -> Proposal:
    return Proposal(
        place=place,
        request=domain.as_thread(facts),
        facts=facts,
        summary=facts.summary,
        description=facts.details,
    )


def _clicked(call: Action) -> ThreadRef | None:
    ts = call.thread_ts or call.message_ts
    return ThreadRef(channel=call.channel_id, thread_ts=ts) if call.channel_id and ts else None


def _before(ticket: Ticket) -> Before:
    return Before(
        project=ticket.project,
        issue_type=ticket.issue_type,
        link=(ticket.key or "") if ticket.is_linked else "",
        shown=restored(ticket.shown),
        complaints=ticket.complaints,
        failure=ticket.failure or "",
    )


def _as_looked_at(proposal: Proposal, look: Look) -> Place:
    place = proposal.place
    private = place.private or look.private is True
    if proposal.request is not None or look.member is not False:
        return replace(place, private=private)
    if not proposal.direct:
        raise UserError(words.NOT_IN_CHANNEL)
    # Nobody can be invited into a conversation of two: the message itself has to do.
    return replace(place, private=private, reachable=False)
