"""What every listener of the settings needs: the team as it is, who may change it, its parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.core.calendar import find_zone
from bot.core.errors import NotAllowed, UserError
from bot.feature import Deps
from bot.features.setup.ids import OLD
from bot.features.setup.part import Part
from bot.features.setup.service import BeforeChange
from bot.features.setup.views import screen, words
from bot.slack.calls import Call
from bot.slack.replies import ViewJson
from bot.teams import edit
from bot.teams.domain import Team
from bot.teams.edit import Kept
from bot.teams.names import called


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Shared by the listeners; one per process. Raises UserError and DatabaseUnavailable."""

    deps: Deps
    parts: Sequence[Part]
    before_change: BeforeChange

    async def kept(self, call: Call, team_id: int) -> Kept:
        """The team as it is now. Raises NotAllowed for anybody but its lead and workspace admins."""
        kept = await self.deps.transactions.read(edit.kept_of, team_id)
        if kept.team.lead != call.user_id and not await self.is_admin(call):
            lead = await called(self.deps.directory, kept.team.lead)
            raise NotAllowed(words.NOT_LEAD.format(team=kept.team.name, lead=lead))
        return kept

    async def is_admin(self, call: Call) -> bool:
        """Whether this person administers our workspace."""
        return (await self.deps.directory.person(call.user_id)).is_admin_of(call.workspace_id)

    async def check_is_admin(self, call: Call) -> None:
        """Raises NotAllowed unless they do."""
        if not await self.is_admin(call):
            raise NotAllowed(words.NOT_ADMIN)

    async def may_set_up(self, call: Call) -> Sequence[Team]:
        """The teams whose settings this person may see, in their order."""
        teams = (await self.deps.directory.teams()).active
        if await self.is_admin(call):
            return teams
        return [team for team in teams if team.lead == call.user_id]

    def part(self, key: str) -> Part:
        """Raises UserError for one that there is no more."""
        found = next((part for part in self.parts if part.key == key), None)
        if found is None:
            raise UserError(OLD)
        return found

    async def screen(self, call: Call, kept: Kept, note: str = "") -> ViewJson:
        """All parts of the team's settings."""
        return screen.screen(kept, self.parts, note=note, is_admin=await self.is_admin(call))

    async def zone(self, call: Call, team: Team) -> ZoneInfo:
        """The person's own time zone, or the team's where Slack does not tell."""
        return find_zone((await self.deps.directory.person(call.user_id)).tz) or team.zone
