"""What the teams file says of check-ins beyond the example: each key, right and wrong."""

from datetime import date, timedelta

import pytest

from bot.core.errors import ConfigError
from bot.teams.domain import Team
from bot.teams.file import read_text
from bot.teams.plans import FollowUp, NthWeekday, PersonPlan, StandupPlan
from bot.teams.settings import team_of

HEAD = """\
teams:
  - key: payments
    name: Payments
    lead: U0LEAD0001
    members: [U0ALICE001]
    timezone: Europe/Kyiv
    triage_channel: C0TRIAGE01
"""
BASE = "name: M, at: '09:30', channel: C0S"
QUESTIONS = "questions: [Done?, Next?, Blocked?]"


def team(more: str, rest: str = "") -> Team:
    return read_text(f"{HEAD}{rest}    standups: [{{{BASE}, {more}}}]\n", "teams.yml").teams[0]


def plan(more: str) -> StandupPlan:
    return team(more).standups[0]


def problem(more: str, rest: str = "") -> str:
    with pytest.raises(ConfigError) as raised:
        team(more, rest)
    return "\n".join(raised.value.lines)


def test_what_is_left_out_has_its_usual_value() -> None:
    found = plan(QUESTIONS)
    assert (found.kind, found.every_weeks, found.monthly, found.opens_before) == ("checkin", 1, (), False)
    assert (found.open_for, found.remind_before) == (timedelta(hours=2), timedelta(minutes=30))
    assert (found.done_question, found.plan_question, found.blocker_question) == (1, 2, None)
    assert not (found.anonymous or found.digest or found.weekly_summary or found.follow_ups)


def test_a_short_one_reminds_in_its_middle_and_never_means_never() -> None:
    assert plan(f"{QUESTIONS}, open_for: 20m").remind_before == timedelta(minutes=10)
    assert plan(f"{QUESTIONS}, remind_before: never").remind_before is None
    # The release before this one takes every word that is kept there for a length of time.
    file = read_text(f"{HEAD}    standups: [{{{BASE}, {QUESTIONS}, remind_before: never}}]\n", "teams.yml")
    assert file.settings[0]["standups"][0]["remind_before"] is None


def test_the_special_questions_do_not_collide() -> None:
    found = plan(f"{QUESTIONS}, blocker_question: 2")
    assert (found.done_question, found.plan_question, found.blocker_question) == (1, None, 2)
    assert plan("questions: [How did it go?]").done_question is None


def test_weeks_and_days_of_the_month() -> None:
    found = plan(f"{QUESTIONS}, days: mon, every: 2 weeks, starts: 2026-11-02")
    assert (found.every_weeks, found.starts) == (2, date(2026, 11, 2))
    found = plan(f"{QUESTIONS}, monthly: [first monday, last Friday]")
    assert found.monthly == (NthWeekday(nth=1, weekday=0), NthWeekday(nth=-1, weekday=4))


def test_the_other_kinds() -> None:
    found = plan(f"{QUESTIONS}, opens: day before, summary: weekly, digest: true, anonymous: true")
    assert found.opens_before and found.weekly_summary and found.digest and found.anonymous
    found = plan(f"{QUESTIONS}, follow_ups: [{{after: 3, ask: Who can help?, when: [bank, yes]}}]")
    assert found.follow_ups == (FollowUp(after=3, ask="Who can help?", when=("bank", "yes")),)
    found = plan("kind: meeting, agenda: [Numbers], call: 'https://meet.example.com/x'")
    assert (found.kind, found.agenda, found.remind_before) == ("meeting", ("Numbers",), timedelta(minutes=10))


def test_holidays_of_the_team_and_of_a_person() -> None:
    rest = "    holidays: [UA, de-by]\n    people: {U0ALICE001: {holidays: PL}}\n"
    found = team(QUESTIONS, rest)
    assert found.holidays == ("UA", "DE-BY")
    assert found.people == {"U0ALICE001": PersonPlan(holidays=("PL",))}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("days: mon", "questions: is missing"),
        (f"{QUESTIONS}, every: 2 weeks", "starts: is missing"),
        (f"{QUESTIONS}, starts: 2026-11-02", "goes with every"),
        (f"{QUESTIONS}, every: often", "is not a number of weeks"),
        (f"{QUESTIONS}, every: 13 weeks", "up to 12 weeks"),
        (f"{QUESTIONS}, monthly: fifth monday", "is not a day of the month"),
        (f"{QUESTIONS}, monthly: first monday, days: mon", "keep one of the two"),
        (f"{QUESTIONS}, opens: tomorrow", "same day, day before"),
        (f"{QUESTIONS}, plan_question: 4", "from 1 to 3"),
        (f"{QUESTIONS}, summary: monthly", "each, weekly"),
        (f"{QUESTIONS}, open_for: 30h", "at most 1d, until the next one opens"),
        (f"{QUESTIONS}, days: fri, open_for: 7d", "until the next one opens"),
        (f"{QUESTIONS}, remind_before: 2h", "not shorter than open_for"),
        (f"{QUESTIONS}, follow_ups: [{{after: 3}}]", "ask: is missing"),
        (f"{QUESTIONS}, follow_ups: [{{after: 9, ask: Why?}}]", "from 1 to 3"),
        (f"{QUESTIONS}, follow_ups: [{', '.join(['{after: 1, ask: Why?}'] * 11)}]", "at most 10 are allowed"),
        (f"{QUESTIONS}, call: 'https://x.example'", "goes with a meeting"),
        (f"{QUESTIONS}, kind: party", "checkin, meeting"),
        (f"kind: meeting, {QUESTIONS}", "goes with a check-in"),
        ("kind: meeting, call: 'javascript:alert(1)'", "is not an address"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_key(more: str, words: str) -> None:
    told = problem(more)
    assert words in told and told.startswith("teams.yml:8: teams[0].standups[0]")


def test_a_name_that_the_tables_cannot_hold_is_told() -> None:
    with pytest.raises(ConfigError, match="is too long: shorten it"):
        read_text(
            f"{HEAD}    standups: [{{name: {'ß' * 75}, at: '09:30', channel: C0S, {QUESTIONS}}}]\n", "t"
        )


def test_a_place_without_known_holidays_is_told() -> None:
    assert "is not a country whose holidays are known" in problem(QUESTIONS, "    holidays: Atlantis\n")
    told = problem(QUESTIONS, "    people: {ALICE: {holidays: PL}}\n")
    assert "is not the id of a person" in told


def test_settings_of_an_older_release_are_understood() -> None:
    kept = dict(read_text(f"{HEAD}    standups: [{{{BASE}, {QUESTIONS}}}]\n", "teams.yml").settings[0])
    old = {
        name: kept["standups"][0][name]
        for name in (
            "name", "at", "days", "timezone", "open_for", "remind_before", "channel", "questions", "blocker_question",
        )
    }  # fmt: skip
    kept["standups"] = [old]
    del kept["holidays"], kept["people"]
    found = team_of(kept)
    assert (found.holidays, found.people, found.standups[0].kind) == ((), {}, "checkin")
