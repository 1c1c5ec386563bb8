"""By when somebody is to take a request: kept with it, so that a later change of the team's times changes no old promise."""

from dataclasses import replace

from bot.features.requests import store
from bot.features.requests.domain import Move, Request, State
from bot.outbox.unit_of_work import UnitOfWork
from bot.teams.domain import claim_due
from bot.teams.store import all_teams

_BACK = (Move.RELEASE, Move.WAKE, Move.ANSWER, Move.REOPEN)


def promised_anew(uow: UnitOfWork, request: Request, move: Move) -> Request:
    """The request with the promise that holds after this move; it changes where nobody has it and it is New.

    It counts from when it last came back to the queue. The moves that people wait for read nothing more for it.
    """
    if request.state is not State.NEW or move not in (*_BACK, Move.PRIORITY):
        return request
    team = next((team for team in all_teams(uow.connection) if team.id == request.team_id), None)
    if team is None:
        return request
    since = uow.now
    if move is Move.PRIORITY:
        back = store.last_move(uow.connection, request.id, _BACK)
        since = back.at if back else request.created_at
    return replace(request, promised_at=claim_due(team, request.priority, since))
