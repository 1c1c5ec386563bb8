"""What intake keeps of a text, and until when a snooze lasts."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.calendar import WorkingHours
from bot.core.errors import UserError
from bot.features.requests.service.intake import LONGEST_DETAILS, LONGEST_SUMMARY, split_text
from bot.features.requests.views.ids import number_in, parts_of, request_id
from bot.features.requests.views.move_forms import number_typed, snooze_until
from bot.teams.domain import Team
from tests.features.requests.make import team


@given(summary=st.text(max_size=600), details=st.text(max_size=600))
def test_a_summary_is_one_clean_line_of_at_most_250_characters(summary: str, details: str) -> None:
    try:
        short, more = split_text(summary, details)
    except UserError as refused:
        assert refused.field == "summary"
        return
    assert 0 < len(short) <= LONGEST_SUMMARY
    assert "\n" not in short and "\x00" not in short + more
    assert short == short.strip()


def test_a_line_too_long_for_a_summary_is_kept_whole_in_the_details() -> None:
    text = "Refund " * 60
    short, more = split_text(text, "and more")
    assert short.endswith("more)") and len(short) == LONGEST_SUMMARY
    assert more == f"{text.strip()}\n\nand more"


def test_forty_thousand_characters_are_kept_whole() -> None:
    text = "x" * 40_000
    assert split_text(text, "")[1] == text


def test_beyond_forty_thousand_the_text_says_how_much_is_missing() -> None:
    _, more = split_text("Logs", "x" * 50_000)
    assert len(more) <= LONGEST_DETAILS
    assert more.endswith("more)")


@pytest.mark.parametrize("text", ["", "   ", "\u00a0", "\u200b\u2060", "\x00\n\t", "\u202e"])
def test_a_text_of_nothing_is_refused_in_words(text: str) -> None:
    with pytest.raises(UserError, match="Write in a few words what you need"):
        split_text(text, "details do not help")


def in_zone(zone: str) -> Team:
    """Payments in this zone, at work from 9 to 18."""
    hours = team().working_hours
    return team(
        timezone=zone,
        working_hours=WorkingHours(days=hours.days, from_=hours.from_, to=hours.to, zone=ZoneInfo(zone)),
    )


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("preset", "day", "now", "zone", "until"),
    [
        ("3h", None, "2026-11-23T09:00", "Europe/Kyiv", "2026-11-23T12:00"),
        ("tomorrow", None, "2026-11-23T09:00", "Europe/Kyiv", "2026-11-24T07:00"),
        # In Kyiv it is the 24th already.
        ("tomorrow", None, "2026-11-23T23:00", "Europe/Kyiv", "2026-11-25T07:00"),
        ("monday", None, "2026-11-23T09:00", "Europe/Kyiv", "2026-11-30T07:00"),
        ("monday", None, "2026-11-29T09:00", "Europe/Kyiv", "2026-11-30T07:00"),
        ("week", None, "2026-11-23T09:00", "Europe/Kyiv", "2026-11-30T07:00"),
        (None, "2026-12-01", "2026-11-23T09:00", "Europe/Kyiv", "2026-12-01T07:00"),
        ("3h", "2026-12-01", "2026-11-23T09:00", "Europe/Kyiv", "2026-12-01T07:00"),
        # Over both clock changes the morning stays at nine.
        ("tomorrow", None, "2026-10-24T12:00", "Europe/Kyiv", "2026-10-25T07:00"),
        ("tomorrow", None, "2026-03-28T12:00", "Europe/Kyiv", "2026-03-29T06:00"),
        ("week", None, "2026-10-28T12:00", "America/New_York", "2026-11-04T14:00"),
        # Three hours are three hours, whatever the clock on the wall does.
        ("3h", None, "2026-10-25T00:30", "Europe/Kyiv", "2026-10-25T03:30"),
    ],
)
def test_a_snooze_ends_in_the_teams_morning(
    preset: str | None, day: str | None, now: str, zone: str, until: str
) -> None:
    assert snooze_until(preset, day, in_zone(zone), utc(now)) == utc(until)


@pytest.mark.parametrize(
    ("preset", "day", "field"),
    [(None, None, "preset"), ("whenever", None, "preset"), (None, "soon", "date"), (None, "2999-01-01", "date"),
     (None, "0001-01-01", "date"), (None, "2026-02-30", "date")],
)  # fmt: skip
def test_a_snooze_without_a_sensible_time_is_refused_beside_its_field(
    preset: str | None, day: str | None, field: str
) -> None:
    with pytest.raises(UserError) as refused:
        snooze_until(preset, day, team(), utc("2026-11-23T09:00"))
    assert refused.value.field == field


@pytest.mark.parametrize(("typed", "number"), [("12", 12), ("#12", 12), (" #0012 ", 12)])
def test_a_number_may_be_typed_with_or_without_its_sign(typed: str, number: int) -> None:
    assert number_typed(typed) == number


@pytest.mark.parametrize("typed", ["", "#", "twelve", "1.5", "-3", "12 13", "9" * 30])
def test_anything_else_is_no_number(typed: str) -> None:
    with pytest.raises(UserError, match="such as #12") as refused:
        number_typed(typed)
    assert refused.value.field == "number"


@pytest.mark.parametrize(
    "value", ["", "12", "v0:12", "v2:12", "v1", "v1:", "v1:1:2", "v1:x", "v1:-1", "v1:" + "9" * 30]
)
def test_a_value_of_another_time_is_answered_in_words(value: str) -> None:
    with pytest.raises(UserError, match="from another time"):
        request_id(value)


def test_values_of_today_are_read() -> None:
    assert request_id("v1:12") == 12
    assert parts_of("v1:C1:1.2:3", 3) == ["C1", "1.2", "3"]
    assert number_in("0") == 0


def test_a_day_that_is_over_is_refused_when_it_is_set() -> None:
    yesterday = snooze_until(None, "2026-11-22", team(), utc("2026-11-23T09:00"))
    assert yesterday < utc("2026-11-23T09:00") - timedelta(hours=1)
