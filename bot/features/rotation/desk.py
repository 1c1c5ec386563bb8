"""What every listener of the rotation needs: the teams, who acts, whom they may name."""

from dataclasses import dataclass

from bot.core.errors import NotAllowed, UserError
from bot.feature import Deps
from bot.features.rotation.board import Board
from bot.features.rotation.views.words import listed
from bot.slack.calls import Call, Command
from bot.teams.domain import Team
from bot.teams.lines import Line
from bot.teams.roster import Teams

NO_ROTATION = "No team has a rotation yet. Its lead gives it one: `/triage settings`."
WITHOUT = "{team} has no rotation. Its lead can give it one: `/triage settings`."
NOT_YOURS = "Only members of {team} change who is on duty there. `/ask-team` reaches them."


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Shared by the listeners; one per process. Raises UserError and DatabaseUnavailable."""

    deps: Deps
    board: Board

    async def teams(self) -> Teams:
        return await self.deps.directory.teams()

    async def team(self, team_id: int) -> Team:
        """The team of this id, which has a rotation. Raises UserError."""
        team = (await self.teams()).get(team_id)
        if team is None or not team.active or team.rotation is None:
            raise UserError("That team has no rotation any more. `/rotation` shows those that have one.")
        return team

    async def may_change(self, call: Call, team: Team) -> bool:
        """Whether this person works the team's queue, takes turns in it, or is an admin here."""
        teams = await self.teams()
        if teams.works_queue(team, call.user_id) or self._takes_turns(team, call.user_id):
            return True
        return (await self.deps.directory.person(call.user_id)).is_admin_of(call.workspace_id)

    async def check_may_change(self, call: Call, team: Team) -> None:
        """Raises NotAllowed unless they may."""
        if not await self.may_change(call, team):
            raise NotAllowed(NOT_YOURS.format(team=team.name))

    async def check_may_see(self, call: Call, team: Team, channel_id: str) -> None:
        """Raises UserError for guests and people of other companies outside the team's channels."""
        person = await self.deps.directory.person(call.user_id)
        is_outside = person.is_guest or person.is_external(call.workspace_id)
        if is_outside and channel_id not in team.open_channels and not await self.may_change(call, team):
            raise UserError(
                f"From here you cannot see who is on duty for {team.name}. Ask whoever invited you."
            )

    async def check_can_have(self, team: Team, user_id: str, *, by: str = "") -> None:
        """Raises UserError where this person cannot be on duty for the team."""
        person = await self.deps.directory.person(user_id)
        if person.deleted:
            raise UserError("That person has left this workspace. Name somebody else.")
        teams = await self.teams()
        if person.is_bot or not (teams.works_queue(team, user_id) or self._takes_turns(team, user_id)):
            raise UserError(
                f"You are not in {team.name}, so its requests are not yours to handle. Ask one of its members."
                if user_id == by
                else f"That person is not in {team.name}, so they could not handle its requests. Name a member."
            )

    def _takes_turns(self, team: Team, user_id: str) -> bool:
        return team.rotation is not None and user_id in team.rotation.members

    def leads(self, call: Call, team: Team) -> bool:
        """Whether this person leads the team."""
        return call.user_id == team.lead


def team_for(call: Command, line: Line, teams: Teams) -> Team:
    """The team named, else the channel's, else the person's only one. Raises UserError."""
    with_rotation = [team for team in teams.active if team.rotation]
    if line.team is not None:
        if line.team.rotation is None:
            raise UserError(WITHOUT.format(team=line.team.name))
        return line.team
    if not with_rotation:
        raise UserError(NO_ROTATION)
    met = [team for team in teams.active if call.channel_id in team.channels]
    if met and not any(team.rotation for team in met):
        raise UserError(WITHOUT.format(team=met[0].name))
    here = [team for team in with_rotation if call.channel_id in team.channels]
    own = [team for team in with_rotation if _is_of(team, call.user_id, teams)]
    for found in (here, own, with_rotation):
        if len(found) == 1:
            return found[0]
    keys = listed([f"`{team.key}`" for team in own or with_rotation])
    raise UserError(f"Which team? Begin with its name: {keys}.")


def _is_of(team: Team, user_id: str, teams: Teams) -> bool:
    return teams.works_queue(team, user_id) or (
        team.rotation is not None and user_id in team.rotation.members
    )
