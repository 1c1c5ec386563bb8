"""Who is on duty where something was changed: overrides, absences, days off, people left out or gone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest

from bot.features.rotation.domain import (
    Absence,
    Gap,
    Override,
    Rotation,
    Shift,
    Skip,
    Why,
    coming,
    following,
    gaps,
    on_duty,
    preview,
    shifts,
)
from tests.features.rotation.make import absence, at, override, plan, rotation, skip, told

START, END = at("2026-11-02T10:00"), at("2026-11-23T10:00")
WEEKLY = rotation(plan())


def test_an_override_takes_a_part_of_a_shift() -> None:
    """As in LinkedIn's oncall, whose overrides cut events in pieces."""
    taken = override("B", "2026-11-03T12:00", "2026-11-04T12:00")
    assert told(shifts(WEEKLY, [taken], (), START, at("2026-11-16T10:00"))) == [
        "A 11-02 10:00 - 11-03 12:00",
        "B for A 11-03 12:00 - 11-04 12:00",
        "A 11-04 12:00 - 11-09 10:00",
        "B 11-09 10:00 - 11-16 10:00",
    ]
    current = on_duty(WEEKLY, [taken], (), at("2026-11-04T11:59:59"))
    assert current == Shift(
        person="B",
        start=taken.start,
        end=taken.end,
        turn_ends=at("2026-11-09T10:00"),
        why=Why.OVERRIDE,
        instead_of="A",
    )


def test_an_override_over_a_handoff_is_one_shift_in_each_turn() -> None:
    taken = override("C", "2026-11-08T00:00", "2026-11-10T00:00")
    assert told(shifts(WEEKLY, [taken], (), at("2026-11-08T00:00"), at("2026-11-11T00:00"))) == [
        "C for A 11-08 00:00 - 11-09 10:00",
        "C for B 11-09 10:00 - 11-10 00:00",
        "B 11-10 00:00 - 11-11 00:00",
    ]


def test_of_overlapping_overrides_the_one_made_later_wins_where_they_overlap() -> None:
    early = override("B", "2026-11-03T00:00", "2026-11-05T00:00", made="2026-11-01", id=1)
    late = override("C", "2026-11-04T00:00", "2026-11-06T00:00", made="2026-11-02", id=2)
    found = told(shifts(WEEKLY, [late, early], (), START, at("2026-11-09T10:00")))
    assert found[1:3] == ["B for A 11-03 00:00 - 11-04 00:00", "C for A 11-04 00:00 - 11-06 00:00"]
    assert found == told(shifts(WEEKLY, [early, late], (), START, at("2026-11-09T10:00")))


def test_of_overrides_made_at_once_the_later_row_wins() -> None:
    pair = [override(person, "2026-11-03", "2026-11-05", id=id) for id, person in ((7, "B"), (8, "C"))]
    assert on_duty(WEEKLY, pair, (), at("2026-11-04T00:00")).person == "C"


def test_a_longer_override_comes_back_after_a_shorter_one_made_later() -> None:
    long = override("B", "2026-11-03", "2026-11-06", made="2026-11-01", id=1)
    short = override("C", "2026-11-04", "2026-11-05", made="2026-11-02", id=2)
    pieces = told(shifts(WEEKLY, [long, short], (), long.start, long.end))
    assert [piece[0] for piece in pieces] == ["B", "C", "B"]


def test_an_override_by_the_turn_s_owner_is_their_turn() -> None:
    given_away = override("B", "2026-11-03", "2026-11-06", id=1)
    taken_back = override("A", "2026-11-03", "2026-11-06", made="2026-11-02", id=2)
    assert told(shifts(WEEKLY, [given_away, taken_back], (), START, at("2026-11-09T10:00"))) == [
        "A 11-02 10:00 - 11-09 10:00"
    ]


def test_somebody_who_is_no_member_may_take_over() -> None:
    assert (
        on_duty(WEEKLY, [override("Z", "2026-11-03", "2026-11-06")], (), at("2026-11-04T00:00")).person == "Z"
    )


def test_an_override_is_in_force_before_the_first_turn_and_on_days_without_duty() -> None:
    weekdays = rotation(plan(days="mon-fri"))
    taken = [override("B", "2026-11-01", "2026-11-02"), override("C", "2026-11-07", "2026-11-08", id=2)]
    assert told(shifts(weekdays, taken, (), at("2026-11-01"), at("2026-11-09"))) == [
        "B 11-01 00:00 - 11-02 00:00",
        "not_begun 11-02 00:00 - 11-02 10:00",
        "A 11-02 10:00 - 11-07 00:00",
        "C for A 11-07 00:00 - 11-08 00:00",
        "no_slot 11-08 00:00 - 11-09 00:00",
    ]
    assert on_duty(weekdays, taken, (), at("2026-11-01T12:00")).turn_ends == START


def test_who_is_away_for_a_part_of_a_turn_is_replaced_for_that_part_only() -> None:
    away = absence("A", "2026-11-04", "2026-11-05")
    assert told(shifts(WEEKLY, (), [away], START, END)) == [
        "A 11-02 10:00 - 11-04 00:00",
        "B for A 11-04 00:00 - 11-05 00:00",
        "A 11-05 00:00 - 11-09 10:00",
        "B 11-09 10:00 - 11-16 10:00",
        "C 11-16 10:00 - 11-23 10:00",
    ]
    assert on_duty(WEEKLY, (), [away], at("2026-11-04T12:00")).why is Why.PASSED_ON


def test_nobody_is_left_where_all_are_away() -> None:
    away = [absence(person, "2026-11-04", "2026-11-05") for person in "ABC"]
    hole = Gap(start=at("2026-11-04"), end=at("2026-11-05"), why="nobody_left")
    assert gaps(WEEKLY, (), away, START, END) == (hole,)
    assert on_duty(WEEKLY, (), away, at("2026-11-04T12:00")) is None
    assert following(WEEKLY, (), away, at("2026-11-04T12:00")).start == hole.end


def test_a_gap_over_a_handoff_is_one_gap() -> None:
    away = [absence(person, "2026-11-08", "2026-11-10") for person in "ABC"]
    assert gaps(WEEKLY, (), away, START, END) == (
        Gap(start=at("2026-11-08"), end=at("2026-11-10"), why="nobody_left"),
    )


def test_days_without_duty_and_the_time_before_the_start_are_no_gaps_to_tell_of() -> None:
    assert gaps(rotation(plan(days="mon-fri")), (), (), at("2026-10-01"), END) == ()


def test_an_override_beats_the_absence_and_the_holiday_of_its_person() -> None:
    taken = override("B", "2026-11-04", "2026-11-05")
    holidays = replace(WEEKLY, is_off=lambda person, day: person == "B")
    away = [absence("B", "2026-11-01", "2026-11-30")]
    assert on_duty(holidays, [taken], away, at("2026-11-04T12:00")).person == "B"


def test_an_override_loses_against_a_skip_made_later_and_beats_one_made_before() -> None:
    taken = override("B", "2026-11-03", "2026-11-06", made="2026-11-02T12:00")
    before = [skip("B", "2026-11-02T11:00", "2026-11-30")]
    after = [skip("B", "2026-11-02T13:00", "2026-11-05")]
    assert told(shifts(WEEKLY, [taken], before, taken.start, taken.end)) == [
        "B for A 11-03 00:00 - 11-06 00:00"
    ]
    assert told(shifts(WEEKLY, [taken], after, taken.start, taken.end)) == [
        "A 11-03 00:00 - 11-05 00:00",
        "B for A 11-05 00:00 - 11-06 00:00",
    ]


def test_where_the_last_override_fails_the_one_before_holds() -> None:
    pair = [
        override("C", "2026-11-03", "2026-11-06", made="2026-11-01", id=1),
        override("B", "2026-11-03", "2026-11-06", made="2026-11-02", id=2),
    ]
    assert on_duty(rotation(plan(), gone="B"), pair, (), at("2026-11-04T00:00")).person == "C"


def test_a_skip_leaves_out_until_its_end() -> None:
    left_out = [skip("A", "2026-11-03", "2026-11-05")]
    assert told(shifts(WEEKLY, (), left_out, START, at("2026-11-09T10:00")))[1] == (
        "B for A 11-03 00:00 - 11-05 00:00"
    )


def test_the_turn_of_who_is_gone_goes_to_the_next_and_no_override_brings_them_back() -> None:
    without = rotation(plan(), gone="A")
    taken = [override("A", "2026-11-10", "2026-11-11")]
    assert told(shifts(without, taken, (), START, at("2026-11-16T10:00"))) == [
        "B for A 11-02 10:00 - 11-09 10:00",
        "B 11-09 10:00 - 11-16 10:00",
    ]


def test_a_public_holiday_is_a_day_of_the_rotation_s_clock() -> None:
    kyiv = plan(timezone="Europe/Kyiv")
    off = replace(rotation(kyiv), is_off=lambda person, day: (person, day) == ("A", date(2026, 11, 4)))
    assert told(shifts(off, (), (), at("2026-11-02T08:00"), at("2026-11-09T08:00"))) == [
        "A 11-02 08:00 - 11-03 22:00",
        "B for A 11-03 22:00 - 11-04 22:00",
        "A 11-04 22:00 - 11-09 08:00",
    ]


def test_the_only_one_is_always_on_duty_unless_away() -> None:
    alone = rotation(plan(members="A"))
    away = [absence("A", "2026-11-04", "2026-11-05")]
    assert told(coming(alone, (), away, at("2026-11-03"), 3)) == [
        "A 11-02 10:00 - 11-04 00:00",
        "nobody_left 11-04 00:00 - 11-05 00:00",
        "A 11-05 00:00 - 11-09 10:00",
        "A 11-09 10:00 - 11-16 10:00",
    ]
    assert following(alone, (), (), at("2026-11-03")) is None


def test_a_rotation_without_any_plan_has_not_begun() -> None:
    none = Rotation(eras=())
    taken = [override("A", "2026-11-03", "2026-11-04")]
    assert on_duty(none, taken, (), START) is None
    assert following(none, taken, (), START) is None
    assert coming(none, taken, (), START, 3) == ()
    assert shifts(none, taken, (), START, END) == (Gap(start=START, end=END, why="not_begun"),)
    assert shifts(none, (), (), END, START) == ()


def test_what_is_coming_begins_with_the_whole_current_shift() -> None:
    assert told(coming(WEEKLY, (), (), at("2026-11-05"), 2)) == [
        "A 11-02 10:00 - 11-09 10:00",
        "B 11-09 10:00 - 11-16 10:00",
    ]
    assert coming(WEEKLY, (), (), at("2026-11-05"), 0) == ()


def test_a_preview_looks_forward_from_a_start_years_away() -> None:
    assert told(preview(plan(starts="2031-01-01"), at("2026-11-05"), 1)) == [
        "not_begun 11-05 00:00 - 01-01 10:00",
        "A 01-01 10:00 - 01-06 10:00",
    ]


def test_the_search_for_somebody_ends_where_all_are_away_for_years() -> None:
    away = [absence(person, "2026-11-03", "2036-11-03") for person in "ABC"]
    assert following(WEEKLY, (), away, at("2026-11-04")) is None
    assert len(coming(WEEKLY, (), away, at("2026-11-04"), 5)) == 1


def test_the_following_shift_may_be_a_part_of_a_turn() -> None:
    taken = [override("C", "2026-11-06", "2026-11-07")]
    found = following(WEEKLY, taken, (), at("2026-11-05"))
    assert found is not None
    assert told([found]) == ["C for A 11-06 00:00 - 11-07 00:00"]


@pytest.mark.parametrize(
    "make",
    [
        lambda start, end: Override(id=1, person="A", start=start, end=end, made_at=start, made_by="A"),
        lambda start, end: Absence(person="A", start=start, end=end),
        lambda start, end: Skip(id=1, person="A", start=start, until=end),
        lambda start, end: Shift(person="A", start=start, end=end, turn_ends=end),
        lambda start, end: Gap(start=start, end=end, why="no_slot"),
    ],
)
def test_an_end_before_the_start_and_a_time_without_zone_are_refused(
    make: Callable[[datetime, datetime], object],
) -> None:
    make(START, END)
    for start, end in ((END, START), (START, START), (START.replace(tzinfo=None), END.replace(tzinfo=None))):
        with pytest.raises(ValueError, match=r"not after its start|without a zone"):
            make(start, end)
