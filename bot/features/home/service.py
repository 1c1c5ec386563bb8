"""When a person's Home tab is rendered anew."""

from collections.abc import Sequence

from bot.features.home import store
from bot.outbox.unit_of_work import UnitOfWork


def opened(uow: UnitOfWork, user_id: str) -> None:
    """They look at it now."""
    store.opened(uow.connection, user_id, uow.now)
    _publish(uow, [user_id])


def changed(uow: UnitOfWork, user_ids: Sequence[str]) -> None:
    """Something of theirs is different; whoever has never opened the tab needs no view."""
    _publish(uow, store.have_opened(uow.connection, user_ids))


def _publish(uow: UnitOfWork, user_ids: Sequence[str]) -> None:
    uow.enqueue_merged("home.publish", {f"home:{user_id}": {"user_id": user_id} for user_id in user_ids})
