"""A call that the team keeps: its channel is told ahead, once."""

from datetime import datetime, timedelta

from bot.features.standup.domain import schedule
from bot.features.standup.domain.checkins import Asked
from bot.features.standup.domain.people import Calendar
from bot.features.standup.service.opening import GRACE
from bot.features.standup.store import rows
from bot.outbox.unit_of_work import UnitOfWork
from bot.teams.plans import StandupPlan


def look(uow: UnitOfWork, calendar: Calendar, plan: StandupPlan) -> datetime | None:
    """Tells the channel of a meeting that begins soon; when the next one has to be told."""
    ahead = plan.remind_before or timedelta(0)
    zone_for = calendar.zone_for(plan, "")
    for opening in schedule.openings(plan, zone_for, uow.now - GRACE, uow.now + ahead):
        if all(calendar.away_note(user_id, opening.day) is not None for user_id in calendar.members):
            continue
        round_ = rows.ensure_round(
            uow.connection,
            team_id=calendar.team.id,
            series=plan.series,
            name=plan.name,
            day=opening.day,
            period=opening.day,
            asked=Asked.of_plan(plan),
            channel=plan.channel,
            closes_at=opening.opens_at,
            now=uow.now,
        )
        rows.close_round(uow.connection, round_.id, uow.now)
        name = f"standup:meeting:{round_.id}"
        uow.enqueue("standup.meeting", {"round_id": round_.id}, once=name)
    following = next(schedule.coming(plan, zone_for, uow.now + ahead), None)
    return following.opens_at - ahead if following else None
