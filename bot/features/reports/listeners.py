"""`/triage stats`, and the buttons of a report."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.core.errors import NotAllowed
from bot.core.figures import Figures
from bot.feature import Deps
from bot.features.reports import domain, service, store
from bot.features.reports.views import ids, report, words
from bot.features.reports.views.report import Offers
from bot.slack.calls import Action, Call, Command
from bot.slack.mrkdwn import escape
from bot.slack.replies import Answer, Reply
from bot.teams.domain import Team

# How well the product itself worked: a heading, then a line for each indicator.
AboutUs = Callable[[Connection, datetime], Sequence[str]]


class Listeners:
    """One function for each thing that people do. Raises UserError and DatabaseUnavailable."""

    def __init__(self, deps: Deps, about_us: AboutUs) -> None:
        self._deps = deps
        self._about_us = about_us

    async def stats(
        self, call: Command, teams: Sequence[Team], count: Callable[[Connection, datetime, datetime], Figures]
    ) -> Reply:
        """The last 28 days of these teams, today among them, on the calendar of the first.

        `count` finds the figures as of an instant, of what came in since another. Leads also read about the product.
        """
        read = self._deps.transactions.read
        since = domain.lately(call.now, teams[0].zone)
        figures = await read(count, call.now, since)
        offers = Offers(
            csv=([team.id for team in teams], since, call.now) if await self._works(call, teams) else None,
            weekly=await self._weekly(call, teams),
        )
        about_us = await read(self._about_us, call.now) if await self._leads(call) else ()
        title = " and ".join(team.name for team in teams)
        told = words.told_of(figures, teams, since, call.now)
        return Answer(report.stats(title, told, offers, about_us))

    async def _weekly(self, call: Command, teams: Sequence[Team]) -> tuple[int, bool] | None:
        """A lead who gets no weekly report of this team is offered it; who gets it stops it there."""
        if len(teams) != 1 or teams[0].lead != call.user_id:
            return None
        stopped = await self._deps.transactions.read(store.is_stopped, teams[0].id, call.user_id)
        return (teams[0].id, False) if stopped else None

    async def _works(self, call: Call, teams: Sequence[Team]) -> bool:
        """Whether this person may read every request of these teams."""
        found = await self._deps.directory.teams()
        if all(found.works_queue(team, call.user_id) for team in teams):
            return True
        return (await self._deps.directory.person(call.user_id)).is_admin_of(call.workspace_id)

    async def _leads(self, call: Call) -> bool:
        if any(team.lead == call.user_id for team in (await self._deps.directory.teams()).active):
            return True
        return (await self._deps.directory.person(call.user_id)).is_admin_of(call.workspace_id)

    async def csv(self, call: Action) -> Reply:
        """The rows go to whoever pressed, as a file in a direct message."""
        team_ids, since, until = ids.csv_of(call.value)
        known = await self._deps.directory.teams()
        teams = [team for team in known.all if team.id in team_ids]
        if len(teams) < len(set(team_ids)) or not await self._works(call, teams):
            raise NotAllowed("Only members of a team can have its requests as a file.")
        key = f"{call.user_id}:{call.action_ts or call.trigger_id}"
        await self._deps.transactions.run(service.want_csv, call.user_id, team_ids, since, until, key)
        return Answer(report.sentence("The file is on its way: I send it to you in a direct message."))

    async def stop(self, call: Action) -> Reply:
        """No weekly report for whoever pressed."""
        team = await self._team(call)
        await self._deps.transactions.run(service.stop, team.id, call.user_id)
        return Answer(
            report.sentence(
                f"You get no weekly report of {escape(team.name)} any more. `/triage stats` in its channel shows "
                "the same figures, and turns it on again."
            )
        )

    async def start(self, call: Action) -> Reply:
        """The weekly report again, for a lead."""
        team = await self._team(call)
        await self._deps.transactions.run(service.start, team.id, call.user_id)
        return Answer(
            report.sentence(
                f"You get the report of {escape(team.name)} again, when the team begins its next week."
            )
        )

    async def _team(self, call: Action) -> Team:
        team_id = ids.team_of(call.value)
        team = (await self._deps.directory.teams()).get(team_id)
        if team is None or team.lead != call.user_id:
            raise NotAllowed(
                "Only the team's lead gets its weekly report. There is nothing to change for you."
            )
        return team
