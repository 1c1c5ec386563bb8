"""Work is shared out: a new request finds its person, and one that was given back the next."""

from dataclasses import replace

from bot.core.errors import UserError
from bot.core.leavers import mention
from bot.features.escalation import store
from bot.features.escalation.domain import ladder as rules
from bot.features.escalation.domain.ladder import Ladder, Rung, Stand, Standing
from bot.features.escalation.domain.split import AUTOMATIC, Choice, choose, reason
from bot.features.escalation.service.around import Around, Neighbours, absent, bench, on_rungs
from bot.outbox.unit_of_work import UnitOfWork
from bot.teams.domain import SplitOfWork

GONE_ON = "It is not with you any more, so there is nothing to give back."


def begin(uow: UnitOfWork, to: Neighbours, request_id: int, around: Around) -> None:
    """A new request gets its ladder and, where the team's work is shared out, its person. Once, however often asked."""
    turn = _turn(uow, around)
    standing = to.lock(uow.connection, request_id)
    ladder = rules.begun(standing, uow.now, since=standing.created_at)
    if not store.add(uow.connection, ladder) or standing.stand is not Stand.NEW:
        return
    if turn is not None:
        choice = give(uow, to, standing, ladder, around, turn, is_new=True)
        if choice.person is not None:
            return
    name_who_is_asked(uow, to, standing, around)


def _turn(uow: UnitOfWork, around: Around) -> int | None:
    # Before any request is locked: whoever gives out work of this team waits here, and nowhere else.
    automatic = around.team.split_of_work in AUTOMATIC
    return store.take_turn(uow.connection, around.team.id) if automatic else None


def name_who_is_asked(uow: UnitOfWork, to: Neighbours, standing: Standing, around: Around) -> str | None:
    """Whom the first word asks, who is named on the card too: who is on duty, or the lead where they assign."""
    team = around.team
    people = on_rungs(to, team, absent(uow.connection, around, uow.now), uow.now)
    duty = people[Rung.ON_DUTY]
    if duty is not None and duty != standing.on_duty:
        to.name_on_duty(uow.connection, standing.id, duty)
        if standing.card is not None:
            to.card_changed(uow, standing.id)
    lead = people[Rung.LEAD] if team.split_of_work is SplitOfWork.LEAD_ASSIGNS else None
    ladder = store.find(uow.connection, standing.id)
    if ladder is not None and (lead or duty):
        store.save(uow.connection, replace(ladder, asked=lead or duty))
    return lead or duty


def give(
    uow: UnitOfWork,
    to: Neighbours,
    standing: Standing,
    ladder: Ladder,
    around: Around,
    turn: int,
    by: str | None = None,
    *,
    is_new: bool = False,
) -> Choice:
    """Gives the request to whom the team's split of work chooses, and keeps why; nobody may be there to take it."""
    choice = choose(bench(uow, to, around, ladder), to.rotation, uow.now)
    name = around.names.get(choice.person) if choice.person else None
    if choice.person is not None:
        store.had_turn(uow.connection, around.team.id, choice.person, turn)
        to.assign(uow, standing.id, choice.person, reason(choice.why, name), by, is_new=is_new)
    note = {"person": choice.person, "why": choice.why.value, "limit": choice.limit, "name": name}
    # Assigning it has moved its ladder.
    now = store.find(uow.connection, standing.id)
    if now is not None and now.note != note:
        store.save(uow.connection, replace(now, note=note))
        to.card_changed(uow, standing.id)
    return choice


def give_back(
    uow: UnitOfWork, to: Neighbours, request_id: int, around: Around, *, by: str, call: str
) -> None:
    """Whoever holds it passes it on to the next, or back to the queue where nobody is. Raises UserError."""
    turn = _turn(uow, around)
    standing = to.lock(uow.connection, request_id)
    if not uow.first_time(call):
        return
    if standing.stand is not Stand.HELD:
        raise UserError(f"{standing.label} is {standing.state}: there is nothing to give back.")
    if standing.assignee != by:
        raise UserError(f"{standing.label} is with {mention(standing.assignee)}: only they can give it back.")
    ladder = store.lock(uow.connection, request_id) or rules.begun(standing, uow.now)
    store.add(uow.connection, ladder)
    ladder = rules.without(ladder, by)
    store.save(uow.connection, ladder)
    if turn is None or give(uow, to, standing, ladder, around, turn, by).person is None:
        to.put_back(uow, request_id, by)
