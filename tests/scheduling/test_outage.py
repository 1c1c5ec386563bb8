"""When an outage is told, as tables of looks: (seconds, does it answer)."""

import pytest

from bot.alarms.notices import lasting
from bot.alarms.outage import (
    WELL,
    Down,
    Notice,
    Outage,
    Patience,
    Recovered,
    after_look,
    seconds_to_next_look,
)

PATIENCE = Patience()


def _told(*looks: tuple[float, bool]) -> list[tuple[float, Notice]]:
    outage: Outage = WELL
    told: list[tuple[float, Notice]] = []
    for now, answers in looks:
        outage, notice = after_look(outage, answers=answers, now=now, patience=PATIENCE)
        told += [(now, notice)] if notice else []
    return told


def _every_5(start: float, end: float, answers: bool) -> list[tuple[float, bool]]:
    return [(float(second), answers) for second in range(int(start), int(end) + 1, 5)]


def test_nothing_is_told_while_all_is_well() -> None:
    assert _told(*_every_5(0, 600, True)) == []


def test_an_outage_of_55_seconds_is_never_told() -> None:
    assert _told(*_every_5(0, 55, False), *_every_5(56, 200, True)) == []


def test_an_outage_is_told_once_60_seconds_after_the_first_failure() -> None:
    assert _told((0, True), *_every_5(5, 300, False)) == [(65.0, Down(seconds=60.0))]


def test_an_outage_at_the_start_is_told_too() -> None:
    assert _told(*_every_5(0, 65, False)) == [(60.0, Down(seconds=60.0))]


def test_it_is_told_again_every_15_minutes() -> None:
    assert [at for at, _ in _told(*_every_5(0, 2000, False))] == [60.0, 960.0, 1860.0]


def test_recovery_is_told_once_with_the_length_of_the_outage() -> None:
    told = _told(*_every_5(0, 120, False), *_every_5(125, 300, True))
    assert told == [(60.0, Down(seconds=60.0)), (130.0, Recovered(seconds=125.0))]


def test_recovery_from_an_outage_that_was_not_told_is_not_told() -> None:
    assert _told((0, False), (5, False), (10, True), (15, True)) == []


@pytest.mark.parametrize("answered_for", [1, 3, 4.9])
def test_an_answer_that_does_not_hold_5_seconds_does_not_end_the_outage(answered_for: float) -> None:
    told = _told((0, False), (30, True), (30 + answered_for, True), (40, False), (60, False))
    assert told == [(60, Down(seconds=60))]


def test_nothing_is_told_while_it_answers_even_if_that_may_not_hold() -> None:
    assert _told((0, False), (58, True), (60, True)) == []


def test_after_a_recovery_the_next_outage_counts_from_its_own_start() -> None:
    told = _told(*_every_5(0, 60, False), *_every_5(65, 75, True), *_every_5(80, 200, False))
    assert [at for at, _ in told] == [60.0, 70.0, 140.0]


@pytest.mark.parametrize(
    ("outage", "now", "seconds"),
    [
        (WELL, 100.0, 5.0),
        (Outage(down_since=0.0), 10.0, 5.0),
        (Outage(down_since=0.0), 57.5, 2.5),
        (Outage(down_since=0.0), 61.0, 0.0),
        (Outage(down_since=0.0, told_at=60.0), 61.0, 5.0),
        (Outage(down_since=0.0, up_since=30.0), 31.0, 4.0),
    ],
)
def test_the_next_look_is_as_usual_or_when_something_falls_due(
    outage: Outage, now: float, seconds: float
) -> None:
    assert seconds_to_next_look(outage, now=now, patience=PATIENCE, every=5.0) == seconds


@pytest.mark.parametrize(
    ("seconds", "words"), [(60, "60 seconds"), (960, "16 minutes"), (7300, "2 hours"), (119.7, "120 seconds")]
)
def test_durations_are_said_as_people_say_them(seconds: float, words: str) -> None:
    assert lasting(seconds) == words
