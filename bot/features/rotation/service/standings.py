"""The rotation that a use case works on."""

from bot.core.errors import UserError
from bot.features.rotation.standing import Standing
from bot.features.rotation.store import standing as store
from bot.outbox.unit_of_work import UnitOfWork
from bot.teams.domain import Team


def standing_of(uow: UnitOfWork, team: Team) -> Standing:
    """The team's rotation, which stays so until the use case is done. Raises UserError without one."""
    team = store.team_now(uow.connection, team)
    if not team.active:
        raise UserError(f"{team.name} is not there any more.")
    found = store.of_team(uow.connection, team, uow.now - store.LATELY)
    if found is None:
        raise UserError(f"{team.name} has no rotation. Its lead can give it one: `/triage settings`.")
    return found
