"""Who is on duty when: a pure function of the plan, the instant and who is away. No overrides, no I/O.

Turns are counted on the wall calendar from the day the plan starts, so that neither a clock change nor a new year
moves them.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.calendar import find_zone, instant, local_date
from bot.teams.plans import RotationPlan

NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Shift:
    """One turn of one person, from `start` until just before `end`, both in UTC."""

    person: str
    start: datetime
    end: datetime


def on_duty(plan: RotationPlan, at: datetime, away: frozenset[str] = NOBODY) -> str | None:
    """The person on duty; None before the first turn, or where everyone is away."""
    current = shift(plan, at, away)
    return current.person if current else None


def shift(plan: RotationPlan, at: datetime, away: frozenset[str] = NOBODY) -> Shift | None:
    """The turn that this instant falls into; None before the first one, or where everyone is away.

    Whoever is away is passed over: the next in the order takes the turn, everybody else keeps theirs.
    """
    number = _turn_at(plan, at)
    return None if number < 0 else _shift(plan, number, away)


def following(plan: RotationPlan, at: datetime, away: frozenset[str] = NOBODY) -> Shift | None:
    """The next turn of somebody else than who is on duty; before the start, the first turn. None: nobody else."""
    number = max(_turn_at(plan, at), -1)
    current = _shift(plan, number, away) if number >= 0 else None
    for later in range(number + 1, number + 1 + len(plan.members)):
        turn = _shift(plan, later, away)
        if turn is not None and (current is None or turn.person != current.person):
            return turn
    return None


def _shift(plan: RotationPlan, number: int, away: frozenset[str]) -> Shift | None:
    order = (plan.members[(number + step) % len(plan.members)] for step in range(len(plan.members)))
    person = next((member for member in order if member not in away), None)
    if person is None:
        return None
    return Shift(person=person, start=_start_of(plan, number), end=_start_of(plan, number + 1))


def _turn_at(plan: RotationPlan, at: datetime) -> int:
    """The number of the turn, counted from 0; negative before the first."""
    days = (local_date(at, _zone(plan)) - plan.starts).days
    number = days // plan.every.days + 2
    while number >= 0 and _start_of(plan, number) > at:
        number -= 1
    return number


def _start_of(plan: RotationPlan, number: int) -> datetime:
    return instant(_first_day(plan, number), plan.at, _zone(plan))


def _first_day(plan: RotationPlan, number: int) -> date:
    until_handoff = 0 if plan.on is None else (plan.on - plan.starts.weekday()) % 7
    if until_handoff == 0:
        return plan.starts + timedelta(days=number * plan.every.days)
    if number == 0:
        return plan.starts
    return plan.starts + timedelta(days=until_handoff + (number - 1) * plan.every.days)


def _zone(plan: RotationPlan) -> ZoneInfo:
    zone = find_zone(plan.timezone)
    assert zone is not None, plan.timezone
    return zone
