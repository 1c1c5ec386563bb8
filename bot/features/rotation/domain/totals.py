"""How evenly duty was spread."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.calendar import instant, local_date
from bot.features.rotation.domain.values import Gap, Shift, Total

_SATURDAY = 5
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def totals(pieces: Sequence[Shift | Gap], zone: ZoneInfo) -> tuple[Total, ...]:
    """What each of these people had, whoever had most hours first.

    Pieces of one turn count as one shift. A Saturday or Sunday counts for who had the most of it; of equals, for who
    had it first.
    """
    had = [piece for piece in pieces if isinstance(piece, Shift)]
    turns: dict[str, set[datetime]] = defaultdict(set)
    hours: dict[str, float] = defaultdict(float)
    for shift in had:
        turns[shift.person].add(shift.turn_ends)
        hours[shift.person] += (shift.end - shift.start) / _HOUR
    weekends = list(_weekend_days(had, zone).values())
    found = [
        Total(
            person=person, shifts=len(turns[person]), hours=hours[person], weekend_days=weekends.count(person)
        )
        for person in turns
    ]
    return tuple(sorted(found, key=lambda total: (-total.hours, total.person)))


def _weekend_days(had: Sequence[Shift], zone: ZoneInfo) -> dict[date, str]:
    """For each Saturday and Sunday the person who had the most of it."""
    shares: dict[date, dict[str, timedelta]] = defaultdict(lambda: defaultdict(timedelta))
    for shift in sorted(had, key=lambda shift: shift.start):
        for day, length in _by_day(shift, zone):
            shares[day][shift.person] += length
    # `max` keeps the first of equals, and who had it first stands first.
    return {day: max(people, key=lambda one: people[one]) for day, people in shares.items()}


def _by_day(shift: Shift, zone: ZoneInfo) -> Iterator[tuple[date, timedelta]]:
    """How long the shift lasts on each Saturday and Sunday that it touches."""
    day = local_date(shift.start, zone)
    last = local_date(shift.end, zone) + _DAY
    while day <= last:
        start = max(shift.start, instant(day, time(0), zone))
        end = min(shift.end, instant(day + _DAY, time(0), zone))
        if day.weekday() >= _SATURDAY and start < end:
            yield day, end - start
        day += _DAY
