"""Somebody has changed a user group by hand: it is put right again."""

from bot.core.wire import inner
from bot.feature import Deps
from bot.features.rotation.service import handing
from bot.slack.calls import Event
from bot.slack.replies import Nothing, Reply


class Events:
    """Hears of user groups (Slack, "subteam_updated" and "subteam_members_changed")."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps

    async def group_changed(self, call: Event) -> Reply:
        """A group that shows who is on duty holds them again; our own change of it does no harm."""
        group = str(call.body.get("subteam_id") or inner(call.body, "subteam").get("id") or "")
        teams = (await self._deps.directory.teams()).active
        ours = [team for team in teams if team.rotation and team.rotation.user_group == group]
        if group and ours:
            await self._deps.transactions.run(handing.group_touched, group)
        return Nothing()
