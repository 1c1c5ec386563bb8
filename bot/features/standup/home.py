"""A person's check-ins on the Home tab: what asks now, and what comes next, on their clock."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.features.standup.domain.checkins import Turn
from bot.features.standup.listeners.desk import Desk
from bot.features.standup.service import opening
from bot.features.standup.views import home
from bot.slack.blocks import Block
from bot.teams.domain import Team

MOST_COMING = 3


class HomeSection:
    """One per process."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def __call__(self, user_id: str, now: datetime) -> Sequence[Block]:
        """The section of this person; empty where no team of theirs has check-ins."""
        teams = await self._desk.teams()
        mine = [team for team in teams.active if team.standups and teams.is_member(team, user_id)]
        asking: list[Turn] = []
        coming: list[Turn] = []
        for team in mine:
            members = await self._desk.members(team)
            found = await self._desk.deps.transactions.read(_turns, team, members, user_id, now)
            asking += found[0]
            coming += found[1]
        if not mine:
            return []
        zone = (await self._desk.deps.directory.person(user_id)).tz or mine[0].timezone
        coming.sort(key=lambda turn: turn.opening.opens_at)
        return home.section(asking, coming[:MOST_COMING], zone)


def _turns(
    connection: Connection, team: Team, members: Sequence[str], user_id: str, now: datetime
) -> tuple[list[Turn], list[Turn]]:
    calendar = opening.around(connection, team, members, now)
    return (
        opening.open_now(connection, calendar, user_id, now),
        opening.coming(connection, calendar, user_id, now, MOST_COMING),
    )
