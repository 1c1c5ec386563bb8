"""When a person's Home tab is rendered anew."""

from bot.features.home import store
from bot.outbox.unit_of_work import UnitOfWork


def opened(uow: UnitOfWork, user_id: str) -> None:
    """They look at it now."""
    store.opened(uow.connection, user_id, uow.now)
    _publish(uow, user_id)


def changed(uow: UnitOfWork, user_id: str) -> None:
    """Something of theirs is different; whoever has never opened the tab needs no view."""
    if store.has_opened(uow.connection, user_id):
        _publish(uow, user_id)


def _publish(uow: UnitOfWork, user_id: str) -> None:
    uow.enqueue("home.publish", {"user_id": user_id}, merge=f"home:{user_id}")
