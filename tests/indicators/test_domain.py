"""From counts to indicators, as tables."""

from datetime import date, timedelta

import pytest

from bot.indicators.domain import Component, Rate, first_day, indicators
from tests.indicators.make import TODAY, counted


@pytest.mark.parametrize(
    ("component", "counts", "good", "total"),
    [
        ("intake", {"command/ok": 7, "command/unavailable": 2, "shortcut/too_slow": 1}, 7, 10),
        ("delivery", {"card/done": 8, "card/dead": 1, "card/doubtful": 1}, 8, 10),
        ("delivery", {"card/done": 8, "card/stale": 5, "card/repeated": 3, "ticket/refused": 2}, 8, 8),
        ("standup", {"prompt/on_time": 5, "prompt/late": 1, "prompt/missed": 2, "prompt/not_asked": 1}, 5, 9),
        ("jira", {"issue/created": 3, "issue/refused": 1, "issue/given_up": 1, "issue/doubtful": 1}, 3, 6),
        ("jira", {"issue/created": 3, "issue/duplicate": 1}, 3, 3),
    ],
)
def test_a_part_succeeds_as_often_as_its_ends_say(
    component: str, counts: dict[str, int], good: int, total: int
) -> None:
    found = indicators([counted(f"{component}/{what}", count) for what, count in counts.items()])
    assert found.rate(Component(component)) == Rate(good=good, total=total)


def test_what_was_not_at_work_neither_succeeded_nor_failed() -> None:
    assert [indicators([]).rate(component).ratio for component in Component] == [None] * len(Component)


def test_days_and_kinds_are_added_up() -> None:
    days = [counted("delivery/card/done", 2, day=TODAY - timedelta(days=ago)) for ago in range(3)]
    found = indicators([*days, counted("delivery/ping/done", 5)])
    assert found.rate(Component.DELIVERY) == Rate(good=11, total=11)
    assert found.since == TODAY - timedelta(days=2)


def test_jobs_are_processed_whatever_they_ended_in_unless_they_became_needless() -> None:
    ends = {"done": 10, "refused": 1, "dead": 2, "doubtful": 3, "stale": 100, "repeated": 100}
    found = indicators([counted(f"delivery/card/{result}", count) for result, count in ends.items()])
    assert found.processed == 16
    assert found.repeated == 100


def test_the_window_is_28_days_with_today() -> None:
    assert first_day(date(2026, 11, 28)) == date(2026, 11, 1)
