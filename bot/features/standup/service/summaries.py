"""A round ends in one message, which then stays true."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.features.standup.domain import schedule
from bot.features.standup.domain.checkins import NOBODY_ASKED, Checkin, Round, State
from bot.features.standup.domain.parts import blocker_messages, parts
from bot.features.standup.store import blockers, rows
from bot.features.standup.store import summaries as store
from bot.features.standup.store.summaries import Summary
from bot.outbox.unit_of_work import UnitOfWork
from bot.teams.store import names_of


def close(uow: UnitOfWork, round_id: int) -> bool:
    """Closes the round and asks for its summary, unless nobody could be asked; whether it was open until now.

    A weekly one is not its: see `end_week`.
    """
    if not rows.close_round(uow.connection, round_id, uow.now):
        return False
    round_ = rows.round_by_id(uow.connection, round_id)
    if not round_.asked.weekly_summary and _was_asked(uow, round_, round_.period):
        _ask_for(uow, round_)
    return True


def end_week(uow: UnitOfWork, rounds: Sequence[Round], *, digest: bool = True) -> None:
    """Asks for the weekly summary and the digest of these rounds of one week, unless that was done.

    Also where in the last round nobody could be asked. Without `digest` that one waits: it is not written anew when
    somebody answers, as the summary is.
    """
    weekly = {one.period: one for one in rounds if one.asked.weekly_summary}
    for round_ in weekly.values():
        if _was_asked(uow, round_, round_.period):
            _ask_for(uow, round_)
    last = rounds[-1]
    monday = schedule.period_of(weekly=True, day=last.day)
    if digest and last.asked.digest and _was_asked(uow, last, monday):
        # Named by the week: somebody may come back and be asked after it was told of.
        name = f"standup:digest:{last.team_id}:{last.series}:{monday}"
        uow.enqueue("standup.digest", {"round_id": last.id}, once=name)


def _ask_for(uow: UnitOfWork, round_: Round) -> None:
    summary = store.add(uow.connection, round_, uow.now)
    lane = lane_of(summary.id)
    uow.enqueue("standup.summary", {"summary_id": summary.id}, once=lane, lane=lane)


def _was_asked(uow: UnitOfWork, round_: Round, since: date) -> bool:
    """Whether anybody was asked in this series since that day, up to the round's."""
    rounds = rows.rounds_between(uow.connection, round_.team_id, round_.series, since, round_.day)
    everybody = rows.checkins_of(uow.connection, [one.id for one in rounds])
    return any(one.state not in NOBODY_ASKED for one in everybody)


def lane_of(summary_id: int) -> str:
    """A summary, its thread and their changes come one after the other."""
    return f"standup:summary:{summary_id}"


def touched(uow: UnitOfWork, round_: Round, checkin: Checkin | None = None) -> None:
    """Something of this round is different now: its summary and this person's answers are renewed, once posted."""
    summary = store.find(uow.connection, round_.team_id, round_.series, round_.period)
    if summary is None:
        # Nobody was there when it closed; somebody has come back since and answered.
        answered = checkin is not None and checkin.state is State.ANSWERED
        if answered and round_.closed_at is not None and not round_.asked.weekly_summary:
            _ask_for(uow, round_)
        return
    refresh(uow, summary)
    if checkin is not None and summary.ts is not None:
        tell_answers(uow, summary, checkin)


def refresh(uow: UnitOfWork, summary: Summary) -> None:
    """The summary's message is rendered anew, and what does not fit into it; many wishes are one."""
    if summary.ts is not None:
        lane = lane_of(summary.id)
        uow.enqueue("standup.summary_now", {"summary_id": summary.id}, merge=f"{lane}:now", lane=lane)
        _tell_blockers(uow, summary)


def _tell_blockers(uow: UnitOfWork, summary: Summary) -> None:
    rounds = rows.rounds_of(uow.connection, summary.team_id, summary.series, summary.period)
    ids = [one.id for one in rounds]
    count = len(blockers.of_summary(uow.connection, summary.team_id, summary.series, ids))
    there = [name for name in store.posts_of(uow.connection, summary.id) if name.startswith("blockers.")]
    for page in range(1, max(blocker_messages(count), len(there)) + 1):
        _tell(uow, summary, f"blockers.{page}", {"page": page}, kind="standup.blockers", there=there)


def _tell(
    uow: UnitOfWork, summary: Summary, name: str, what: Mapping[str, int], *, kind: str, there: Sequence[str]
) -> None:
    """The message of this name in the thread: posted, or changed where it stands already."""
    payload, lane = {"summary_id": summary.id, **what}, lane_of(summary.id)
    if name in there:
        uow.enqueue(f"{kind}_now", payload, merge=f"{lane}:{name}", lane=lane)
    else:
        uow.enqueue(kind, payload, once=f"{lane}:{name}", lane=lane)


def posted(uow: UnitOfWork, summary_id: int, channel: str, ts: str) -> None:
    """The message stands: in its thread follow what did not fit into it, and everybody's answers."""
    store.posted(uow.connection, summary_id, channel, ts)
    summary = store.by_id(uow.connection, summary_id)
    # Something may have changed between the rendering and now.
    refresh(uow, summary)
    rounds = rows.rounds_of(uow.connection, summary.team_id, summary.series, summary.period)
    everybody = rows.checkins_of(uow.connection, [one.id for one in rounds])
    hidden = any(one.asked.anonymous for one in rounds)
    names = names_of(uow.connection, [one.user_id for one in everybody])
    for checkin in in_order(everybody, names, hidden=hidden):
        tell_answers(uow, summary, checkin)


def in_order(found: Sequence[Checkin], names: Mapping[str, str], *, hidden: bool) -> list[Checkin]:
    """The order of the thread: by name, as in the summary; where nobody is named, an order that tells nothing."""
    answered = [one for one in found if one.answers and one.answered_at is not None]
    if hidden:
        return sorted(answered, key=lambda one: (one.day, one.shuffle))
    return sorted(answered, key=lambda one: (one.day, names.get(one.user_id, one.user_id).casefold(), one.id))


def post_name(checkin: Checkin, part: int) -> str:
    """What the message with this part of somebody's answers is called. Other apps can read it, so that it must not
    tell whose it is: ids go up in the team's order."""
    return f"{checkin.shuffle}.{part}"


def tell_answers(uow: UnitOfWork, summary: Summary, checkin: Checkin) -> None:
    """This person's answers stand in the thread: posted, or changed where they stand already."""
    there = store.posts_of(uow.connection, summary.id)
    asked = rows.round_by_id(uow.connection, checkin.round_id).asked
    wanted = len(parts(checkin, asked)) if checkin.state is State.ANSWERED else 0
    mine = [name for name in there if name.startswith(f"{checkin.shuffle}.")]
    for part in range(max(wanted, len(mine))):
        what = {"checkin_id": checkin.id, "part": part}
        _tell(uow, summary, post_name(checkin, part), what, kind="standup.answers", there=mine)
