"""`/triage settings`, `/triage new-team`, and the buttons that open a form anew."""

from bot.core.calendar import zone_names
from bot.core.errors import NotAllowed
from bot.features.setup import ids
from bot.features.setup.desk import Desk
from bot.features.setup.views import form, screen, words
from bot.slack.calls import Action, Call, Command, Options
from bot.slack.inputs import suggested
from bot.slack.replies import Choices, OpenForm, Reply
from bot.teams.domain import Team


class Commands:
    """The ways into the settings."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def settings(self, call: Command, team: Team | None) -> Reply:
        """Of the team that is named, else the channel's, else the only one that the person may set up."""
        teams = await self._desk.deps.directory.teams()
        team = team or teams.of_channel(call.channel_id)
        if team is not None:
            return await self._open(call, team.id)
        return await self._which(call)

    async def _which(self, call: Call) -> Reply:
        found, is_admin = await self._desk.may_set_up(call), await self._desk.is_admin(call)
        if not found and not is_admin:
            raise NotAllowed(words.NOBODYS)
        if len(found) == 1:
            return await self._open(call, found[0].id)
        return OpenForm(screen.teams(found, is_admin=is_admin))

    async def _open(self, call: Call, team_id: int) -> Reply:
        kept = await self._desk.kept(call, team_id)
        return OpenForm(await self._desk.screen(call, kept))

    async def new_team(self, call: Call) -> Reply:
        """The form for a new team; for workspace admins."""
        await self._desk.check_is_admin(call)
        person = await self._desk.deps.directory.person(call.user_id)
        return OpenForm(form.new_team(call.user_id, person.tz))

    async def new_team_typed(self, call: Command, _team: Team | None) -> Reply:
        return await self.new_team(call)

    async def open(self, call: Action) -> Reply:
        """*Settings* beside a team."""
        return await self._open(call, ids.team_of_value(call.value))

    async def teams(self, call: Action) -> Reply:
        """*All teams*."""
        return OpenForm(
            screen.teams(await self._desk.may_set_up(call), is_admin=await self._desk.is_admin(call))
        )

    async def zones(self, call: Options) -> Reply:
        """Time zones whose names hold what was typed; the person's own where nothing was."""
        typed = "_".join(call.value.split()).casefold()
        if not typed:
            own = (await self._desk.deps.directory.person(call.user_id)).tz
            return Choices(suggested([(own, own)] if own else [("UTC", "UTC")]))
        found = sorted(name for name in zone_names() if typed in name.casefold())
        return Choices(suggested([(name, name) for name in found]))
