"""Lines after `/standup`: which team, which word, which days, whom; what cannot be meant is said."""

from datetime import date

import pytest

from bot.core.errors import UserError
from bot.features.standup import asking
from bot.features.standup.asking import Away
from bot.teams.roster import Teams
from tests.teams.make import two_teams

# A Tuesday.
TODAY = date(2026, 11, 24)
TEAMS = Teams(all=two_teams().teams, groups={})


@pytest.mark.parametrize(
    ("text", "word", "rest"),
    [
        ("", "", ""),
        ("  STATUS ", "status", ""),
        ("skip\tuntil  friday", "skip", "until  friday"),
        ("skip\nuntil friday", "skip", "until friday"),
        ("Payments:  Skip \u00a0 dentist", "skip", "dentist"),
    ],
)
def test_capitals_and_odd_spacing_do_not_matter(text: str, word: str, rest: str) -> None:
    line = asking.parse(text, TEAMS)
    assert (line.word, line.rest) == (word, rest)


@pytest.mark.parametrize("text", ["nobody status", "w" * 5000, "w " * 2500, "<!channel>"])
def test_an_unknown_word_is_told_so_without_repeating_it(text: str) -> None:
    with pytest.raises(UserError, match="I do not know that word") as raised:
        asking.parse(text, TEAMS)
    assert len(raised.value.text) < 200


def _away(first: str, last: str, reason: str = "", person: str | None = None) -> Away:
    days = date.fromisoformat(first), date.fromisoformat(last)
    return Away(person=person, first=days[0], last=days[1], reason=reason)


@pytest.mark.parametrize(
    ("rest", "wish"),
    [
        ("2026-12-04", _away("2026-11-24", "2026-12-04")),
        ("until 2026-12-04 sea", _away("2026-11-24", "2026-12-04", "sea")),
        ("UNTIL Friday monday blues", _away("2026-11-24", "2026-11-27", "monday blues")),
        ("from 2026-12-01 to 2026-12-04", _away("2026-12-01", "2026-12-04")),
        ("2026-12-01 - 2026-12-04 conference", _away("2026-12-01", "2026-12-04", "conference")),
        ("from tomorrow friday", _away("2026-11-25", "2026-11-27")),
        ("today from home", _away("2026-11-24", "2026-11-24", "from home")),
        ("<@U0CAROL001|carol> next week  sea", _away("2026-11-24", "2026-11-30", "sea", "U0CAROL001")),
    ],
)
def test_days_of_an_absence(rest: str, wish: Away) -> None:
    assert asking.parse_away(rest, TODAY) == wish


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        ("", "Until when?"),
        ("from friday", "Until when?"),
        ("from friday at the sea", "Until when?"),
        ("until", "Until when?"),
        ("<@U0CAROL001>", "Until when?"),
        ("2026-12-01 2026-13-45", "cannot read"),
        ("2026-02-30", "cannot read"),
        ("someday", "cannot read"),
        ("2026-11-01 2026-11-05", "in the past"),
        # Somebody who stands in for me is not away.
        ("until friday, ask <@U0CAROL001|carol>", "cannot read|one at a time"),
        ("until friday ask <@U0CAROL001|carol>", "one at a time"),
        ("<@U0CAROL001> <@U0BOB00001> friday", "one at a time"),
    ],
)
def test_what_is_no_absence_is_told_so(rest: str, told: str) -> None:
    with pytest.raises(UserError, match=told):
        asking.parse_away(rest, TODAY)


@pytest.mark.parametrize(
    ("rest", "last", "reason"),
    [
        ("", None, ""),
        ("dentist", None, "dentist"),
        ("TODAY friday is my birthday", None, "friday is my birthday"),
        ("until  Tomorrow ill", date(2026, 11, 25), "ill"),
    ],
)
def test_leaving_out_today_or_until_a_day(rest: str, last: date | None, reason: str) -> None:
    assert asking.parse_skip(rest, TODAY) == (last, reason)


@pytest.mark.parametrize("day", ["tomorrow", "2026-12-01", "friday", "next week"])
def test_another_day_is_not_taken_for_the_reason_of_today_s(day: str) -> None:
    with pytest.raises(UserError, match=f"/standup away {day} to {day}"):
        asking.parse_skip(f"{day} dentist", TODAY)
