"""Buttons about requests that stand on the Home tab only. What else stands there is the card's."""

from bot.core.errors import NotAllowed, UserError
from bot.features.requests.desk import Desk
from bot.features.requests.listeners.card import key_of
from bot.features.requests.listeners.commands import Commands, titled
from bot.features.requests.queries import Listing
from bot.features.requests.service import queue
from bot.features.requests.views import ids, lists
from bot.slack.calls import Action
from bot.slack.replies import Answer, Reply
from bot.teams.domain import Team

_GONE = "That team is not there any more. Open the Home tab again: it shows how things are now."


class Home:
    """One function for each button. Answers come as a form on top: the tab has no other place for them."""

    def __init__(self, desk: Desk, commands: Commands) -> None:
        self._desk = desk
        self._commands = commands

    async def next(self, call: Action) -> Reply:
        """*Claim next*."""
        team = await self._team(call)
        acting = await self._desk.acting(call.workspace_id, call.user_id, [team.id])
        if not acting.works_queue_of(team.id):
            raise NotAllowed(f"Only members of {team.name} can take requests from its queue.")
        run = self._desk.deps.transactions.run
        request = await run(queue.claim_next_at_home, [team.id], acting, key_of(call))
        if request is None:
            return Answer(lists.plain("Nothing waits to be claimed. :tada:"))
        return Answer(lists.claimed(request, await self._desk.names_in([request.summary])))

    async def queue(self, call: Action) -> Reply:
        """*See the queue*."""
        team = await self._team(call)
        listing = Listing(kind="open", team_ids=(team.id,))
        return await self._commands.page(call, listing, titled(listing, team.name), False)

    async def _team(self, call: Action) -> Team:
        team = (await self._desk.teams()).get(ids.request_id(call.value))
        if team is None:
            raise UserError(_GONE)
        return team
