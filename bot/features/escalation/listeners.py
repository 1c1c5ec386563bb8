"""Buttons of escalation."""

from bot.core.errors import NotAllowed, UserError
from bot.feature import Deps
from bot.features.escalation.domain.ladder import Standing
from bot.features.escalation.people import around
from bot.features.escalation.service import answering, sharing
from bot.features.escalation.service.around import Neighbours
from bot.features.escalation.views import ids
from bot.slack.calls import Action
from bot.slack.replies import Nothing, Reply
from bot.teams.domain import Team

GONE = "That request does not exist, or you cannot see it. Check the number."


class Buttons:
    """One function for each button. Raises UserError and DatabaseUnavailable."""

    def __init__(self, deps: Deps, to: Neighbours) -> None:
        self._deps = deps
        self._to = to
        self._run = deps.transactions.run

    async def seen(self, call: Action) -> Reply:
        """*Seen, not now* on a ping."""
        said = ids.said(call.value)
        team = await self._team(call, said.request_id)
        await self._check_works(call, team)
        await self._run(answering.seen, self._to, team, said, by=call.user_id, call=_key(call))
        return Nothing()

    async def still_on_it(self, call: Action) -> Reply:
        """*Still on it* below a claim that has not moved."""
        said = ids.said(call.value)
        await self._team(call, said.request_id)
        await self._run(answering.still_on_it, self._to, said, by=call.user_id, call=_key(call))
        return Nothing()

    async def put_it_back(self, call: Action) -> Reply:
        """*Put it back* below a claim that has not moved."""
        said = ids.said(call.value)
        await self._team(call, said.request_id)
        await self._run(answering.put_it_back, self._to, said, by=call.user_id, call=_key(call))
        return Nothing()

    async def give_back(self, call: Action) -> Reply:
        """*Give it back* on a card."""
        request_id = ids.request_id(call.value)
        team = await self._team(call, request_id)
        people = await around(self._deps, team)
        await self._run(sharing.give_back, self._to, request_id, people, by=call.user_id, call=_key(call))
        return Nothing()

    async def _team(self, call: Action, request_id: int) -> Team:
        """The team of the request in whose thread the button stands."""
        standing: Standing = await self._deps.transactions.read(self._to.read, request_id)
        team = (await self._deps.directory.teams()).get(standing.team_id)
        elsewhere = call.channel_id and standing.card and call.channel_id != standing.card.channel
        if team is None or elsewhere:
            raise UserError(GONE)
        return team

    async def _check_works(self, call: Action, team: Team) -> None:
        if (await self._deps.directory.teams()).works_queue(team, call.user_id):
            return
        if not (await self._deps.directory.person(call.user_id)).is_admin_of(call.workspace_id):
            raise NotAllowed(f"Only members of {team.name} can do that.")


def _key(call: Action) -> str:
    """What names this very click, so that a repeated delivery is known."""
    return f"act:{call.user_id}:{call.action_ts or call.trigger_id}:{call.action_id}"
