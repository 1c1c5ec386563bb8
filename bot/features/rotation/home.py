"""Who is on duty in a person's teams, on the Home tab: from memory, so that it costs no database."""

from collections.abc import Sequence
from datetime import datetime

from bot.feature import Deps
from bot.features.rotation.board import Board
from bot.features.rotation.standing import Standing
from bot.features.rotation.views import home
from bot.slack.blocks import Block
from bot.teams.domain import Team
from bot.teams.roster import Teams

# Whoever is of more teams reads of the others by `/rotation`.
MOST_TEAMS = 8


class HomeSection:
    """One per process."""

    def __init__(self, deps: Deps, board: Board) -> None:
        self._deps = deps
        self._board = board

    async def __call__(self, user_id: str, now: datetime) -> Sequence[Block]:
        """The section of this person; empty where no team of theirs has a rotation."""
        teams = await self._deps.directory.teams()
        mine = [team for team in teams.active if team.rotation and _is_of(team, user_id, teams)]
        standings: list[Standing] = []
        for team in mine[:MOST_TEAMS]:
            standing = self._board.standing_of(team)
            standings += [standing] if standing is not None else []
        return home.section(standings, user_id, now, left_out=len(mine) - len(standings))


def _is_of(team: Team, user_id: str, teams: Teams) -> bool:
    turns = team.rotation.members if team.rotation else ()
    return user_id in turns or teams.works_queue(team, user_id)
