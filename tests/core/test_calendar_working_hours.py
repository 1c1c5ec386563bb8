"""Working hours: open or not, the next opening, working time."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.calendar import WorkingHours, find_zone, parse_weekdays


def zone(name: str) -> ZoneInfo:
    found = find_zone(name)
    assert found is not None
    return found


OFFICE = WorkingHours(days=parse_weekdays("mon-fri"), from_=time(9), to=time(18), zone=zone("UTC"))
ALWAYS = WorkingHours(days=parse_weekdays("mon-sun"), from_=time(0), to=time(0), zone=zone("Europe/Kyiv"))
HOUR = timedelta(hours=1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """November 2026: the 2nd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [(at(2, 9), True), (at(2, 17, 59), True), (at(2, 18), False), (at(2, 8, 59), False), (at(7, 12), False)],
)
def test_the_first_instant_is_open_and_the_last_is_not(moment: datetime, is_open: bool) -> None:
    assert OFFICE.is_open(moment) is is_open


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        (at(2, 10), at(2, 10)),
        (at(2, 8), at(2, 9)),
        (at(2, 18), at(3, 9)),
        (at(6, 19), at(9, 9)),
        (at(8, 0), at(9, 9)),
    ],
)
def test_the_next_opening_is_now_or_the_next_working_day(moment: datetime, opens: datetime) -> None:
    assert OFFICE.next_open(moment) == opens


@pytest.mark.parametrize(
    ("moment", "length", "end"),
    [
        (at(2, 10), HOUR, at(2, 11)),
        (at(2, 17), 4 * HOUR, at(3, 12)),
        (at(6, 17), 4 * HOUR, at(9, 12)),
        (at(7, 3), HOUR, at(9, 10)),
        (at(2, 17, 59), timedelta(minutes=1), at(2, 18)),
        (at(2, 10), timedelta(days=2), at(4, 10)),
        (at(5, 10), timedelta(days=2), at(9, 10)),
        (at(2, 10), timedelta(weeks=1), at(9, 10)),
        (at(2, 10), 12 * HOUR, at(3, 10)),
        (at(2, 10), timedelta(days=1, hours=1), at(3, 11)),
    ],
)
def test_only_working_time_counts(moment: datetime, length: timedelta, end: datetime) -> None:
    assert OFFICE.add(moment, length) == end


def test_hours_until_midnight_are_the_whole_day() -> None:
    moment = datetime(2026, 11, 8, 23, 30, tzinfo=UTC)
    assert ALWAYS.is_open(moment)
    assert ALWAYS.add(moment, timedelta(days=2)) == moment + timedelta(days=2)


def test_hours_follow_the_wall_clock_through_a_change() -> None:
    office = WorkingHours(
        days=parse_weekdays("mon-fri"), from_=time(9), to=time(18), zone=zone("Europe/Kyiv")
    )
    assert office.next_open(datetime(2026, 10, 24, tzinfo=UTC)) == datetime(2026, 10, 26, 7, tzinfo=UTC)
    assert office.next_open(datetime(2026, 10, 17, tzinfo=UTC)) == datetime(2026, 10, 19, 6, tzinfo=UTC)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
LENGTHS = st.integers(0, 60 * 24 * 20).map(lambda minutes: timedelta(minutes=minutes))


@settings(max_examples=200, deadline=None)
@given(MOMENTS, LENGTHS, LENGTHS)
def test_more_working_time_never_ends_earlier(moment: datetime, one: timedelta, other: timedelta) -> None:
    short, long = sorted((one, other))
    assert moment <= OFFICE.add(moment, short) <= OFFICE.add(moment, long)
