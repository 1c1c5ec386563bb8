"""What follows when time has passed: one reminder, the end of a window, the end of a round."""

from collections.abc import Sequence

from bot.core.calendar import find_zone, local_date
from bot.features.standup.domain.checkins import NOBODY_ASKED, Checkin, Round, State
from bot.features.standup.domain.people import Calendar
from bot.features.standup.service import answering, blockers, summaries, weeks
from bot.features.standup.service.opening import is_expected
from bot.features.standup.store import due, rows
from bot.outbox.unit_of_work import UnitOfWork
from bot.teams import absences, choices
from bot.teams.plans import StandupPlan
from bot.teams.roster import Teams


def remind(uow: UnitOfWork, teams: Teams) -> int:
    """Reminds everyone whose reminder is due, who is silent, there, and has not turned reminders off; so many."""
    reminded = 0
    for checkin_id in due.to_remind(uow.connection, uow.now):
        checkin = rows.checkin_by_id(uow.connection, checkin_id, lock=True)
        if checkin is None:
            continue
        wanted = _waits_for(uow, checkin, teams)
        reminded_at = uow.now if wanted else None
        rows.change_checkin(uow.connection, checkin_id, uow.now, remind_at=None, reminded_at=reminded_at)
        if wanted:
            name = f"standup:remind:{checkin_id}"
            uow.enqueue(
                "standup.remind", {"checkin_id": checkin_id}, once=name, lane=answering.lane_of(checkin_id)
            )
            reminded += 1
    return reminded


def _waits_for(uow: UnitOfWork, checkin: Checkin, teams: Teams) -> bool:
    """Whether this person should still answer: much may have changed since they were asked."""
    if checkin.state is not State.ASKED or uow.now >= checkin.closes_at:
        return False
    team = teams.get(rows.round_by_id(uow.connection, checkin.round_id).team_id)
    if team is None or not team.active or not teams.is_member(team, checkin.user_id):
        return False
    # Answers to it are not taken any more once the next one has asked.
    if _is_away(uow, checkin) or rows.has_successor(uow.connection, checkin, uow.now):
        return False
    chosen = choices.of_people(uow.connection, [checkin.user_id]).get(checkin.user_id)
    return chosen is None or chosen.reminders


def _is_away(uow: UnitOfWork, checkin: Checkin) -> bool:
    """Whether they have gone away since, on a later day than the check-in's: one may be open for days."""
    zone = find_zone(checkin.zone)
    day = max(checkin.day, local_date(uow.now, zone)) if zone else checkin.day
    return bool(absences.of_people(uow.connection, [checkin.user_id], day, day))


def settle(uow: UnitOfWork) -> None:
    """Windows that are over: what was said so far counts, and messages say that the time is over."""
    for checkin_id in due.to_settle(uow.connection, uow.now):
        checkin = rows.checkin_by_id(uow.connection, checkin_id, lock=True)
        if checkin is None:
            continue
        began = checkin.state is State.ASKED and any(checkin.answers)
        more = {"state": State.ANSWERED, "answered_at": uow.now, "asking": None} if began else {}
        rows.change_checkin(uow.connection, checkin_id, uow.now, settle_at=None, **more)
        kept = rows.checkin_by_id(uow.connection, checkin_id)
        assert kept is not None
        round_ = rows.round_by_id(uow.connection, checkin.round_id)
        if began:
            blockers.recorded(uow, kept, round_)
        if began or kept.state is State.ASKED:
            answering.show(uow, kept, round_)


def close_if_over(
    uow: UnitOfWork,
    round_id: int,
    calendar: Calendar | None,
    plan: StandupPlan | None,
    members: Sequence[str],
) -> bool:
    """Closes the round when its time has come, or when everyone has said what they have to; whether it did.

    `calendar` and `plan` are None where the team or the check-in is no longer in the file.
    """
    round_ = rows.round_by_id(uow.connection, round_id, lock=True)
    if round_.closed_at is not None:
        return False
    rows.round_looked_at(uow.connection, round_id)
    is_over = uow.now >= round_.closes_at
    if calendar is None or plan is None:
        if not is_over or not summaries.close(uow, round_id):
            return False
        weeks.end(uow, round_.team_id, round_.series)
        return True
    if _waits(uow, round_, calendar, plan, members):
        return False
    closed = summaries.close(uow, round_id)
    weeks.end_if_over(uow, calendar, plan)
    return closed


def _waits(
    uow: UnitOfWork, round_: Round, calendar: Calendar, plan: StandupPlan, members: Sequence[str]
) -> bool:
    """Whether somebody is waited for: before the end whoever has not had their say, then only if nobody was asked."""
    everybody = rows.checkins_of(uow.connection, [round_.id])
    known = {one.user_id for one in everybody}
    # Whose time is over without having been asked (no bot ran, or they joined late) will not be asked any more.
    comes_more = any(
        is_expected(calendar, plan, user_id, round_.day, known)
        and calendar.is_to_come(plan, user_id, round_.day, uow.now)
        for user_id in members
    )
    if uow.now >= round_.closes_at:
        return comes_more and all(one.state in NOBODY_ASKED for one in everybody)
    # Who has left the team since, or the workspace, may answer still; nobody waits for it.
    return comes_more or any(not one.state.is_final for one in everybody if one.user_id in members)
