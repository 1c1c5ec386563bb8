"""Local times: wall clocks and the instants they name, durations, weekdays, working hours, words for dates.

Time zones come from the pinned `tzdata` package, so every machine agrees. What is due when is decided elsewhere.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

from bot.core.errors import UserError

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)
_UNITS = {"w": _WEEK, "d": _DAY, "h": timedelta(hours=1), "m": timedelta(minutes=1)}
_UNIT_NAMES = {"w": "week", "d": "day", "h": "hour", "m": "minute"}
_DURATION = re.compile(r"([0-9]{1,5}) ?([mhdw])")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@cache
def zone_names() -> frozenset[str]:
    """The names of all time zones, such as `Europe/Kyiv`."""
    return frozenset((resources.files("tzdata") / "zones").read_text("utf-8").split())


@cache
def find_zone(name: str) -> ZoneInfo | None:
    """The time zone of this exact name; None where there is none."""
    if name not in zone_names():
        return None
    with (resources.files("tzdata") / "zoneinfo").joinpath(*name.split("/")).open("rb") as rules:
        return ZoneInfo.from_file(rules, key=name)


# Schedules ask about the same few days again and again, each time somebody may be due.
@lru_cache(maxsize=16_384)
def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When the zone's wall clock shows this time on this day, in UTC.

    A time that a clock change skips is the first instant after the gap; one that it repeats, the first of the two.
    """
    wall = datetime.combine(day, at)
    found = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if wall_clock(found, zone) == wall:
        return found
    return _end_of_gap(wall, zone)


def wall_clock(at: datetime, zone: ZoneInfo) -> datetime:
    """What the zone's clocks show at this instant, without a zone."""
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def local_date(at: datetime, zone: ZoneInfo) -> date:
    """The date in the zone at this instant."""
    return at.astimezone(zone).date()


def _end_of_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    # Read with the later offset a skipped time lies before the change, read with the earlier one after it.
    before = wall.replace(tzinfo=zone, fold=1, microsecond=0).astimezone(UTC) - timedelta(seconds=1)
    after = wall.replace(tzinfo=zone, fold=0, microsecond=0).astimezone(UTC)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if wall_clock(middle, zone) > wall:
            after = middle
        else:
            before = middle
    return after


def parse_time(text: str) -> time:
    """The wall time written as `9:30` or `09:30`. Raises ValueError."""
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError(f"not a time: {text!r}")
    return time(int(found[1]), int(found[2]))


def parse_duration(text: str) -> timedelta:
    """The length written as `15m`, `4h`, `2d` or `1w`, never zero. Raises ValueError."""
    found = _DURATION.fullmatch(text)
    if found is None or int(found[1]) == 0:
        raise ValueError(f"not a duration: {text!r}")
    return int(found[1]) * _UNITS[found[2]]


def format_duration(length: timedelta) -> str:
    """The shortest text that `parse_duration` reads as this length (whole minutes)."""
    unit, number = _largest_unit(length)
    return f"{number}{unit}"


def duration_words(length: timedelta) -> str:
    """The length as a person says it: `15 minutes`, `1 hour`, `2 days`."""
    unit, number = _largest_unit(length)
    return f"{number} {_UNIT_NAMES[unit]}{'' if number == 1 else 's'}"


def _largest_unit(length: timedelta) -> tuple[str, int]:
    for unit, size in _UNITS.items():
        if length >= size and length % size == timedelta(0):
            return unit, length // size
    return "m", length // _UNITS["m"]


def parse_weekday(text: str) -> int:
    """The weekday's number, Monday 0, from `mon` or `Monday`. Raises ValueError."""
    word = text.strip().lower()
    for number, name in enumerate(WEEKDAY_NAMES):
        if word in (name.lower(), WEEKDAYS[number]):
            return number
    raise ValueError(f"not a weekday: {text!r}")


def parse_weekdays(text: str) -> frozenset[int]:
    """The days of `mon-fri`, `sat,sun`, `fri-mon` or `mon,wed-fri`, Monday 0. Raises ValueError."""
    days: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        start = parse_weekday(first)
        end = parse_weekday(last) if "-" in part else start
        days.update((start + step) % 7 for step in range((end - start) % 7 + 1))
    return frozenset(days)


def format_weekdays(days: Iterable[int]) -> str:
    """The days as `parse_weekdays` reads them, in one form for each set: `mon-fri`, `mon,wed,sat-sun`."""
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    parts = [WEEKDAYS[run[0]] + (f"-{WEEKDAYS[run[-1]]}" if len(run) > 1 else "") for run in runs]
    return ",".join(parts)


def parse_date(text: str, today: date) -> date:
    """The day meant by `2026-12-01`, `today`, `tomorrow`, `monday` or `next week` (its Monday).

    A weekday is the next one after today. Raises UserError with words for the person who wrote it.
    """
    word = " ".join(text.lower().split())
    if word in ("today", "tomorrow"):
        return today + _DAY * (word == "tomorrow")
    if word == "next week":
        return _next_weekday(0, today)
    try:
        if _ISO_DATE.fullmatch(word):
            return date.fromisoformat(word)
        return _next_weekday(parse_weekday(word.removeprefix("next ")), today)
    except ValueError as error:
        raise UserError(
            f"I cannot read “{text[:40]}” as a day. Write a date such as 2026-12-01, or tomorrow, or monday."
        ) from error


def parse_coming_date(text: str, today: date) -> date:
    """The same, but on a Friday `friday` is today: for plans, which begin and end on any day. Raises UserError."""
    word = " ".join(text.lower().split())
    try:
        return today if parse_weekday(word) == today.weekday() else parse_date(text, today)
    except ValueError:
        return parse_date(text, today)


def _next_weekday(weekday: int, today: date) -> date:
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


DayOff = Callable[[date], bool]


def no_day_off(_day: date) -> bool:
    """Where no day is a day off beside those of the week."""
    return False


@dataclass(frozen=True, kw_only=True)
class WorkingHours:
    """The same hours on some days of the week, in one zone. `to` at 00:00 is the end of the day.

    Where `off` is passed, it names days on which nobody works all the same; never all of them.
    """

    days: frozenset[int]
    from_: time
    to: time
    zone: ZoneInfo

    def is_open(self, at: datetime, off: DayOff = no_day_off) -> bool:
        """Whether this instant is within the hours: the first one is, the last one is not."""
        return self.next_open(at, off) == at

    def next_open(self, at: datetime, off: DayOff = no_day_off) -> datetime:
        """This instant if it is within the hours, else the next one that is, in UTC."""
        return next(self._open_times(at, off))[0]

    def on(self, day: date, off: DayOff = no_day_off) -> tuple[datetime, datetime] | None:
        """From when until when this day's hours are, in UTC; None on a day off."""
        if day.weekday() not in self.days or off(day):
            return None
        return instant(day, self.from_, self.zone), instant(self._last_day(day), self.to, self.zone)

    def add(self, at: datetime, length: timedelta, off: DayOff = no_day_off) -> datetime:
        """The instant when this much working time has passed since `at`, in UTC.

        A day stands for one working day and a week for one working week; hours beyond a day's opening
        count as that day.
        """
        left = self._working_time(length)
        for start, end in self._open_times(at, off):
            if end - start >= left:
                return start + left
            left -= end - start
        raise AssertionError("working days never end")

    def _working_time(self, length: timedelta) -> timedelta:
        opening = self._opening()
        weeks, rest = divmod(length, _WEEK)
        days, hours = divmod(rest, _DAY)
        full_days = min(days * opening + min(hours, opening), len(self.days) * opening)
        return weeks * len(self.days) * opening + full_days

    def _opening(self) -> timedelta:
        day = date(2000, 1, 1)
        return datetime.combine(self._last_day(day), self.to) - datetime.combine(day, self.from_)

    def _last_day(self, day: date) -> date:
        return day if self.to > self.from_ else day + _DAY

    def _open_times(self, at: datetime, off: DayOff) -> Iterator[tuple[datetime, datetime]]:
        at = at.astimezone(UTC)
        day = local_date(at, self.zone) - _DAY
        while True:
            hours = self.on(day, off)
            if hours and hours[1] > max(hours[0], at):
                yield max(hours[0], at), hours[1]
            day += _DAY
