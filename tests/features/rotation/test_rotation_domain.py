"""Whose turn it is: handoffs, odd starts, clock changes, New Year, people who are away."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.features.rotation.domain import Shift, following, on_duty, shift
from bot.teams.plans import Every, RotationPlan

MONDAY = 0


def plan(
    *,
    members: str = "ABC",
    every: Every = Every.WEEK,
    on: int | None = MONDAY,
    at: str = "10:00",
    starts: str = "2026-11-02",
    timezone: str = "UTC",
) -> RotationPlan:
    """A rotation whose people are single letters; 2 November 2026 is a Monday."""
    return RotationPlan(
        members=tuple(members),
        every=every,
        on=None if every is Every.DAY else on,
        at=time.fromisoformat(at),
        starts=date.fromisoformat(starts),
        user_group=None,
        timezone=timezone,
    )


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "person"),
    [
        ("2026-11-02T09:59:59", None),
        ("2026-11-02T10:00", "A"),
        ("2026-11-09T09:59:59", "A"),
        ("2026-11-09T10:00", "B"),
        ("2026-11-16T10:00", "C"),
        ("2026-11-23T10:00", "A"),
        ("2020-01-01T00:00", None),
    ],
)
def test_a_weekly_turn_goes_from_handoff_to_handoff(moment: str, person: str | None) -> None:
    assert on_duty(plan(), at(moment)) == person


def test_a_shift_says_from_when_until_when() -> None:
    expected = Shift(person="B", start=at("2026-11-09T10:00"), end=at("2026-11-16T10:00"))
    assert shift(plan(), at("2026-11-12T00:00")) == expected


def test_a_start_between_handoffs_makes_the_first_turn_shorter() -> None:
    thursday = plan(starts="2026-11-05")
    assert on_duty(thursday, at("2026-11-05T09:59")) is None
    assert shift(thursday, at("2026-11-05T10:00")) == Shift(
        person="A", start=at("2026-11-05T10:00"), end=at("2026-11-09T10:00")
    )
    assert shift(thursday, at("2026-11-09T10:00")) == Shift(
        person="B", start=at("2026-11-09T10:00"), end=at("2026-11-16T10:00")
    )


def test_two_weeks_from_an_odd_start_count_from_the_first_handoff() -> None:
    thursday = plan(starts="2026-11-05", every=Every.TWO_WEEKS)
    assert on_duty(thursday, at("2026-11-08T12:00")) == "A"
    assert shift(thursday, at("2026-11-09T10:00")) == Shift(
        person="B", start=at("2026-11-09T10:00"), end=at("2026-11-23T10:00")
    )


def test_two_weeks_stay_two_weeks_over_new_year() -> None:
    turns = plan(every=Every.TWO_WEEKS, starts="2026-12-14")
    mondays = ("2026-12-21", "2026-12-28", "2027-01-04")
    assert [on_duty(turns, at(f"{day}T10:00")) for day in mondays] == ["A", "B", "B"]
    assert shift(turns, at("2027-01-11T10:00")) == Shift(
        person="C", start=at("2027-01-11T10:00"), end=at("2027-01-25T10:00")
    )


def test_daily_turns_change_each_day() -> None:
    daily = plan(every=Every.DAY)
    days = ("2026-11-02", "2026-11-03", "2026-11-04", "2026-11-05", "2026-11-08")
    assert [on_duty(daily, at(f"{day}T10:00")) for day in days] == ["A", "B", "C", "A", "A"]


def test_a_handoff_keeps_its_wall_time_through_a_clock_change() -> None:
    kyiv = plan(timezone="Europe/Kyiv", starts="2026-10-19")
    assert shift(kyiv, at("2026-10-20T00:00")) == Shift(
        person="A", start=at("2026-10-19T07:00"), end=at("2026-10-26T08:00")
    )


def test_a_skipped_handoff_time_happens_right_after_the_gap() -> None:
    berlin = plan(timezone="Europe/Berlin", every=Every.DAY, at="02:30", starts="2026-03-28")
    assert shift(berlin, at("2026-03-29T01:00")) == Shift(
        person="B", start=at("2026-03-29T01:00"), end=at("2026-03-30T00:30")
    )
    assert on_duty(berlin, at("2026-03-29T00:59")) == "A"


def test_a_repeated_handoff_time_happens_the_first_time_only() -> None:
    berlin = plan(timezone="Europe/Berlin", every=Every.DAY, at="02:30", starts="2026-10-24")
    moments = ("2026-10-25T00:29", "2026-10-25T00:30", "2026-10-25T01:30")
    assert [on_duty(berlin, at(moment)) for moment in moments] == ["A", "B", "B"]


def test_the_next_in_the_order_takes_the_turn_of_who_is_away() -> None:
    away = frozenset("B")
    weeks = [at("2026-11-02T10:00") + timedelta(weeks=number) for number in range(6)]
    assert [on_duty(plan(), week, away) for week in weeks] == list("ACCACC")


def test_nobody_is_on_duty_where_everyone_is_away() -> None:
    assert on_duty(plan(), at("2026-11-03T00:00"), frozenset("ABC")) is None
    assert following(plan(), at("2026-11-03T00:00"), frozenset("ABC")) is None


@pytest.mark.parametrize(
    ("moment", "away", "person", "start"),
    [
        ("2026-10-01T00:00", "", "A", "2026-11-02T10:00"),
        ("2026-11-03T00:00", "", "B", "2026-11-09T10:00"),
        ("2026-11-17T00:00", "", "A", "2026-11-23T10:00"),
        ("2026-11-03T00:00", "B", "C", "2026-11-09T10:00"),
        ("2026-11-10T00:00", "B", "A", "2026-11-23T10:00"),
    ],
)
def test_the_following_turn_is_somebody_elses(moment: str, away: str, person: str, start: str) -> None:
    found = following(plan(), at(moment), frozenset(away))
    assert found is not None
    assert (found.person, found.start) == (person, at(start))


def test_nobody_follows_the_only_one() -> None:
    assert following(plan(members="A"), at("2026-11-03T00:00")) is None


ZONES = st.sampled_from(["UTC", "Europe/Kyiv", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"])
PLANS = st.builds(
    plan,
    every=st.sampled_from(list(Every)),
    on=st.integers(0, 6),
    at=st.times().map(lambda moment: moment.strftime("%H:%M")),
    starts=st.dates(date(2009, 1, 1), date(2030, 1, 1)).map(date.isoformat),
    timezone=ZONES,
)


@settings(max_examples=200, deadline=None)
@given(PLANS, st.integers(0, 60 * 24 * 800))
def test_turns_follow_each_other_without_gap_or_overlap(turns: RotationPlan, minutes: int) -> None:
    moment = datetime.combine(turns.starts, time(12), UTC) + timedelta(days=2, minutes=minutes)
    now = shift(turns, moment)
    assert now is not None
    assert now.start <= moment < now.end
    after = shift(turns, now.end)
    assert after is not None
    assert after.start == now.end
    assert shift(turns, now.end - timedelta(seconds=1)) == now
