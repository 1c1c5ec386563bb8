"""Buttons under the rotation's messages."""

from bot.features.rotation.desk import Desk
from bot.features.rotation.listeners.commands import Commands
from bot.features.rotation.service import covering, handing
from bot.features.rotation.service.changes import Wish
from bot.features.rotation.views import ids, words
from bot.slack.calls import Action
from bot.slack.replies import Answer, Nothing, Reply
from bot.teams.domain import Team


class Buttons:
    """Whoever clicks has to be of the team: messages can be seen by others."""

    def __init__(self, desk: Desk, commands: Commands) -> None:
        self._desk = desk
        self._commands = commands
        self._run = desk.deps.transactions.run

    async def _team(self, call: Action, team_id: int) -> Team:
        team = await self._desk.team(team_id)
        await self._desk.check_may_change(call, team)
        return team

    async def take(self, call: Action) -> Reply:
        """*Take it now*."""
        (team_id,) = ids.numbers(call.value, 1)
        return await self._commands.take(call, await self._team(call, team_id))

    async def cover(self, call: Action) -> Reply:
        """*Find cover*, for one's own shift."""
        (team_id,) = ids.numbers(call.value, 1)
        team = await self._team(call, team_id)
        return await self._commands.cover(call, team, Wish(by=call.user_id, person=call.user_id))

    async def take_cover(self, call: Action) -> Reply:
        """*I take it*."""
        team_id, cover_id = ids.numbers(call.value, 2)
        team = await self._team(call, team_id)
        await self._desk.check_can_have(team, call.user_id, by=call.user_id)
        made = await self._run(covering.take, team, cover_id, call.user_id)
        self._desk.board.put(made.standing)
        return Answer(words.said("Thank you: these hours are yours. The channel and the person know."))

    async def undo(self, call: Action) -> Reply:
        """*Undo*."""
        team_id, change_id = ids.numbers(call.value, 2)
        return await self._commands.undo(call, await self._team(call, team_id), change_id)

    async def accept(self, call: Action) -> Reply:
        """*Accept*, under the handover."""
        (handoff_id,) = ids.numbers(call.value, 1)
        await self._run(handing.accept, handoff_id, call.user_id)
        # The handover itself is renewed; what was shown to them alone cannot be.
        return Answer(words.said("Accepted. Thank you.")) if call.is_ephemeral else Nothing()
