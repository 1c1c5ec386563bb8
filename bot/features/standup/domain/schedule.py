"""When check-ins are held: pure functions of the plan, the day and the zone of the day.

A check-in belongs to a local day. The zone of a day is certain before the day begins (`bot.teams.zones`), so each
person has at most one opening for each check-in and day, and exactly one on the days it is held.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.calendar import instant, local_date
from bot.teams.plans import NthWeekday, StandupPlan

ZoneFor = Callable[[date], ZoneInfo]

_DAY = timedelta(days=1)
# As far as a look for the next one goes: a monthly day may fall on a long absence, but not on 400 days.
LONGEST_LOOK = 400
# Zones are at most 26 hours apart; the evening before adds a day.
_MARGIN = 3


@dataclass(frozen=True, kw_only=True)
class Opening:
    """When somebody's check-in of a day asks, reminds and is over, in UTC; `zone` is the zone it goes by."""

    day: date
    opens_at: datetime
    closes_at: datetime
    remind_at: datetime | None
    zone: str


def held_on(plan: StandupPlan, day: date) -> bool:
    """Whether the plan has a check-in for this day, whatever the holidays."""
    if plan.starts is not None:
        if day < plan.starts:
            return False
        # Counted in whole weeks from a Monday: a new year, of 52 weeks or 53, changes nothing.
        weeks = (_monday(day) - _monday(plan.starts)).days // 7
        if weeks % plan.every_weeks:
            return False
    if plan.monthly:
        return any(_is_nth(day, nth) for nth in plan.monthly)
    return day.weekday() in plan.days


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _is_nth(day: date, wanted: NthWeekday) -> bool:
    if day.weekday() != wanted.weekday:
        return False
    if wanted.nth < 0:
        return (day + timedelta(days=7)).month != day.month
    return (day.day - 1) // 7 + 1 == wanted.nth


def opening(plan: StandupPlan, day: date, zone: ZoneInfo) -> Opening | None:
    """The opening for this day by the zone's clock; None where that zone has no such day (Samoa left one out)."""
    if instant(day, time(0), zone) == instant(day + _DAY, time(0), zone):
        return None
    opens_at = instant(day - _DAY if plan.opens_before else day, plan.at, zone)
    closes_at = opens_at + plan.open_for
    remind_at = closes_at - plan.remind_before if plan.remind_before is not None else None
    return Opening(day=day, opens_at=opens_at, closes_at=closes_at, remind_at=remind_at, zone=zone.key)


def openings(plan: StandupPlan, zone_for: ZoneFor, after: datetime, until: datetime) -> list[Opening]:
    """Those that open after the one instant and not after the other, in the order of their days."""
    first = local_date(after, zone_for(after.date())) - _DAY * _MARGIN
    days = (until - after).days + 2 * _MARGIN + 1
    found = (_on(plan, first + _DAY * number, zone_for) for number in range(days))
    return [one for one in found if one is not None and after < one.opens_at <= until]


def coming(plan: StandupPlan, zone_for: ZoneFor, after: datetime) -> Iterator[Opening]:
    """Those that open after this instant, one by one, for as long as a look goes."""
    first = after.date() - _DAY * _MARGIN
    for number in range(LONGEST_LOOK):
        one = _on(plan, first + _DAY * number, zone_for)
        if one is not None and one.opens_at > after:
            yield one


def _on(plan: StandupPlan, day: date, zone_for: ZoneFor) -> Opening | None:
    return opening(plan, day, zone_for(day)) if held_on(plan, day) else None


def period_of(*, weekly: bool, day: date) -> date:
    """The first day of what the summary of this day's check-in is about: the day, or the Monday of its week."""
    return _monday(day) if weekly else day


def later_in_week(plan: StandupPlan, day: date) -> list[date]:
    """The days of the plan after this one, up to Sunday."""
    rest = (day + _DAY * number for number in range(1, 7 - day.weekday()))
    return [later for later in rest if held_on(plan, later)]
