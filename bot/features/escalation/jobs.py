"""What happens by the clock: ladders are climbed, digests are sent, open requests without a ladder get one."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot.feature import Deps, Job
from bot.features.escalation import store
from bot.features.escalation.domain import digest as digest_rules
from bot.features.escalation.domain.ladder import Ladder, Standing, due, follows
from bot.features.escalation.people import around
from bot.features.escalation.service import climbing, digests
from bot.features.escalation.service.around import Neighbours
from bot.scheduling.apart import Apart
from bot.teams.domain import Team
from bot.teams.roster import Teams

# So long after the day has begun its digest still helps.
GRACE = timedelta(hours=2)
ADOPTED_AT_ONCE = 500
MOST_ADOPTED = 100_000


class Looking:
    """The job that climbs and sends. One per process; several may share a database."""

    def __init__(self, deps: Deps, to: Neighbours) -> None:
        self._deps = deps
        self._to = to
        self._run = deps.transactions.run
        self._last: Teams | None = None
        self._known: dict[int, Team] = {}
        # Team and day of the digests that are settled, as far as this process knows.
        self._settled: set[tuple[int, date]] = set()
        self._ladders = Apart("escalation.look")
        self._digests = Apart("escalation.look")

    async def look(self, now: datetime) -> None:
        """Does what is due by now."""
        teams = await self._deps.directory.teams()
        await self._notice(teams)
        await self._climb(teams, await self._deps.transactions.read(store.due, now), now)

        async def digest(team: Team) -> None:
            await self._digest(team, now)

        await self._digests.each(teams.active, now, digest, key=lambda team: team.key)

    async def _notice(self, teams: Teams) -> None:
        """What the teams file changed moves what is waited for."""
        if teams is self._last:
            return
        for team in teams.all:
            if self._known.get(team.id) is not team:
                await self._run(climbing.team_changed, team.id)
                self._known[team.id] = team
        self._last = teams

    async def _climb(self, teams: Teams, found: Sequence[Ladder], now: datetime) -> None:
        by_id = {team.id: team for team in teams.all}
        early = [ladder for ladder in found if not _is_due(ladder, by_id.get(ladder.team_id), now)]
        if early:
            await self._run(climbing.reckon, early, by_id)

        async def climb(ladder: Ladder) -> None:
            team = by_id.get(ladder.team_id)
            if team is not None and _is_due(ladder, team, now):
                people = await around(self._deps, team)
                await self._run(climbing.climb, self._to, ladder.request_id, people)

        await self._ladders.each(found, now, climb, key=lambda ladder: ladder.request_id)

    async def _digest(self, team: Team, now: datetime) -> None:
        day = digest_rules.day_of(team, now)
        if day is None or (team.id, day[0]) in self._settled:
            return
        today, begins, ends = day
        if now < begins + GRACE:
            await self._run(digests.send, self._to, team, today, ends)
        else:
            await self._run(digests.skip, team, today)
        self._settled = {one for one in self._settled if one[0] != team.id} | {(team.id, today)}

    async def adopt(self, _now: datetime) -> None:
        """Open requests that a release without ladders filed or moved get theirs."""
        last = 0
        for _ in range(MOST_ADOPTED // ADOPTED_AT_ONCE):
            found = await self._deps.transactions.read(self._to.open_after, last, ADOPTED_AT_ONCE)
            if not found:
                return
            last = found[-1].id
            adrift = await self._deps.transactions.read(_adrift, found)
            for one in sorted(adrift):
                # Each by itself: somebody may be about to claim one of them.
                await self._run(climbing.adopt, self._to, one)


def _is_due(ladder: Ladder, team: Team | None, now: datetime) -> bool:
    at = due(ladder, team) if team else None
    return at is not None and at <= now


def _adrift(connection: Connection, standings: Sequence[Standing]) -> set[int]:
    """Those of these requests that have no ladder, or one that waits for something else."""
    ladders = store.of_requests(connection, [one.id for one in standings])
    held = {one.id for one in standings if one.id in ladders and follows(ladders[one.id], one)}
    return {one.id for one in standings} - held


def _next_due(connection: Connection, _now: datetime) -> datetime | None:
    return store.next_due(connection)


def jobs(looking: Looking) -> tuple[Job, ...]:
    """The slice's jobs."""
    return (
        Job(
            name="escalation.look",
            every=timedelta(seconds=1),
            run=looking.look,
            next_due=_next_due,
            in_words="somebody is asked about a request that waits",
        ),
        Job(name="escalation.adopt", every=timedelta(minutes=10), run=looking.adopt),
    )
