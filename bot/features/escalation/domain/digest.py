"""The daily digest: what is overdue, what is due soon, what waits for its requester. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum

from bot.core.calendar import local_date
from bot.features.escalation.domain.ladder import Ladder, Phase, Stand, Standing, due, promise
from bot.teams.domain import Team

PAGE = 20
# What a digest names; more is counted only.
MOST = 100


class Part(StrEnum):
    """The parts, in their order."""

    OVERDUE = "overdue"
    SOON = "soon"
    WAITING = "waiting"


def day_of(team: Team, now: datetime) -> tuple[date, datetime, datetime] | None:
    """The team's working day that runs now, from when until when; None outside of one."""
    today = local_date(now, team.zone)
    hours = team.working_hours.on(today, team.is_holiday)
    return None if hours is None or not hours[0] <= now < hours[1] else (today, *hours)


def part_of(
    standing: Standing, ladder: Ladder | None, team: Team, now: datetime, until: datetime
) -> Part | None:
    """Where a request stands in the digest of a day that ends at `until`; None: nothing is to be said of it."""
    if standing.stand is Stand.WAITING:
        return Part.WAITING
    if ladder is None or ladder.phase is Phase.RESTING or standing.stand not in (Stand.NEW, Stand.HELD):
        return None
    if ladder.phase is Phase.ASKED:
        return Part.OVERDUE
    over = promise(ladder, team) if ladder.phase is Phase.UNCLAIMED else due(ladder, team)
    if over is None or over > until:
        return None
    return Part.OVERDUE if over <= now else Part.SOON


def sorted_out(
    standings: Sequence[Standing], ladders: Mapping[int, Ladder], team: Team, now: datetime, until: datetime
) -> list[tuple[Part, int]]:
    """Part and request id of all that the digest tells, in the order in which it is told."""
    found = [(part_of(one, ladders.get(one.id), team, now, until), one.id) for one in standings]
    return [(wanted, id) for wanted in Part for part, id in found if part is wanted]


def pages(lines: Sequence[tuple[Part, int]]) -> list[list[tuple[Part, int]]]:
    """The lines in messages of their own, each well within what a message holds."""
    return [list(lines[start : start + PAGE]) for start in range(0, len(lines), PAGE)]
