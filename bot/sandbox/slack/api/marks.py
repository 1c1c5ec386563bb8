"""`reactions.*` and `pins.*`: what is put on messages."""

import re

from bot.sandbox.slack import talk
from bot.sandbox.slack.api.method import Method, Office, channel_of, message_of
from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.wire import Call, Json, SlackRefusal

_EMOJI = re.compile(r"[a-z0-9_+'-]{1,100}(::skin-tone-[2-6])?")


def add_reaction(office: Office, call: Call) -> Json:
    """Put an emoji on a message."""
    _, message = _marked(office, call)
    if not talk.react(office.world, message, _name(call), by=office.world.bot_user_id):
        raise SlackRefusal("already_reacted")
    return {"ok": True}


def remove_reaction(office: Office, call: Call) -> Json:
    """Take an own emoji back."""
    _, message = _marked(office, call)
    if not talk.unreact(office.world, message, _name(call), by=office.world.bot_user_id):
        raise SlackRefusal("no_reaction")
    return {"ok": True}


def get_reactions(office: Office, call: Call) -> Json:
    """A message with all its emoji."""
    channel, message = _marked(office, call)
    shape = office.world.shape(message) | {"permalink": office.world.permalink(message)}
    return {"ok": True, "type": "message", "channel": channel.id, "message": shape}


def add_pin(office: Office, call: Call) -> Json:
    """Pin a message to its channel."""
    channel, message = _marked(office, call)
    if message.ts in channel.pins:
        raise SlackRefusal("already_pinned")
    channel.pins.append(message.ts)
    office.world.bell.ring()
    return {"ok": True}


def remove_pin(office: Office, call: Call) -> Json:
    """Unpin a message."""
    channel, message = _marked(office, call)
    if message.ts not in channel.pins:
        raise SlackRefusal("no_pin")
    channel.pins.remove(message.ts)
    office.world.bell.ring()
    return {"ok": True}


def _marked(office: Office, call: Call) -> tuple[Channel, Message]:
    if not call.has("timestamp"):
        raise SlackRefusal("no_item_specified")
    channel = channel_of(office, call)
    timestamp = call.text("timestamp")
    if not timestamp.replace(".", "", 1).isdecimal():
        raise SlackRefusal("bad_timestamp")
    return channel, message_of(channel, timestamp)


def _name(call: Call) -> str:
    name = call.text("name")
    if not _EMOJI.fullmatch(name):
        raise SlackRefusal("invalid_name")
    return name


METHODS = {
    "reactions.add": Method(run=add_reaction, scopes=("reactions:write",), tier="3"),
    "reactions.remove": Method(run=remove_reaction, scopes=("reactions:write",), tier="2"),
    "reactions.get": Method(run=get_reactions, scopes=("reactions:read",), tier="3"),
    "pins.add": Method(run=add_pin, scopes=("pins:write",), tier="2"),
    "pins.remove": Method(run=remove_pin, scopes=("pins:write",), tier="2"),
}
