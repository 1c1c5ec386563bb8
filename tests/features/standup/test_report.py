"""The report within Slack's limits, whatever the team's size."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.features.standup.domain.checkins import Blocker
from bot.features.standup.domain.figures import Figures, Share
from bot.features.standup.views.report import report
from bot.sandbox.slack.blocks import check_blocks

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def _figures(name: str, people: int) -> Figures:
    shares = {f"U{number:03d}": Share(answered=number % 20, asked=20) for number in range(people)}
    total = Share(answered=1, asked=3)
    return Figures(name=name, total=total, people=shares, median_answer=timedelta(minutes=4))


def _blocker(number: int, **more: Any) -> Blocker:
    return Blocker(
        id=number, checkin_id=1, team_id=1, series="morning", user_id="U001", text=f"The bank is down {number}",
        day=TODAY, raised_at=NOW, **more,
    )  # fmt: skip


def _fits(found: list[Figures], names: dict[str, str], blockers: list[Blocker]) -> tuple[str, list[Any]]:
    message = report("Payments", found, names, blockers, TODAY)
    shown = list(message.blocks)
    assert check_blocks(shown, "message") == []
    assert sum(len(str(one)) for one in shown if one["type"] == "section") < 12_000
    return message.text, shown


def test_two_hundred_people_are_all_named() -> None:
    names = {f"U{number:03d}": f"Person {number:03d}" for number in range(200)}
    text, _ = _fits([_figures("Morning", 200)], names, [])
    assert all(f"Person {number:03d} {number % 20}/20" in text for number in range(200))


def test_many_people_in_many_check_ins_are_told_as_far_as_there_is_room() -> None:
    names = {f"U{number:03d}": f"{number} A rather long name of somebody <&> " * 3 for number in range(200)}
    many = [_figures(f"Check-in {number}", 200) for number in range(60)]
    text, _ = _fits(many, names, [_blocker(number) for number in range(200)])
    assert "Check-in 19" in text and "And 40 more: `frontdesk export standups`" in text
    assert "In the way: 200" in text and "and 185 more" in text


def test_where_nobody_is_named_the_chart_shows_check_ins() -> None:
    _, shown = _fits([_figures("Morning", 0), _figures("A check-in with a long name 🎉", 0)], {}, [])
    (chart,) = [one for one in shown if one["type"] == "data_visualization"]
    labels = chart["chart"]["axis_config"]["categories"]
    assert labels[0] == "1 Morning" and labels[1].endswith("…") and len(labels[1]) <= 20


def test_who_wrote_anonymously_is_not_named_by_what_is_in_their_way() -> None:
    text, _ = _fits([], {"U001": "alice"}, [_blocker(1, is_anonymous=True), _blocker(2)])
    assert "No check-in has ended in that time yet." in text
    assert "• The bank is down 1" in text and "• alice: The bank is down 2" in text
