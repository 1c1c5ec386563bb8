"""A week ends when nobody will be asked in it any more, be it by a round that closes or by what changes after it."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.features.standup.domain import schedule
from bot.features.standup.domain.checkins import Round
from bot.features.standup.domain.people import Calendar
from bot.features.standup.service import summaries
from bot.features.standup.store import rows
from bot.outbox.unit_of_work import UnitOfWork
from bot.teams.plans import StandupPlan

# So long a week that has ended is remembered to be told of.
LONGEST_AGO = timedelta(days=8)


def end_if_over(uow: UnitOfWork, calendar: Calendar, plan: StandupPlan) -> None:
    """Tells of this week and of the last one if they are over and were not told of.

    A round that closes cannot decide it alone: afterwards the others go away, the plan changes, or no bot runs.
    """
    for rounds in _weeks(uow, calendar.team.id, plan.series):
        if not calendar.asks_later_in_week(plan, rounds[-1].day, uow.now):
            summaries.end_week(uow, rounds, digest=_is_quiet(uow, calendar, plan, rounds[-1]))


def _is_quiet(uow: UnitOfWork, calendar: Calendar, plan: StandupPlan, last: Round) -> bool:
    """Whether nobody answers in time any more: a round closes with the team's zone, others may be asked later."""
    everybody = rows.checkins_of(uow.connection, [last.id])
    known = {one.user_id for one in everybody}
    return all(one.state.is_final or one.closes_at <= uow.now for one in everybody) and not any(
        calendar.is_to_come(plan, user_id, last.day, uow.now)
        for user_id in calendar.members
        if user_id not in known and calendar.away_note(user_id, last.day) is None
    )


def end(uow: UnitOfWork, team_id: int, series: str) -> None:
    """The same where the team or the check-in is no longer in the file: nobody will be asked."""
    for rounds in _weeks(uow, team_id, series):
        summaries.end_week(uow, rounds)


def _weeks(uow: UnitOfWork, team_id: int, series: str) -> list[Sequence[Round]]:
    """The rounds of this week and of the last one, day by day, where there is something to tell of them together.

    Not those of a week with an open one.
    """
    today = uow.now.date()
    first = schedule.period_of(weekly=True, day=today - LONGEST_AGO)
    weeks: dict[date, list[Round]] = {}
    for round_ in rows.rounds_between(uow.connection, team_id, series, first, today + LONGEST_AGO):
        weeks.setdefault(schedule.period_of(weekly=True, day=round_.day), []).append(round_)
    return [
        rounds
        for rounds in weeks.values()
        if all(one.closed_at is not None for one in rounds)
        and any(one.asked.weekly_summary or one.asked.digest for one in rounds)
    ]
