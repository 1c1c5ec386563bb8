"""When one hands over: the turns of one plan, counted from 0 on the wall calendar from the day it starts.

Counting days and not hours keeps every turn in its place over clock changes and new years. Each answer is reckoned,
none is walked to. Two handoffs that a clock change skips fall on one instant: the turn between them has no length.
"""

from bisect import bisect_right
from calendar import monthrange
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.calendar import find_zone, instant, local_date
from bot.teams.plans import Every, RotationPlan

_DAY = timedelta(days=1)


def zone_of(plan: RotationPlan) -> ZoneInfo:
    """The zone by whose clock the plan goes."""
    zone = find_zone(plan.timezone)
    assert zone is not None, plan.timezone
    return zone


def start_of(plan: RotationPlan, number: int) -> datetime:
    """When this turn begins, in UTC."""
    slots = plan.slots or (plan.at,)
    day, slot = divmod(number, len(slots)) if plan.every is Every.DAY else (number, 0)
    return instant(_first_day(plan, day), slots[slot], zone_of(plan))


def number_at(plan: RotationPlan, at: datetime) -> int:
    """The number of the turn that this instant lies in; -1 before the first."""
    today = local_date(at, zone_of(plan))
    begun = _last_begun_on(plan, today - _DAY)
    # Clocks that are put back over midnight show the next day's first times before its date is there to stay.
    possible = range(begun + 1, _last_begun_on(plan, today + _DAY) + 1)
    return begun + bisect_right(possible, at, key=lambda number: start_of(plan, number))


def _first_day(plan: RotationPlan, number: int) -> date:
    match plan.every:
        case Every.DAY:
            return _nth_day(plan, number)
        case Every.WEEK:
            first, extra = _first_weekday(plan)
            steps = number - extra
            return plan.starts if steps < 0 else first + timedelta(weeks=plan.weeks * steps)
        case Every.MONTH:
            month, extra = _first_month(plan)
            steps = number - extra
            return plan.starts if steps < 0 else _day_in(plan, month + steps)


def _last_begun_on(plan: RotationPlan, day: date) -> int:
    """The number of the last turn that begins on this day or earlier; -1 where none does."""
    if day < plan.starts:
        return -1
    match plan.every:
        case Every.DAY:
            return _days_until(plan, day) * max(len(plan.slots), 1) - 1
        case Every.WEEK:
            first, extra = _first_weekday(plan)
            return (day - first).days // (7 * plan.weeks) + extra
        case Every.MONTH:
            month, extra = _first_month(plan)
            this = _month(day)
            return this - month - (_day_in(plan, this) > day) + extra


def _first_weekday(plan: RotationPlan) -> tuple[date, int]:
    """The first regular handoff, and 1 where a shorter turn goes before it."""
    assert plan.on is not None
    until = (plan.on - plan.starts.weekday()) % 7
    return plan.starts + until * _DAY, int(until > 0)


def _first_month(plan: RotationPlan) -> tuple[int, int]:
    """The month of the first regular handoff, and 1 where a shorter turn goes before it."""
    month = _month(plan.starts)
    regular = _day_in(plan, month)
    if regular == plan.starts:
        return month, 0
    return (month if regular > plan.starts else month + 1), 1


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _day_in(plan: RotationPlan, month: int) -> date:
    assert plan.on is not None
    year, index = divmod(month, 12)
    return date(year, index + 1, min(plan.on, monthrange(year, index + 1)[1]))


def _nth_day(plan: RotationPlan, number: int) -> date:
    """The day this far from the start, counting only days on which somebody is on duty."""
    weeks, rest = divmod(number, len(plan.days))
    steps = [step for step in range(7) if (plan.starts.weekday() + step) % 7 in plan.days]
    return plan.starts + timedelta(weeks=weeks, days=steps[rest])


def _days_until(plan: RotationPlan, day: date) -> int:
    """How many days from the start to this one, both included, are days on which somebody is on duty."""
    weeks, rest = divmod((day - plan.starts).days + 1, 7)
    return weeks * len(plan.days) + sum(
        (plan.starts.weekday() + step) % 7 in plan.days for step in range(rest)
    )
