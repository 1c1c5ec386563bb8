"""The clock's part: who is on duty is looked at each second, what lies ahead now and then."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.feature import Deps, Job
from bot.features.rotation.board import Board
from bot.features.rotation.domain import Shift
from bot.features.rotation.service import covering, handing
from bot.features.rotation.standing import Standing
from bot.features.rotation.store import covers, handoffs
from bot.features.rotation.store import standing as store
from bot.outbox.unit_of_work import UnitOfWork
from bot.scheduling.apart import Apart
from bot.teams.domain import Team
from bot.teams.roster import Teams
from bot.teams.store import all_teams

AHEAD_EVERY = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True)
class _Shown:
    """What the user group and the topic were last made to say."""

    channel: str
    person: str
    until: datetime | None

    @classmethod
    def of(cls, team: Team, shift: Shift | None) -> "_Shown":
        return cls(
            channel=team.triage_channel,
            person=shift.person if shift else "",
            until=shift.end if shift else None,
        )


class Looking:
    """What changes by the passing of time. One per process."""

    def __init__(self, deps: Deps, board: Board) -> None:
        self._deps = deps
        self._board = board
        self._shown: dict[int, _Shown] = {}
        self._plans, self._handoffs = Apart("rotation.look"), Apart("rotation.look")
        self._covers, self._ahead = Apart("rotation.cover"), Apart("rotation.ahead")

    async def look(self, now: datetime) -> None:
        """Reads how the rotations stand, and hands over where somebody else is on duty by now."""
        teams = await self._deps.directory.teams()
        mark = self._board.mark()
        standings, last = await self._deps.transactions.read(stand, teams.all, now)
        changed = [standing.team for standing in standings.values() if _is_news(standing)]
        await self._plans.each(changed, now, self._follow_plan, key=_key)
        if changed:
            mark = self._board.mark()
            standings, last = await self._deps.transactions.read(stand, teams.all, now)
        self._board.show(standings, mark)

        async def hand_over(team: Team) -> None:
            await self._hand_over(team, standings.get(team.id), last.get(team.id), now)

        await self._handoffs.each(teams.all, now, hand_over, key=_key)

    async def _follow_plan(self, team: Team) -> None:
        await self._deps.transactions.run(handing.follow_plan, team)

    async def look_for_cover(self, now: datetime) -> None:
        """The channel is asked again where nobody has taken somebody's hours yet."""
        teams = await self._deps.directory.teams()

        async def ask(cover: tuple[int, int]) -> None:
            team = teams.get(cover[1])
            if team is not None:
                await self._deps.transactions.run(covering.look, team, cover[0])

        due = await self._deps.transactions.read(covers.due, now)
        await self._covers.each(due, now, ask, key=lambda cover: cover[0])

    async def _hand_over(
        self, team: Team, standing: Standing | None, last: handoffs.Handoff | None, now: datetime
    ) -> None:
        if standing is None and last is None:
            return
        shift = self._board.on_duty_of(team, now) if standing else None
        shown, before = _Shown.of(team, shift), self._shown.get(team.id)
        if shown.person != (last.person if last else ""):
            await self._deps.transactions.run(handing.hand_over, team)
        elif shown != before and team.active:
            # The group or the topic may have been changed while we were away, or the same person goes on.
            await self._deps.transactions.run(handing.show, team)
        if before is not None and before.channel != shown.channel:
            await self._deps.transactions.run(handing.topic_touched, before.channel)
        self._shown[team.id] = shown

    async def look_ahead(self, now: datetime) -> None:
        """The lead is told of hours for which nobody is left."""
        teams = (await self._deps.directory.teams()).active

        async def tell(team: Team) -> None:
            await self._deps.transactions.run(handing.look_ahead, team)

        need = await self._deps.transactions.read(handing.need_telling, teams, now)
        await self._ahead.each(need, now, tell, key=_key)

    async def look_for_leavers(self, _now: datetime) -> None:
        """Finds out who of the rotations is deactivated, away from any call."""
        teams = await self._deps.directory.teams()
        known = await self._deps.transactions.read(store.leavers)
        gone = set[str]()
        for member in _members(teams):
            person = await self._deps.directory.person(member)
            # Whom Slack cannot tell about just now is what they were.
            if person.deleted or (not person.is_known and member in known):
                gone.add(member)
        if frozenset(gone) != known:
            await self._deps.transactions.run(_keep_leavers, frozenset(gone))


def _key(team: Team) -> str:
    return team.key


def _is_news(standing: Standing) -> bool:
    """Whether the file says something else than what was in force so far."""
    return not standing.is_kept or standing.rotation.eras[-1].plan != standing.team.rotation


def stand(
    connection: Connection, teams: Collection[Team], now: datetime
) -> tuple[dict[int, Standing], dict[int, handoffs.Handoff]]:
    """How the rotations of these teams stand, and the last handoff of each, those out of the file included."""
    active = [team for team in teams if team.active]
    standings = store.of_teams(connection, active, now - store.LATELY)
    last = handoffs.last_of_teams(connection, [team.id for team in teams])
    return standings, dict(last)


def _members(teams: Teams) -> list[str]:
    return sorted({member for team in teams.active if team.rotation for member in team.rotation.members})


def _keep_leavers(uow: UnitOfWork, gone: frozenset[str]) -> None:
    store.replace_leavers(uow.connection, gone, uow.now)


def jobs(looking: Looking) -> tuple[Job, ...]:
    """The slice's jobs."""
    return (
        Job(name="rotation.leavers", every=timedelta(seconds=30), run=looking.look_for_leavers),
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
