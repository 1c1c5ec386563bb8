"""What people say in threads that are no request's, and what they press below an offer."""

from collections.abc import Awaitable, Callable, Mapping

from bot.core.errors import NotAllowed, UserError
from bot.core.messages import Deleted, Edited, Spoken
from bot.core.threads import IssueThreads
from bot.feature import Deps
from bot.features.in_step import offers, words, words_store
from bot.features.in_step.views import offer as views
from bot.features.in_step.words import Tickets
from bot.slack.calls import Action, Event
from bot.slack.messages import read_event
from bot.slack.replies import Answer, Nothing, Reply

WHO_ARE_YOU = "Slack does not tell me just now who you are here. Please try again in a minute."


def events(deps: Deps, tickets: Tickets) -> Mapping[str, Callable[[Event], Awaitable[Reply]]]:
    """The listener of `message` events. It raises DatabaseUnavailable, so that Slack sends the event again."""

    async def listen(event: Event) -> Reply:
        match read_event(event.body):
            case Spoken() as spoken:
                await _spoken(deps, tickets, spoken)
            case Edited() as edited:
                if await deps.transactions.read(words_store.is_kept, edited.channel, edited.ts):
                    await deps.transactions.run(words.changed_in_thread, edited, tickets)
            case Deleted() as deleted:
                await _deleted(deps, tickets, deleted)
            case None:
                pass
        return Nothing()

    return {"message": listen}


# Most threads have no issue: they are passed by without a turn to write.
async def _spoken(deps: Deps, tickets: Tickets, spoken: Spoken) -> None:
    if await deps.transactions.read(tickets.of_thread, spoken.channel, spoken.thread_ts):
        await deps.transactions.run(words.heard_in_thread, spoken, tickets)


async def _deleted(deps: Deps, tickets: Tickets, deleted: Deleted) -> None:
    known = await deps.transactions.read(words_store.is_kept, deleted.channel, deleted.ts)
    in_thread = deleted.thread_ts and await deps.transactions.read(
        tickets.of_thread, deleted.channel, deleted.thread_ts
    )
    if known or in_thread:
        await deps.transactions.run(words.taken_away_in_thread, deleted, tickets)


def actions(deps: Deps, tickets: Tickets) -> Mapping[str, Callable[[Action], Awaitable[Reply]]]:
    """The buttons of an offer."""
    clicked = _Offers(deps, tickets).clicked
    return {views.LEAVE: clicked, **{f"{views.MOVE}.{number}": clicked for number in range(views.MOST)}}


class _Offers:
    def __init__(self, deps: Deps, tickets: Tickets) -> None:
        self._deps = deps
        self._tickets = tickets

    async def clicked(self, call: Action) -> Reply:
        """A way, or *Leave it*. Of an offer the first click counts; whoever comes later sees what was chosen."""
        choice = views.unpack(call.value)
        ticket = choice and await self._deps.transactions.read(self._tickets.of_ticket, choice.ticket_id)
        if choice is None or ticket is None or ticket.key is None:
            raise UserError(views.OLD)
        await self._check(call, ticket)
        offer = f"offer:{call.workspace_id}:{call.channel_id}:{call.message_ts or call.action_ts}"
        leaves = call.action_id == views.LEAVE
        wanted = {} if leaves else choice.to_json(call.user_id)
        chosen = await self._deps.transactions.run(offers.decide, offer, wanted)
        message = views.moving(ticket.key, chosen["to_name"]) if chosen else views.left()
        return Answer(message, replace=True)

    async def _check(self, call: Action, ticket: IssueThreads) -> None:
        """Raises UserError for people who do not work the request's queue."""
        teams = await self._deps.directory.teams()
        team = teams.get(ticket.team_id) if ticket.team_id is not None else None
        if team is not None and teams.works_queue(team, call.user_id):
            return
        person = await self._deps.directory.person(call.user_id)
        if not person.is_known:
            raise UserError(WHO_ARE_YOU)
        if not person.is_admin_of(call.workspace_id):
            name = team.name if team else "the team"
            raise NotAllowed(f"Only members of {name} can move {ticket.key} from here.")
