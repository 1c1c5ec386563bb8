"""What is in people's way comes up, moves and goes."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import Connection

from bot.core.errors import UserError
from bot.features.standup.domain import blockers as rules
from bot.features.standup.domain.checkins import Blocker, Checkin, Round, answer_to
from bot.features.standup.service import summaries
from bot.features.standup.store import blockers as store
from bot.features.standup.store import rows
from bot.features.standup.store import summaries as shown
from bot.outbox.unit_of_work import UnitOfWork

# Whoever has second thoughts about their answer has that long before the lead hears of it.
TOLD_AFTER = timedelta(minutes=1)
# An old blocker stands in many summaries: so many of the newest follow it.
MOST_SUMMARIES = 3
GONE = "That is not in anybody's way any more. Nothing was changed."

_KEY = "blocker:"

SOLVED = "solved"
RESOLVED = "resolved"


def recorded(uow: UnitOfWork, checkin: Checkin, round_: Round, *, solved: Collection[int] = ()) -> None:
    """Somebody's answers were saved; `solved` are known blockers of theirs that are in their way no more."""
    known = store.open_of_person(uow.connection, round_.team_id, checkin.user_id)
    ended = [one for one in known if one.id in solved]
    for one in ended:
        store.close(uow.connection, one.id, how=SOLVED, by=checkin.user_id, now=uow.now)
    # Words of an anonymous check-in are not those of another one.
    known = [one for one in known if one not in ended and one.series == round_.series]
    if round_.asked.blocker_question is None:
        return
    answer = answer_to(round_.asked, checkin.answers, round_.asked.blocker_question)
    raised = store.raised_in(uow.connection, checkin.id)
    changes = rules.compare(answer, known, checkin.id, raised)
    for one in changes.withdrawn:
        store.close(uow.connection, one.id, how=store.WITHDRAWN, by=checkin.user_id, now=uow.now)
    for text in changes.new:
        blocker_id = store.add(
            uow.connection,
            checkin_id=checkin.id,
            team_id=round_.team_id,
            series=round_.series,
            user_id=checkin.user_id,
            text=text,
            day=checkin.day,
            now=uow.now,
        )
        uow.enqueue(
            "standup.blocker_told",
            {"blocker_id": blocker_id},
            once=f"standup:blocker:{blocker_id}",
            not_before=uow.now + TOLD_AFTER,
        )


def still_in_the_way(connection: Connection, answer: str, round_: Round, user_id: str) -> bool:
    """Whether anything that the answer names is still open, or it names nothing."""
    open_ones = store.open_of_person(connection, round_.team_id, user_id)
    named = rules.named_in(answer)
    new = rules.compare(answer, [one for one in open_ones if one.series == round_.series], 0).new
    return not named or len(new) < len(named)


def solve(uow: UnitOfWork, blocker_id: int, by: str) -> Blocker:
    """It is in the way no more. Raises UserError where it was not."""
    blocker = store.by_id(uow.connection, blocker_id, lock=True)
    if blocker is None or not store.close(uow.connection, blocker_id, how=SOLVED, by=by, now=uow.now):
        raise UserError(GONE)
    _show(uow, blocker)
    return blocker


def key_of(blocker_id: int) -> str:
    """What the request of this blocker is filed by: there is one, whoever asks for it how often."""
    return f"{_KEY}{blocker_id}"


def request_filed(uow: UnitOfWork, key: str | None, request_id: int, number: int) -> None:
    """A request was filed by this key: where it is a blocker's, the two belong together from the first moment.

    The blocker stays open until the request is closed.
    """
    digits = (key or "").removeprefix(_KEY)
    if digits == key or not digits.isdecimal():
        return
    blocker = store.by_id(uow.connection, int(digits), lock=True)
    if blocker is not None and blocker.request_id is None:
        store.became(uow.connection, blocker.id, request_id, number)
        _show(uow, blocker)


def request_moved(uow: UnitOfWork, request_id: int, *, is_open: bool) -> None:
    """The request of a blocker was closed or opened again: so is the blocker."""
    for blocker in store.of_request(uow.connection, request_id):
        if is_open and blocker.how == RESOLVED:
            store.reopen(uow.connection, blocker.id)
        elif not is_open:
            store.close(uow.connection, blocker.id, how=RESOLVED, by=None, now=uow.now)
        _show(uow, blocker)


def _show(uow: UnitOfWork, blocker: Blocker) -> None:
    """The summary in which it came up says how it stands, and those of late that repeat it."""
    checkin = rows.checkin_by_id(uow.connection, blocker.checkin_id)
    if checkin is None:
        return
    round_ = rows.round_by_id(uow.connection, checkin.round_id)
    where = (uow.connection, round_.team_id, round_.series, round_.period)
    own = shown.find(*where)
    late = shown.posted_since(*where, MOST_SUMMARIES)
    # From the oldest to the newest, whoever does it: two who wait for each other would both have to begin anew.
    for summary in sorted({one.id: one for one in (own, *late) if one}.values(), key=lambda one: one.period):
        summaries.refresh(uow, summary)
