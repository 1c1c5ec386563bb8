"""A check-in opens: whoever is there is asked, once for each person, check-in and local day."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot.core.calendar import local_date
from bot.features.standup.domain import schedule
from bot.features.standup.domain.checkins import Asked, Round, State, Turn
from bot.features.standup.domain.people import Calendar
from bot.features.standup.domain.schedule import Opening
from bot.features.standup.events import CheckinChanged
from bot.features.standup.service import summaries, weeks
from bot.features.standup.store import due, rows
from bot.features.standup.store.calendars import calendar_of
from bot.outbox.unit_of_work import Opening as Wish
from bot.outbox.unit_of_work import UnitOfWork, correlation
from bot.teams.domain import Team
from bot.teams.plans import StandupPlan

_WEEK = timedelta(days=8)
# So long after its beginning a reminder of a meeting still helps who is late.
GRACE = timedelta(minutes=5)
# Whoever has the question so long after its time has it on time.
ON_TIME = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What a look has done: people asked, people whom nobody could ask any more, and when the next is due."""

    asked: int
    missed: int
    next_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class _Due:
    user_id: str
    opening: Opening
    state: State
    note: str
    is_due: bool = False
    checkin_id: int = 0

    @property
    def ask_by(self) -> datetime | None:
        return self.opening.opens_at + ON_TIME if self.is_due else None


def look(
    uow: UnitOfWork, team: Team, plan: StandupPlan, members: Sequence[str], *, with_jira: bool = False
) -> Looked:
    """Asks whoever is due by now. `members` are those who can be asked at all, in the team's order.

    `with_jira`: what they have moved there is looked up for their form.

    What opened after the last look and is over already was missed: the newest such day is written down and the lead
    told, nobody is asked afterwards. A week in which nobody is asked any more is told of.
    """
    calendar = around(uow.connection, team, members, uow.now)
    since = due.looked_until(uow.connection, team.id, plan.series)
    due.looked(uow.connection, team.id, plan.series, uow.now)
    found = [one for user_id in members for one in _due_of(calendar, plan, user_id, since, uow.now)]
    asked = missed = 0
    for day in sorted({one.opening.day for one in found}):
        added = _open_day(uow, calendar, plan, day, [one for one in found if one.opening.day == day])
        if with_jira and plan.done_question is not None:
            uow.enqueue_openings([_gather(one.checkin_id) for one in added if one.state is State.ASKED])
        asked += sum(one.state is State.ASKED for one in added)
        missed += sum(one.state is State.MISSED for one in added)
    weeks.end_if_over(uow, calendar, plan)
    return Looked(asked=asked, missed=missed, next_at=next_look(calendar, plan, uow.now))


def around(connection: Connection, team: Team, members: Sequence[str], now: datetime) -> Calendar:
    """The calendar of these members for the days about now, as far as schedules are looked ahead."""
    today = now.date()
    return calendar_of(
        connection, team, members, today - _WEEK, today + timedelta(days=schedule.LONGEST_LOOK)
    )


def next_look(calendar: Calendar, plan: StandupPlan, now: datetime) -> datetime | None:
    """When the first of the members is asked next, away or not; None where there is nothing in sight."""
    nexts = (
        next(schedule.coming(plan, calendar.zone_for(plan, user_id), now), None)
        for user_id in calendar.members
    )
    return min((one.opens_at for one in nexts if one is not None), default=None)


def _due_of(
    calendar: Calendar, plan: StandupPlan, user_id: str, since: datetime | None, now: datetime
) -> Iterable[_Due]:
    """The newest open one, and the newest of those that came and went unseen."""
    # Whatever is open still has opened within this time.
    earliest = min(since or now, now - plan.open_for)
    past = schedule.openings(plan, calendar.zone_for(plan, user_id), max(earliest, now - 4 * _WEEK), now)
    asks = False
    for opening in reversed(past):
        is_open = now < opening.closes_at
        if not is_open and (since is None or opening.opens_at <= since):
            return
        note = calendar.away_note(user_id, opening.day)
        # What was looked at before is not late: they were no member then, or away.
        is_due = since is not None and opening.opens_at > since
        if note is not None:
            yield _Due(user_id=user_id, opening=opening, state=State.AWAY, note=note)
        elif not is_open:
            yield _Due(user_id=user_id, opening=opening, state=State.MISSED, note="", is_due=is_due)
            return
        elif not asks:
            # On a day of 23 hours the one before may still be open.
            asks = True
            yield _Due(user_id=user_id, opening=opening, state=State.ASKED, note="", is_due=is_due)


def _open_day(
    uow: UnitOfWork, calendar: Calendar, plan: StandupPlan, day: date, found: Sequence[_Due]
) -> list[_Due]:
    if all(calendar.away_note(user_id, day) is not None for user_id in calendar.members):
        return []
    round_ = _round(uow, calendar.team, plan, day, found[0].opening)
    added = _add(uow, round_, found)
    uow.enqueue_openings([_prompt(one.checkin_id) for one in added if one.state is State.ASKED])
    there = {one.user_id for one in found if one.state is State.ASKED} - {one.user_id for one in added}
    if there:
        _ask_at_last(uow, round_, there)
    # Whoever is away may leave nobody to wait for; a round that is over waits for somebody who is asked at all.
    if any(one.state.is_final for one in added) or (added and round_.closes_at <= uow.now):
        rows.round_changed(uow.connection, round_.id, uow.now)
    if added:
        # Whoever was to be asked later, in another time zone, is asked now.
        summaries.touched(uow, round_)
    if any(one.state is State.MISSED for one in added):
        uow.enqueue("standup.missed", {"round_id": round_.id}, once=f"standup:missed:{round_.id}")
    return added


def _ask_at_last(uow: UnitOfWork, round_: Round, user_ids: Collection[str]) -> None:
    """Those of these people who left it out ahead of its time, or were away, and took that back: nobody asked them."""
    everybody = rows.checkins_of(uow.connection, [round_.id])
    waiting = (
        one
        for one in everybody
        if one.state is State.ASKED and one.prompt_ts is None and not any(one.answers)
    )
    # Whose prompt is on its way is not asked twice: its name is taken.
    uow.enqueue_openings([_prompt(one.id) for one in waiting if one.user_id in user_ids])


def _prompt(checkin_id: int) -> Wish:
    return Wish(
        kind="standup.prompt",
        payload={"checkin_id": checkin_id},
        once=f"standup:prompt:{checkin_id}",
        lane=lane_of(checkin_id),
        correlation=correlation(),
    )


def _gather(checkin_id: int) -> Wish:
    return Wish(
        kind="standup.gather",
        payload={"checkin_id": checkin_id},
        once=f"standup:gather:{checkin_id}",
        lane=None,
        correlation=correlation(),
    )


def lane_of(checkin_id: int) -> str:
    """Messages to one person about one check-in come one after the other."""
    return f"standup:checkin:{checkin_id}"


def _round(uow: UnitOfWork, team: Team, plan: StandupPlan, day: date, first: Opening) -> Round:
    # With members in many zones the round of a day ends with the team's own.
    own = schedule.opening(plan, day, team.zone) or first
    return rows.ensure_round(
        uow.connection,
        team_id=team.id,
        series=plan.series,
        name=plan.name,
        day=day,
        period=_period(uow, team, plan, day),
        asked=Asked.of_plan(plan),
        channel=plan.channel,
        closes_at=own.closes_at,
        now=uow.now,
    )


def _period(uow: UnitOfWork, team: Team, plan: StandupPlan, day: date) -> date:
    """A week begins after what of it was summed up day by day, before the plan became weekly: one message each."""
    first = schedule.period_of(weekly=plan.weekly_summary, day=day)
    if first == day:
        return first
    before = rows.rounds_between(uow.connection, team.id, plan.series, first, day - timedelta(days=1))
    daily = [one.day for one in before if not one.asked.weekly_summary]
    return daily[-1] + timedelta(days=1) if daily else first


def _add(uow: UnitOfWork, round_: Round, found: Sequence[_Due]) -> list[_Due]:
    """Those who have got a check-in now, with its id."""
    wanted = [
        rows.NewCheckin(
            user_id=one.user_id,
            day=one.opening.day,
            zone=one.opening.zone,
            opens_at=one.opening.opens_at,
            closes_at=one.opening.closes_at,
            remind_at=one.opening.remind_at,
            state=one.state,
            note=one.note,
            ask_by=one.ask_by,
        )
        for one in found
    ]
    made = rows.add_checkins(uow.connection, round_.id, wanted, uow.now)
    if made:
        uow.emit(CheckinChanged(user_ids=tuple(made)))
    return [replace(one, checkin_id=made[one.user_id]) for one in found if one.user_id in made]


def ensure(uow: UnitOfWork, team: Team, plan: StandupPlan, user_id: str, opening: Opening) -> int:
    """The id of this person's check-in, made ahead of its time if there is none: they will not be asked for it."""
    round_ = _round(uow, team, plan, opening.day, opening)
    for made in _add(uow, round_, [_Due(user_id=user_id, opening=opening, state=State.ASKED, note="")]):
        return made.checkin_id
    (there,) = (one for one in rows.checkins_of(uow.connection, [round_.id]) if one.user_id == user_id)
    return there.id


def open_now(connection: Connection, calendar: Calendar, user_id: str, now: datetime) -> list[Turn]:
    """Their check-ins that ask just now, the first to close first."""
    found: list[Turn] = []
    for plan in check_ins(calendar.team):
        past = schedule.openings(plan, calendar.zone_for(plan, user_id), now - _WEEK, now)
        if past and now < past[-1].closes_at:
            found.append(_turn(connection, calendar.team, plan, past[-1], user_id))
    return sorted(found, key=lambda turn: turn.opening.closes_at)


def of_today(
    connection: Connection, calendar: Calendar, plan: StandupPlan, user_id: str, now: datetime
) -> list[Turn]:
    """What of this plan asks them now, or asks them later on their present day."""
    zone_for = calendar.zone_for(plan, user_id)
    today = local_date(now, calendar.zone_of(user_id, now))
    near = schedule.openings(plan, zone_for, now - _WEEK, now + timedelta(days=2))
    wanted = [one for one in near if one.closes_at > now and (one.opens_at <= now or one.day == today)]
    return [_turn(connection, calendar.team, plan, one, user_id) for one in wanted]


def coming(connection: Connection, calendar: Calendar, user_id: str, now: datetime, most: int) -> list[Turn]:
    """Their next check-ins on days when they are there, soonest first; meetings are among them."""
    found: list[Turn] = []
    for plan in calendar.team.standups:
        there = (
            one
            for one in schedule.coming(plan, calendar.zone_for(plan, user_id), now)
            if calendar.away_note(user_id, one.day) is None
        )
        for opening, _ in zip(there, range(most), strict=False):
            found.append(_turn(connection, calendar.team, plan, opening, user_id))
    return sorted(found, key=lambda turn: turn.opening.opens_at)[:most]


def _turn(connection: Connection, team: Team, plan: StandupPlan, opening: Opening, user_id: str) -> Turn:
    round_ = rows.find_round(connection, team.id, plan.series, opening.day)
    mine = (
        [one for one in rows.checkins_of(connection, [round_.id]) if one.user_id == user_id] if round_ else []
    )
    return Turn(plan=plan, opening=opening, checkin=mine[0] if mine else None)


def check_ins(team: Team) -> list[StandupPlan]:
    """The team's plans that ask people; meetings do not."""
    return [plan for plan in team.standups if plan.kind == "checkin"]


def is_expected(
    calendar: Calendar, plan: StandupPlan, user_id: str, day: date, known: Collection[str]
) -> bool:
    """Whether this person's answer is still to come: they are there on that day, and have no row yet."""
    if user_id in known or calendar.away_note(user_id, day) is not None:
        return False
    return calendar.opening_of(plan, user_id, day) is not None
