"""Conversations of the workspace: their members, and how the Web API shows them. What is said there is in `messages`."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.sandbox.slack.wire import Json

if TYPE_CHECKING:
    from bot.sandbox.slack.messages import Message


def _no_names() -> list[str]:
    return []


def _no_messages() -> "dict[str, Message]":
    return {}


@dataclass(kw_only=True)
class Channel:
    """A public or private channel, a direct message (`im`) or a group of people (`mpim`)."""

    id: str
    name: str
    kind: str = "channel"
    members: list[str] = field(default_factory=_no_names)
    creator: str = "USLACKBOT"
    created: int = 0
    archived: bool = False
    general: bool = False
    shared_with: str = ""
    topic: str = ""
    topic_by: str = ""
    topic_set: int = 0
    previous_names: list[str] = field(default_factory=_no_names)
    pins: list[str] = field(default_factory=_no_names)
    messages: "dict[str, Message]" = field(default_factory=_no_messages)

    @property
    def is_private(self) -> bool:
        """Whether only members can know about it."""
        return self.kind != "channel"

    @property
    def is_direct(self) -> bool:
        """Whether it is a direct message."""
        return self.kind == "im"

    @property
    def event_kind(self) -> str:
        """`channel_type` as message events name it."""
        return self.kind

    @property
    def scope_kind(self) -> str:
        """The plural that scopes and event names use: `channels:history`, `message.groups`."""
        return self.kind if self.kind in ("im", "mpim") else f"{self.kind}s"


def channel_shape(channel: Channel, *, viewer: str, team_id: str, with_count: bool = False) -> Json:
    """The channel object of `conversations.info`."""
    if channel.is_direct:
        return _direct_shape(channel, viewer=viewer, team_id=team_id)
    shape: Json = {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_im": False,
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.is_private,
        "created": channel.created,
        "creator": channel.creator,
        "is_archived": channel.archived,
        "is_general": channel.general,
        "unlinked": 0,
        "is_shared": bool(channel.shared_with),
        "is_org_shared": False,
        "is_ext_shared": bool(channel.shared_with),
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "shared_team_ids": [team_id, *([channel.shared_with] if channel.shared_with else [])],
        "is_member": viewer in channel.members,
        "topic": {"value": channel.topic, "creator": channel.topic_by, "last_set": channel.topic_set},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": list(channel.previous_names),
        "context_team_id": team_id,
        "updated": channel.created * 1000,
    }
    if with_count:
        shape["num_members"] = len(channel.members)
    return shape


def _direct_shape(channel: Channel, *, viewer: str, team_id: str) -> Json:
    others = [member for member in channel.members if member != viewer]
    return {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.archived,
        "is_im": True,
        "is_org_shared": False,
        "context_team_id": team_id,
        "updated": channel.created * 1000,
        "user": others[0] if others else viewer,
    }
