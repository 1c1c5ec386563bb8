"""What people answer when they are asked: seen it, still on it, put it back."""

from dataclasses import replace

from bot.core.errors import UserError
from bot.core.leavers import mention
from bot.features.escalation import store
from bot.features.escalation.domain import ladder as rules
from bot.features.escalation.domain.ladder import Ladder, Phase, Stand
from bot.features.escalation.domain.said import Said
from bot.features.escalation.service.around import Neighbours
from bot.features.escalation.service.climbing import show_anew
from bot.outbox.unit_of_work import UnitOfWork
from bot.teams.domain import Team


def seen(uow: UnitOfWork, to: Neighbours, team: Team, where: Said, *, by: str, call: str) -> None:
    """Somebody of the team has seen a ping: quiet for as long again, once for each ping. Raises UserError."""
    if not uow.first_time(call):
        return
    standing = to.lock(uow.connection, where.request_id)
    ladder = store.lock(uow.connection, where.request_id)
    if standing.stand is not Stand.NEW:
        raise UserError(f"{standing.label} is {standing.state}: nobody is asked for it any more.")
    if ladder is None or (ladder.run, ladder.step) != (where.run, where.step):
        raise UserError(f"That was asked some time ago. {standing.label} still waits: claim it on its card.")
    if ladder.seen_now:
        raise UserError(f"{mention(ladder.seen_by)} has seen it already, and nobody is asked for a while.")
    after = replace(ladder, seen_by=by, seen_step=ladder.step, since=uow.now)
    store.save(uow.connection, replace(after, due_at=rules.due(after, team)))
    show_anew(uow, after)


def still_on_it(uow: UnitOfWork, to: Neighbours, where: Said, *, by: str, call: str) -> None:
    """Its holder goes on with it: they are asked again after as many days. Raises UserError."""
    if not uow.first_time(call):
        return
    ladder = _asked_holder(uow, to, where, by)
    if ladder.phase is Phase.ASKED:
        store.save(uow.connection, replace(ladder, phase=Phase.HELD, since=uow.now, due_at=uow.now))
        show_anew(uow, ladder)


def put_it_back(uow: UnitOfWork, to: Neighbours, where: Said, *, by: str, call: str) -> None:
    """Its holder gives it back to the queue. Raises UserError."""
    if not uow.first_time(call):
        return
    _asked_holder(uow, to, where, by)
    to.put_back(uow, where.request_id, by)


def _asked_holder(uow: UnitOfWork, to: Neighbours, where: Said, by: str) -> Ladder:
    standing = to.lock(uow.connection, where.request_id)
    ladder = store.lock(uow.connection, where.request_id)
    if standing.stand is not Stand.HELD:
        raise UserError(f"{standing.label} is {standing.state}: nobody is asked for it any more.")
    if standing.assignee != by:
        raise UserError(f"{standing.label} is with {mention(standing.assignee)}: only they can say that.")
    if ladder is None or ladder.run != where.run:
        raise UserError(
            f"That was asked some time ago. {standing.label} is yours; its card has what you can do."
        )
    return ladder
