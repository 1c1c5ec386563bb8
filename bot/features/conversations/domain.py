"""What is said about a request, and how far it goes. Pure rules; Slack's forms are read and made in `views`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.messages import Edited, SharedFile
from bot.core.threads import RequestThread, Side, is_aside


class Reach(StrEnum):
    """How far a message goes: into the other thread, within the team, or nowhere beyond its own place."""

    BOTH = "both"
    TEAM = "team"
    PLACE = "place"


@dataclass(frozen=True, kw_only=True)
class KeptMessage:
    """A message as it is kept. `version` grows with each change; `mirror_*` is its counterpart, once posted."""

    id: int
    request_id: int
    side: Side
    channel: str
    ts: str
    thread_ts: str
    author: str
    text: str
    files: tuple[SharedFile, ...]
    reach: Reach
    edited_at: str | None
    is_deleted: bool
    version: int
    mirror_channel: str | None
    mirror_ts: str | None

    @property
    def is_shown(self) -> bool:
        """Whether the other side may read it now."""
        return self.reach is Reach.BOTH and not self.is_deleted

    @property
    def other_side(self) -> Side:
        """The side on which its counterpart stands."""
        return "asker" if self.side == "card" else "card"


@dataclass(frozen=True, kw_only=True)
class SaidToAsker:
    """Words of a team in the card's thread that the requester read too."""

    request_id: int
    author: str
    text: str
    at: datetime


def reach_of(thread: RequestThread, author: str, text: str) -> Reach:
    """How far a new message goes. Of a private place only what the requester, or who filed it, says leaves it."""
    if thread.side == "asker":
        is_askers = author in (thread.requester, thread.filed_by)
        return Reach.BOTH if is_askers or not thread.private else Reach.PLACE
    return _in_team_thread(text)


def reach_after_edit(message: KeptMessage, text: str) -> Reach:
    """How far the message goes with this text instead."""
    return _in_team_thread(text) if message.side == "card" else message.reach


def _in_team_thread(text: str) -> Reach:
    return Reach.TEAM if is_aside(text) else Reach.BOTH


def changes_something(message: KeptMessage, edited: Edited) -> bool:
    """False for an edit that is older than the last one, that changes no word or file, or that nobody may see."""
    if message.is_deleted or message.reach is Reach.PLACE:
        return False
    if message.edited_at is not None and edited.at <= message.edited_at:
        return False
    return (edited.text, edited.files) != (message.text, message.files)
