"""What people press and send about Jira issues: the card's button, the message shortcut, the form."""

import asyncio
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.core.errors import UserError
from bot.core.text import plain
from bot.core.threads import RequestFacts, RequestThread, ThreadRef
from bot.core.wire import inner
from bot.feature import Deps
from bot.features.tickets import domain, service
from bot.features.tickets.catalog import Catalog
from bot.features.tickets.domain import Place, Ticket
from bot.features.tickets.names import names_of
from bot.features.tickets.service import Requests
from bot.features.tickets.views import form, words
from bot.features.tickets.views.form import Context, Offer
from bot.outbox.outcomes import Outcome, Parked
from bot.slack import mrkdwn
from bot.slack.blocks import Message
from bot.slack.calls import Action, Call, Shortcut, Submission, is_private_place
from bot.slack.replies import Answer, Nothing, OpenForm, Reply, UpdateForm
from bot.teams.domain import Team
from bot.teams.roster import Teams

# A form must open within three seconds of the click; what Slack does not tell by then is left open.
PATIENCE = 1.0
_DIRECT = "directmessage"


@dataclass(frozen=True, kw_only=True)
class Look:
    """What Slack says of a channel; None where it did not say."""

    private: bool | None = None
    member: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What a form is opened with."""

    place: Place
    request: RequestThread | None
    summary: str
    description: str
    direct: bool = False


class Tickets:
    """The listeners. One per process."""

    def __init__(self, deps: Deps, requests: Requests, catalog: Catalog | None) -> None:
        self._deps = deps
        self._requests = requests
        self._catalog = catalog

    async def from_card(self, call: Action) -> Reply:
        """*Create Jira issue* on a request's card."""
        if self._catalog is None:
            return Answer(words.off())
        request_id = form.request_of(call.value)
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
        return await self._propose(call, self._catalog, _of_request(place, facts))

    async def from_message(self, call: Shortcut) -> Reply:
        """*Create Jira issue* in the menu of any message."""
        if self._catalog is None:
            return Answer(words.off())
        message = call.message or {}
        ts = str(message.get("ts") or "")
        if not call.channel_id or not ts:
            raise UserError(words.NO_MESSAGE)
        thread = ThreadRef(channel=call.channel_id, thread_ts=str(message.get("thread_ts") or ts))
        place = Place(
            workspace_id=call.workspace_id,
            thread=thread,
            message_ts=ts,
            author=str(message.get("user") or ""),
            text=str(message.get("text") or ""),
            private=is_private_place(call.channel_id, call.channel_name),
        )
        return await self._propose(call, self._catalog, await self._of_message(place, call))

    async def _of_message(self, place: Place, call: Shortcut) -> Proposal:
        request, facts = await self._deps.transactions.read(_request_of, self._requests, place.thread)
        if facts is not None:
            return _of_request(replace(place, private=place.private or facts.private), facts)
        direct = call.channel_name == _DIRECT or place.thread.channel.startswith("D")
        return Proposal(place=place, request=request, summary="", description=place.text, direct=direct)

    async def _propose(self, call: Call, catalog: Catalog, proposal: Proposal) -> Reply:
        teams = await self._deps.directory.teams()
        # Side by side: the trigger lives for three seconds.
        _, look, description = await asyncio.gather(
            self._check(call, teams, proposal.request),
            self._look_at(proposal.place.thread.channel),
            self._readable(proposal.description),
        )
        there = await self._there_already(proposal)
        if there is not None:
            return Answer(words.exists(there))
        place = _as_looked_at(proposal, look)
        team = domain.team_for(teams, proposal.request, place.thread.channel, call.user_id)
        context = Context(
            place=place,
            request_id=proposal.request.request_id if proposal.request else None,
            team_id=team.id if team else None,
        )
        offer = _offer(catalog, team)
        summary = proposal.summary or description.partition("\n")[0]
        return OpenForm(form.build(context, offer, summary=summary, description=description))

    async def _check(self, call: Call, teams: Teams, request: RequestThread | None) -> None:
        if domain.works_here(teams, request, call.user_id):
            return
        person = await self._deps.directory.person(call.user_id)
        if not person.is_known:
            raise UserError(words.WHO_ARE_YOU)
        if not person.is_admin_of(call.workspace_id):
            raise domain.refusal(teams, request)

    async def _look_at(self, channel: str) -> Look:
        try:
            asked = self._deps.slack.call("conversations.info", channel=channel)
            told = inner(await asyncio.wait_for(asked, PATIENCE), "channel")
        except Parked:
            return Look(private=None, member=False)
        except (Outcome, TimeoutError):
            return Look()
        private = any(told.get(name) is True for name in ("is_private", "is_im", "is_mpim"))
        return Look(private=private, member=private or told.get("is_member") is not False)

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

    async def project_chosen(self, call: Action) -> Reply:
        """Another project in the form: its types are other ones."""
        context = form.unpack(call.view.private_metadata) if call.view else None
        if self._catalog is None or call.view is None or context is None:
            return Nothing()
        teams = await self._deps.directory.teams()
        team = teams.get(context.team_id) if context.team_id is not None else None
        project = call.value
        await self._catalog.types_of(project)
        offer = Offer(
            projects=self._catalog.projects(team), project=project, types=self._catalog.types(project, team)
        )
        summary, description = (form.entered(call.view, name) for name in ("summary", "description"))
        return UpdateForm(form.build(context, offer, summary=summary, description=description))

    async def submitted(self, call: Submission) -> Reply:
        """The form was sent: the wish is stored, then the form closes."""
        if self._catalog is None:
            return Answer(words.off())
        context = form.unpack(call.view.private_metadata)
        if context is None:
            return Answer(Message(text=words.OLD_FORM))
        place = replace(context.place, workspace_id=call.workspace_id)
        request, _ = await self._deps.transactions.read(
            _request_of, self._requests, place.thread, context.request_id
        )
        await self._check(call, await self._deps.directory.teams(), request)
        wish = replace(form.wish_in(call, context), place=place)
        try:
            wished = await self._deps.transactions.run(service.wish, wish, self._requests)
        except UserError as error:
            field = form.block_of(call.view, error.field) if error.field else None
            raise UserError(error.text, field=field) from error
        if wished.new or wished.repeated:
            return Nothing()
        return Answer(words.exists(wished.ticket))


def _request_of(
    connection: Connection, requests: Requests, thread: ThreadRef, request_id: int | None = None
) -> tuple[RequestThread | None, RequestFacts | None]:
    request = requests.of(connection, request_id, thread)
    return request, requests.facts(connection, request.request_id) if request else None


def _of_request(place: Place, facts: RequestFacts) -> Proposal:
    return Proposal(
        place=place, request=domain.as_thread(facts), summary=facts.summary, description=facts.details
    )


def _clicked(call: Action) -> ThreadRef | None:
    ts = call.thread_ts or call.message_ts
    return ThreadRef(channel=call.channel_id, thread_ts=ts) if call.channel_id and ts else None


def _as_looked_at(proposal: Proposal, look: Look) -> Place:
    place = proposal.place
    private = place.private or look.private is True
    if proposal.request is not None or look.member is not False:
        return replace(place, private=private)
    if not proposal.direct:
        raise UserError(words.NOT_IN_CHANNEL)
    # Nobody can be invited into a conversation of two: the message itself has to do.
    return replace(place, private=private, reachable=False)


def _offer(catalog: Catalog, team: Team | None) -> Offer:
    projects = catalog.projects(team)
    if not projects:
        raise UserError(words.NO_PROJECT)
    project = projects[0][1]
    return Offer(projects=projects, project=project, types=catalog.types(project, team))
