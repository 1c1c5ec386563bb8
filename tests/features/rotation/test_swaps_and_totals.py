"""Two people trade their turns; and how evenly duty was spread."""

from collections.abc import Iterable
from datetime import datetime

import pytest

from bot.features.rotation.domain import NoTurn, Override, Total, on_duty, shifts, swap, totals
from tests.features.rotation.make import absence, at, override, plan, rotation, told
from tests.support.clock_changes import named_zone

WEEKLY = rotation(plan())
START, END = at("2026-11-02T10:00"), at("2026-12-14T10:00")
UTC_ZONE = named_zone("UTC")


def made(taken: Iterable[tuple[str, datetime, datetime]], now: datetime, first: int = 1) -> list[Override]:
    return [
        Override(id=number, person=person, start=start, end=end, made_at=now, made_by=person)
        for number, (person, start, end) in enumerate(taken, first)
    ]


def test_who_is_on_duty_trades_what_remains_for_the_other_s_next_turn() -> None:
    now = at("2026-11-05T12:00")
    taken = swap(WEEKLY, (), (), now, "A", "C")
    assert taken == (
        ("C", now, at("2026-11-09T10:00")),
        ("A", at("2026-11-16T10:00"), at("2026-11-23T10:00")),
    )
    assert told(shifts(WEEKLY, made(taken, now), (), START, at("2026-11-30T10:00"))) == [
        "A 11-02 10:00 - 11-05 12:00",
        "C for A 11-05 12:00 - 11-09 10:00",
        "B 11-09 10:00 - 11-16 10:00",
        "A for C 11-16 10:00 - 11-23 10:00",
        "A 11-23 10:00 - 11-30 10:00",
    ]


def test_who_is_next_may_trade_with_who_is_on_duty() -> None:
    now = at("2026-11-05T12:00")
    assert swap(WEEKLY, (), (), now, "B", "A") == (
        ("B", now, at("2026-11-09T10:00")),
        ("A", at("2026-11-09T10:00"), at("2026-11-16T10:00")),
    )


def test_before_the_start_the_first_turns_are_traded() -> None:
    taken = swap(WEEKLY, (), (), at("2026-10-01"), "A", "B")
    assert [(person, start) for person, start, _ in taken] == [("B", START), ("A", at("2026-11-09T10:00"))]


def test_a_swap_swapped_back_is_as_before() -> None:
    now, later = at("2026-11-05T12:00"), at("2026-11-05T13:00")
    once = made(swap(WEEKLY, (), (), now, "B", "C"), now)
    twice = once + made(swap(WEEKLY, once, (), later, "B", "C"), later, first=9)
    assert shifts(WEEKLY, twice, (), START, END) == shifts(WEEKLY, (), (), START, END)


def test_only_what_is_theirs_of_a_turn_changes_hands() -> None:
    away = [absence("B", "2026-11-11", "2026-11-12")]
    assert swap(WEEKLY, (), away, at("2026-11-03"), "B", "A")[1:] == (
        ("A", at("2026-11-09T10:00"), at("2026-11-11")),
        ("A", at("2026-11-12"), at("2026-11-16T10:00")),
    )


def test_the_other_takes_the_turn_although_they_are_away_then() -> None:
    now = at("2026-11-05T12:00")
    away = [absence("C", "2026-11-06", "2026-11-07")]
    overrides = made(swap(WEEKLY, (), away, now, "A", "C"), now)
    assert on_duty(WEEKLY, overrides, away, at("2026-11-06T12:00")).person == "C"


@pytest.mark.parametrize(("asker", "other", "without"), [("A", "Z", "Z"), ("Z", "A", "Z"), ("Y", "Z", "Y")])
def test_who_has_no_turn_within_a_year_cannot_trade(asker: str, other: str, without: str) -> None:
    with pytest.raises(NoTurn) as refusal:
        swap(WEEKLY, (), (), at("2026-11-05"), asker, other)
    assert refusal.value.person == without


def test_totals_count_turns_hours_and_weekend_days() -> None:
    taken = [override("C", "2026-11-07", "2026-11-07T18:00"), override("B", "2026-11-03", "2026-11-04", id=2)]
    found = totals(shifts(WEEKLY, taken, (), START, at("2026-11-16T10:00")), UTC_ZONE)
    assert found == (
        Total(person="B", shifts=2, hours=24 * 7 + 24, weekend_days=2),
        Total(person="A", shifts=1, hours=24 * 5 + 6, weekend_days=1),
        Total(person="C", shifts=1, hours=18, weekend_days=1),
    )


def test_a_weekend_day_shared_in_halves_counts_for_who_had_it_first() -> None:
    taken = [override("B", "2026-11-07T12:00", "2026-11-08")]
    counts = {one.person: one.weekend_days for one in totals(shifts(WEEKLY, taken, (), START, END), UTC_ZONE)}
    assert counts == {"A": 4, "B": 4, "C": 4}


def test_a_weekend_is_that_of_the_zone() -> None:
    taken = [override("B", "2026-11-06T14:00", "2026-11-07T13:00")]
    span = (START, at("2026-11-09T10:00"))
    counts = {
        one.person: one.weekend_days
        for one in totals(shifts(WEEKLY, taken, (), *span), named_zone("Pacific/Auckland"))
    }
    assert counts == {"A": 1, "B": 1}


def test_gaps_count_for_nobody() -> None:
    assert totals(shifts(rotation(plan(members="")), (), (), START, END), UTC_ZONE) == ()
