"""The form was sent: the wish is stored, and for a moment the form stays open for what Jira says to it."""

import asyncio
from dataclasses import replace

from sqlalchemy import Connection

from bot.core.clock import stopwatch
from bot.core.errors import UserError
from bot.core.text import from_plain
from bot.core.threads import RequestFacts, ThreadRef
from bot.feature import Deps
from bot.features.tickets import domain, service, store
from bot.features.tickets.catalog import Catalog
from bot.features.tickets.domain import Ticket, TicketState
from bot.features.tickets.fields.kinds import not_askable
from bot.features.tickets.fields.reading import Writers
from bot.features.tickets.listeners.offering import Offering
from bot.features.tickets.listeners.opening import facts_at
from bot.features.tickets.listeners.seeing import Seeing
from bot.features.tickets.service import Requests
from bot.features.tickets.views import form, words
from bot.features.tickets.views.carried import Context, unpack
from bot.features.tickets.views.sent import beside, block_of, entered, filled_in, is_there, wish_in
from bot.jira.gateway import JiraGateway
from bot.slack.blocks import Message
from bot.slack.calls import Submission
from bot.slack.replies import Answer, FormErrors, Nothing, Reply, UpdateForm

# Counted from the moment of sending; Slack's three seconds leave us two.
WAIT = 1.5
ALL = 1.85
POLL = 0.1


class Sending:
    """The listener of the form. One per process."""

    def __init__(
        self,
        deps: Deps,
        jira: JiraGateway,
        requests: Requests,
        seeing: Seeing,
        catalog: Catalog,
        offering: Offering,
    ) -> None:
        self._deps = deps
        self._jira = jira
        self._requests = requests
        self._seeing = seeing
        self._catalog = catalog
        self._offering = offering
        self._writers = Writers(text=lambda text: jira.write(from_plain(text)), person=jira.people.reference)

    async def submitted(self, call: Submission) -> Reply:
        """The wish is stored first; what Jira refuses at once is told beside the fields."""
        began = stopwatch()
        carried = unpack(call.view.private_metadata)
        if carried is None:
            return Answer(Message(text=words.OLD_FORM))
        facts = await self._deps.transactions.read(
            _facts_sent, self._requests, carried.place.thread, carried.request_id
        )
        context = await self._allowed(call, carried, facts)
        missing = self._cannot_ask(call)
        if missing is not None:
            return missing
        wished = await self._wish(call, context)
        if wished.new:
            return await self._said(call, context, facts, wished.ticket, began)
        return Nothing() if wished.repeated else Answer(words.exists(wished.ticket))

    async def _allowed(self, call: Submission, carried: Context, facts: RequestFacts | None) -> Context:
        """The context as it is true now: what the form carries is not believed."""
        request = domain.as_thread(facts) if facts else None
        teams = await self._deps.directory.teams()
        await self._seeing.check_rights(call, teams, request)
        place = replace(carried.place, workspace_id=call.workspace_id)
        if request is None:
            place = await self._seeing.seen(call.user_id, place)
        team = domain.team_for(teams, request, place.thread.channel, call.user_id)
        request_id = request.request_id if request else None
        return Context(place=place, request_id=request_id, team_id=team.id if team else None)

    def _cannot_ask(self, call: Submission) -> FormErrors | None:
        known = self._catalog.known_fields(entered(call.view, "project"), entered(call.view, form.TYPE))
        if entered(call.view, form.LINK).strip() or not not_askable(known or ()):
            return None
        return FormErrors({form.LINK: words.JIRAS_OWN})

    async def _wish(self, call: Submission, context: Context) -> service.Wished:
        type_id = self._catalog.type_id(entered(call.view, "project"), entered(call.view, form.TYPE))
        try:
            wish = wish_in(call, context, site=self._jira.url, type_id=type_id, writers=self._writers)
            return await self._deps.transactions.run(service.wish, wish, self._requests)
        except UserError as error:
            field = block_of(call.view, error.field) if error.field else None
            raise UserError(error.text, field=field) from error

    async def _said(
        self, call: Submission, context: Context, facts: RequestFacts | None, asked: Ticket, began: float
    ) -> Reply:
        ticket = await self._outcome(asked, began)
        if ticket is None or ticket.state is not TicketState.FAILED:
            return Nothing()
        reply = await self._refusal(call, context, facts, ticket, began)
        await self._deps.transactions.run(service.told, ticket.id, ticket.attempt, call.user_id)
        return reply

    async def _outcome(self, asked: Ticket, began: float) -> Ticket | None:
        """What has become of this attempt by the time the form has to close; another process may be at it."""
        while stopwatch() - began < WAIT:
            await asyncio.sleep(POLL)
            ticket = await self._deps.transactions.read(store.by_id, asked.id)
            if ticket is None or ticket.attempt != asked.attempt:
                return None
            if ticket.state is not TicketState.WISHED:
                return ticket
        return None

    async def _refusal(
        self, call: Submission, context: Context, facts: RequestFacts | None, ticket: Ticket, began: float
    ) -> Reply:
        failure, complaints = ticket.failure or "", ticket.complaints
        names = self._catalog.field_refused(ticket.project, ticket.issue_type) if complaints else {}
        if ticket.is_linked or all(is_there(call.view, field_id) for field_id in complaints):
            return FormErrors(beside(call.view, failure, complaints, names))
        # Jira wants a field that the form does not have: perhaps the form can be given it.
        team = (await self._deps.directory.teams()).get(context.team_id) if context.team_id else None
        patience = max(ALL - (stopwatch() - began), 0.0)
        offer = await self._offering.offer(team, ticket.project, ticket.issue_type, facts, patience=patience)
        known = {field.id for field in offer.fields or ()}
        if not known.intersection(complaints):
            return FormErrors(beside(call.view, failure, complaints, names))
        filled = replace(filled_in(call.view), complaints=complaints, failure=failure)
        return UpdateForm(form.build(context, offer, filled))


def _facts_sent(
    connection: Connection, requests: Requests, thread: ThreadRef, request_id: int | None
) -> RequestFacts | None:
    """The facts of the request that the form names. Raises UserError where the thread is not that request's."""
    facts = facts_at(connection, requests, thread, request_id)
    if facts is None or domain.is_of(domain.as_thread(facts), thread):
        return facts
    found = requests.find_thread(connection, thread.channel, thread.thread_ts)
    if found is None or found.request_id != facts.request_id:
        raise UserError(words.NO_SUCH_THREAD)
    return facts
