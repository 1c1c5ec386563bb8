"""What a changed plan means for whose turn it is."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.features.rotation.domain import Era, Rotation, first_era, next_eras, on_duty, shifts
from bot.teams.plans import Every, RotationPlan
from tests.features.rotation.make import absence, at, plan, rotation, told

WEEKLY = plan()
FIRST = (first_era(WEEKLY),)
WEDNESDAY = at("2026-11-11T12:00")  # In B's turn, which lasts from the 9th to the 16th.


def turns(eras: tuple[Era, ...], until: str) -> list[str]:
    return told(shifts(Rotation(eras=eras), (), (), at("2026-11-09T10:00"), at(until)))


def test_the_same_plan_changes_nothing() -> None:
    assert next_eras(FIRST, WEEKLY, WEDNESDAY) is FIRST


def test_the_first_plan_is_in_force_from_its_start() -> None:
    assert next_eras((), WEEKLY, at("2026-12-01")) == FIRST
    assert FIRST[0].begins == at("2026-11-02T10:00")


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ("ABCD", "BCDA"),
        ("AB", "BABA"),
        ("BAC", "BACB"),
        ("DABC", "BCDA"),
        ("ABDC", "BDCA"),
        ("B", "BBBB"),
    ],
)
def test_members_changed_in_mid_shift_keep_the_person_on_duty_until_its_end(
    members: str, expected: str
) -> None:
    eras = next_eras(FIRST, plan(members=members), WEDNESDAY)
    assert [line[0] for line in turns(eras, "2026-12-07T10:00")] == list(expected)


@pytest.mark.parametrize(
    ("members", "expected"), [("AC", "BCAC"), ("ADC", "BCAD"), ("XYZ", "BXYZ"), ("A", "BAAA")]
)
def test_somebody_taken_out_in_mid_shift_ends_it_and_the_next_one_left_follows(
    members: str, expected: str
) -> None:
    eras = next_eras(FIRST, plan(members=members), WEDNESDAY)
    assert turns(eras, "2026-11-16T10:00") == ["B 11-09 10:00 - 11-16 10:00"]
    assert [line[0] for line in turns(eras, "2026-12-07T10:00")] == list(expected)


def test_a_new_handoff_day_ends_the_current_turn_and_the_order_goes_on() -> None:
    eras = next_eras(FIRST, plan(on=4), WEDNESDAY)
    assert turns(eras, "2026-11-27T10:00") == [
        "B 11-09 10:00 - 11-13 10:00",
        "C 11-13 10:00 - 11-20 10:00",
        "A 11-20 10:00 - 11-27 10:00",
    ]
    assert on_duty(Rotation(eras=eras), (), (), at("2026-11-10T00:00")).turn_ends == at("2026-11-13T10:00")
    assert on_duty(Rotation(eras=eras), (), (), at("2026-11-09T10:00")).start == at("2026-11-09T10:00")


def test_longer_turns_lengthen_the_current_one() -> None:
    eras = next_eras(FIRST, plan(every=Every.MONTH, on=1), WEDNESDAY)
    assert turns(eras, "2027-01-01T10:00") == ["B 11-09 10:00 - 12-01 10:00", "C 12-01 10:00 - 01-01 10:00"]


def test_handoffs_and_members_changed_at_once_keep_the_person_until_the_new_handoff() -> None:
    eras = next_eras(FIRST, plan(members="ADC", on=4), WEDNESDAY)
    assert turns(eras, "2026-11-27T10:00") == [
        "B 11-09 10:00 - 11-13 10:00",
        "C 11-13 10:00 - 11-20 10:00",
        "A 11-20 10:00 - 11-27 10:00",
    ]


def test_who_stands_in_during_the_current_turn_are_the_members_of_before() -> None:
    eras = next_eras(FIRST, plan(members="BXYZ", on=4), WEDNESDAY)
    away = [absence("B", "2026-11-12", "2026-11-20")]
    found = shifts(Rotation(eras=eras), (), away, WEDNESDAY, at("2026-11-14"))
    assert told(found)[1:] == ["C for B 11-12 00:00 - 11-13 10:00", "X 11-13 10:00 - 11-14 00:00"]


def test_a_start_in_the_future_ends_the_old_plan_there_and_begins_with_the_first_member() -> None:
    eras = next_eras(FIRST, plan(members="CBA", starts="2026-11-18"), WEDNESDAY)
    assert turns(eras, "2026-11-23T10:00") == [
        "B 11-09 10:00 - 11-16 10:00",
        "C 11-16 10:00 - 11-18 10:00",
        "C 11-18 10:00 - 11-23 10:00",
    ]


def test_a_plan_that_has_not_begun_is_replaced() -> None:
    planned = next_eras(FIRST, plan(starts="2026-11-18"), WEDNESDAY)
    again = next_eras(planned, plan(starts="2026-11-25", members="CB"), WEDNESDAY + timedelta(hours=1))
    assert again == (*FIRST, first_era(plan(starts="2026-11-25", members="CB")))
    assert next_eras((first_era(plan(starts="2026-11-18")),), WEEKLY, WEDNESDAY) == FIRST


def test_members_changed_and_changed_back_before_the_handoff_leave_everything_as_it_was() -> None:
    changed = next_eras(FIRST, plan(members="ABCD"), WEDNESDAY)
    assert next_eras(changed, WEEKLY, WEDNESDAY + timedelta(hours=1)) == FIRST


def test_members_changed_twice_in_one_shift_count_as_the_last_change_says() -> None:
    once = next_eras(FIRST, plan(members="ABCD"), WEDNESDAY)
    twice = next_eras(once, plan(members="BD"), WEDNESDAY + timedelta(hours=1))
    assert [line[0] for line in turns(twice, "2026-11-30T10:00")] == ["B", "D", "B"]


def test_handoffs_changed_and_changed_back_leave_the_turns_as_they_were() -> None:
    changed = next_eras(FIRST, plan(on=4), WEDNESDAY)
    back = next_eras(changed, WEEKLY, WEDNESDAY + timedelta(hours=1))
    assert turns(back, "2026-12-07T10:00") == turns(FIRST, "2026-12-07T10:00")


def test_two_changes_at_one_instant_are_the_second_one() -> None:
    once = next_eras(FIRST, plan(on=4), WEDNESDAY)
    twice = next_eras(once, plan(on=5, members="ABCD"), WEDNESDAY)
    assert twice == next_eras(FIRST, plan(on=5, members="ABCD"), WEDNESDAY)


def test_another_user_group_changes_no_turn() -> None:
    other = replace(WEEKLY, user_group="S1")
    assert next_eras(FIRST, other, WEDNESDAY) == (replace(FIRST[0], plan=other),)


def test_a_change_on_the_instant_of_a_handoff_keeps_who_takes_over_there() -> None:
    eras = next_eras(FIRST, plan(members="ABCD"), at("2026-11-09T10:00"))
    assert [line[0] for line in turns(eras, "2026-11-30T10:00")] == ["B", "C", "D"]


def test_a_rotation_of_nobody_gets_members_at_the_next_handoff() -> None:
    eras = next_eras((first_era(plan(members="")),), WEEKLY, WEDNESDAY)
    assert turns(eras, "2026-11-23T10:00") == [
        "nobody_left 11-09 10:00 - 11-16 10:00",
        "A 11-16 10:00 - 11-23 10:00",
    ]
    assert [line[0] for line in turns(next_eras(FIRST, plan(members=""), WEDNESDAY), "2026-11-23T10:00")] == [
        "B",
        "n",
    ]


def test_the_past_stays_as_it_was() -> None:
    eras = next_eras(FIRST, plan(members="XYZ", every=Every.DAY), WEDNESDAY)
    span = (at("2026-11-02T10:00"), WEDNESDAY)
    assert told(shifts(Rotation(eras=eras), (), (), *span)) == told(shifts(rotation(WEEKLY), (), (), *span))


PLANS = st.builds(
    plan,
    members=st.sampled_from(["ABC", "AB", "CBA", "ABCD", "D", "EF"]),
    every=st.sampled_from([Every.DAY, Every.WEEK, Every.WEEK, Every.MONTH]),
    on=st.integers(1, 6),
    weeks=st.integers(1, 3),
    starts=st.sampled_from(["2026-11-02", "2026-11-20", "2026-12-09"]),
    slots=st.sampled_from([(), ("06:00", "18:00")]),
    days=st.sampled_from(["mon-sun", "mon-fri"]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(PLANS, st.integers(0, 300)), min_size=1, max_size=6))
def test_a_change_is_made_once_however_often_it_is_told_and_moves_nobody_at_once(
    changes: list[tuple[RotationPlan, int]],
) -> None:
    eras: tuple[Era, ...] = ()
    now = at("2026-11-05T12:00")
    for turns_now, hours in changes:
        now += timedelta(hours=hours)
        before = on_duty(Rotation(eras=eras), (), (), now)
        was_begun = bool(eras) and eras[0].begins <= now
        past = shifts(Rotation(eras=eras), (), (), at("2026-10-25"), now)
        eras = next_eras(eras, turns_now, now)
        assert next_eras(eras, turns_now, now) is eras
        assert next_eras(eras, turns_now, now + timedelta(days=100)) is eras
        assert list(eras) == sorted(eras, key=lambda era: era.begins)
        assert eras[-1].plan == turns_now
        if not was_begun:
            continue
        after = on_duty(Rotation(eras=eras), (), (), now)
        people = {shift.person for shift in (before, after) if shift}
        assert len(people) <= 1
        kept = shifts(Rotation(eras=eras), (), (), at("2026-10-25"), now)
        assert told(kept) == told(past)
