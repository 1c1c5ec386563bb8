"""Somebody answers: by the form, as the last time, or by writing to the bot."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.core.errors import UserError
from bot.features.standup.domain import answers as rules
from bot.features.standup.domain.checkins import Checkin, Round, State
from bot.features.standup.events import CheckinChanged
from bot.features.standup.service import blockers, summaries
from bot.features.standup.service.opening import lane_of
from bot.features.standup.store import rows
from bot.outbox.store import kept_with, was_seen
from bot.outbox.unit_of_work import UnitOfWork

GONE = "This check-in is not there any more. `/standup` opens the present one."
NOT_YOURS = "This check-in is somebody else's. `/standup` opens yours."
OVER = "This check-in is over: the next one has been asked. `/standup` opens it."
EMPTY = "Answer at least one question. To leave this one out, close the form and type /standup skip."
ANSWERED = "You have answered this check-in already. Press *Change answers* to say more."
UNCLEAR = "I could not tell what that changes in your answers, so I left them as they were."
ONLY_FILES = "A check-in takes words: files stay between us. Write what they show, or put a link."
NO_LAST_TIME = "There is nothing to take over: you have not answered this check-in before."
NEW_QUESTIONS = "There is nothing to take over: the questions are new. Press *Fill in* to answer them."
# Whoever begins late and says no more has that long; then what was said counts.
LATE_PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Mine:
    """Somebody's check-in with its round, locked until we commit."""

    checkin: Checkin
    round: Round


def mine(uow: UnitOfWork, checkin_id: int, user_id: str) -> Mine:
    """Their own check-in, as long as it may be changed. Raises UserError."""
    checkin = rows.checkin_by_id(uow.connection, checkin_id, lock=True)
    if checkin is None:
        raise UserError(GONE)
    if checkin.user_id != user_id:
        raise UserError(NOT_YOURS)
    if rows.has_successor(uow.connection, checkin, uow.now):
        raise UserError(OVER)
    return Mine(checkin=checkin, round=rows.round_by_id(uow.connection, checkin.round_id))


def answer(
    uow: UnitOfWork,
    checkin_id: int,
    answers: Sequence[str],
    *,
    user_id: str,
    solved: Collection[int] = (),
) -> Checkin:
    """Keeps all answers, in the order of `Checkin.answers`. The same ones again change nothing.

    `solved` are known blockers that are in their way no more.

    Raises UserError where all are empty, or where the check-in is over or another person's.
    """
    found = mine(uow, checkin_id, user_id)
    tidied = tuple(rules.tidy(text) for text in answers)
    if not any(tidied):
        raise UserError(EMPTY, field="q0")
    return _keep(uow, found, tidied, solved, asking=None)


def same_as_last(uow: UnitOfWork, checkin_id: int, user_id: str) -> Checkin:
    """The answers of the last time in this series count for this time too. Raises UserError.

    What is not in the way any more does not come up again by that.
    """
    found = mine(uow, checkin_id, user_id)
    last = _last_of(uow.connection, found)
    if last is None:
        raise UserError(NO_LAST_TIME)
    answers = [*rules.taken_over(found.round.asked, last[0].asked, last[1].answers)]
    place = _blocker_place(found.round)
    if place >= 0 and not blockers.still_in_the_way(uow.connection, answers[place], found.round, user_id):
        answers[place] = ""
    if found.checkin.state is State.ANSWERED and found.checkin.answers != tuple(answers):
        raise UserError(ANSWERED)
    if not any(answers):
        raise UserError(NEW_QUESTIONS)
    return _keep(uow, found, tuple(answers), (), asking=None)


def _last_of(connection: Connection, found: Mine) -> tuple[Round, Checkin] | None:
    round_, checkin = found.round, found.checkin
    return rows.answered_before(
        connection, round_.team_id, checkin.user_id, checkin.opens_at, series=round_.series
    )


def _keep(
    uow: UnitOfWork,
    found: Mine,
    answers: tuple[str, ...],
    solved: Collection[int],
    *,
    asking: int | None,
) -> Checkin:
    checkin = found.checkin
    is_whole = asking is None
    first = checkin.answered_at is None
    is_over = uow.now >= checkin.closes_at
    more: dict[str, Any] = {}
    if is_whole:
        # Its reminder stays: whoever takes the answer back is reminded like the others.
        more = {"answered_at": uow.now if first else checkin.answered_at}
    elif is_over:
        more = {"settle_at": uow.now + LATE_PATIENCE}
    rows.change_checkin(
        uow.connection,
        checkin.id,
        uow.now,
        answers=answers,
        asking=asking,
        # Whoever left it out and begins to answer after all is asked again.
        state=State.ANSWERED if is_whole else State.ASKED,
        is_late=is_over if first else checkin.is_late,
        **more,
    )
    kept = rows.checkin_by_id(uow.connection, checkin.id)
    assert kept is not None
    if is_whole:
        blockers.recorded(uow, kept, found.round, solved=solved)
    if is_whole or checkin.state is not State.ASKED:
        show(uow, kept, found.round)
    return kept


def show(uow: UnitOfWork, checkin: Checkin, round_: Round) -> None:
    """The person's own messages and the summary say how the check-in stands now."""
    show_prompt(uow, checkin)
    show_reminder(uow, checkin)
    summaries.touched(uow, round_, checkin)
    uow.emit(CheckinChanged(user_ids=(checkin.user_id,)))


def show_prompt(uow: UnitOfWork, checkin: Checkin) -> None:
    """A prompt that was sent says how the check-in stands now."""
    lane = lane_of(checkin.id)
    uow.enqueue("standup.prompt_now", {"checkin_id": checkin.id}, merge=f"{lane}:now", lane=lane)


def show_reminder(uow: UnitOfWork, checkin: Checkin) -> None:
    """A reminder that was sent says how the check-in stands now."""
    if checkin.reminder_ts is not None:
        lane = lane_of(checkin.id)
        uow.enqueue("standup.reminder_now", {"checkin_id": checkin.id}, merge=f"{lane}:reminder", lane=lane)


@dataclass(frozen=True, kw_only=True)
class Said:
    """A message that somebody wrote to the bot."""

    user_id: str
    channel: str
    ts: str
    thread_ts: str | None
    text: str
    with_files: bool = False


def addressed(
    connection: Connection, *, user_id: str, channel: str, thread_ts: str | None, now: datetime
) -> Checkin | None:
    """The check-in that a message in the direct talk with the bot answers."""
    if thread_ts is None:
        open_ones = [one for one in rows.asking(connection, user_id, now) if one.prompt_channel == channel]
        # Of several, the one for which the bot has asked last.
        return max(open_ones, key=_asked_last_at, default=None)
    found = rows.of_prompt(connection, channel, thread_ts)
    if found is None:
        # Below an answer of theirs, where the bot asked on.
        above = kept_with(connection, _seen_key(channel, thread_ts))
        found = rows.checkin_by_id(connection, above["checkin"]) if above else None
    return found if found is not None and found.user_id == user_id else None


def _asked_last_at(checkin: Checkin) -> datetime:
    in_talk = checkin.asking is not None and checkin.updated_at is not None
    return max(checkin.opens_at, checkin.updated_at) if in_talk and checkin.updated_at else checkin.opens_at


def is_answer(
    connection: Connection, *, user_id: str, channel: str, ts: str, thread_ts: str | None, now: datetime
) -> bool:
    """Whether this message is an answer to a check-in, or was taken as one already."""
    if addressed(connection, user_id=user_id, channel=channel, thread_ts=thread_ts, now=now) is not None:
        return True
    return was_seen(connection, _seen_key(channel, ts))


def _seen_key(channel: str, ts: str) -> str:
    return f"standup:{channel}:{ts}"


def take_back(uow: UnitOfWork, checkin_id: int, user_id: str) -> None:
    """What was taken as answers was none: the check-in asks again. Raises UserError."""
    found = mine(uow, checkin_id, user_id)
    checkin = found.checkin
    rows.change_checkin(
        uow.connection,
        checkin_id,
        uow.now,
        state=State.ASKED,
        answers=(),
        asking=None,
        answered_at=None,
        is_late=False,
    )
    kept = rows.checkin_by_id(uow.connection, checkin_id)
    assert kept is not None
    if checkin.state is State.ANSWERED:
        blockers.recorded(uow, kept, found.round)
    show(uow, kept, found.round)


def say(uow: UnitOfWork, said: Said) -> bool:
    """Takes the message as the next answer, or as all of them; whether it was one. The bot answers in the thread."""
    checkin = addressed(
        uow.connection, user_id=said.user_id, channel=said.channel, thread_ts=said.thread_ts, now=uow.now
    )
    text = rules.tidy(said.text)
    if checkin is None or not (text or said.with_files):
        return False
    if not uow.first_time(_seen_key(said.channel, said.ts), {"checkin": checkin.id, "place": checkin.asking}):
        return True
    try:
        kept = _take(uow, mine(uow, checkin.id, said.user_id), text)
    except UserError as error:
        _reply(uow, checkin, said, words=error.text)
        return True
    _reply(uow, kept, said)
    return True


def _take(uow: UnitOfWork, found: Mine, text: str) -> Checkin:
    checkin, asked = found.checkin, found.round.asked
    if not text:
        raise UserError(ONLY_FILES)
    if checkin.state is State.ANSWERED:
        raise UserError(ANSWERED)
    at, given = checkin.asking or 0, _given(found.round, text, checkin.asking)
    answers = [*checkin.answers, *[""] * len(asked.all_questions)][: len(asked.all_questions)]
    answers[at : at + len(given)] = given
    return _keep(uow, found, tuple(answers), (), asking=_next_place(found.round, answers, at + len(given)))


def _given(round_: Round, text: str, place: int | None) -> list[str]:
    """The answers in a message that came when this place was asked for; None: before any was."""
    if place is None:
        return rules.whole(text, len(round_.asked.questions)) or [text]
    return ["" if rules.says_nothing(text) and place != _blocker_place(round_) else text]


def amend(uow: UnitOfWork, said: Said, before: str, event: str) -> None:
    """A message was changed, or taken away (`said.text` is empty): so is what it answered."""
    kept = kept_with(uow.connection, _seen_key(said.channel, said.ts))
    checkin = rows.checkin_by_id(uow.connection, kept["checkin"]) if kept else None
    old, new = rules.tidy(before), rules.tidy(said.text)
    # Slack also tells of links that it has unfolded.
    if not kept or checkin is None or not any(checkin.answers) or old == new:
        return
    try:
        _amend(uow, mine(uow, checkin.id, said.user_id), kept["place"], old, new)
    except UserError as error:
        if new:
            _reply(uow, checkin, said, words=error.text, event=event)


def _amend(uow: UnitOfWork, found: Mine, place: int | None, old: str, new: str) -> None:
    at, was = place or 0, _given(found.round, old, place)
    given = _given(found.round, new, place) if new else [""] * len(was)
    answers = [*found.checkin.answers]
    if answers[at : at + len(was)] != was or len(given) != len(was):
        raise UserError(UNCLEAR)
    answers[at : at + len(was)] = given
    if not any(answers):
        take_back(uow, found.checkin.id, found.checkin.user_id)
        return
    _keep(uow, found, tuple(answers), (), asking=found.checkin.asking)


def _blocker_place(round_: Round) -> int:
    return (round_.asked.blocker_question or 0) - 1


def _next_place(round_: Round, answers: Sequence[str], at: int) -> int | None:
    """The place of the next question in the talk; None when all is said."""
    count = len(round_.asked.questions)
    if at < count:
        return at
    due = rules.follow_ups_due(round_.asked, answers)
    return next((count + place for place in due if count + place >= at), None)


def _reply(uow: UnitOfWork, checkin: Checkin, said: Said, words: str = "", event: str = "") -> None:
    payload = {"checkin_id": checkin.id, "asking": checkin.asking, "thread_ts": said.thread_ts or said.ts,
               "channel": said.channel, "words": words, "with_files": said.with_files}  # fmt: skip
    name = f"standup:reply:{said.channel}:{said.ts}{event and ':' + event}"
    uow.enqueue("standup.reply", payload, once=name, lane=lane_of(checkin.id))
