"""What is said: posting, editing, deleting and reacting, each with the events that follow.

Permissions and limits are checked by the Web API and by the story; this only does it.
"""

from typing import Any

from bot.sandbox.slack import links
from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.people import SLACKBOT
from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.world import Happening, World


def post(world: World, channel: Channel, message: Message, *, mentions_bot: bool = False) -> Message:
    """Put a message on the screen and tell the bot; an ephemeral one is shown to its addressee only."""
    message.changed = world.change()
    if message.ephemeral_to:
        world.ephemerals.append(message)
        world.bell.ring()
        return message
    channel.messages[message.ts] = message
    if message.is_reply:
        channel.messages[message.thread_ts].thread_ts = message.thread_ts
        channel.messages[message.thread_ts].changed = message.changed
    _announce_message(world, channel, _posted_event(world, channel, message))
    if mentions_bot:
        _announce_mention(world, channel, message)
    links.announce(world, channel, message)
    return message


def edit(world: World, message: Message, *, by: str, **changes: Any) -> None:
    """Replace parts of a message; `message_changed` carries it before and after."""
    before = world.shape(message)
    for name, value in changes.items():
        setattr(message, name, value)
    now = world.now_ts()
    message.edited_by, message.edited_ts = by, now.split(".")[0] + ".000000"
    message.changed = world.change()
    if message.ephemeral_to:
        world.bell.ring()
        return
    _announce_changed(world, message, before, now)


def attach(world: World, message: Message, attachments: list[Json]) -> None:
    """Put these below a message; nobody has edited it, but `message_changed` tells of it."""
    before = world.shape(message)
    message.attachments = attachments
    message.changed = world.change()
    _announce_changed(world, message, before, world.now_ts())


def delete(world: World, message: Message) -> None:
    """Take a message away; a root that has replies stays as a tombstone, as in Slack."""
    if message.ephemeral_to:
        world.ephemerals.remove(message)
        world.gone.append((world.change(), message.channel_id, message.ts))
        world.bell.ring()
        return
    channel = world.channels[message.channel_id]
    before = world.shape(message)
    now = world.now_ts()
    if not message.is_reply and world.replies(channel, message.ts):
        _bury(message)
        message.changed = world.change()
        _announce_changed(world, message, before, now)
        return
    del channel.messages[message.ts]
    world.gone.append((world.change(), channel.id, message.ts))
    if message.is_reply and message.thread_ts in channel.messages:
        channel.messages[message.thread_ts].changed = world.change()
    event: Json = {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": before,
        "channel": channel.id,
        "hidden": True,
        "deleted_ts": message.ts,
        "event_ts": now,
        "ts": now,
        "channel_type": channel.event_kind,
    }
    _announce_message(world, channel, event)


def react(world: World, message: Message, name: str, *, by: str) -> bool:
    """Add a reaction; False when it was there."""
    users = message.reactions.setdefault(name, [])
    if by in users:
        return False
    users.append(by)
    _announce_reaction(world, "reaction_added", message, name, by)
    return True


def unreact(world: World, message: Message, name: str, *, by: str) -> bool:
    """Take a reaction back; False when it was not there."""
    users = message.reactions.get(name, [])
    if by not in users:
        return False
    users.remove(by)
    if not users:
        del message.reactions[name]
    _announce_reaction(world, "reaction_removed", message, name, by)
    return True


def _bury(message: Message) -> None:
    message.subtype = "tombstone"
    message.text = "This message was deleted."
    message.user = SLACKBOT
    message.bot_id = message.app_id = message.client_msg_id = ""
    message.blocks, message.files, message.attachments = [], [], []
    message.metadata = None
    message.extra = {"hidden": True}


def _posted_event(world: World, channel: Channel, message: Message) -> Json:
    event = world.shape(message, with_metadata=True)
    event |= {"channel": channel.id, "event_ts": message.ts, "channel_type": channel.event_kind}
    if message.subtype == "thread_broadcast":
        event["root"] = world.shape(channel.messages[message.thread_ts])
        event["root"].pop("blocks", None)
        event.pop("parent_user_id", None)
    if message.files and not message.subtype:
        event |= {"subtype": "file_share", "upload": False, "display_as_bot": False}
    if event.get("subtype") in ("file_share", "thread_broadcast"):
        del event["team"]
    return event


def _announce_message(world: World, channel: Channel, event: Json) -> None:
    world.announce(Happening(name=f"message.{channel.scope_kind}", event=event, channel=channel))


def _announce_changed(world: World, message: Message, before: Json, now: str) -> None:
    channel = world.channels[message.channel_id]
    event: Json = {
        "type": "message",
        "subtype": "message_changed",
        "message": world.shape(message, with_metadata=True),
        "previous_message": before,
        "channel": channel.id,
        "hidden": True,
        "ts": now,
        "event_ts": now,
        "channel_type": channel.event_kind,
    }
    _announce_message(world, channel, event)


def _announce_mention(world: World, channel: Channel, message: Message) -> None:
    event = world.shape(message)
    event |= {"type": "app_mention", "channel": channel.id, "event_ts": message.ts}
    event.pop("subtype", None)
    world.announce(Happening(name="app_mention", event=event, channel=channel))


def _announce_reaction(world: World, kind: str, message: Message, name: str, by: str) -> None:
    message.changed = world.change()
    event: Json = {
        "type": kind,
        "user": by,
        "reaction": name,
        "item": {"type": "message", "channel": message.channel_id, "ts": message.ts},
        **({"item_user": message.user} if message.user else {}),
        "event_ts": world.now_ts(),
    }
    world.announce(Happening(name=kind, event=event, channel=world.channels[message.channel_id]))
