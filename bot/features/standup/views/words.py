"""Words that several messages of check-ins share. Times are told on the reader's own clock."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import accumulate

from bot.core.calendar import WEEKDAY_NAMES, find_zone, wall_clock
from bot.features.standup.domain.checkins import Checkin

_MONTHS = "January February March April May June July August September October November December".split()


def day_words(day: date) -> str:
    """`Tuesday 24 November`."""
    return f"{WEEKDAY_NAMES[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def short_day(day: date) -> str:
    """`Tue 24 Nov`."""
    return f"{WEEKDAY_NAMES[day.weekday()][:3]} {day.day} {_MONTHS[day.month - 1][:3]}"


def clock(at: datetime, zone: str) -> str:
    """`09:30` in this zone; a zone that is not known any more is told as UTC."""
    known = find_zone(zone)
    return f"{wall_clock(at, known):%H:%M}" if known else f"{at:%H:%M} UTC"


def until(checkin: Checkin) -> str:
    """When the check-in closes, on the person's clock: `11:30`, with the day where it is another one."""
    zone = find_zone(checkin.zone)
    if zone is None:
        return clock(checkin.closes_at, checkin.zone)
    closes, opens = wall_clock(checkin.closes_at, zone), wall_clock(checkin.opens_at, zone)
    time = f"{closes:%H:%M}"
    return time if closes.date() == opens.date() else f"{time} on {short_day(closes.date())}"


def listed(names: Sequence[str], most: int = 40, room: int = 1500) -> str:
    """`Ana, Bob and Carol`; of more than fit, as many as do and the number of the rest."""
    ends = accumulate(len(name) + 2 for name in names[:most])
    shown = sum(end <= room for end in ends)
    if shown < len(names):
        return f"{', '.join(names[:shown])} and {len(names) - shown} more" if shown else f"{len(names)}"
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 blocker`, `2 blockers`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def day_in(at: datetime, zone: str) -> date:
    """The date of this instant in this zone."""
    known = find_zone(zone)
    return wall_clock(at, known).date() if known else at.date()
