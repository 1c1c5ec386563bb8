"""The section *Teams* of the Home tab: for leads their teams, for workspace admins *New team* beside."""

from collections.abc import Sequence
from datetime import datetime

from bot.feature import Deps
from bot.features.setup.views import screen
from bot.slack.blocks import Block
from bot.teams.store import all_teams


class HomeSection:
    """One per process."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps

    async def __call__(self, user_id: str, _now: datetime) -> Sequence[Block]:
        """The section of this person; empty where there is nothing that they may set up."""
        # Not from memory: the view is rendered within a second of a change, and stays as it is.
        teams = [team for team in await self._deps.transactions.read(all_teams) if team.active]
        who, person = self._deps.slack.identity, await self._deps.directory.person(user_id)
        is_admin = who is not None and person.is_admin_of(who.workspace_id)
        led = [team for team in teams if team.lead == user_id]
        return screen.home(led, is_admin=is_admin, is_first=not teams)
