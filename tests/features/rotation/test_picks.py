"""Who is found for hours where nobody is named."""

from bot.features.rotation.domain import Pick, pick, there
from tests.features.rotation.make import absence, at, plan, rotation, skip


def test_who_could_stand_in_is_there_at_that_instant_in_the_order_of_turns() -> None:
    turns = rotation(plan(members="ABCD"), gone="D")
    away = (absence("B", "2026-11-10", "2026-11-11"), skip("C", "2026-11-11", "2026-11-12"))
    assert there(turns, away, at("2026-11-09 12:00")) == ("B", "C", "A")
    assert there(turns, away, at("2026-11-10 12:00")) == ("C", "A")
    assert there(turns, away, at("2026-11-11 12:00")) == ("B", "A")


def test_before_the_first_turn_nobody_is_there() -> None:
    assert there(rotation(plan()), (), at("2026-11-01")) == ()


def test_the_longest_off_and_the_least_loaded_are_found_and_of_equals_the_first() -> None:
    last = {"A": at("2026-11-09"), "B": at("2026-11-02")}
    load = {"A": 1, "B": 3, "C": 1}
    assert [pick(how, "BAC", last=last, open=load) for how in (Pick.NEXT, Pick.RESTED, Pick.FREE)] == [
        "B", "C", "A"
    ]  # fmt: skip
    assert pick(Pick.RESTED, "AB", last=last, open=load) == "B"
    assert pick(Pick.FREE, "", last=last, open=load) is None
