"""What is written after `/rotation override @bob`, in all its forms; it is Tuesday 24 November 2026, 12:00 in Kyiv."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.core.errors import UserError
from bot.features.rotation import asking
from bot.teams.roster import Teams
from tests.teams.make import payments

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=KYIV).astimezone(UTC)


def _wall(at: datetime | None) -> str:
    return f"{at.astimezone(KYIV):%m-%d %H:%M}" if at else "-"


@pytest.mark.parametrize(("words", "span"), [
    ("", "- to -"),
    ("now", "11-24 12:00 to -"),
    ("now until 14:00", "11-24 12:00 to 11-24 14:00"),
    ("14:00", "11-24 14:00 to -"),
    ("9:30", "11-25 09:30 to -"),
    ("14:00 16:00", "11-24 14:00 to 11-24 16:00"),
    ("from 14:00 to 16:00", "11-24 14:00 to 11-24 16:00"),
    ("22:00 until 06:00", "11-24 22:00 to 11-25 06:00"),
    ("14:00 - 16:00", "11-24 14:00 to 11-24 16:00"),
    ("today", "11-24 00:00 to -"),
    ("tomorrow", "11-25 00:00 to -"),
    ("Tomorrow 14:00 till 16:00", "11-25 14:00 to 11-25 16:00"),
    ("until tomorrow", "- to 11-26 00:00"),
    ("until 2026-11-27", "- to 11-28 00:00"),
    ("until 2026-11-27 15:00", "- to 11-27 15:00"),
    ("until 15:00", "- to 11-24 15:00"),
    ("until tuesday", "- to 11-25 00:00"),
    ("2026-12-01", "12-01 00:00 to -"),
    ("2026-12-01 2026-12-02", "12-01 00:00 to 12-03 00:00"),
    ("2026-12-01 until 2026-12-01", "12-01 00:00 to 12-02 00:00"),
    ("2026-12-01 14:00 until 2026-12-02", "12-01 14:00 to 12-03 00:00"),
    ("2026-12-01 14:00 2026-12-02 09:00", "12-01 14:00 to 12-02 09:00"),
    ("from 2026-12-01 until 14:00", "12-01 00:00 to 12-01 14:00"),
    ("friday until sunday", "11-27 00:00 to 11-30 00:00"),
    ("monday until friday", "11-30 00:00 to 12-05 00:00"),
    ("monday friday", "11-30 00:00 to 12-05 00:00"),
    ("next monday through next friday", "11-30 00:00 to 12-05 00:00"),
    ("next week until friday", "11-30 00:00 to 12-05 00:00"),
    ("monday until tomorrow", "11-30 00:00 to 11-26 00:00"),
])  # fmt: skip
def test_hours_are_read_as_people_write_them(words: str, span: str) -> None:
    start, end = asking.parse_span(words, NOW, KYIV)
    assert f"{_wall(start)} to {_wall(end)}" == span


@pytest.mark.parametrize(("words", "told"), [
    ("yesterday", "cannot read “yesterday”"),
    ("from", "From when?"),
    ("until", "Until when?"),
    ("2026-12-01 until", "Until when?"),
    ("2026-02-30", "cannot read “2026-02-30”"),
    ("25:00", "cannot read “25:00”"),
    ("2026-11-23", "is in the past"),
    ("0001-01-01", "is in the past"),
    ("9999-12-31", "more than a year away"),
    ("tomorrow 14:00 16:00 18:00", "cannot read “16:00 18:00”"),
    ("<!channel>", "cannot read “&lt;!channel&gt;”"),
    ("&lt;b&gt;", "cannot read “&lt;b&gt;”"),
    ("x" * 5000, "cannot read “" + "x" * 60 + "”"),
])  # fmt: skip
def test_what_cannot_be_meant_is_answered_in_words(words: str, told: str) -> None:
    with pytest.raises(UserError) as refused:
        asking.parse_span(words, NOW, KYIV)
    assert told in refused.value.text


@pytest.mark.parametrize("words", ["until 9999-12-31", "until 0001-01-01", "now until 9999-12-31 23:59"])
def test_the_ends_of_the_calendar_are_read(words: str) -> None:
    assert asking.parse_span(words, NOW, KYIV)[1] is not None


@pytest.mark.parametrize(("words", "until"), [
    ("", "-"), ("until 2026-11-27", "11-28 00:00"), ("2026-11-27", "11-28 00:00"), ("until today", "11-25 00:00"),
    ("until friday", "11-28 00:00"), ("until next week", "12-01 00:00"), ("until 2026-11-27 18:00", "11-27 18:00"),
])  # fmt: skip
def test_a_last_day_is_included(words: str, until: str) -> None:
    assert _wall(asking.parse_until(words, NOW, KYIV)) == until


@pytest.mark.parametrize(("text", "team", "word", "rest"), [
    ("", None, "", ""),
    ("list", None, "list", ""),
    ("LIST", None, "list", ""),
    ("payments", "payments", "", ""),
    ("Payments: override <@U0BOB00001> tomorrow", "payments", "override", "<@U0BOB00001> tomorrow"),
    ("undo 12", None, "undo", "12"),
])  # fmt: skip
def test_a_line_names_a_team_a_word_and_the_rest(text: str, team: str | None, word: str, rest: str) -> None:
    line = asking.parse(text, Teams(all=(payments(),), groups={}))
    assert (line.team.key if line.team else None, line.word, line.rest) == (team, word, rest)


@pytest.mark.parametrize(
    ("text", "meant"), [("overide @bob", "override"), ("payment", "payments"), ("zzz", "")]
)
def test_a_word_that_is_nearly_right_is_guessed(text: str, meant: str) -> None:
    with pytest.raises(UserError) as refused:
        asking.parse(text, Teams(all=(payments(),), groups={}))
    assert (f"Did you mean `/rotation {meant}`?" in refused.value.text) == bool(meant)
