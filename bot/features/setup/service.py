"""Use cases of the settings: each changes one team, and tells its triage channel who did."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from bot.outbox.unit_of_work import UnitOfWork
from bot.teams import edit, store
from bot.teams.apply import Change
from bot.teams.domain import Team
from bot.teams.events import SettingsChanged

# Called before a team changes, with what it was so far.
BeforeChange = Callable[[Connection, Team], None]

_PLACES = frozenset({"triage_channel", "intake_channels", "ticket_emoji_channels", "standups"})
_GROUPS = frozenset({"user_group", "sources", "rotation"})


def save(
    uow: UnitOfWork,
    team_id: int,
    said: Mapping[str, Any],
    before_change: BeforeChange,
    *,
    seen: str,
    who: str,
) -> Sequence[Change]:
    """Changes these keys. Raises WrongSettings and UserError, as `edit.change` does."""
    # Before anything else is written: two who change at once wait here for each other.
    store.lock(uow.connection)
    kept = edit.kept_of(uow.connection, team_id)
    before_change(uow.connection, kept.team)
    changes = edit.change(uow.connection, kept.key, said, uow.now, seen=seen)
    for change in changes:
        _tell(uow, team_id, {"what": "changed", "who": who, "keys": list(change.keys)})
        now = edit.kept_of(uow.connection, team_id)
        before = kept.team.triage_channel
        if before != now.team.triage_channel:
            # Who looks for the queue where it was reads where it is.
            _tell(uow, team_id, {"what": "moved", "who": who, "channel": before})
        _emit(uow, team_id, who, kept.team.lead, now.team.lead, *kept.team.members)
        _look_after(uow, team_id, who, change.keys)
    return changes


def create(uow: UnitOfWork, said: Mapping[str, Any], *, who: str, key: str) -> tuple[int, bool]:
    """A new team; returns its id and whether it is one that was removed before. `key` names the form: once sent, sent.

    Raises WrongSettings.
    """
    if not uow.first_time(key):
        kept = edit.kept(uow.connection, str(said.get("key")))
        if kept is not None:
            return kept.id, False
    (change,) = edit.add(uow.connection, said, uow.now)
    kept = edit.kept(uow.connection, change.key)
    assert kept is not None  # It was added a moment ago, in this transaction.
    _tell(uow, kept.id, {"what": "created", "who": who})
    _emit(uow, kept.id, who, kept.team.lead)
    _look_after(uow, kept.id, who, (*_PLACES, *_GROUPS))
    return kept.id, change.kind == "returned"


def remove(uow: UnitOfWork, team_id: int, *, who: str) -> None:
    """The team takes nothing new. Raises UserError where it is pinned, or gone."""
    kept = edit.kept_of(uow.connection, team_id)
    edit.remove(uow.connection, kept.key, uow.now)
    _tell(uow, team_id, {"what": "removed", "who": who})
    _emit(uow, team_id, who, kept.team.lead)


def release(uow: UnitOfWork, team_id: int, *, who: str) -> None:
    """A team that a file had pinned is changed in Slack from now on. Raises UserError where it is gone."""
    kept = edit.kept_of(uow.connection, team_id)
    file = edit.release(uow.connection, kept.key, uow.now)
    if file is not None:
        _tell(uow, team_id, {"what": "released", "who": who, "file": file})
        _emit(uow, team_id, who, kept.team.lead)


def _emit(uow: UnitOfWork, team_id: int, *user_ids: str) -> None:
    uow.emit(SettingsChanged(team_id=team_id, user_ids=tuple(dict.fromkeys(user_ids))))


def _tell(uow: UnitOfWork, team_id: int, told: Mapping[str, Any]) -> None:
    # A channel that I am not in yet holds up no other.
    lane = f"setup:{team_id}:{told.get('channel', '')}"
    uow.enqueue("setup.told", {"team_id": team_id, **told}, lane=lane)


def _look_after(uow: UnitOfWork, team_id: int, who: str, keys: Sequence[str]) -> None:
    if not _PLACES.isdisjoint(keys):
        uow.enqueue("setup.places", {"team_id": team_id, "who": who})
    if not _GROUPS.isdisjoint(keys):
        uow.enqueue("setup.groups", {}, merge="setup:groups")
