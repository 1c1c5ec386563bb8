"""Durations, weekdays, times, words for dates."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.calendar import (
    duration_words,
    find_zone,
    format_duration,
    format_weekdays,
    instant,
    parse_date,
    parse_duration,
    parse_time,
    parse_weekday,
    parse_weekdays,
)
from bot.core.errors import UserError


def zone(name: str) -> ZoneInfo:
    found = find_zone(name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "length", "words"),
    [
        ("15m", timedelta(minutes=15), "15 minutes"),
        ("1h", timedelta(hours=1), "1 hour"),
        ("90m", timedelta(minutes=90), "90 minutes"),
        ("4h", timedelta(hours=4), "4 hours"),
        ("2d", timedelta(days=2), "2 days"),
        ("1w", timedelta(weeks=1), "1 week"),
    ],
)
def test_a_duration_is_read_written_and_said(text: str, length: timedelta, words: str) -> None:
    assert parse_duration(text) == length
    assert format_duration(length) == text
    assert duration_words(length) == words


@pytest.mark.parametrize(
    "text", ["", "15", "m", "0m", "-5m", "1.5h", "15x", "15 min", "1h30m", "١٥m", "15m\n"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        parse_duration(text)


def test_the_same_length_has_one_spelling() -> None:
    assert format_duration(parse_duration("60m")) == "1h"
    assert format_duration(parse_duration("14d")) == "2w"


@pytest.mark.parametrize(
    ("text", "expected"), [("09:30", time(9, 30)), ("9:30", time(9, 30)), ("23:59", time(23, 59))]
)
def test_a_time_is_read(text: str, expected: time) -> None:
    assert parse_time(text) == expected


@pytest.mark.parametrize(
    "text", ["25:61", "24:00", "9", "09:60", "9:5", "9.30", "09:30:00", "9am", "", "09:30\n"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a time"):
        parse_time(text)


@pytest.mark.parametrize(
    ("text", "days", "canonical"),
    [
        ("mon-fri", {0, 1, 2, 3, 4}, "mon-fri"),
        ("mon-sun", {0, 1, 2, 3, 4, 5, 6}, "mon-sun"),
        ("sat,sun", {5, 6}, "sat-sun"),
        ("mon, wed-fri", {0, 2, 3, 4}, "mon,wed-fri"),
        ("fri-mon", {4, 5, 6, 0}, "mon,fri-sun"),
        ("Tuesday", {1}, "tue"),
        ("sun-sat", {0, 1, 2, 3, 4, 5, 6}, "mon-sun"),
    ],
)
def test_weekdays_are_read_and_written_in_one_form(text: str, days: set[int], canonical: str) -> None:
    assert parse_weekdays(text) == days
    assert format_weekdays(parse_weekdays(text)) == canonical
    assert parse_weekdays(canonical) == days


@pytest.mark.parametrize(
    "text", ["", "0-9", "mon-", "-fri", "mon,,tue", "mo", "weekdays", "mon-fri-sun", "1"]
)
def test_what_is_no_weekday_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a weekday"):
        parse_weekdays(text)


def test_monday_is_zero() -> None:
    assert parse_weekday("monday") == 0
    assert parse_weekday("SUN") == 6


WEDNESDAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", date(2026, 11, 25)),
        ("Tomorrow", date(2026, 11, 26)),
        ("2026-12-01", date(2026, 12, 1)),
        ("monday", date(2026, 11, 30)),
        ("wed", date(2026, 12, 2)),
        ("thu", date(2026, 11, 26)),
        ("next  friday", date(2026, 11, 27)),
        ("next week", date(2026, 11, 30)),
    ],
)
def test_words_for_a_day_are_read(text: str, day: date) -> None:
    assert parse_date(text, WEDNESDAY) == day


@pytest.mark.parametrize("text", ["", "soon", "2026-02-30", "20261201", "2026-W49-1", "12/01/2026", "next"])
def test_a_day_that_cannot_be_read_is_refused_in_words(text: str) -> None:
    with pytest.raises(UserError) as refusal:
        parse_date(text, WEDNESDAY)
    assert "2026-12-01" in refusal.value.text


def test_a_long_text_is_not_repeated_whole_in_the_refusal() -> None:
    with pytest.raises(UserError) as refusal:
        parse_date("x" * 5000, WEDNESDAY)
    assert len(refusal.value.text) < 200


@pytest.mark.parametrize(
    "name", ["Mars/Base", "", "europe/kyiv", "../zones", "Europe", "/etc/localtime", "Europe/Kyiv\0"]
)
def test_an_unknown_zone_is_not_found(name: str) -> None:
    assert find_zone(name) is None


@pytest.mark.parametrize(
    ("day", "at", "name", "expected"),
    [
        (date(2026, 7, 1), time(9, 0), "Europe/Kyiv", datetime(2026, 7, 1, 6, 0, tzinfo=UTC)),
        (date(2026, 12, 1), time(9, 0), "Europe/Kyiv", datetime(2026, 12, 1, 7, 0, tzinfo=UTC)),
        (date(2026, 3, 29), time(2, 30), "Europe/Berlin", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (date(2026, 3, 29), time(2, 0), "Europe/Berlin", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (date(2026, 3, 29), time(3, 0), "Europe/Berlin", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (date(2026, 3, 29), time(1, 59), "Europe/Berlin", datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        (date(2026, 10, 25), time(2, 30), "Europe/Berlin", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (date(2026, 10, 25), time(3, 0), "Europe/Berlin", datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
        (date(2026, 10, 4), time(2, 15), "Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
        (date(2011, 12, 30), time(12, 0), "Pacific/Apia", datetime(2011, 12, 30, 10, 0, tzinfo=UTC)),
    ],
)
def test_a_wall_time_names_one_instant(day: date, at: time, name: str, expected: datetime) -> None:
    assert instant(day, at, zone(name)) == expected
