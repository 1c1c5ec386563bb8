"""When check-ins are held: every zone on its days of change, weeks over New Year, days of the month, days left out."""

import sys
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.features.standup.domain.schedule import (
    coming,
    held_on,
    later_in_week,
    opening,
    openings,
    period_of,
)
from bot.teams.plans import NthWeekday
from bot.teams.presence import Known, zone_on
from tests.features.standup.make import plan
from tests.support.clock_changes import clock_changes, families, named_zone

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
TIMES = (
    time(0),
    time(0, 30),
    time(1, 30),
    time(2),
    time(2, 30),
    time(3),
    time(9, 30),
    time(23, 30),
    time(23, 59),
)
DAILY = frozenset(range(7))


def _expected(zone: ZoneInfo, day: date, at: time) -> datetime:
    """The first instant at which the wall clock shows this day and time, or has jumped over it: minute by minute."""
    wanted = datetime.combine(day, at)
    instant = datetime.combine(day, at, UTC) - 16 * timedelta(hours=1)
    # No zone is more than 15 hours from UTC; begin before, and go in ever smaller steps.
    for step in (timedelta(minutes=30), timedelta(minutes=5), MINUTE):
        while (instant + step).astimezone(zone).replace(tzinfo=None) < wanted:
            instant += step
    return instant + MINUTE


def test_every_zone_asks_once_on_its_days_of_change_at_the_right_instant() -> None:
    checked = 0
    for name in families():
        zone = named_zone(name)
        for change in clock_changes(zone, 2016, 2029):
            there = change.astimezone(zone).date()
            for at in TIMES:
                daily = plan(at=at, days=DAILY)
                first, last = change - 4 * DAY, change + 4 * DAY
                found = openings(daily, lambda _day, zone=zone: zone, first, last)
                days = [one.day for one in found]
                assert len(set(days)) == len(days), (name, change, at)
                middle = [day for day in days if abs((day - there).days) <= 2]
                wanted = [there + DAY * n for n in range(-2, 3) if _exists(zone, there + DAY * n)]
                assert middle == wanted, (name, change, at)
                today = opening(daily, there, zone)
                if today is not None:
                    assert today.opens_at == _expected(zone, there, at), (name, change, at)
                checked += 1
    sys.stdout.write(f"{checked} changes and times of day\n")
    assert checked > 3000


def _exists(zone: ZoneInfo, day: date) -> bool:
    noon = datetime.combine(day, time(12), UTC)
    return any((noon + timedelta(hours=hours)).astimezone(zone).date() == day for hours in range(-27, 28))


def test_a_day_that_a_country_left_out_has_no_check_in() -> None:
    apia = named_zone("Pacific/Apia")
    daily = plan(days=DAILY)
    assert opening(daily, date(2011, 12, 30), apia) is None
    assert opening(daily, date(2011, 12, 29), apia) and opening(daily, date(2011, 12, 31), apia)


@pytest.mark.parametrize("weeks", [2, 3, 4])
def test_every_so_many_weeks_goes_on_over_new_year(weeks: int) -> None:
    # 2026 has 53 weeks by the calendar of weeks; 2020 had them too.
    mondays = plan(days=frozenset({0}), every_weeks=weeks, starts=date(2020, 1, 8))
    days = [date(2020, 1, 1) + DAY * n for n in range(3000)]
    held = [day for day in days if held_on(mondays, day)]
    # The Monday of the first week is before `starts`.
    assert held[0] == date(2020, 1, 6) + 7 * weeks * DAY
    assert {(later - earlier).days for earlier, later in pairwise(held)} == {7 * weeks}


@pytest.mark.parametrize("weeks", [1, 2, 5])
def test_nothing_is_asked_before_the_date_on_which_it_starts(weeks: int) -> None:
    # A Wednesday, so far ahead that New Year lies between; the weeks are those of the same plan begun long ago.
    later = plan(every_weeks=weeks, starts=date(2027, 1, 13))
    days = [date(2026, 10, 1) + DAY * n for n in range(400)]
    held = [day for day in days if held_on(later, day)]
    assert held[:3] == [date(2027, 1, 13), date(2027, 1, 14), date(2027, 1, 15)]
    long_ago = plan(every_weeks=weeks, starts=date(2027, 1, 11) - 7 * DAY * weeks * 60)
    assert held == [day for day in days if held_on(long_ago, day) and day >= date(2027, 1, 13)]
    kyiv = named_zone("Europe/Kyiv")
    first = next(coming(later, lambda _day: kyiv, datetime(2026, 11, 30, tzinfo=UTC)))
    assert first.day == date(2027, 1, 13)


def test_days_of_the_month() -> None:
    both = plan(monthly=(NthWeekday(nth=1, weekday=0), NthWeekday(nth=-1, weekday=4)))
    held = [date(2026, 11, 1) + DAY * n for n in range(61) if held_on(both, date(2026, 11, 1) + DAY * n)]
    assert held == [date(2026, 11, 2), date(2026, 11, 27), date(2026, 12, 7), date(2026, 12, 25)]


def test_the_evening_before_belongs_to_the_next_day() -> None:
    kyiv = named_zone("Europe/Kyiv")
    evening = plan(at=time(18), opens_before=True, open_for=timedelta(hours=16))
    monday = opening(evening, date(2026, 11, 30), kyiv)
    assert monday is not None
    assert monday.opens_at == datetime(2026, 11, 29, 16, 0, tzinfo=UTC)
    assert monday.closes_at == datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
    assert not held_on(evening, date(2026, 11, 29))


def test_the_next_ones_come_in_order_and_end() -> None:
    kyiv = named_zone("Europe/Kyiv")
    found = [one.day for one in coming(plan(), lambda _day: kyiv, datetime(2026, 11, 27, 7, 30, tzinfo=UTC))]
    assert found[:3] == [date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 2)]
    assert len(found) < 300


def test_weeks_have_a_first_and_a_last_day() -> None:
    assert period_of(weekly=True, day=date(2026, 12, 2)) == date(2026, 11, 30)
    assert period_of(weekly=False, day=date(2026, 12, 2)) == date(2026, 12, 2)
    assert later_in_week(plan(), date(2026, 12, 2)) == [date(2026, 12, 3), date(2026, 12, 4)]
    assert later_in_week(plan(), date(2026, 12, 4)) == []


_ZONES = (
    "Europe/Kyiv",
    "America/Los_Angeles",
    "Asia/Tokyo",
    "Pacific/Kiritimati",
    "Pacific/Niue",
    "Asia/Kolkata",
)
_MOVES = st.lists(st.tuples(st.sampled_from(_ZONES), st.integers(0, 30 * 24 * 60)), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(moves=_MOVES, at=st.sampled_from(TIMES), ahead=st.booleans())
def test_whoever_moves_is_asked_once_each_day_wherever_they_go(
    moves: list[tuple[str, int]], at: time, ahead: bool
) -> None:
    begins = datetime(2026, 3, 1, tzinfo=UTC)
    history = [
        Known(zone=zone, known_at=begins + MINUTE * minute)
        for zone, minute in sorted(moves, key=lambda move: move[1])
    ]
    daily = plan(at=at, days=DAILY, opens_before=ahead)
    otherwise = named_zone("UTC")

    def as_known_at(instant: datetime, day: date) -> ZoneInfo:
        known = [one for one in history if one.known_at <= instant] or history[:1]
        return zone_on(known, day, ahead=ahead, otherwise=otherwise)

    for number in range(2, 28):
        day = date(2026, 3, 1) + DAY * number
        whole = zone_on(history, day, ahead=ahead, otherwise=otherwise)
        one = opening(daily, day, whole)
        assert one is not None
        # What is known when it opens is all that ever counts for this day: it cannot be asked again elsewhere.
        assert as_known_at(one.opens_at, day) is whole
        again = opening(daily, day, as_known_at(one.opens_at + 5 * DAY, day))
        assert again == one
