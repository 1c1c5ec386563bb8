"""Handoffs found by walking along the clock in steps of half a minute, against those that are reckoned."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.features.rotation.domain import shifts
from bot.features.rotation.domain.turns import turn_at
from bot.teams.plans import Every, RotationPlan
from tests.features.rotation.make import at, handoffs, override, plan, rotation, told
from tests.support.clock_changes import clock_changes, families, named_zone

STEP = timedelta(seconds=30)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SOME_ZONES = (
    "UTC", "Europe/Kyiv", "America/New_York", "America/St_Johns", "America/Sao_Paulo", "Australia/Lord_Howe",
    "Asia/Kathmandu", "Asia/Beirut", "Atlantic/Azores", "Africa/Casablanca", "Pacific/Apia", "Antarctica/Troll",
)  # fmt: skip


def ticks(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, datetime]]:
    """Instants half a minute apart, each with what the clock had reached before and has reached now.

    What a clock has reached does not go back where the clock does: a time counts when it is reached first.
    """
    moment, reached = start, start.astimezone(zone).replace(tzinfo=None)
    # What was reached before the walk began: the clock may have been put back shortly before.
    reached = max(
        reached, *((start - n * HOUR / 2).astimezone(zone).replace(tzinfo=None) for n in range(1, 6))
    )
    while moment < end:
        moment += STEP
        shown = moment.astimezone(zone).replace(tzinfo=None)
        if shown > reached:
            yield moment, reached, shown
            reached = shown


def handoff_days(turns: RotationPlan, last: date) -> Iterator[date]:
    """The days on which turns begin, found by going through the calendar day by day."""
    day, handed = turns.starts, 0
    while day <= last:
        if day == turns.starts and turns.every is not Every.DAY:
            yield day
            handed = 1 if _is_regular(turns, day) else 0
        elif turns.every is Every.DAY:
            if day.weekday() in turns.days:
                yield day
        elif _is_regular(turns, day):
            # Of several weeks the first regular handoff counts, then every so manieth.
            if turns.every is Every.MONTH or handed % turns.weeks == 0:
                yield day
            handed += 1
        day += DAY


def _is_regular(turns: RotationPlan, day: date) -> bool:
    if turns.every is Every.WEEK:
        return day.weekday() == turns.on
    is_last = (day + DAY).month != day.month
    return day.day == turns.on or (is_last and day.day < (turns.on or 0))


def walked(turns: RotationPlan, start: datetime, end: datetime) -> list[datetime]:
    """The instants after `start` and until `end` at which a turn begins, found by looking at the clock."""
    days = [day for day in handoff_days(turns, end.date() + 2 * DAY) if day >= start.date() - 2 * DAY]
    times = [datetime.combine(day, slot) for day in days for slot in turns.slots or (turns.at,)]
    clock = ticks(named_zone(turns.timezone), start, end)
    return [moment for moment, before, after in clock if any(before < one <= after for one in times)]


NIGHT = ("00:00", "00:30", "01:00", "01:30", "02:00", "02:15", "02:30", "03:00", "03:30", "12:00", "23:30")


def around(change: datetime, zone: str) -> Iterator[RotationPlan]:
    """Plans with handoffs on the day of a change."""
    day = change.astimezone(named_zone(zone)).date()
    yield plan(every=Every.DAY, slots=NIGHT, starts=str(day - 40 * DAY), timezone=zone)
    yield plan(on=day.weekday(), at="02:30", starts=str(day - 40 * DAY), timezone=zone)
    yield plan(every=Every.MONTH, on=day.day, at="00:00", starts=str(day - 100 * DAY), timezone=zone)


def test_in_every_zone_the_turns_around_a_clock_change_begin_when_the_clock_says() -> None:
    checked = 0
    for name in families():
        for change in islice(clock_changes(named_zone(name), 2016, 2029), 3):
            start = change.replace(minute=0, second=0, microsecond=0) - 4 * HOUR
            end = start + 9 * HOUR
            for turns in around(change, name):
                assert handoffs(turns, start, end) == walked(turns, start, end), (name, change)
                checked += 1
    sys.stdout.write(f"{checked} walks\n")
    assert checked > 500


TURNS = st.builds(
    plan,
    every=st.sampled_from(list(Every)),
    on=st.integers(1, 6),
    weeks=st.sampled_from([1, 1, 2, 3, 12]),
    days=st.sampled_from(["mon-sun", "mon-fri", "sun"]),
    at=st.sampled_from(["00:00", "00:30", "02:00", "02:30", "09:00", "23:59"]),
    slots=st.sampled_from([(), ("02:00", "02:30"), ("00:00", "08:00", "16:00")]),
    starts=st.dates(date(2023, 1, 1), date(2026, 1, 1)).map(date.isoformat),
    timezone=st.sampled_from(SOME_ZONES),
)


@settings(max_examples=60, deadline=None)
@given(TURNS, st.integers(0, 1000), st.booleans())
def test_walking_finds_the_same_handoffs(turns: RotationPlan, days: int, near_change: bool) -> None:
    zone = named_zone(turns.timezone)
    start = datetime.combine(turns.starts, time(0), UTC) + timedelta(days=days - 1)
    change = next(clock_changes(zone, 2026, 2027), None)
    if near_change and change is not None:
        start = change.replace(minute=0, second=0, microsecond=0) - 6 * HOUR
    end = start + 30 * HOUR
    assert handoffs(turns, start, end) == walked(turns, start, end)


@pytest.mark.parametrize("day", [31, 30, 29, 15])
def test_walking_finds_a_month_s_turns_of_two_years(day: int) -> None:
    turns = plan(every=Every.MONTH, on=day, starts="2027-01-31", timezone="Europe/Kyiv")
    found = handoffs(turns, at("2027-01-01"), at("2029-03-10"))
    days = list(handoff_days(turns, date(2029, 3, 9)))
    assert [moment.astimezone(named_zone("Europe/Kyiv")).date() for moment in found] == days


def test_the_turn_is_never_lost_in_a_repeated_hour() -> None:
    berlin = plan(
        every=Every.DAY, slots=("02:00", "02:30", "03:00"), timezone="Europe/Berlin", starts="2026-10-24"
    )
    assert handoffs(berlin, at("2026-10-24T23:00"), at("2026-10-25T12:00")) == [
        at("2026-10-25T00:00"),
        at("2026-10-25T00:30"),
        at("2026-10-25T02:00"),
    ]


def test_turns_whose_handoffs_are_skipped_together_leave_the_last_of_them() -> None:
    berlin = plan(
        every=Every.DAY, slots=("02:00", "02:30", "03:00"), timezone="Europe/Berlin", starts="2027-03-27"
    )
    assert handoffs(berlin, at("2027-03-27T12:00"), at("2027-03-28T12:00")) == [at("2027-03-28T01:00")]


def test_a_day_that_a_country_left_out_passes_no_turn_on_twice() -> None:
    apia = plan(every=Every.DAY, timezone="Pacific/Apia", starts="2011-12-28")
    assert handoffs(apia, at("2011-12-29T00:00"), at("2012-01-01T00:00")) == [
        at("2011-12-29T20:00"),
        at("2011-12-30T10:00"),
        at("2011-12-30T20:00"),
        at("2011-12-31T20:00"),
    ]


def test_a_clock_put_back_over_midnight_does_not_take_the_new_day_s_turn_back() -> None:
    """One minute after midnight it is a minute past eleven in the evening before, once more."""
    john = plan(
        every=Every.DAY, at="00:00", timezone="America/St_Johns", starts="2010-11-01", members="ABCDEFGH"
    )
    assert handoffs(john, at("2010-11-06T12:00"), at("2010-11-08T00:00")) == [at("2010-11-07T02:30")]
    for minute in (0, 1, 30, 61, 120):
        moment = at("2010-11-07T02:30") + timedelta(minutes=minute)
        assert turn_at(rotation(john).eras, moment).owner == "G", minute


def test_a_holiday_lasts_from_midnight_to_midnight_where_midnight_comes_twice() -> None:
    john = rotation(plan(timezone="America/St_Johns", starts="2010-11-01"))
    off = replace(john, is_off=lambda _, day: day == date(2010, 11, 7))
    taken = [override("B", "2010-11-07T02:40", "2010-11-07T02:50")]
    assert told(shifts(off, taken, (), at("2010-11-07T00:00"), at("2010-11-08T12:00"))) == [
        "A 11-07 00:00 - 11-07 02:30",
        "nobody_left 11-07 02:30 - 11-07 02:40",
        "B for A 11-07 02:40 - 11-07 02:50",
        "nobody_left 11-07 02:50 - 11-08 03:30",
        "A 11-08 03:30 - 11-08 12:00",
    ]
