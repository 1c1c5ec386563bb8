"""By what week and hour work came in, by each team's own clock; and when a report is due."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.figures import QUARTER, Arrivals
from bot.features.reports import domain
from bot.features.reports.domain import Bar
from tests.features.requests.make import team
from tests.support.clock_changes import named_zone
from tests.teams.make import changed, read_text

KYIV, KATHMANDU, NEW_YORK = map(named_zone, ("Europe/Kyiv", "Asia/Kathmandu", "America/New_York"))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def came(*instants: str, team_id: int = 1) -> list[Arrivals]:
    return [Arrivals(team_id=team_id, at=utc(text), count=1) for text in instants]


def hours(arrivals: list[Arrivals], **zones: str) -> dict[str, int]:
    found = domain.by_hour(arrivals, {int(id[1:]): named_zone(name) for id, name in zones.items()})
    return {bar.label: bar.count for bar in found if bar.count}


def test_an_hour_is_one_of_the_teams_clock_before_and_after_a_change() -> None:
    # Kyiv's clocks go back on 25 October 2026 at 01:00 UTC, from 04:00 to 03:00.
    autumn = came("2026-10-24T07:30", "2026-10-26T08:30")
    assert hours(autumn, t1="Europe/Kyiv") == {"10:00": 2}
    repeated = came("2026-10-25T00:30", "2026-10-25T01:30")
    assert hours(repeated, t1="Europe/Kyiv") == {"03:00": 2}
    # They go forward on 29 March 2026 at 01:00 UTC: there is no hour from 03:00.
    assert hours(came("2026-03-29T00:45", "2026-03-29T01:00"), t1="Europe/Kyiv") == {"02:00": 1, "04:00": 1}


def test_a_zone_off_by_three_quarters_of_an_hour_has_its_own_hours() -> None:
    # Kathmandu is 5:45 ahead.
    assert hours(came("2026-11-24T04:00", "2026-11-24T04:15"), t1="Asia/Kathmandu") == {
        "09:00": 1,
        "10:00": 1,
    }


def test_teams_in_several_zones_count_by_their_own_clocks() -> None:
    both = [*came("2026-11-24T08:00"), *came("2026-11-24T15:00", team_id=2)]
    assert hours(both, t1="Europe/Kyiv", t2="America/New_York") == {"10:00": 2}


def test_around_the_clock_pairs_of_hours_fit_into_a_chart() -> None:
    arrivals = [Arrivals(team_id=1, at=utc("2026-11-24T00:00") + n * QUARTER, count=1) for n in range(96)]
    bars = domain.by_hour(arrivals, {1: KYIV})
    assert len(bars) == 12 and {bar.count for bar in bars} == {8}
    assert bars[0].label == "00–02" and bars[-1].label == "22–24"


def test_hours_between_the_first_and_the_last_are_shown_though_empty() -> None:
    bars = domain.by_hour(came("2026-11-24T07:00", "2026-11-24T10:00"), {1: KYIV})
    assert [(bar.label, bar.count) for bar in bars] == [
        ("09:00", 1), ("10:00", 0), ("11:00", 0), ("12:00", 1)
    ]  # fmt: skip


def test_the_four_weeks_before_a_monday_are_whole_weeks_of_the_zone() -> None:
    since, until = domain.window(date(2026, 11, 30), KYIV)
    assert (since, until) == (utc("2026-11-01T22:00"), utc("2026-11-29T22:00"))
    # The last minute of a Sunday and the first of a Monday, in Kyiv.
    arrivals = came("2026-11-01T22:00", "2026-11-08T21:45", "2026-11-08T22:00", "2026-11-29T21:45")
    assert domain.by_week(arrivals, {1: KYIV}, until) == [
        Bar(label="2–8 Nov", count=2),
        Bar(label="9–15 Nov", count=1),
        Bar(label="16–22 Nov", count=0),
        Bar(label="23–29 Nov", count=1),
    ]


def test_weeks_with_a_clock_change_are_no_longer_and_no_shorter_by_their_days() -> None:
    since, until = domain.window(date(2026, 11, 2), KYIV)
    assert until - since == timedelta(weeks=4, hours=1)
    bars = domain.by_week(came("2026-10-25T21:45", "2026-10-25T22:00"), {1: KYIV}, until)
    assert [(bar.label, bar.count) for bar in bars][2:] == [("19–25 Oct", 1), ("26 Oct–1 Nov", 1)]


@pytest.mark.parametrize("zone", [KYIV, KATHMANDU, NEW_YORK], ids=str)
def test_what_came_within_the_last_four_weeks_is_in_one_of_the_bars(zone: ZoneInfo) -> None:
    now = utc("2026-11-24T10:07")
    since = domain.lately(now, zone)
    arrivals = [Arrivals(team_id=1, at=since + n * QUARTER * 10, count=1) for n in range(260)]
    bars = domain.by_week(arrivals, {1: zone}, now)
    assert sum(bar.count for bar in bars) == 260
    # A week holds as much as another; today has only begun.
    assert [bar.count for bar in bars[:3]] == pytest.approx([67, 67, 67], abs=1)
    assert all(len(bar.label) <= 20 for bar in bars)


@pytest.mark.parametrize(
    ("now", "week", "begins"),
    [
        ("2026-11-30T06:59", "2026-11-30", "2026-11-30T07:00"),
        ("2026-12-06T21:59", "2026-11-30", "2026-11-30T07:00"),
        ("2026-12-06T22:00", "2026-12-07", "2026-12-07T07:00"),
        # Summer time: nine in Kyiv is six in UTC.
        ("2026-06-01T12:00", "2026-06-01", "2026-06-01T06:00"),
    ],
)
def test_a_report_is_due_when_the_team_begins_its_week(now: str, week: str, begins: str) -> None:
    due = domain.due(team(), utc(now))
    assert (due.week.isoformat(), due.begins) == (week, utc(begins))


def test_after_a_monday_off_it_is_due_on_the_next_working_day() -> None:
    # 2026-12-28 is a Monday; a team that works from Tuesday on.
    (late,) = read_text(changed("days: mon-fri, from", "days: tue-sat, from"), "teams.yml").teams
    assert domain.due(late, utc("2026-12-28T12:00")).begins == utc("2026-12-29T07:00")


@pytest.mark.parametrize(
    ("week", "month"),
    [
        ("2026-12-07", ("2026-10-31T22:00", "2026-11-30T22:00")),
        ("2026-06-01", ("2026-04-30T21:00", "2026-05-31T21:00")),
        ("2027-01-04", ("2026-11-30T22:00", "2026-12-31T22:00")),
        ("2026-11-30", None),
        ("2026-12-14", None),
    ],
)
def test_the_first_monday_of_a_month_looks_back_at_the_month_before(
    week: str, month: tuple[str, str] | None
) -> None:
    found = domain.month_before(date.fromisoformat(week), KYIV)
    assert found == (None if month is None else (utc(month[0]), utc(month[1])))


def test_the_last_four_weeks_are_whole_days_whatever_the_clocks_did() -> None:
    # Kyiv's clocks went back on 25 October 2026.
    now = utc("2026-11-20T12:00")
    assert domain.lately(now, KYIV) == utc("2026-10-23T21:00")
    assert domain.span(domain.lately(now, KYIV), now, KYIV) == "24 Oct–20 Nov"
    assert [bar.label for bar in domain.by_week([], {1: KYIV}, now)] == [
        "24–30 Oct", "31 Oct–6 Nov", "7–13 Nov", "14–20 Nov"
    ]  # fmt: skip
