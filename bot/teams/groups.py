"""Who is in the user groups that teams name, as Slack told it last; who came or left is told to the slices."""

from collections.abc import Collection, Iterable

from bot.outbox.unit_of_work import UnitOfWork
from bot.teams import store
from bot.teams.events import GroupsChanged


def keep_members(uow: UnitOfWork, group_id: str, user_ids: Iterable[str]) -> None:
    """Exactly these people are in the group from now on."""
    before, now = store.members_of_groups(uow.connection, [group_id]), frozenset(user_ids)
    if before != now:
        store.replace_group(uow.connection, group_id, now)
        uow.emit(GroupsChanged(user_ids=tuple(sorted(before ^ now))))


def keep_only(uow: UnitOfWork, group_ids: Collection[str]) -> None:
    """Forgets every group but these: no team names them any more."""
    left = store.members_of_groups(uow.connection, group_ids, others=True)
    if left:
        store.keep_groups(uow.connection, group_ids)
        uow.emit(GroupsChanged(user_ids=tuple(sorted(left))))
