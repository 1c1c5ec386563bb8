"""Somebody leaves a check-in out, or takes that back."""

from collections.abc import Sequence

from bot.core.calendar import local_date
from bot.core.errors import UserError
from bot.core.text import clean, cut
from bot.features.standup.domain.checkins import State
from bot.features.standup.domain.people import Calendar
from bot.features.standup.service import answering, opening
from bot.features.standup.store import rows
from bot.outbox.unit_of_work import UnitOfWork
from bot.teams import absences
from bot.teams.plans import StandupPlan
from bot.teams.presence import Absence

LONGEST_REASON = 200
ANSWERED = "You have answered this one already. *Change answers* changes what you said."


def skip(uow: UnitOfWork, checkin_id: int, user_id: str, reason: str) -> None:
    """This check-in is left out: nobody is reminded of it. Raises UserError."""
    found = answering.mine(uow, checkin_id, user_id)
    if found.checkin.state is State.ANSWERED:
        raise UserError(ANSWERED)
    rows.change_checkin(
        uow.connection,
        checkin_id,
        uow.now,
        state=State.SKIPPED,
        note=cut(" ".join(clean(reason).split()), LONGEST_REASON),
        answers=(),
        asking=None,
        answered_at=None,
        remind_at=None,
    )
    kept = rows.checkin_by_id(uow.connection, checkin_id)
    assert kept is not None
    answering.show(uow, kept, found.round)


def skip_today(uow: UnitOfWork, calendar: Calendar, user_id: str, reason: str) -> list[StandupPlan]:
    """Every check-in of the team on this person's day is left out, asked or still to come; which those are."""
    skipped: list[StandupPlan] = []
    for plan in opening.check_ins(calendar.team):
        # What asks now, and what would still ask today.
        turns = opening.of_today(uow.connection, calendar, plan, user_id, uow.now)
        for turn in turns:
            if turn.checkin is not None and turn.checkin.state.is_final:
                continue
            checkin_id = opening.ensure(uow, calendar.team, plan, user_id, turn.opening)
            skip(uow, checkin_id, user_id, reason)
            skipped.append(plan)
    return skipped


def back(
    uow: UnitOfWork, calendar: Calendar, user_id: str, *, left_out: bool = True
) -> tuple[Sequence[Absence], list[StandupPlan]]:
    """The person is there again: what keeps them away today ends, and what they were spared today asks again.

    So does what they left out, unless `left_out` is false. Returns the absences as they were, and the check-ins that can be answered again. Nobody is asked twice: they are
    told how to answer instead.
    """
    today = local_date(uow.now, calendar.zone_of(user_id, uow.now))
    ended = absences.resume(uow.connection, user_id, today)
    again: list[StandupPlan] = []
    states = (State.SKIPPED, State.AWAY) if left_out else (State.AWAY,)
    for plan in opening.check_ins(calendar.team):
        for turn in opening.of_today(uow.connection, calendar, plan, user_id, uow.now):
            checkin = turn.checkin
            if checkin is None or checkin.state not in states:
                continue
            remind_at = turn.opening.remind_at
            rows.change_checkin(
                uow.connection,
                checkin.id,
                uow.now,
                state=State.ASKED,
                note="",
                settle_at=checkin.closes_at,
                remind_at=remind_at if remind_at and remind_at > uow.now else None,
            )
            kept = rows.checkin_by_id(uow.connection, checkin.id)
            assert kept is not None
            answering.show(uow, kept, rows.round_by_id(uow.connection, checkin.round_id))
            again.append(plan)
    return ended, again


def away(uow: UnitOfWork, calendar: Calendar, absence: Absence) -> None:
    """What asks this person now, on a day of the absence, does so no more."""
    for plan in opening.check_ins(calendar.team):
        for turn in opening.of_today(uow.connection, calendar, plan, absence.user_id, uow.now):
            checkin = turn.checkin
            covered = absence.first_day <= turn.opening.day <= absence.last_day
            if checkin is None or not covered or checkin.state is not State.ASKED:
                continue
            rows.change_checkin(
                uow.connection, checkin.id, uow.now, state=State.AWAY, note=absence.reason, remind_at=None
            )
            kept = rows.checkin_by_id(uow.connection, checkin.id)
            assert kept is not None
            answering.show(uow, kept, rows.round_by_id(uow.connection, checkin.round_id))
