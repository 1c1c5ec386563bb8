"""What happens by the clock: check-ins open, remind and close; people's time zones are learnt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.core.calendar import find_zone
from bot.core.logs import logger
from bot.feature import Deps, Job
from bot.features.standup.names import askable
from bot.features.standup.service import closing, meetings, opening, weeks
from bot.features.standup.store import due
from bot.features.standup.store.due import DueRound
from bot.metrics import SCHEDULE_MISSED
from bot.outbox.unit_of_work import UnitOfWork
from bot.scheduling.apart import Apart
from bot.teams import zones
from bot.teams.domain import Team
from bot.teams.plans import StandupPlan
from bot.teams.roster import Teams

# Registers may change meanwhile; whatever that moves is found by then.
LOOK_AGAIN = timedelta(minutes=10)
# Of the plans whose time for that has come, so many at once: nobody waits for them.
MOST_AGAIN = 50
# A round that is over and waits for somebody to be asked at all is looked at so often, besides when it changes.
REST = timedelta(minutes=1)
MOST_PEOPLE = 200

log = logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Known:
    """When a plan has to be looked at again, true for this plan and these people. `at`: when that was found out."""

    plan: StandupPlan
    members: Sequence[str]
    at: datetime
    again: datetime
    next_at: datetime | None

    def holds(self, plan: StandupPlan, members: Sequence[str], now: datetime) -> bool:
        """Whether it is still true, and nobody is to be asked yet. A clock that was put back ends it."""
        waits = self.next_at is None or now < self.next_at
        return waits and self.at <= now and self.members == members and self.plan == plan


@dataclass(frozen=True, kw_only=True)
class Quiet:
    """With these very teams no plan has to be looked at from `since` until `until`."""

    teams: Teams
    since: datetime
    until: datetime

    def covers(self, teams: Teams, now: datetime) -> bool:
        """Whether that is so now. A clock that was put back ends it, and so does anything new about the teams."""
        return self.teams is teams and self.since <= now < self.until


class Looking:
    """The job that opens, reminds and closes. One per process; several may share a database."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        self._run = deps.transactions.run
        self._known: dict[tuple[int, str], Known] = {}
        self._quiet: Quiet | None = None
        # People of whom a zone is known.
        self._placed: set[str] = set()
        # Rounds that are over and wait for somebody: when they were looked at last.
        self._waiting: dict[int, datetime] = {}
        self._openings, self._closings = Apart("standup.look"), Apart("standup.look")

    async def look(self, now: datetime) -> None:
        """Does what is due by now."""
        teams = await self._deps.directory.teams()
        if self._quiet is None or not self._quiet.covers(teams, now):
            self._quiet = await self._open_all(teams, now)
        found = await self._deps.transactions.read(due.at, now)
        if found.remind:
            await self._run(closing.remind, teams)
        if found.settle:
            await self._run(closing.settle)
        await self._close(teams, found.rounds, now)

    def next_due(self, connection: Connection, now: datetime) -> datetime | None:
        """When there will be something to do next, as far as is known."""
        openings = [known.next_at for known in self._known.values() if known.next_at and known.next_at > now]
        return min([*openings, *due.next_moments(connection, now).values()], default=None)

    def forget(self) -> None:
        """Looks at everything anew."""
        self._known.clear()
        self._quiet = None

    async def _open_all(self, teams: Teams, now: datetime) -> Quiet | None:
        plans = {(team.id, plan.series): (team, plan) for team in teams.active for plan in team.standups}

        async def open_one(key: tuple[int, str]) -> None:
            team, plan = plans[key]
            self._known[key] = await self._open(team, plan, teams.members_of(team), now)

        due = [
            key
            for key, (team, plan) in plans.items()
            if self._is_news(key, plan, teams.members_of(team), now)
        ]
        again = [key for key in plans if key not in due and self._known[key].again <= now]
        await self._openings.each([*due, *again[:MOST_AGAIN]], now, open_one, key=lambda key: key)
        # Some may have been forgotten meanwhile.
        if not plans.keys() <= self._known.keys():
            return None
        self._known = {key: self._known[key] for key in plans}
        until = min((known.again for known in self._known.values()), default=now + LOOK_AGAIN)
        return Quiet(teams=teams, since=now, until=until)

    def _is_news(self, key: tuple[int, str], plan: StandupPlan, listed: Sequence[str], now: datetime) -> bool:
        known = self._known.get(key)
        return known is None or not known.holds(plan, listed, now)

    async def _open(self, team: Team, plan: StandupPlan, listed: Sequence[str], now: datetime) -> Known:
        members = await self.askable(listed)
        if plan.timezone == "member":
            await self._place(members)
        if plan.kind == "meeting":
            next_at = await self._run(_meeting, team, plan, members)
        else:
            looked = await self._run(opening.look, team, plan, members, with_jira=self._deps.jira is not None)
            next_at = looked.next_at
            SCHEDULE_MISSED.inc(looked.missed)
        again = min(next_at or now + LOOK_AGAIN, now + LOOK_AGAIN)
        return Known(plan=plan, members=listed, at=now, again=again, next_at=next_at)

    async def _place(self, members: Sequence[str]) -> None:
        """Learns the zones of those of whom none is known: they would be asked by the team's clock, at night even."""
        new = [user_id for user_id in members if user_id not in self._placed]
        if not new:
            return
        known = await self._deps.transactions.read(zones.of_people, new)
        people = [await self._deps.directory.person(user_id) for user_id in new if user_id not in known]
        named = {one.id: one.tz for one in people if one.is_known and find_zone(one.tz) is not None}
        for user_id, zone in named.items():
            await self._run(_learn, user_id, zone)
        self._placed |= {*known, *named}

    async def askable(self, listed: Sequence[str]) -> list[str]:
        """Those of the team who can be asked: people who have left and bots are passed over."""
        if len(listed) > MOST_PEOPLE:
            log.warning("standup.too_many_people", people=len(listed), asked=MOST_PEOPLE)
        return await askable(self._deps.directory, listed[:MOST_PEOPLE])

    async def _close(self, teams: Teams, rounds: Sequence[DueRound], now: datetime) -> None:
        due_ids = {round_.id for round_ in rounds}
        self._waiting = {id: at for id, at in self._waiting.items() if id in due_ids}

        async def close(round_: DueRound) -> None:
            await self._close_one(teams, round_)
            self._waiting[round_.id] = now

        due = [round_ for round_ in rounds if not self._rests(round_, now)]
        await self._closings.each(due, now, close, key=lambda round_: round_.id)

    def _rests(self, round_: DueRound, now: datetime) -> bool:
        last = self._waiting.get(round_.id)
        return last is not None and last <= now < last + REST and not round_.has_changed

    async def _close_one(self, teams: Teams, round_: DueRound) -> None:
        team = teams.get(round_.team_id)
        plans = team.standups if team is not None and team.active else ()
        # One that was made a meeting asks nobody any more.
        asks = (one for one in plans if one.series == round_.series and one.kind == "checkin")
        plan = next(asks, None)
        members = await self.askable(teams.members_of(team)) if team is not None else []
        await self._run(_close, round_.id, team, plan, members)

    async def end_weeks(self, _now: datetime) -> None:
        """Ends the weeks of check-ins that were taken out of the file; a round that is still open does when it closes."""
        teams = await self._deps.directory.teams()
        asking = {(team.id, plan.series) for team in teams.active for plan in opening.check_ins(team)}
        for team_id, series in await self._deps.transactions.read(due.known_series):
            if (team_id, series) not in asking:
                await self._run(_end_for_good, team_id, series)


def _meeting(uow: UnitOfWork, team: Team, plan: StandupPlan, members: Sequence[str]) -> datetime | None:
    return meetings.look(uow, opening.around(uow.connection, team, members, uow.now), plan)


def _end_for_good(uow: UnitOfWork, team_id: int, series: str) -> None:
    weeks.end(uow, team_id, series)
    due.forget(uow.connection, team_id, series)


def _close(
    uow: UnitOfWork, round_id: int, team: Team | None, plan: StandupPlan | None, members: Sequence[str]
) -> bool:
    calendar = opening.around(uow.connection, team, members, uow.now) if team is not None else None
    return closing.close_if_over(uow, round_id, calendar, plan, members)


def jobs(deps: Deps, looking: Looking) -> tuple[Job, ...]:
    """The slice's jobs."""

    async def learn_zones(_now: datetime) -> None:
        teams = await deps.directory.teams()
        by_member = [team for team in teams.active if any(one.timezone == "member" for one in team.standups)]
        user_ids = sorted({user_id for team in by_member for user_id in teams.members_of(team)})
        known = await deps.transactions.read(zones.of_people, user_ids)
        learnt = False
        for user_id in user_ids:
            person = await deps.directory.person(user_id)
            last = known[user_id][-1].zone if user_id in known else None
            if person.is_known and person.tz != last and find_zone(person.tz) is not None:
                learnt = await deps.transactions.run(_learn, user_id, person.tz) or learnt
        if learnt:
            looking.forget()

    return (
        Job(name="standup.zones", every=timedelta(seconds=60), run=learn_zones),
        Job(name="standup.weeks", every=LOOK_AGAIN, run=looking.end_weeks),
        Job(
            name="standup.look",
            every=timedelta(seconds=1),
            run=looking.look,
            next_due=looking.next_due,
            in_words="a check-in opens, reminds or closes",
        ),
    )


def _learn(uow: UnitOfWork, user_id: str, zone: str) -> bool:
    return zones.learn(uow.connection, user_id, zone, uow.now)
