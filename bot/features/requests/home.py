"""What the Home tab shows of requests: sections that the composition root puts on it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.core.calendar import find_zone
from bot.features.requests.desk import Desk
from bot.features.requests.domain import Request, State
from bot.features.requests.store import home as store
from bot.features.requests.store.home import Counts
from bot.features.requests.values import Listed, Place, Window, parse_place
from bot.features.requests.views import home as views
from bot.features.requests.views.home import Around, Asked, Needs, Page, Queue
from bot.slack.blocks import Block
from bot.slack.links import permalink
from bot.teams.domain import SplitOfWork, Team, claim_due
from bot.teams.roster import Teams

# By when each of these requests (id to team) is to be taken, as its requester reads it; others are missing.
Dues = Callable[[Connection, Mapping[int, Team]], Mapping[int, datetime]]
MOST_NEEDS = 5
TEAMS = 5


class HomeSections:
    """One per process. Each section is a few statements, whatever there was before."""

    def __init__(self, desk: Desk, dues: Dues) -> None:
        self._desk = desk
        self._dues = dues
        self._read = desk.deps.transactions.read

    async def asked(self, user_id: str, now: datetime, place: str) -> Page:
        """What this person asked for."""
        wanted = parse_place(place)
        found = await self._read(_asked, user_id, wanted, now)
        rows = [*found.window.rows, *found.followed]
        return views.asked(found, wanted, await self._around(rows, user_id, now))

    async def held(self, user_id: str, now: datetime, place: str) -> Page:
        """What is with this person; empty for those who work no queue and hold nothing."""
        window, total = await self._read(_held, user_id, parse_place(place))
        if not total and not (await self._desk.teams()).of_person(user_id):
            return Page(blocks=())
        return views.held(window, total, await self._around(window.rows, user_id, now))

    async def needs(self, user_id: str, now: datetime) -> Sequence[Block]:
        """What is this person's move: their answers, and what nobody has in the teams that they lead."""
        answers = await self._read(store.waiting_on, user_id)
        unclaimed, dues = await self._to_give(user_id, now)
        found = Needs(
            answers=answers[:MOST_NEEDS],
            unclaimed=unclaimed[:MOST_NEEDS],
            total=len(answers) + len(unclaimed),
        )
        rows = [*found.answers, *found.unclaimed]
        return views.needs(found, await self._around(rows, user_id, now, dues)) if rows else ()

    async def _to_give(self, user_id: str, now: datetime) -> tuple[list[Listed], dict[int, datetime]]:
        """What waits too long in the teams that this person leads, or waits for them to give it out."""
        led = [team for team in (await self._desk.teams()).active if team.lead == user_id]
        if not led:
            return [], {}
        giving = {team.id for team in led if team.split_of_work is SplitOfWork.LEAD_ASSIGNS}
        waiting, dues = await self._unclaimed(led)
        found = [one for one in waiting if one.request.team_id in giving or dues[one.request.id] <= now]
        return sorted(found, key=lambda one: dues[one.request.id]), dues

    async def queues(self, user_id: str, now: datetime, place: str) -> Page:
        """The queues of this person's teams, some at a time."""
        mine = (await self._desk.teams()).of_person(user_id)
        if not mine:
            return Page(blocks=())
        page, turns = _some(mine, place)
        counts = await self._read(store.counts_of, [team.id for team in page])
        waiting, dues = await self._unclaimed(page)
        late = [one.request for one in waiting if dues[one.request.id] <= now]
        more = len(waiting) == store.MOST_WAITING
        return views.queues([_queue(team, counts.get(team.id), late, more=more) for team in page], turns)

    async def _unclaimed(self, teams: Sequence[Team]) -> tuple[list[Listed], dict[int, datetime]]:
        """What nobody has, the oldest first, and by when somebody is to take it."""
        waiting = await self._read(store.unclaimed, [team.id for team in teams])
        return waiting, await self._due(waiting, {team.id: team for team in teams})

    async def _due(self, rows: Sequence[Listed], teams: Mapping[int, Team]) -> dict[int, datetime]:
        """By when each that nobody has is to be taken; what came back to the queue is promised anew."""
        new = [one.request for one in rows if one.request.state is State.NEW and one.request.team_id in teams]
        due = {
            request.id: claim_due(teams[request.team_id], request.priority, request.created_at)
            for request in new
        }
        if new:
            due |= await self._read(self._dues, {request.id: teams[request.team_id] for request in new})
        return due

    async def _around(
        self,
        rows: Sequence[Listed],
        user_id: str,
        now: datetime,
        dues: Mapping[int, datetime] | None = None,
    ) -> Around:
        teams = await self._desk.teams()
        by_id = {team.id: team for team in teams.all}
        known = dues if dues is not None else await self._due(rows, by_id)
        identity = self._desk.deps.slack.identity
        links = {
            one.request.id: permalink(identity, one.thread.channel, one.thread.thread_ts)
            for one in rows
            if one.thread is not None
        }
        return Around(
            now=now,
            zone=await self._zone(user_id, teams),
            teams={team.id: team.name for team in teams.all},
            names=await self._desk.names_in([one.request.summary for one in rows]),
            links={request_id: link for request_id, link in links.items() if link},
            dues=known,
        )

    async def _zone(self, user_id: str, teams: Teams) -> ZoneInfo:
        person = await self._desk.deps.directory.person(user_id)
        return find_zone(person.tz) or (teams.all[0].zone if teams.all else ZoneInfo("UTC"))


def _asked(connection: Connection, user_id: str, place: Place, now: datetime) -> Asked:
    followed = store.followed(connection, user_id) if place == Place() else []
    return Asked(
        followed=followed[: store.MOST_FOLLOWED],
        follows_more=len(followed) > store.MOST_FOLLOWED,
        window=store.asked(connection, user_id, place, now),
        open=store.count_asked(connection, user_id),
        has_finished=store.has_finished(connection, user_id, now),
    )


def _held(connection: Connection, user_id: str, place: Place) -> tuple[Window, int]:
    return store.held(connection, user_id, place), store.count_held(connection, user_id)


def _some(teams: Sequence[Team], place: str) -> tuple[Sequence[Team], list[tuple[str, str]]]:
    """A page of teams and the buttons to its neighbours; the first page where the place is not there."""
    first = int(place) if place.isascii() and place.isdigit() and len(place) <= 6 else 0
    if first >= len(teams):
        first = 0
    turns: list[tuple[str, str]] = []
    if first:
        turns.append(("Previous teams", str(max(first - TEAMS, 0))))
    if first + TEAMS < len(teams):
        turns.append(("More teams", str(first + TEAMS)))
    return teams[first : first + TEAMS], turns


def _queue(team: Team, counts: Counts | None, late: Sequence[Request], *, more: bool) -> Queue:
    if counts is None:
        return Queue(team_id=team.id, name=team.name)
    return Queue(
        team_id=team.id,
        name=team.name,
        open=counts.open,
        unclaimed=counts.unclaimed,
        waiting=counts.waiting,
        overdue=len([request for request in late if request.team_id == team.id]),
        more=more,
    )
