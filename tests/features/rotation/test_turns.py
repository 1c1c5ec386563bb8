"""Whose turn it is: handoffs, odd starts, clock changes, New Year, people who are away."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.features.rotation import domain
from bot.features.rotation.domain import Shift, preview
from bot.features.rotation.domain.turns import turn_at
from bot.teams.plans import Every, RotationPlan
from tests.features.rotation.make import at, plan, rotation, told


def shift(turns: RotationPlan, moment: datetime, away: frozenset[str] = frozenset()) -> Shift | None:
    return domain.on_duty(rotation(turns, gone="".join(away)), (), (), moment)


def on_duty(turns: RotationPlan, moment: datetime, away: frozenset[str] = frozenset()) -> str | None:
    current = shift(turns, moment, away)
    return current.person if current else None


def following(turns: RotationPlan, moment: datetime, away: frozenset[str] = frozenset()) -> Shift | None:
    return domain.following(rotation(turns, gone="".join(away)), (), (), moment)


def turn(person: str, start: str, end: str) -> Shift:
    return Shift(person=person, start=at(start), end=at(end), turn_ends=at(end))


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
    expected = turn("B", "2026-11-09T10:00", "2026-11-16T10:00")
    assert shift(plan(), at("2026-11-12T00:00")) == expected


def test_a_start_between_handoffs_makes_the_first_turn_shorter() -> None:
    thursday = plan(starts="2026-11-05")
    assert on_duty(thursday, at("2026-11-05T09:59")) is None
    assert shift(thursday, at("2026-11-05T10:00")) == turn("A", "2026-11-05T10:00", "2026-11-09T10:00")
    assert shift(thursday, at("2026-11-09T10:00")) == turn("B", "2026-11-09T10:00", "2026-11-16T10:00")


def test_two_weeks_from_an_odd_start_count_from_the_first_handoff() -> None:
    thursday = plan(starts="2026-11-05", weeks=2)
    assert on_duty(thursday, at("2026-11-08T12:00")) == "A"
    assert shift(thursday, at("2026-11-09T10:00")) == turn("B", "2026-11-09T10:00", "2026-11-23T10:00")


def test_two_weeks_stay_two_weeks_over_new_year() -> None:
    turns = plan(weeks=2, starts="2026-12-14")
    mondays = ("2026-12-21", "2026-12-28", "2027-01-04")
    assert [on_duty(turns, at(f"{day}T10:00")) for day in mondays] == ["A", "B", "B"]
    assert shift(turns, at("2027-01-11T10:00")) == turn("C", "2027-01-11T10:00", "2027-01-25T10:00")


def test_daily_turns_change_each_day() -> None:
    daily = plan(every=Every.DAY)
    days = ("2026-11-02", "2026-11-03", "2026-11-04", "2026-11-05", "2026-11-08")
    assert [on_duty(daily, at(f"{day}T10:00")) for day in days] == ["A", "B", "C", "A", "A"]


def test_a_handoff_keeps_its_wall_time_through_a_clock_change() -> None:
    kyiv = plan(timezone="Europe/Kyiv", starts="2026-10-19")
    assert shift(kyiv, at("2026-10-20T00:00")) == turn("A", "2026-10-19T07:00", "2026-10-26T08:00")


def test_a_skipped_handoff_time_happens_right_after_the_gap() -> None:
    berlin = plan(timezone="Europe/Berlin", every=Every.DAY, at="02:30", starts="2026-03-28")
    assert shift(berlin, at("2026-03-29T01:00")) == turn("B", "2026-03-29T01:00", "2026-03-30T00:30")
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
    on=st.integers(1, 6),
    weeks=st.integers(1, 12),
    days=st.sampled_from(["mon-sun", "mon-fri", "sat", "mon,wed-thu"]),
    at=st.times().map(lambda moment: moment.strftime("%H:%M")),
    starts=st.dates(date(2009, 1, 1), date(2030, 1, 1)).map(date.isoformat),
    timezone=ZONES,
)


@settings(max_examples=200, deadline=None)
@given(PLANS, st.integers(0, 60 * 24 * 800))
def test_turns_follow_each_other_without_gap_or_overlap(turns: RotationPlan, minutes: int) -> None:
    moment = datetime.combine(turns.starts, time(12), UTC) + timedelta(days=9, minutes=minutes)
    eras = rotation(turns).eras
    now = turn_at(eras, moment)
    assert now.start <= moment < now.end
    after = turn_at(eras, now.end)
    assert after.start == now.end
    assert turns.members.index(after.owner or "") == (turns.members.index(now.owner or "") + 1) % 3
    assert turn_at(eras, now.end - timedelta(seconds=1)) == now


def starts_of(turns: RotationPlan, count: int) -> list[str]:
    pieces = preview(turns, at("2026-10-31T12:00"), count)
    return [f"{piece.person} {piece.start:%m-%d %H:%M}" for piece in pieces if isinstance(piece, Shift)]


def test_three_weeks_stay_three_weeks() -> None:
    assert starts_of(plan(weeks=3), 3) == ["A 11-02 10:00", "B 11-23 10:00", "C 12-14 10:00"]


def test_a_month_s_turn_begins_on_its_day_or_on_the_last_one_of_a_shorter_month() -> None:
    monthly = plan(every=Every.MONTH, on=31, starts="2026-11-30")
    assert starts_of(monthly, 5) == [
        "A 11-30 10:00",
        "B 12-31 10:00",
        "C 01-31 10:00",
        "A 02-28 10:00",
        "B 03-31 10:00",
    ]


def test_a_month_s_first_turn_is_shorter_where_it_starts_on_another_day() -> None:
    late = plan(every=Every.MONTH, on=1, starts="2026-11-10")
    early = plan(every=Every.MONTH, on=15, starts="2026-11-10")
    assert starts_of(late, 3) == ["A 11-10 10:00", "B 12-01 10:00", "C 01-01 10:00"]
    assert starts_of(early, 3) == ["A 11-10 10:00", "B 11-15 10:00", "C 12-15 10:00"]


def test_a_day_has_several_turns_where_it_has_slots() -> None:
    assert starts_of(plan(every=Every.DAY, slots=("08:00", "16:00")), 4) == [
        "A 11-02 08:00",
        "B 11-02 16:00",
        "C 11-03 08:00",
        "A 11-03 16:00",
    ]


def test_nobody_is_on_duty_outside_the_days_and_the_turn_goes_on_after_them() -> None:
    weekly = plan(days="mon-fri", on=2, starts="2026-11-04")
    assert told(preview(weekly, at("2026-11-04T10:00"), 3)) == [
        "A 11-04 10:00 - 11-07 00:00",
        "no_slot 11-07 00:00 - 11-09 00:00",
        "A 11-09 00:00 - 11-11 10:00",
        "B 11-11 10:00 - 11-14 00:00",
    ]


def test_daily_turns_are_not_spent_on_days_without_duty() -> None:
    daily = plan(every=Every.DAY, days="mon-fri", starts="2026-11-05")
    assert told(preview(daily, at("2026-11-05T00:00"), 4)) == [
        "not_begun 11-05 00:00 - 11-05 10:00",
        "A 11-05 10:00 - 11-06 10:00",
        "B 11-06 10:00 - 11-07 00:00",
        "no_slot 11-07 00:00 - 11-09 00:00",
        "B 11-09 00:00 - 11-09 10:00",
        "C 11-09 10:00 - 11-10 10:00",
    ]


def test_daily_turns_that_start_on_a_day_without_duty_begin_on_the_next_with_it() -> None:
    assert starts_of(plan(every=Every.DAY, days="mon-fri", starts="2026-11-07"), 1) == ["A 11-09 10:00"]


def test_a_rotation_of_nobody_has_nobody_on_duty() -> None:
    empty = plan(members="")
    assert on_duty(empty, at("2026-11-03T00:00")) is None
    assert following(empty, at("2026-11-03T00:00")) is None
    assert told(preview(empty, at("2026-11-03T00:00"), 2))[0].startswith("nobody_left 11-03 00:00")
