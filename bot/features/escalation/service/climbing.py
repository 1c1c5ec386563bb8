"""The ladder is climbed: what is due is looked at, somebody is asked, what nobody holds any more is put back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.core.errors import UserError
from bot.features.escalation import store
from bot.features.escalation.domain import ladder as rules
from bot.features.escalation.domain.ladder import Ladder, Phase, Rung, Standing
from bot.features.escalation.domain.said import Said
from bot.features.escalation.domain.split import AUTOMATIC
from bot.features.escalation.events import SomebodyCalled
from bot.features.escalation.service.around import Around, Neighbours, absent, on_rungs
from bot.features.escalation.service.sharing import give, name_who_is_asked
from bot.outbox.unit_of_work import UnitOfWork
from bot.teams.domain import SplitOfWork, Team

NOTED_EVERY = timedelta(hours=1)


def follow(uow: UnitOfWork, standing: Standing) -> None:
    """A request has moved: its ladder goes on by what it needs now, in the same transaction."""
    ladder = store.lock(uow.connection, standing.id)
    if ladder is None:
        # It gets one when it is shared out, or by `adopt`.
        return
    after = rules.moved(ladder, standing, uow.now)
    store.save(uow.connection, after)
    if (ladder.step > 0 or ladder.seen_now) and (after.phase, after.run) != (ladder.phase, ladder.run):
        # What was asked last asks nothing any more.
        show_anew(uow, ladder)


def heard(uow: UnitOfWork, request_id: int, lock: Callable[[Connection, int], object]) -> None:
    """Somebody spoke in one of its threads: a claim that is talked about is not idle. `lock` locks the request."""
    if not _is_news(store.find(uow.connection, request_id), uow.now):
        return
    lock(uow.connection, request_id)
    ladder = store.lock(uow.connection, request_id)
    if ladder is None or not _is_news(ladder, uow.now):
        return
    store.save(uow.connection, replace(ladder, phase=Phase.HELD, since=uow.now, due_at=uow.now))
    if ladder.phase is Phase.ASKED:
        show_anew(uow, ladder)


def _is_news(ladder: Ladder | None, now: datetime) -> bool:
    # A lively talk need not be noted at each word.
    if ladder is None or ladder.phase not in (Phase.HELD, Phase.ASKED):
        return False
    return ladder.phase is Phase.ASKED or now - ladder.since >= NOTED_EVERY


def show_anew(uow: UnitOfWork, ladder: Ladder) -> None:
    """The last word of this ladder is shown as it is now."""
    person = ladder.asked if ladder.phase is Phase.UNCLAIMED else ladder.holder
    payload = _payload(ladder, person or "") | {"is_ping": ladder.phase is Phase.UNCLAIMED}
    name = f"shown:{name_of(ladder.request_id, ladder.run, ladder.step)}"
    uow.enqueue("escalation.shown", payload, merge=name, lane=_lane(ladder.request_id))


def _payload(ladder: Ladder, person: str) -> dict[str, Any]:
    return {"request_id": ladder.request_id, "run": ladder.run, "step": ladder.step, "person": person}


def _lane(request_id: int) -> str:
    return f"card:{request_id}"


def card_posted(uow: UnitOfWork, standing: Standing) -> None:
    """Its card stands: from now on somebody can be asked, and the first is told at once, unless the card came late."""
    ladder = store.lock(uow.connection, standing.id)
    if ladder is None:
        begun = rules.begun(standing, uow.now, since=standing.created_at)
        store.add(uow.connection, rules.posted(begun, uow.now))
        return
    ladder = rules.posted(ladder, uow.now)
    store.save(uow.connection, ladder)
    if ladder.phase is Phase.UNCLAIMED and ladder.step == 0 and ladder.asked is not None:
        _say(uow, ladder, "escalation.ping", ladder.asked)


def _say(uow: UnitOfWork, ladder: Ladder, kind: str, person: str) -> None:
    name = name_of(ladder.request_id, ladder.run, ladder.step)
    uow.enqueue(kind, _payload(ladder, person), once=name, lane=_lane(ladder.request_id))
    if ladder.phase is Phase.UNCLAIMED:
        uow.emit(SomebodyCalled(team_id=ladder.team_id))


def name_of(request_id: int, run: int, step: int) -> str:
    """The name for ever of what is said at a step. The first ping has the name that it always had."""
    is_first = (run, step) == (1, 0)
    return f"req:{request_id}:ping:0" if is_first else f"escalation:{request_id}:{run}:{step}"


def late_name_of(name: str) -> str:
    """The name of the same where it was held back, and could not be said before the team's next working hours."""
    return f"{name}:late"


def say_later(uow: UnitOfWork, kind: str, payload: Mapping[str, Any], name: str, at: datetime) -> None:
    """What was held back is said then; meanwhile nothing waits for it."""
    uow.enqueue(kind, {**payload, "late": True}, once=late_name_of(name), not_before=at)


def reckon(uow: UnitOfWork, ladders: Sequence[Ladder], teams: Mapping[int, Team]) -> None:
    """Ladders that are looked at before their time are looked at again when it comes."""
    # In one order, or two of us could wait for each other.
    for ladder in sorted(ladders, key=lambda one: one.request_id):
        team = teams.get(ladder.team_id)
        store.look_again_at(uow.connection, ladder, rules.due(ladder, team) if team else None)


def climb(uow: UnitOfWork, to: Neighbours, request_id: int, around: Around) -> None:
    """Does what is due for one request, once; of several who ask, the first does it.

    Where it became late, one thing is done, not one for each step that was missed.
    """
    team = around.team
    turn = store.take_turn(uow.connection, team.id) if team.split_of_work in AUTOMATIC else None
    try:
        standing = to.lock(uow.connection, request_id)
    except UserError:
        # It is gone, and its ladder with it.
        store.forget(uow.connection, request_id)
        return
    ladder = store.lock(uow.connection, request_id)
    if ladder is None or ladder.due_at is None or ladder.due_at > uow.now:
        return
    if not rules.follows(ladder, standing):
        follow(uow, standing)
        return
    at = rules.due(ladder, team)
    if at is not None and at <= uow.now:
        at = rules.may_speak(ladder, team, uow.now)
    if at is None or at > uow.now:
        store.save(uow.connection, replace(ladder, due_at=at))
    elif ladder.phase is Phase.UNCLAIMED:
        if turn is None or give(uow, to, standing, ladder, around, turn).person is None:
            _ask(uow, to, standing, _noted(uow, ladder), around)
    elif ladder.phase is Phase.HELD:
        _ask_holder(uow, to, ladder, around)
    else:
        to.put_back(uow, request_id)


def _ask(uow: UnitOfWork, to: Neighbours, standing: Standing, ladder: Ladder, around: Around) -> None:
    team = around.team
    if ladder.step == rules.UNTOLD:
        person = name_who_is_asked(uow, to, standing, around)
        after = rules.told(ladder, team, uow.now, person)
    else:
        people = on_rungs(to, team, absent(uow.connection, around, uow.now), uow.now, ladder.asked)
        # Where nobody is there just now, somebody may be after as long again.
        found = rules.next_step(ladder, team.split_of_work, people)
        step, person = found or (ladder.step, None)
        after = replace(ladder, step=step, since=uow.now, asked=person or ladder.asked)
    store.save(uow.connection, replace(after, due_at=rules.due(after, team)))
    if person is not None:
        _say(uow, after, "escalation.ping", person)


def ask_anew(uow: UnitOfWork, to: Neighbours, said: Said, around: Around) -> str | None:
    """Whom a word that was held back asks by now, with the whole time to answer; None where it is overtaken."""
    to.lock(uow.connection, said.request_id)
    ladder = store.lock(uow.connection, said.request_id)
    if ladder is None or (ladder.run, ladder.step) != (said.run, said.step):
        return None
    if ladder.phase is Phase.UNCLAIMED:
        ladder = replace(ladder, asked=_there_by_now(uow, to, ladder, around) or ladder.asked)
    after = replace(ladder, since=uow.now)
    store.save(uow.connection, replace(after, due_at=rules.due(after, around.team)))
    return after.asked if after.phase is Phase.UNCLAIMED else after.holder


def _there_by_now(uow: UnitOfWork, to: Neighbours, ladder: Ladder, around: Around) -> str | None:
    team = around.team
    people = on_rungs(to, team, absent(uow.connection, around, uow.now), uow.now)
    rung = rules.rung_at(team.split_of_work, ladder.step)
    if rung is not None:
        return people[rung]
    lead = people[Rung.LEAD] if team.split_of_work is SplitOfWork.LEAD_ASSIGNS else None
    return lead or people[Rung.ON_DUTY]


def _noted(uow: UnitOfWork, ladder: Ladder) -> Ladder:
    now = store.find(uow.connection, ladder.request_id)
    return replace(ladder, note=now.note) if now else ladder


def _ask_holder(uow: UnitOfWork, to: Neighbours, ladder: Ladder, around: Around) -> None:
    if ladder.holder in absent(uow.connection, around, uow.now):
        # They are not asked while they are away, and it need not wait for them.
        to.put_back(uow, ladder.request_id, away=True)
        return
    after = replace(ladder, phase=Phase.ASKED, step=ladder.step + 1, since=uow.now)
    store.save(uow.connection, replace(after, due_at=rules.due(after, around.team)))
    if ladder.holder is not None:
        _say(uow, after, "escalation.ask", ladder.holder)


def adopt(uow: UnitOfWork, to: Neighbours, request_id: int) -> None:
    """An open request that a release without ladders filed or moved gets its ladder, which counts from now.

    One whose card does not stand yet is about to get its ladder as a new one.
    """
    standing = to.lock(uow.connection, request_id)
    ladder = store.lock(uow.connection, request_id)
    if ladder is not None and not rules.follows(ladder, standing):
        follow(uow, standing)
    elif ladder is None and standing.card is not None:
        begun = rules.begun(standing, uow.now)
        store.add(uow.connection, replace(begun, began_at=standing.created_at))


def team_changed(uow: UnitOfWork, team_id: int) -> None:
    """Its times may be others: everything that waits is looked at anew."""
    store.look_again(uow.connection, team_id, uow.now)
