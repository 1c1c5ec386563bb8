"""A report as a message: legal for Slack however much it tells, and its text says all that its charts show."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.errors import UserError
from bot.core.figures import QUARTER, Arrivals, Figures, Kept
from bot.features.reports.domain import Doc
from bot.features.reports.views import ids, report, words
from bot.features.reports.views.report import Offers
from bot.features.reports.views.words import Told
from bot.sandbox.slack.limits import check_message
from bot.teams.domain import Priority, RequestType, Source
from tests.features.requests.make import ALICE, team
from tests.support.clock import MONDAY

NONE = Figures(filed=0, resolved=0, declined=0, duplicates=0, open=0, unclaimed=0)
NOTHING = Offers()
HOSTILE = "<!channel> *x* <https://evil.example|https://slack.com> & " * 10


def many() -> Figures:
    """As much as figures can hold, with the worst of names."""
    people = tuple((f"U0PERSON{n:03}", 10_000 + n) for n in range(20))
    instants = [MONDAY - n * QUARTER for n in range(2688)]
    return Figures(
        filed=2688, resolved=2000, declined=300, duplicates=100, open=300, unclaimed=100,
        median_claim=timedelta(minutes=5), median_resolve=timedelta(hours=5),
        claim_most=timedelta(hours=3), resolve_most=timedelta(days=3), closed=2400, reopened=100,
        promises={priority.value: Kept(kept=9, total=10) for priority in Priority},
        by_source=tuple((source.value, 5) for source in Source),
        by_type=tuple((kind.value, 5) for kind in RequestType),
        by_component=tuple((f"{n}{HOSTILE}", 5) for n in range(20)),
        by_category=(("bug", 3), ("", 2), ("of a later release", 1)),
        by_assignee=people, holding=people,
        arrivals=tuple(Arrivals(team_id=1, at=at, count=1) for at in reversed(instants)),
    )  # fmt: skip


def told(figures: Figures) -> Told:
    return words.told_of(figures, [team()], MONDAY - timedelta(weeks=4), MONDAY)


def check(shown: Any) -> None:
    check_message(shown.text, list(shown.blocks))


def charted(shown: Any) -> list[tuple[str, int]]:
    charts = [block["chart"] for block in shown.blocks if block["type"] == "data_visualization"]
    return [(p["label"], p["value"]) for chart in charts for s in chart["series"] for p in s["data"]]


def test_the_fullest_report_is_one_that_slack_takes() -> None:
    docs = [Doc(topic="x", component=HOSTILE[:200], numbers=tuple(range(500)), example=HOSTILE)] * 5
    offers = Offers(csv=(range(1, 20), MONDAY - timedelta(weeks=4), MONDAY), weekly=(1, True))
    for shown in (
        report.weekly("Payments & <Co>", told(many()), docs, offers),
        report.stats("Payments & <Co>", told(many()), offers, ["How well", "a <b>"]),
    ):
        check(shown)
        assert "<!channel>" not in shown.text and "<https" not in shown.text
        said = "".join(str(block.get("text", {}).get("text", "")) for block in shown.blocks)
        assert len(said) < 11_000


def test_the_words_say_all_that_the_charts_show() -> None:
    shown = report.stats("Payments", told(many()), NOTHING)
    points = charted(shown)
    assert len(points) == 4 + 12
    for label, count in points:
        assert f"{label} {count}" in shown.text, label


def test_without_charts_nothing_is_lost_but_the_picture() -> None:
    whole = report.weekly("Payments", told(many()), [], NOTHING)
    plain = report.without_charts(whole)
    check(plain)
    assert (plain.text, charted(plain)) == (whole.text, [])


def test_a_report_of_nothing_can_be_read_and_shows_no_chart() -> None:
    shown = report.stats("Payments", told(NONE), NOTHING)
    check(shown)
    assert "Came in: 0" in shown.text and "no figure yet" in shown.text
    assert [block["type"] for block in shown.blocks] == ["section"]


def test_who_other_is_stands_beside_the_word() -> None:
    figures = replace(NONE, filed=1, by_source=(("other", 1),))
    said = "\n".join(words.lines(told(figures)))
    assert "• Asked by: Other (people whom no source of the team's settings names) 1" in said


def test_promises_name_the_time_that_was_promised() -> None:
    figures = replace(NONE, promises={"urgent": Kept(kept=1, total=3), "low": Kept(kept=2, total=2)})
    (line,) = [one for one in words.lines(told(figures)) if "promised" in one]
    assert line == (
        "• Taken in the time promised: 3 of 5 (60 %): "
        "Urgent 1 of 3 (within 15 minutes), Low 2 of 2 (within 2 days)"
    )


def test_below_the_figures_stands_what_is_said_of_the_product_itself() -> None:
    shown = report.stats("Payments", told(NONE), NOTHING, ["How well it worked", "Answered: 2 of 2; <x>"])
    assert shown.text.endswith("\n\n*How well it worked*\n• Answered: 2 of 2; &lt;x&gt;")
    assert [block["type"] for block in shown.blocks] == ["section", "divider", "section"]


def test_a_month_without_missing_pages_says_how_to_name_them() -> None:
    shown = report.weekly("Payments", told(many()), [], NOTHING)
    assert "What was it?" in shown.text and "Docs worth writing" in shown.text
    assert "Docs worth writing" not in report.weekly("Payments", told(many()), None, NOTHING).text


def test_a_button_says_of_which_time_its_rows_are_to_the_second() -> None:
    since, until = MONDAY, datetime(2026, 11, 30, 7, 0, 0, 5, tzinfo=UTC)
    teams, first, last = ids.csv_of(ids.csv_value([1, 22], since, until))
    assert (teams, first) == ([1, 22], since)
    assert until <= last <= until + timedelta(seconds=1)


@pytest.mark.parametrize(
    "value", ["", "v0:1:1:1", "v1:1", "v1:x:1:1", "v1:1:1:999999999999", "v1:1:-1:1", ALICE]
)
def test_a_button_of_another_time_is_answered_in_words(value: str) -> None:
    with pytest.raises(UserError, match="from another time"):
        ids.csv_of(value)
    with pytest.raises(UserError, match="from another time"):
        ids.team_of(f"{value}!")


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=59), "under a minute"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=47), "47 h"),
        (timedelta(hours=48), "2 d"),
    ],
)
def test_a_length_is_told_in_one_unit(length: timedelta, said: str) -> None:
    figures = replace(NONE, median_claim=length)
    assert f"• Half of them claimed within: {said}; resolved within: no figure yet" in words.lines(
        told(figures)
    )


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((0, 0), "no request came in, in the one before none."),
        ((3, 1), "1 request came in, in the one before 3."),
        ((1, 2), "2 requests came in, in the one before 1."),
    ],
)
def test_the_last_week_is_held_against_the_one_before(counts: tuple[int, int], said: str) -> None:
    instants = [MONDAY - timedelta(days=8)] * counts[0] + [MONDAY - timedelta(days=1)] * counts[1]
    arrivals = tuple(Arrivals(team_id=1, at=at, count=1) for at in instants)
    figures = replace(NONE, filed=len(instants), arrivals=arrivals)
    assert said in report.weekly("Payments", told(figures), None, NOTHING).text
