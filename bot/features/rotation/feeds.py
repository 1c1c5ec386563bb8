"""Calendars by secret address, for whoever subscribes to them from outside Slack."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from aiohttp import web
from sqlalchemy import Connection

from bot.core.errors import UserError
from bot.core.logs import logger
from bot.db.errors import DatabaseUnavailable
from bot.feature import Deps
from bot.features.rotation.domain import Shift
from bot.features.rotation.standing import Standing
from bot.features.rotation.store import feeds as store
from bot.features.rotation.store import standing
from bot.features.rotation.views import ical
from bot.features.rotation.views.ical import Turn
from bot.outbox.unit_of_work import UnitOfWork
from bot.teams.domain import Team

PATH = "/calendar/{secret}.ics"
BACK, AHEAD = timedelta(days=31), timedelta(days=183)
# 500 shifts are half a year of three a day.
MOST = 1_000

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,64}")

log = logger(__name__)


class Feeds:
    """Where the calendars are, and what stands in them. Raises UserError and DatabaseUnavailable."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps

    async def addresses(self, team: Team, user_id: str, *, renew: bool) -> tuple[str, str]:
        """The rotation's address and the person's own; with `renew` new ones, the rotation's for its lead only.

        Raises UserError where the world cannot reach the bot.
        """
        public = self._deps.settings.public_url
        if not public:
            raise UserError(
                "Calendars need an address that your calendar can reach: whoever runs Frontdesk sets PUBLIC_URL."
            )
        found = await self._deps.transactions.run(_addresses, team, user_id, renew)
        base = public.rstrip("/")
        whole, own = (f"{base}/calendar/{feed.secret}.ics" for feed in found)
        return whole, own

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """The calendar at this address; 404 for every other one, 503 while the database is away."""
        try:
            secret = request.match_info["secret"]
            # Anything else is no address of ours, and may not be text that a database takes.
            is_sound = _SECRET.fullmatch(secret) is not None
            found = await self._deps.transactions.read(store.by_secret, secret) if is_sound else None
            if found is None:
                return web.Response(status=404, text="There is no calendar here.\n")
            body = await self._calendar(found)
        except DatabaseUnavailable:
            log.warning("rotation.calendar_unavailable")
            return web.Response(status=503, text="Not just now. Try again in a minute.\n")
        if body is None:
            return web.Response(status=404, text="There is no calendar here.\n")
        # An address is a secret: no cache on the way keeps what it leads to.
        headers = {"Cache-Control": "private, max-age=300", "X-Robots-Tag": "noindex"}
        return web.Response(body=body, content_type="text/calendar", charset="utf-8", headers=headers)

    async def _calendar(self, feed: store.Feed) -> bytes | None:
        now = self._deps.clock.now()
        teams = [team for team in (await self._deps.directory.teams()).active if team.rotation is not None]
        if feed.team_id is not None:
            teams = [team for team in teams if team.id == feed.team_id]
            if not teams:
                return None
            title = f"On duty: {teams[0].name}"
        else:
            assert feed.user_id is not None
            person = await self._deps.directory.person(feed.user_id)
            if person.deleted:
                return None
            title = f"On duty: {person.name}"
        turns = await self._deps.transactions.read(_turns, teams, feed.user_id, now)
        return ical.calendar(title, turns, await self._names(turns), now)

    async def _names(self, turns: Sequence[Turn]) -> dict[str, str]:
        people = {turn.shift.person for turn in turns} | {turn.shift.instead_of for turn in turns}
        return {one: (await self._deps.directory.person(one)).name for one in sorted(filter(None, people))}


def _addresses(uow: UnitOfWork, team: Team, user_id: str, renew: bool) -> tuple[store.Feed, store.Feed]:
    whole = store.of_team(uow.connection, team.id, uow.now, renew=renew and user_id == team.lead)
    return whole, store.of_person(uow.connection, user_id, uow.now, renew=renew)


def _whole(standing: Standing, start: datetime, end: datetime) -> list[Shift]:
    """The shifts of this time; those that reach over its ends are whole, or they would change each time."""
    pieces = [one for one in standing.shifts(start, end) if isinstance(one, Shift)]
    return [
        standing.on_duty(one.start) or one if one.start == start or one.end == end else one for one in pieces
    ]


def _turns(connection: Connection, teams: Sequence[Team], user_id: str | None, now: datetime) -> list[Turn]:
    standings = standing.of_teams(connection, teams, now - BACK)
    turns = [
        Turn(team_id=team.id, team=team.name, shift=piece)
        for team in teams
        if team.id in standings
        for piece in _whole(standings[team.id], now - BACK, now + AHEAD)
        if user_id in (None, piece.person)
    ]
    return sorted(turns, key=lambda turn: (turn.shift.start, turn.team_id))[:MOST]
