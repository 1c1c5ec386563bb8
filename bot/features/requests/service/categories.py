"""What a closed request turned out to be: said on its card by somebody of the team, and changed there."""

from bot.core.categories import Category
from bot.core.errors import NotAllowed
from bot.features.requests import domain, store
from bot.features.requests.domain import Request
from bot.features.requests.rights import Acting
from bot.features.requests.service.queue import refresh_card
from bot.outbox.unit_of_work import UnitOfWork


def categorise(
    uow: UnitOfWork, request_id: int, acting: Acting, team_name: str, category: Category
) -> Request:
    """Keeps what it was, for the figures; nobody is told. Raises UserError while it is open, and NotAllowed."""
    request = store.lock(uow.connection, request_id)
    if not acting.works_queue_of(request.team_id) or request.workspace_id != acting.workspace_id:
        raise NotAllowed(f"Only members of {team_name} say what {request.label} was.")
    changed = domain.categorise(request, category, uow.now)
    store.save(uow.connection, changed)
    refresh_card(uow, request_id)
    return changed
