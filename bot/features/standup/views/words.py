"""Words that several messages of check-ins share. Times are told on the reader's own clock."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
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
    """`09:30`, on the clock of whoever reads it; `zone` is for where Slack does not tell the time itself."""
    return _on_their_clock(at, "{time}", f"{_local(at, zone):%H:%M}{_note(zone)}")


def moment(at: datetime, zone: str) -> str:
    """`Mon 30 Nov at 09:30`, or `tomorrow at 09:30`, on the clock of whoever reads it."""
    then = _local(at, zone)
    told = f"{short_day(then.date())} at {then:%H:%M}{_note(zone)}"
    return _on_their_clock(at, "{date_short_pretty} at {time}", told)


def day_and_time(at: datetime, zone: str) -> str:
    """The same with the day of the week, for lists."""
    then = _local(at, zone)
    told = f"{short_day(then.date())}, {then:%H:%M}{_note(zone)}"
    return _on_their_clock(at, "{date_long_pretty}, {time}", told)


def until(checkin: Checkin, zone: str = "") -> str:
    """When the check-in closes, on its person's clock: with the day where it is another one than it opens on."""
    own = zone or checkin.zone
    closes, opens = _local(checkin.closes_at, own), _local(checkin.opens_at, own)
    return (clock if closes.date() == opens.date() else moment)(checkin.closes_at, own)


def still_open(open_ones: Sequence[Checkin], zone: str) -> tuple[str, Sequence[str]]:
    """What stands above the names of those whose check-in is open, and beside each of them: until when, said once."""
    ends = [clock(one.closes_at, zone) for one in open_ones]
    if len({*ends}) == 1:
        return f"Still open until {ends[0]}", [""] * len(ends)
    return "Still open", [f" (until {end})" for end in ends]


def _on_their_clock(at: datetime, form: str, otherwise: str) -> str:
    return f"<!date^{int(at.timestamp())}^{form}|{otherwise}>"


def _local(at: datetime, zone: str) -> datetime:
    known = find_zone(zone)
    return wall_clock(at, known) if known else at.astimezone(UTC)


def _note(zone: str) -> str:
    """A zone that is not known any more is told as UTC, and says so."""
    return "" if find_zone(zone) else " UTC"


def span(first: date, last: date) -> str:
    """`on Tue 1 Dec`, `from Mon 30 Nov until Tue 1 Dec`."""
    if first == last:
        return f"on {short_day(first)}"
    return f"from {short_day(first)} until {short_day(last)}"


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
