"""When a ladder's time comes, to the minute; what moves do to it; who is asked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.features.escalation.domain import ladder as rules
from bot.features.escalation.domain.ladder import Phase, Rung, Stand
from bot.teams.domain import Priority, SplitOfWork, Team
from tests.features.escalation.make import MINUTE, at, ladder, standing, team

URGENT, HIGH, NORMAL, LOW = Priority


@pytest.mark.parametrize(
    ("priority", "since", "over"),
    [
        (NORMAL, "2026-11-23T12:00", "2026-11-23T16:00"),
        # Beyond the end of the day, over a night, over a weekend.
        (NORMAL, "2026-11-23T16:30", "2026-11-24T11:30"),
        (NORMAL, "2026-11-27T16:00", "2026-11-30T11:00"),
        (NORMAL, "2026-11-28T03:00", "2026-11-30T13:00"),
        # What ends with the day is said when the next one begins.
        (NORMAL, "2026-11-23T14:00", "2026-11-24T09:00"),
        (HIGH, "2026-11-27T17:30", "2026-11-30T09:30"),
        (LOW, "2026-11-26T10:00", "2026-11-30T10:00"),
        (URGENT, "2026-11-28T03:00", "2026-11-28T03:15"),
        # Kyiv's clocks were put back on the Sunday between.
        (NORMAL, "2026-10-23T17:00", "2026-10-26T12:00"),
        (URGENT, "2026-10-25T02:50", "2026-10-25T03:05"),
    ],
)
def test_a_claim_is_waited_for_in_working_time_but_urgent_by_the_clock(
    priority: Priority, since: str, over: str
) -> None:
    assert rules.due(ladder(since, priority=priority), team()) == at(over)


def test_holidays_of_the_team_do_not_count() -> None:
    german = team(holidays=("DE",))
    # Friday 25 December 2026 is a holiday; the Saturday is one as well.
    assert rules.due(ladder("2026-12-24T16:00"), german) == at("2026-12-28T11:00")
    assert rules.due(ladder("2026-12-24T16:00", priority=URGENT), german) == at("2026-12-24T16:15")


def test_a_claim_without_a_move_counts_working_days_one_by_one() -> None:
    held = ladder("2026-11-23T12:00", phase=Phase.HELD, holder="U0BOB00001")
    assert rules.due(held, team()) == at("2026-11-26T12:00")
    assert rules.due(held, team(idle_days=5)) == at("2026-11-30T12:00")
    assert rules.due(held, team(idle_days=7)) == at("2026-12-02T12:00")
    # A claim at night counts from the morning.
    assert rules.due(replace(held, since=at("2026-11-23T22:00")), team()) == at("2026-11-27T09:00")
    assert rules.due(replace(held, phase=Phase.ASKED), team()) == at("2026-11-24T12:00")


def _by_counting(open_team: Team, since: datetime, length: timedelta) -> datetime:
    """The first working minute at whose beginning so much working time has passed, counted minute by minute."""
    left, now = length // MINUTE, since
    while left > 0 or not _works(open_team, now):
        left -= _works(open_team, now)
        now += MINUTE
    return now


def _works(open_team: Team, now: datetime) -> bool:
    local = now.astimezone(open_team.zone)
    begins, ends = open_team.working_hours.from_, open_team.working_hours.to
    minute, first = local.hour * 60 + local.minute, begins.hour * 60 + begins.minute
    last = ends.hour * 60 + ends.minute or 24 * 60
    return (
        local.weekday() in open_team.working_hours.days
        and first <= minute < last
        and not open_team.is_holiday(local.date())
    )


@settings(deadline=None, max_examples=60)
@given(
    zone=st.sampled_from(["Europe/Kyiv", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]),
    # Around the clock changes of spring and autumn and around Christmas.
    day=st.sampled_from(["2026-03-06", "2026-03-27", "2026-04-03", "2026-10-02", "2026-10-23", "2026-12-23"]),
    minutes=st.integers(0, 4 * 24 * 60),
    length=st.integers(1, 9 * 60),
    hours=st.sampled_from(
        [("mon-fri", "09:00-18:00"), ("mon-sun", "00:00-00:00"), ("sun-thu", "01:00-13:30")]
    ),
)
def test_working_time_is_what_counting_minutes_finds(
    zone: str, day: str, minutes: int, length: int, hours: tuple[str, str]
) -> None:
    within = timedelta(minutes=length)
    open_team = team(
        days=hours[0],
        hours=hours[1],
        zone=ZoneInfo(zone),
        holidays=("DE",),
        claim_within=dict.fromkeys(Priority, within),
    )
    since = datetime.fromisoformat(day).replace(tzinfo=UTC) + minutes * MINUTE
    waits = replace(ladder(), since=since, posted_at=since)
    assert rules.due(waits, open_team) == _by_counting(open_team, since, within)


def test_a_card_that_came_late_gets_its_whole_time() -> None:
    late = ladder("2026-11-23T12:00", posted_at=at("2026-11-23T16:30"))
    assert rules.due(late, team()) == at("2026-11-24T11:30")
    assert rules.due(replace(late, posted_at=at("2026-11-23T13:00")), team()) == at("2026-11-23T16:00")
    assert rules.due(replace(late, posted_at=None), team()) is None


def test_what_became_late_is_said_when_the_team_works_and_urgent_at_once() -> None:
    night = at("2026-11-24T22:00")
    assert rules.may_speak(ladder(), team(), night) == at("2026-11-25T09:00")
    assert rules.may_speak(ladder(priority=URGENT), team(), night) == night
    held = ladder(priority=URGENT, phase=Phase.HELD)
    assert rules.may_speak(held, team(), night) == at("2026-11-25T09:00")


def test_of_a_team_that_was_taken_out_nobody_is_asked() -> None:
    assert rules.due(ladder(), team(active=False)) is None
    assert rules.promise(ladder(), team(active=False)) is None


def test_the_steps_go_from_who_is_on_duty_over_the_next_to_the_lead_and_end() -> None:
    people: dict[Rung, str | None] = {Rung.ON_DUTY: "A", Rung.NEXT: "B", Rung.LEAD: "L"}
    climbing, asked = ladder(), list[str]()
    while (found := rules.next_step(climbing, SplitOfWork.PULL, people)) is not None:
        climbing = replace(climbing, step=found[0])
        asked.append(found[1])
    assert asked == ["A", "B", "L"]
    assert rules.due(climbing, team()) is None
    assert rules.next_step(ladder(), SplitOfWork.LEAD_ASSIGNS, people) == (1, "L")
    assert rules.next_step(ladder(step=1), SplitOfWork.PULL, people | {Rung.NEXT: None}) == (3, "L")
    assert rules.next_step(ladder(step=2), SplitOfWork.PULL, people | {Rung.LEAD: None}) is None


NOON = at("2026-11-24T12:00")


def test_a_claim_and_its_return_begin_runs_of_their_own() -> None:
    start = ladder(step=2, asked="B", seen_by="C", seen_step=2, note={"person": None, "why": "nobody"})
    held = rules.moved(start, standing(stand=Stand.HELD, assignee="A"), NOON)
    assert (held.phase, held.holder, held.run, held.step, held.seen_now) == (Phase.HELD, "A", 2, 0, False)
    assert held.note is None
    back = rules.moved(held, standing(), NOON)
    assert (back.phase, back.holder, back.run, back.began_at) == (Phase.UNCLAIMED, None, 3, NOON)
    assert (back.step, back.passed) == (rules.UNTOLD, ("A",))


def test_what_came_back_is_told_of_at_once_in_working_hours_and_its_time_counts_from_when_it_came() -> None:
    back = ladder("2026-11-24T12:00", step=rules.UNTOLD, run=3)
    assert rules.due(back, team()) == NOON
    said = rules.told(back, team(), NOON + MINUTE, "A")
    assert (said.step, said.asked, rules.due(said, team())) == (0, "A", at("2026-11-24T16:00"))
    at_night = replace(back, since=at("2026-11-24T23:00"))
    assert rules.due(at_night, team()) == at("2026-11-25T09:00")
    assert rules.due(replace(at_night, priority=URGENT), team()) == at_night.since
    # Said too late for what was promised: who is told has their whole time.
    assert rules.told(back, team(), at("2026-11-24T17:00"), "A").since == at("2026-11-24T17:00")


def test_who_is_told_of_a_late_card_is_looked_for_when_it_stands() -> None:
    waits = ladder(posted_at=None, asked="A")
    assert rules.posted(waits, waits.since + MINUTE).step == 0
    assert rules.posted(waits, waits.since + 6 * MINUTE).step == rules.UNTOLD
    held = ladder(phase=Phase.HELD, posted_at=None)
    assert rules.posted(held, held.since + 6 * MINUTE).step == 0


def test_a_new_priority_leaves_the_ladder_where_it_was() -> None:
    start = replace(ladder(step=1), since=at("2026-11-23T16:00"))
    changed = rules.moved(start, standing(priority=HIGH), NOON)
    assert (changed.step, changed.since, changed.run) == (1, start.since, 1)
    assert rules.due(changed, team()) == at("2026-11-23T17:00")
    assert rules.promise(changed, team()) == at("2026-11-23T13:00")


@pytest.mark.parametrize("stand", [Stand.WAITING, Stand.ASLEEP, Stand.CLOSED])
def test_nothing_is_waited_for_while_it_rests(stand: Stand) -> None:
    resting = rules.moved(ladder(step=1), standing(stand=stand), NOON)
    assert (resting.phase, resting.due_at, rules.due(resting, team())) == (Phase.RESTING, None, None)
    assert rules.promise(resting, team()) is None


def test_each_move_of_a_claim_counts_anew_and_another_holder_begins_anew() -> None:
    asked = ladder(phase=Phase.ASKED, holder="A", step=1)
    on_it = rules.moved(asked, standing(stand=Stand.HELD, assignee="A"), NOON)
    assert (on_it.phase, on_it.since, on_it.run, on_it.step) == (Phase.HELD, NOON, 1, 1)
    passed = rules.moved(asked, standing(stand=Stand.HELD, assignee="B"), NOON)
    assert (passed.phase, passed.holder, passed.run, passed.step) == (Phase.HELD, "B", 2, 0)


def test_a_ladder_that_missed_a_move_is_noticed() -> None:
    assert rules.follows(ladder(), standing())
    assert not rules.follows(ladder(), standing(stand=Stand.HELD, assignee="A"))
    assert not rules.follows(ladder(), standing(priority=HIGH))
    held = ladder(phase=Phase.ASKED, holder="A")
    assert rules.follows(held, standing(stand=Stand.HELD, assignee="A"))
    assert not rules.follows(held, standing(stand=Stand.HELD, assignee="B"))
