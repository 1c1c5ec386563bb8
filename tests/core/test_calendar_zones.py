"""Every zone around its clock changes: no instant in a gap, none twice, order kept."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.core.calendar import find_zone, instant, wall_clock, zone_names

MINUTE = timedelta(minutes=1)
NAMES = st.sampled_from(sorted(zone_names()))
YEARS = st.integers(1971, 2045)
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def zone(name: str) -> ZoneInfo:
    found = find_zone(name)
    assert found is not None
    return found


def changes(zone: ZoneInfo, year: int) -> list[datetime]:
    """The days of the year on which the zone's offset changes, as UTC noons."""
    first = datetime(year, 1, 1, 12, tzinfo=UTC)
    days = [first + timedelta(days=number) for number in range(366)]
    return [
        day
        for day in days
        if day.astimezone(zone).utcoffset() != (day - timedelta(days=1)).astimezone(zone).utcoffset()
    ]


@st.composite
def walls_near_a_change(draw: st.DrawFn) -> tuple[ZoneInfo, date, time]:
    place = zone(draw(NAMES))
    found = changes(place, draw(YEARS))
    assume(found)
    day = draw(st.sampled_from(found)).date() + timedelta(days=draw(st.integers(-1, 1)))
    return place, day, draw(TIMES)


@settings(max_examples=300, deadline=None)
@given(walls_near_a_change())
def test_a_time_that_exists_is_shown_by_the_clocks_at_its_instant(case: tuple[ZoneInfo, date, time]) -> None:
    place, day, at = case
    found = instant(day, at, place)
    wall = datetime.combine(day, at)
    shown = wall_clock(found, place)
    assert shown >= wall
    if shown > wall:
        assert wall_clock(found - timedelta(seconds=1), place) < wall


@settings(max_examples=300, deadline=None)
@given(walls_near_a_change())
def test_a_repeated_time_is_the_first_of_the_two(case: tuple[ZoneInfo, date, time]) -> None:
    place, day, at = case
    found = instant(day, at, place)
    earlier = (found - MINUTE * step for step in range(1, 26 * 60))
    assert not any(wall_clock(moment, place) == datetime.combine(day, at) for moment in earlier)


@settings(max_examples=300, deadline=None)
@given(walls_near_a_change(), TIMES)
def test_a_later_time_of_the_day_is_never_an_earlier_instant(
    case: tuple[ZoneInfo, date, time], other: time
) -> None:
    place, day, at = case
    early, late = sorted((at, other))
    assert instant(day, early, place) <= instant(day, late, place)


@settings(max_examples=300, deadline=None)
@given(walls_near_a_change())
def test_the_same_time_a_day_later_is_never_an_earlier_instant(case: tuple[ZoneInfo, date, time]) -> None:
    place, day, at = case
    assert instant(day, at, place) <= instant(day + timedelta(days=1), at, place)


def test_every_zone_can_be_opened() -> None:
    assert len(zone_names()) > 400
    assert all(find_zone(name) is not None for name in zone_names())
