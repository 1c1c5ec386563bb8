"""Messages as the workspace keeps them, and their wire shapes. Who may write where is decided by the caller."""

from copy import deepcopy
from dataclasses import dataclass, field

from bot.sandbox.slack.wire import Json


def _no_reactions() -> dict[str, list[str]]:
    return {}


def _no_objects() -> list[Json]:
    return []


@dataclass(kw_only=True)
class Message:
    """One message. `ephemeral_to` names the only person who sees it; `changed` counts visible changes."""

    ts: str
    channel_id: str
    text: str
    user: str = ""
    blocks: list[Json] = field(default_factory=_no_objects)
    attachments: list[Json] = field(default_factory=_no_objects)
    files: list[Json] = field(default_factory=_no_objects)
    metadata: Json | None = None
    subtype: str = ""
    thread_ts: str = ""
    broadcast: bool = False
    bot_id: str = ""
    app_id: str = ""
    username: str = ""
    icons: Json | None = None
    client_msg_id: str = ""
    edited_by: str = ""
    edited_ts: str = ""
    reactions: dict[str, list[str]] = field(default_factory=_no_reactions)
    extra: Json = field(default_factory=dict[str, object])
    ephemeral_to: str = ""
    answers: str = ""
    changed: int = 0

    @property
    def is_reply(self) -> bool:
        """Whether it stands inside a thread."""
        return bool(self.thread_ts) and self.thread_ts != self.ts

    def copied(self) -> "Message":
        """A copy that later changes leave alone."""
        return deepcopy(self)


@dataclass(frozen=True, kw_only=True)
class Byline:
    """What a message's shape needs to know of the workspace."""

    team_id: str
    bot_profile: Json


def message_shape(
    message: Message, byline: Byline, *, replies: "list[Message] | None" = None, root_user: str = ""
) -> Json:
    """The message object of `conversations.history`; metadata is added by those who were asked for it."""
    shape: Json = {"type": "message"}
    if message.subtype:
        shape["subtype"] = message.subtype
    shape |= _author(message, byline)
    shape |= {"text": message.text, "ts": message.ts, "team": byline.team_id}
    if message.client_msg_id:
        shape["client_msg_id"] = message.client_msg_id
    for name in ("blocks", "attachments", "files"):
        if value := getattr(message, name):
            shape[name] = deepcopy(value)
    if message.edited_ts:
        shape["edited"] = {"user": message.edited_by, "ts": message.edited_ts}
    if message.reactions:
        shape["reactions"] = reactions_shape(message)
    return shape | deepcopy(message.extra) | _thread(message, replies or [], root_user)


def reactions_shape(message: Message) -> list[Json]:
    """The reactions in the order in which they first appeared."""
    return [
        {"name": name, "users": list(users), "count": len(users)} for name, users in message.reactions.items()
    ]


def _author(message: Message, byline: Byline) -> Json:
    shape: Json = {}
    if message.user:
        shape["user"] = message.user
    if message.bot_id:
        shape["bot_id"] = message.bot_id
    if message.app_id:
        shape["app_id"] = message.app_id
    if message.bot_id == byline.bot_profile["id"] and not message.subtype:
        shape["bot_profile"] = deepcopy(byline.bot_profile)
    if message.username:
        shape["username"] = message.username
    if message.icons:
        shape["icons"] = message.icons
    return shape


def _thread(message: Message, replies: list[Message], root_user: str) -> Json:
    if message.is_reply:
        return {"thread_ts": message.thread_ts, **({"parent_user_id": root_user} if root_user else {})}
    if not replies:
        return {"thread_ts": message.thread_ts} if message.thread_ts else {}
    writers = list(dict.fromkeys(reply.user for reply in replies if reply.user))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(writers),
        "latest_reply": replies[-1].ts,
        "reply_users": writers[:5],
        "is_locked": False,
        "subscribed": False,
    }
