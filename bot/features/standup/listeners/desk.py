"""What every listener of check-ins needs: the teams, who acts, and the calendar of a team."""

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.core.errors import NotAllowed, UserError
from bot.feature import Deps
from bot.features.standup.domain.people import Calendar
from bot.features.standup.jobs import Looking
from bot.features.standup.service import opening
from bot.slack.calls import Call
from bot.teams.domain import Team
from bot.teams.plans import StandupPlan
from bot.teams.roster import Teams

NO_TEAM = "No team has check-ins yet. A team's lead adds them: `/triage settings`."


class Desk:
    """Shared by the listeners and the clock's jobs; one per process. Raises UserError and DatabaseUnavailable."""

    def __init__(self, deps: Deps) -> None:
        self.deps = deps
        self.looking = Looking(deps)

    async def teams(self) -> Teams:
        return await self.deps.directory.teams()

    async def team(self, team_id: int) -> Team:
        """The active team of this id. Raises UserError."""
        team = (await self.teams()).get(team_id)
        if team is None or not team.active:
            raise UserError("That team is not there any more, so it has no check-ins.")
        return team

    async def members(self, team: Team) -> Sequence[str]:
        """Who can be asked, in the team's order."""
        return await self.looking.askable((await self.teams()).members_of(team))

    async def check_works(self, call: Call, team: Team) -> None:
        """Raises UserError unless this person works the team's queue, or is an admin here."""
        if (await self.teams()).works_queue(team, call.user_id):
            return
        person = await self.deps.directory.person(call.user_id)
        if not person.is_admin_of(call.workspace_id):
            raise NotAllowed(f"Only members of {team.name} can do that.")

    async def leads(self, call: Call, team: Team) -> bool:
        """Whether this person leads the team, or administers the workspace."""
        if call.user_id == team.lead:
            return True
        return (await self.deps.directory.person(call.user_id)).is_admin_of(call.workspace_id)


def calendar(connection: Connection, team: Team, members: Sequence[str], call: Call) -> Calendar:
    """The team's calendar about now; somebody who is no member is in it too, by the team's clock."""
    people = members if call.user_id in members else [*members, call.user_id]
    return opening.around(connection, team, people, call.now)


def plan_of(team: Team, series: str) -> StandupPlan:
    """The team's check-in of this series. Raises UserError where the file names it no more."""
    plan = next((one for one in opening.check_ins(team) if one.series == series), None)
    if plan is None:
        raise UserError(f"{team.name} has no check-in of that name any more. `/standup` opens what there is.")
    return plan
