"""Indicators as people read them."""

from datetime import timedelta

import pytest

from bot.indicators import words
from bot.indicators.domain import FAILURE, SUCCESS, Component, Rate, first_day, indicators
from tests.indicators.make import TODAY, counted


@pytest.mark.parametrize(
    ("good", "total", "shown"),
    [
        (0, 0, "no work yet"),
        (0, 3, "0 %"),
        (1, 2, "50 %"),
        (2, 3, "66.66 %"),
        (197, 200, "98.5 %"),
        (99_999, 100_000, "99.99 %"),
        (9_999_999, 10_000_000, "99.99 %"),
        (7, 7, "100 %"),
    ],
)
def test_only_what_never_failed_is_a_hundred_percent(good: int, total: int, shown: str) -> None:
    assert words.percent(Rate(good=good, total=total)) == shown


@pytest.mark.parametrize("component", Component)
def test_every_end_that_counts_shows_in_its_line(component: Component) -> None:
    for result in FAILURE[component]:
        (success,) = SUCCESS[component]
        found = indicators([counted(f"{component}/x/{result}", 3), counted(f"{component}/x/{success}", 1)])
        (line,) = (line for line in words.lines(found) if "%" in line.value)
        assert line.value == "25 %"
        assert line.detail.startswith("1 of 4; 3 "), line


def test_the_lines_read_like_this() -> None:
    counts = {
        "intake/command/ok": 41_202, "intake/command/unavailable": 7, "intake/shortcut/too_slow": 1,
        "delivery/card/done": 18_416, "delivery/card/dead": 5, "delivery/ping/doubtful": 1,
        "delivery/card/repeated": 2, "standup/prompt/on_time": 197, "standup/prompt/late": 2,
        "standup/prompt/missed": 1,
    }  # fmt: skip
    found = indicators([counted(what, count) for what, count in counts.items()])
    assert [line.sentence for line in words.lines(found)] == [
        "Slack's calls answered in time: 99.98 % (41,202 of 41,210; 7 could not be done, 1 answered too late)",
        "Jobs processed: 18,422",
        "Messages and changes delivered: 99.96 % (18,416 of 18,422; 5 given up, 1 left in doubt)",
        "Check-ins asked within a minute: 98.5 % (197 of 200; 2 late, 1 not asked at all)",
        "Jira issues created: no work yet",
        "Sent again after a doubt: 2",
    ]


def test_a_window_that_began_later_says_since_when() -> None:
    whole = indicators([counted("jira/issue/created", day=first_day(TODAY))])
    young = indicators([counted("jira/issue/created", day=TODAY - timedelta(days=20))])
    assert words.heading(whole, TODAY) == "How well Frontdesk itself worked, the last 28 days"
    assert words.heading(young, TODAY).endswith("(counted since 3 November)")
