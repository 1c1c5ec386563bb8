"""The bot comes into a channel; and the buttons of what it asks then."""

from bot.core.errors import NotAllowed, UserError
from bot.feature import Deps
from bot.features.invitation import domain, service, views
from bot.features.invitation.domain import ALL_CHECK_INS, Place, Use
from bot.slack.blocks import Message
from bot.slack.calls import Action, Event
from bot.slack.replies import Answer, Nothing, Reply
from bot.teams.domain import Team

NOT_YOURS = "Only the lead of a team, or a workspace admin, says what a channel is for it."


class Listeners:
    """Whoever answers has to lead the team then too: a button may be pressed in a year."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps

    async def joined(self, call: Event) -> Reply:
        """Somebody came into a channel: where it is the bot itself, whoever brought it is asked what for."""
        channel, inviter = call.body.get("channel"), call.body.get("inviter")
        identity = self._deps.slack.identity
        is_us = identity is not None and call.user_id == identity.user_id
        if is_us and isinstance(channel, str) and isinstance(inviter, str) and inviter:
            place = Place(channel, call.body.get("channel_type") == "G")
            await self._deps.transactions.run(service.invited, place, inviter, call.event_id)
        return Nothing()

    async def use_chosen(self, call: Action) -> Reply:
        """*Triage channel*, *Intake channel*, *Check-ins* or *Nothing of these*."""
        place, (wanted,) = views.parts_of(call.value, 1)
        use = views.use_in(wanted)
        _check_place(call, place.channel)
        if use is Use.NOTHING:
            return _replaced(views.nothing())
        teams = await self._led(call)
        if not teams:
            raise NotAllowed(NOT_YOURS)
        if use is Use.CHECK_INS:
            teams = [team for team in teams if team.standups] or teams
        if len(teams) > 1:
            return _replaced(views.choose_team(place, use, teams))
        return await self._agree(place, use, teams[0])

    async def team_chosen(self, call: Action) -> Reply:
        """For which team."""
        place, (wanted, team_id) = views.parts_of(call.value, 2)
        _check_place(call, place.channel)
        return await self._agree(place, views.use_in(wanted), await self._team(call, team_id))

    async def _agree(self, place: Place, use: Use, team: Team) -> Reply:
        if use is Use.CHECK_INS and not team.standups:
            raise UserError(domain.NO_CHECK_INS.format(team=team.name))
        in_file = await self._deps.transactions.read(service.pinned, team.key, use, place.channel)
        if in_file is not None:
            return _replaced(views.done(use, team, in_file))
        if use is Use.CHECK_INS and len(team.standups) > 1:
            return _replaced(views.choose_check_in(place, team))
        return _replaced(views.agree(place, use, team))

    async def agreed(self, call: Action) -> Reply:
        """*Yes, please*."""
        place, (wanted, team_id) = views.parts_of(call.value, 2)
        return await self._choose(call, place.channel, views.use_in(wanted), team_id, ALL_CHECK_INS)

    async def check_in_chosen(self, call: Action) -> Reply:
        """Which of the team's check-ins."""
        place, (team_id, which) = views.parts_of(call.value, 2)
        return await self._choose(call, place.channel, Use.CHECK_INS, team_id, which)

    async def _choose(self, call: Action, channel: str, use: Use, team_id: str, which: str) -> Reply:
        _check_place(call, channel)
        team = await self._team(call, team_id)
        outcome = await self._deps.transactions.run(
            service.choose, team.key, use, channel, call.user_id, which
        )
        return _replaced(views.done(use, team, outcome))

    async def _team(self, call: Action, team_id: str) -> Team:
        wanted = views.team_in(team_id)
        team = next((team for team in await self._led(call) if team.id == wanted), None)
        if team is None:
            raise NotAllowed(NOT_YOURS)
        return team

    async def _led(self, call: Action) -> list[Team]:
        person = await self._deps.directory.person(call.user_id)
        teams = await self._deps.directory.teams()
        return domain.led_by(teams, call.user_id, admin=person.is_admin_of(call.workspace_id))


def _replaced(message: Message) -> Reply:
    return Answer(message, replace=True)


def _check_place(call: Action, channel: str) -> None:
    if call.channel_id not in (None, channel):
        raise UserError("That question belongs to another channel. Answer it there.")
