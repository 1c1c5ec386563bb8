"""Monday's report goes out when a team begins its week."""

from datetime import date, datetime, timedelta

from bot.feature import Deps, Job
from bot.features.reports import domain, service
from bot.features.reports.service import Neighbours
from bot.scheduling.apart import Apart
from bot.teams.domain import Team


class Looking:
    """The job that sends what is due. One per process; several may share a database."""

    def __init__(self, deps: Deps, to: Neighbours) -> None:
        self._deps = deps
        self._to = to
        # The weeks that are settled, by team, as far as this process knows.
        self._settled: dict[int, date] = {}
        self._teams = Apart("report.look")

    async def look(self, now: datetime) -> None:
        """Sends what is due by now; what is due long since is settled in silence."""
        teams = await self._deps.directory.teams()

        async def send(team: Team) -> None:
            await self._send(team, now)

        await self._teams.each(teams.active, now, send, key=lambda team: team.key)

    async def _send(self, team: Team, now: datetime) -> None:
        due = domain.due(team, now)
        if now < due.begins or self._settled.get(team.id) == due.week:
            return
        is_early = now < due.begins + domain.GRACE
        read, run = self._deps.transactions.read, self._deps.transactions.run
        if is_early and await read(service.has_news, self._to, team, due.week, now):
            await run(service.send, team, due.week)
        else:
            await run(service.skip, team, due.week)
        self._settled[team.id] = due.week


def jobs(looking: Looking) -> tuple[Job, ...]:
    """The slice's jobs."""
    return (Job(name="report.look", every=timedelta(seconds=20), run=looking.look),)
