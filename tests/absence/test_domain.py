"""When the bot counts as away, and how far back it reads."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.absence.domain import FARTHEST, absence

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("gap", [timedelta(), timedelta(minutes=4), timedelta(minutes=5), timedelta(days=-1)])
def test_what_slack_repeats_by_itself_is_not_read_back(gap: timedelta) -> None:
    assert absence(NOW - gap, NOW) is None


def test_the_very_first_start_reads_nothing_back() -> None:
    assert absence(None, NOW) is None


def test_it_reads_from_a_minute_before_it_fell_silent() -> None:
    found = absence(NOW - timedelta(minutes=6), NOW)
    assert found is not None
    assert (found.read_from, found.is_cut) == (NOW - timedelta(minutes=7), False)


def test_a_long_absence_is_read_back_for_a_day_and_that_is_said() -> None:
    found = absence(NOW - timedelta(days=3), NOW)
    assert found is not None
    assert (found.began, found.read_from, found.is_cut) == (NOW - timedelta(days=3), NOW - FARTHEST, True)
