"""When a person's Home tab is rendered anew."""

from collections.abc import Collection, Sequence

from bot.features.home import store
from bot.features.home.domain import BEHIND, BURST, LATELY, Turn, is_new_visit
from bot.outbox.unit_of_work import UnitOfWork


def opened(uow: UnitOfWork, user_id: str, key: str) -> None:
    """They look at it now. The same opening told again, recognised by its key, ends no first visit."""
    if uow.first_time(key):
        last = store.last_opened(uow.connection, user_id)
        if last is None:
            store.first_visit(uow.connection, user_id, uow.now)
        else:
            store.opened(uow.connection, user_id, uow.now, first_pages=is_new_visit(last, uow.now))
    at_once(uow, user_id)


def turned(uow: UnitOfWork, user_id: str, turn: Turn) -> None:
    """They turn a section to another page, which stays where it is when something changes."""
    if store.last_opened(uow.connection, user_id) is None:
        store.first_visit(uow.connection, user_id, uow.now)
    tab = store.tab_of(uow.connection, user_id)
    store.keep_places(uow.connection, user_id, {**tab.places, turn.section: turn.place}, uow.now)
    at_once(uow, user_id)


def welcomed(uow: UnitOfWork, user_id: str) -> None:
    """They need no welcome any more."""
    store.welcomed(uow.connection, user_id)
    at_once(uow, user_id)


def at_once(uow: UnitOfWork, user_id: str) -> None:
    """A new view for somebody who is waiting for it in front of the tab."""
    uow.enqueue_merged("home.publish", _wishes([user_id]))


def changed(uow: UnitOfWork, user_ids: Collection[str]) -> None:
    """Something of theirs is different. Many changes in a burst are one view; who does not look needs none."""
    looking = store.looked_since(uow.connection, user_ids, uow.now - LATELY)
    uow.enqueue_merged("home.publish", _wishes(looking), not_before=uow.now + BURST)


def team_changed(uow: UnitOfWork, team_id: int, *, soon: bool = False) -> None:
    """Something that all of a team see is different: told to them all together, `soon` or a little behind."""
    if store.anybody_looked_since(uow.connection, uow.now - LATELY):
        not_before = uow.now + (BURST if soon else BEHIND)
        uow.enqueue("home.team", {"team_id": team_id}, merge=f"home_team:{team_id}", not_before=not_before)


def _wishes(user_ids: Sequence[str]) -> dict[str, dict[str, str]]:
    return {f"home:{user_id}": {"user_id": user_id} for user_id in user_ids}
