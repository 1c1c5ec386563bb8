"""The form of a check-in, from its buttons or from `/standup`, and what is sent with it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Connection

from bot.core.calendar import find_zone, local_date
from bot.core.errors import UserError
from bot.features.standup.domain.answers import says_nothing
from bot.features.standup.domain.checkins import Asked, Checkin, State, Turn, answer_to
from bot.features.standup.listeners.desk import Desk, plan_of
from bot.features.standup.service import answering, opening, skipping
from bot.features.standup.service.answering import GONE, NOT_YOURS, OVER
from bot.features.standup.store import blockers, rows
from bot.features.standup.views import answer_form, ids, skip_form
from bot.features.standup.views.answer_form import Filled, Key
from bot.outbox.unit_of_work import UnitOfWork
from bot.slack import blocks
from bot.slack.blocks import Message
from bot.slack.calls import Action, Submission
from bot.slack.mrkdwn import escape
from bot.slack.replies import Answer, Nothing, OpenForm, Reply, UpdateForm
from bot.teams.domain import Team
from bot.teams.plans import StandupPlan

_FIRST_LOOK_BACK = timedelta(days=1)
CHANGED = "The questions have changed since you opened this. Copy what you wrote, close this, and open it again with /standup."


class Work(Protocol):
    """A request that somebody did something with."""

    @property
    def number(self) -> int: ...
    @property
    def summary(self) -> str: ...
    @property
    def verb(self) -> str: ...


WorkSince = Callable[[Connection, str, datetime], Sequence[Work]]


@dataclass(frozen=True, kw_only=True)
class _Opened:
    """What a form is opened with."""

    checkin: Checkin | None
    name: str
    asked: Asked
    filled: Filled


class Answering:
    """Buttons and forms with which people answer. `work_since` tells what they did with requests."""

    def __init__(self, desk: Desk, work_since: WorkSince) -> None:
        self._desk = desk
        self._run = desk.deps.transactions.run
        self._read = desk.deps.transactions.read
        self._work_since = work_since

    async def fill_in(self, call: Action) -> Reply:
        """*Fill in*, *Change answers*, *Answer after all*."""
        checkin_id = _id_of(call)
        opened = await self._read(_opened, checkin_id, call.user_id, call.now, self._work_since)
        return OpenForm(
            answer_form.build(_key_of(checkin_id, opened), opened.name, opened.asked, opened.filled)
        )

    async def form_for(self, team: Team, turn: Turn, user_id: str, now: datetime) -> Reply:
        """The form for a check-in that asks now, or that comes next."""
        if turn.checkin is not None:
            opened = await self._read(_opened, turn.checkin.id, user_id, now, self._work_since)
            key = _key_of(turn.checkin.id, opened)
        else:
            opened = await self._read(_early, team, turn, user_id, now, self._work_since)
            if now < turn.opening.opens_at:
                zone = (await self._desk.deps.directory.person(user_id)).tz or turn.opening.zone
                notes = (answer_form.early(turn.opening.opens_at, zone),)
                opened = replace(opened, filled=replace(opened.filled, notes=notes))
            series, asks = turn.plan.series, answer_form.mark_of(opened.asked)
            key = Key(team_id=team.id, series=series, day=turn.opening.day, asks=asks)
        return OpenForm(answer_form.build(key, opened.name, opened.asked, opened.filled))

    async def submitted(self, call: Submission) -> Reply:
        """The form was sent; follow-ups that its answers make due are asked first, once."""
        key = answer_form.unpack(call.view.private_metadata)
        if key is None:
            raise UserError(GONE)
        asked, name, before = await self._asked(key, call)
        if key.asks and key.asks != answer_form.mark_of(asked):
            raise UserError(CHANGED)
        answers = answer_form.read(call, asked, before)
        more = answer_form.missing_follow_ups(asked, answers, key.shown)
        solved = answer_form.unticked(call)
        if more:
            shown = replace(key, shown=(*key.shown, *more))
            filled = await self._again(key, call, answers, solved)
            return UpdateForm(answer_form.build(shown, name, asked, filled))
        checkin_id = key.checkin_id or await self._make(key, call)
        await self._run(answering.answer, checkin_id, answers, user_id=call.user_id, solved=solved)
        return Nothing()

    async def _asked(self, key: Key, call: Submission) -> tuple[Asked, str, Sequence[str]]:
        if key.checkin_id is not None:
            opened = await self._read(_opened, key.checkin_id, call.user_id, call.now, _nothing)
            return opened.asked, opened.name, opened.checkin.answers if opened.checkin else ()
        team = await self._desk.team(key.team_id)
        plan = plan_of(team, key.series)
        assert key.day is not None
        return *await self._read(_asks, team, plan, key.day), ()

    async def _again(
        self, key: Key, call: Submission, answers: Sequence[str], solved: Collection[int]
    ) -> Filled:
        if key.checkin_id is not None:
            opened = await self._read(_opened, key.checkin_id, call.user_id, call.now, _nothing)
            filled = opened.filled
        else:
            known = await self._read(blockers.open_of_person, key.team_id, call.user_id)
            filled = Filled(blockers=known, today=call.now.date())
        return replace(filled, answers=answers, solved=solved)

    async def _make(self, key: Key, call: Submission) -> int:
        """The check-in that a form opened ahead of its time is for."""
        team = await self._desk.team(key.team_id)
        if not (await self._desk.teams()).is_member(team, call.user_id):
            raise UserError(f"Only members of {team.name} have its check-ins.")
        members = await self._desk.members(team)
        assert key.day is not None
        return await self._run(_make, team, members, key, call.user_id)

    async def same(self, call: Action) -> Reply:
        """*Same as yesterday*."""
        kept = await self._run(answering.same_as_last, _id_of(call), call.user_id)
        told = "; ".join(escape(one.splitlines()[0][:80].rstrip(".")) for one in kept.answers if one.strip())
        return Answer(
            _said(f"Recorded, the same as last time: {told}. Press *Change answers* if that is not right.")
        )

    async def not_mine(self, call: Action) -> Reply:
        """*That was no answer*: what was written to the bot was meant otherwise."""
        await self._run(answering.take_back, _id_of(call), call.user_id)
        return Answer(
            _said(
                "I have taken it back: the check-in asks again. For a request, use `/ask-team`, "
                "or send me the text once more after you have answered."
            )
        )

    async def skip(self, call: Action) -> Reply:
        """*Skip today*: the small form."""
        checkin_id = _id_of(call)
        opened = await self._read(_opened, checkin_id, call.user_id, call.now, _nothing)
        return OpenForm(skip_form.build(checkin_id, opened.name))

    async def skip_submitted(self, call: Submission) -> Reply:
        """The check-in is left out, or with it the rest of the day's."""
        checkin_id = ids.id_in(call.view.private_metadata)
        if checkin_id is None:
            raise UserError(GONE)
        reason, everything = skip_form.read(call)
        await self._run(skipping.skip, checkin_id, call.user_id, reason)
        if everything:
            team_id = await self._read(_team_of, checkin_id)
            team = await self._desk.team(team_id)
            members = await self._desk.members(team)
            await self._run(_skip_rest, team, members, call.user_id, reason)
        return Nothing()


def _said(mrkdwn: str) -> Message:
    return Message(text=mrkdwn, blocks=[blocks.section(mrkdwn)])


def _id_of(call: Action) -> int:
    found = ids.id_in(call.value)
    if found is None:
        raise UserError("This button is from another time. `/standup` opens your present check-in.")
    return found


def _nothing(_connection: Connection, _user_id: str, _since: datetime) -> Sequence[Work]:
    return ()


def _key_of(checkin_id: int, opened: _Opened) -> Key:
    count = len(opened.asked.questions)
    answered = opened.filled.answers
    shown = [place for place in range(len(opened.asked.follow_ups)) if any(answered[count + place :][:1])]
    return Key(checkin_id=checkin_id, shown=tuple(shown))


def _opened(
    connection: Connection, checkin_id: int, user_id: str, now: datetime, work_since: WorkSince
) -> _Opened:
    checkin = rows.checkin_by_id(connection, checkin_id)
    if checkin is None:
        raise UserError(GONE)
    if checkin.user_id != user_id:
        raise UserError(NOT_YOURS)
    if rows.has_successor(connection, checkin, now):
        raise UserError(OVER)
    round_ = rows.round_by_id(connection, checkin.round_id)
    team_id, series = round_.team_id, round_.series
    filled = _filled(
        connection, team_id, series, round_.asked, checkin, user_id, now, checkin.opens_at, work_since
    )
    if now >= checkin.closes_at and checkin.state is not State.ANSWERED:
        filled = replace(filled, notes=("Its time is over: your answers count as late.",))
    return _Opened(checkin=checkin, name=round_.name, asked=round_.asked, filled=filled)


def _early(
    connection: Connection, team: Team, turn: Turn, user_id: str, now: datetime, work_since: WorkSince
) -> _Opened:
    plan = turn.plan
    asked, name = _asks(connection, team, plan, turn.opening.day)
    filled = _filled(
        connection, team.id, plan.series, asked, None, user_id, now, turn.opening.opens_at, work_since
    )
    return _Opened(checkin=None, name=name, asked=asked, filled=filled)


def _asks(connection: Connection, team: Team, plan: StandupPlan, day: date) -> tuple[Asked, str]:
    """What is asked on that day: as the round began, where somebody was early, else as the file says now."""
    round_ = rows.find_round(connection, team.id, plan.series, day)
    return (round_.asked, round_.name) if round_ else (Asked.of_plan(plan), plan.name)


def _filled(
    connection: Connection,
    team_id: int,
    series: str,
    asked: Asked,
    checkin: Checkin | None,
    user_id: str,
    now: datetime,
    opens_at: datetime,
    work_since: WorkSince,
) -> Filled:
    last = rows.answered_before(connection, team_id, user_id, opens_at)
    alone = asked.anonymous
    planned = rows.last_plan(connection, team_id, user_id, opens_at, series=series, alone=alone)
    plan = answer_to(planned[0].asked, planned[1].answers, planned[0].asked.plan_question) if planned else ""
    plan = "" if says_nothing(plan) else plan
    answers: Sequence[str] = checkin.answers if checkin is not None else ()
    if not any(answers) and asked.done_question is not None:
        since = last[1].answered_at if last else None
        # Requests and issues have names on them: they would tell who wrote anonymously.
        work = () if alone else work_since(connection, user_id, since or now - _FIRST_LOOK_BACK)
        done = _done(plan, work, checkin.suggested if checkin and not alone else {})
        answers = [
            "" if number + 1 != asked.done_question else done for number in range(len(asked.questions))
        ]
    zone = find_zone(checkin.zone) if checkin else None
    return Filled(
        answers=answers,
        plan=plan,
        plan_day=planned[1].day if planned else None,
        blockers=blockers.open_of_person(connection, team_id, user_id),
        today=local_date(now, zone) if zone else now.date(),
    )


def _done(plan: str, work: Sequence[Work], suggested: Mapping[str, Any]) -> str:
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    lines += [f"{one.verb} #{one.number} {one.summary}" for one in work]
    lines += [f"{one['key']} {one['summary']}: {one['status']}" for one in suggested.get("issues", ())]
    return "\n".join(lines)[: answer_form.LONGEST]


def _make(uow: UnitOfWork, team: Team, members: Sequence[str], key: Key, user_id: str) -> int:
    assert key.day is not None
    plan = plan_of(team, key.series)
    calendar = opening.around(uow.connection, team, members, uow.now)
    found = calendar.opening_of(plan, user_id, key.day)
    if found is None:
        raise UserError(f"{plan.name} is not held on that day any more. `/standup` opens the next one.")
    return opening.ensure(uow, team, plan, user_id, found)


def _team_of(connection: Connection, checkin_id: int) -> int:
    checkin = rows.checkin_by_id(connection, checkin_id)
    assert checkin is not None
    return rows.round_by_id(connection, checkin.round_id).team_id


def _skip_rest(uow: UnitOfWork, team: Team, members: Sequence[str], user_id: str, reason: str) -> None:
    calendar = opening.around(uow.connection, team, members, uow.now)
    skipping.skip_today(uow, calendar, user_id, reason)
