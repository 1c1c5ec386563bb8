"""The clock's part: who is on duty is looked at each second, what lies ahead now and then."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.feature import Deps, Job
from bot.features.rotation.board import Board
from bot.features.rotation.service import covering, handing
from bot.features.rotation.standing import Standing
from bot.features.rotation.store import covers, handoffs
from bot.features.rotation.store import standing as store
from bot.outbox.outcomes import Outcome
from bot.outbox.unit_of_work import UnitOfWork
from bot.teams.domain import Team
from bot.teams.roster import Teams
from bot.teams.store import all_teams

AHEAD_EVERY = timedelta(seconds=60)


class Looking:
    """What changes by the passing of time. One per process."""

    def __init__(self, deps: Deps, board: Board) -> None:
        self._deps = deps
        self._board = board
        self._shown: set[int] = set()

    async def look(self, now: datetime) -> None:
        """Reads how the rotations stand, and hands over where somebody else is on duty by now."""
        teams = await self._deps.directory.teams()
        standings, last = await self._deps.transactions.read(_stand, teams.all, now)
        for team in teams.active:
            standing = standings.get(team.id)
            if standing is not None and standing.rotation.eras[-1].plan != team.rotation:
                await self._deps.transactions.run(handing.follow_plan, team)
        self._board.show(standings)
        for team in teams.active:
            await self._hand_over(team, standings.get(team.id), last.get(team.id), now)

    async def look_for_cover(self, now: datetime) -> None:
        """The channel is asked again where nobody has taken somebody's hours yet."""
        teams = await self._deps.directory.teams()
        for cover_id, team_id in await self._deps.transactions.read(covers.due, now):
            if teams.get(team_id) is not None:
                await self._deps.transactions.run(covering.look, cover_id)

    async def _hand_over(
        self, team: Team, standing: Standing | None, last: handoffs.Handoff | None, now: datetime
    ) -> None:
        if standing is None and last is None:
            return
        shift = self._board.on_duty_of(team, now) if standing else None
        if (shift.person if shift else "") != (last.person if last else ""):
            await self._deps.transactions.run(handing.hand_over, team)
        elif team.id not in self._shown:
            # The group or the topic may have been changed while we were away.
            await self._deps.transactions.run(handing.show, team)
        self._shown.add(team.id)

    async def look_ahead(self, _now: datetime) -> None:
        """The lead is told of hours for which nobody is left."""
        for team in (await self._deps.directory.teams()).active:
            if team.rotation is not None:
                await self._deps.transactions.run(handing.look_ahead, team)

    async def look_for_leavers(self, _now: datetime) -> None:
        """Finds out who of the rotations is deactivated, away from any call."""
        teams = await self._deps.directory.teams()
        known = await self._deps.transactions.read(store.leavers)
        gone = set[str]()
        for member in _members(teams):
            try:
                person = await self._deps.directory.person(member)
            except Outcome:
                continue
            if person.deleted or (not person.is_known and member in known):
                gone.add(member)
        if frozenset(gone) != known:
            await self._deps.transactions.run(_keep_leavers, frozenset(gone))


def _stand(
    connection: Connection, teams: Collection[Team], now: datetime
) -> tuple[dict[int, Standing], dict[int, handoffs.Handoff]]:
    active = [team for team in teams if team.active]
    standings = store.of_teams(connection, active, now - store.LATELY)
    last = handoffs.last_of_teams(connection, [team.id for team in active])
    return standings, dict(last)


def _members(teams: Teams) -> list[str]:
    return sorted({member for team in teams.active if team.rotation for member in team.rotation.members})


def _keep_leavers(uow: UnitOfWork, gone: frozenset[str]) -> None:
    store.replace_leavers(uow.connection, gone, uow.now)


def jobs(looking: Looking) -> tuple[Job, ...]:
    """The slice's jobs."""
    return (
        Job(name="rotation.leavers", every=timedelta(minutes=10), run=looking.look_for_leavers),
        Job(name="rotation.ahead", every=AHEAD_EVERY, run=looking.look_ahead),
        Job(
            name="rotation.look",
            every=timedelta(seconds=1),
            run=looking.look,
            next_due=_next_handoff,
            in_words="somebody else is on duty",
        ),
        Job(
            name="rotation.cover",
            every=timedelta(seconds=1),
            run=looking.look_for_cover,
            next_due=_next_question,
            in_words="the channel is asked to cover a shift",
        ),
    )


def _next_handoff(connection: Connection, now: datetime) -> datetime | None:
    active = [team for team in all_teams(connection) if team.active]
    standings = store.of_teams(connection, active, now - store.LATELY)
    following = (standing.following(now) for standing in standings.values())
    return min((shift.start for shift in following if shift is not None), default=None)


def _next_question(connection: Connection, _now: datetime) -> datetime | None:
    return covers.next_due(connection)
