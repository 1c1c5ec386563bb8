"""What a check-in that is being written down would mean: when it would ask next."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.features.standup.domain import schedule
from bot.features.standup.service import opening
from bot.teams.domain import Team
from bot.teams.plans import StandupPlan


@dataclass(frozen=True, kw_only=True)
class Coming:
    """When it would ask and be over, in UTC. `off`: why the reader would not be asked ("" without a reason)."""

    opens_at: datetime
    closes_at: datetime
    off: str | None


def next_ones(
    connection: Connection, team: Team, plan: StandupPlan, reader: str, now: datetime, count: int
) -> list[Coming]:
    """The next ones if this were the team's plan from now on, by the reader's own clock and calendar.

    Fewer than `count` where there are fewer within a year or so.
    """
    calendar = opening.around(connection, team, (reader,), now)
    found = schedule.coming(plan, calendar.zone_for(plan, reader), now)
    return [
        Coming(opens_at=one.opens_at, closes_at=one.closes_at, off=calendar.away_note(reader, one.day))
        for one, _ in zip(found, range(count), strict=False)
    ]
