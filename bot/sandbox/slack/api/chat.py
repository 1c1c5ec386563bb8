"""`chat.*`: https://docs.slack.dev/reference/methods?family=chat. What posting does to the workspace is in `talk`."""

from typing import Any

from bot.sandbox.slack import talk
from bot.sandbox.slack.api.method import POST, Method, Office, channel_of, message_of
from bot.sandbox.slack.api.paging import page
from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.limits import check_message, check_metadata
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.state import with_ids
from bot.sandbox.slack.wire import Call, Json, SlackRefusal
from bot.sandbox.slack.world import APP_ID
from bot.sandbox.slack.written import link_names

_WRITE = ("chat:write",)
_FARTHEST = 120 * 24 * 3600
# Slack, "chat.scheduleMessage": no more than 30 within 5 minutes of one channel.
_MOST_CLOSE = 30
# Slack, "chat.deleteScheduledMessage": none that is posted within 60 seconds.
_TOO_LATE = 60
_LAST_SECOND = 2**53


def post_message(office: Office, call: Call) -> Json:
    """Post to a channel, or to a person's direct message by their id."""
    channel = _target(office, call)
    message = _compose(office, call, channel)
    _check_name(call)
    talk.post(office.world, channel, message)
    shape = office.world.shape(message, with_metadata=True)
    return {"ok": True, "channel": channel.id, "ts": message.ts, "message": shape}


def post_ephemeral(office: Office, call: Call) -> Json:
    """Show a message to one member only; it is kept nowhere and cannot be found again."""
    world = office.world
    channel = _target(office, call)
    user = call.required("user", "user_not_in_channel")
    if user not in channel.members:
        raise SlackRefusal("user_not_in_channel")
    message = _compose(office, call, channel)
    message.ephemeral_to = user
    talk.post(world, channel, message)
    return {"ok": True, "message_ts": message.ts}


def update(office: Office, call: Call) -> Json:
    """Replace an own message; parts that are not named stay."""
    world = office.world
    channel = channel_of(office, call)
    message = message_of(channel, call.required("ts", "message_not_found"))
    if message.app_id != APP_ID or message.subtype == "tombstone":
        raise SlackRefusal("cant_update_message")
    changes = _changes(office, call, message)
    talk.edit(world, message, by=world.bot_id, **changes)
    shape = world.shape(message, with_metadata=True)
    return {"ok": True, "channel": channel.id, "ts": message.ts, "text": message.text, "message": shape}


def delete(office: Office, call: Call) -> Json:
    """Take an own message away."""
    channel = channel_of(office, call)
    message = message_of(channel, call.required("ts", "message_not_found"))
    if message.app_id != APP_ID:
        raise SlackRefusal("cant_delete_message")
    talk.delete(office.world, message)
    return {"ok": True, "channel": channel.id, "ts": message.ts}


def permalink(office: Office, call: Call) -> Json:
    """The address of a message."""
    channel = channel_of(office, call, member=False)
    message = message_of(channel, call.required("message_ts", "message_not_found"))
    return {"ok": True, "channel": channel.id, "permalink": office.world.permalink(message)}


def schedule(office: Office, call: Call) -> Json:
    """Have a message posted later, at most 120 days ahead."""
    world = office.world
    channel = _target(office, call)
    message = _compose(office, call, channel)
    text = call.text("post_at")
    if not text.isdecimal():
        raise SlackRefusal("invalid_time")
    post_at = int(text)
    if post_at <= world.seconds():
        raise SlackRefusal("time_in_past")
    if post_at > world.seconds() + _FARTHEST:
        raise SlackRefusal("time_too_far")
    if office.scheduled.close_to(channel.id, post_at) >= _MOST_CLOSE:
        raise SlackRefusal("restricted_too_many")

    def post_then() -> None:
        message.ts = world.now_ts()
        # As Slack's page warns: "will not post if the metadata parameter is used".
        if message.metadata is None and not channel.archived and world.bot_user_id in channel.members:
            talk.post(world, channel, message)

    later = office.scheduled.add(channel.id, message.text, post_at, post_then)
    shape = {name: value for name, value in world.shape(message).items() if name != "ts"}
    shape["type"] = "delayed_message"
    return {
        "ok": True,
        "channel": channel.id,
        "scheduled_message_id": later.id,
        "post_at": post_at,
        "message": shape,
    }


def delete_scheduled(office: Office, call: Call) -> Json:
    """Forget a message that waits."""
    channel = channel_of(office, call)
    later = office.scheduled.waiting.get(
        call.required("scheduled_message_id", "invalid_scheduled_message_id")
    )
    too_late = later is not None and later.post_at - office.world.seconds() < _TOO_LATE
    if later is None or later.channel_id != channel.id or too_late:
        raise SlackRefusal("invalid_scheduled_message_id")
    office.scheduled.drop(later.id)
    return {"ok": True}


def list_scheduled(office: Office, call: Call) -> Json:
    """The messages that wait, soonest first."""
    wanted = call.text("channel")
    oldest, latest = (
        call.number("oldest", 0, most=_LAST_SECOND),
        call.number("latest", _LAST_SECOND, most=_LAST_SECOND),
    )
    waiting = sorted(office.scheduled.waiting.values(), key=lambda later: later.post_at)
    shapes = [
        {
            "id": later.id,
            "channel_id": later.channel_id,
            "post_at": later.post_at,
            "date_created": later.created,
            "text": later.text,
        }
        for later in waiting
        if wanted in ("", later.channel_id) and oldest <= later.post_at <= latest
    ]
    found, cursor = page(shapes, call)
    return {"ok": True, "scheduled_messages": found, "response_metadata": {"next_cursor": cursor}}


def _target(office: Office, call: Call) -> Channel:
    world = office.world
    wanted = call.required("channel", "channel_not_found")
    person = world.people.get(wanted)
    if person is not None:
        if person.deleted or person.is_external:
            raise SlackRefusal("channel_not_found")
        if person.is_bot:
            raise SlackRefusal("cannot_dm_bot")
        return world.direct(person.id, world.bot_user_id)
    by_name = next(
        (c.id for c in world.channels.values() if c.name and c.name == wanted.removeprefix("#")), wanted
    )
    channel = world.seen_by_bot(by_name)
    if channel.archived:
        raise SlackRefusal("is_archived")
    if world.bot_user_id not in channel.members and "chat:write.public" not in call.grant.scopes:
        raise SlackRefusal("not_in_channel")
    return channel


def _compose(office: Office, call: Call, channel: Channel) -> Message:
    world = office.world
    blocks = call.objects("blocks", "invalid_blocks_format")
    attachments = call.objects("attachments", "invalid_attachments")
    text = call.text("text") or call.text("markdown_text")
    check_message(text, blocks, attachments)
    if call.flag("link_names") or call.text("parse") == "full":
        text = link_names(world, text)
    metadata = call.object("metadata")
    check_metadata(metadata)
    thread_ts = _thread(channel, call)
    broadcast = bool(thread_ts) and call.flag("reply_broadcast")
    return Message(
        ts=world.now_ts(),
        channel_id=channel.id,
        text=text,
        user=world.bot_user_id,
        bot_id=world.bot_id,
        app_id=APP_ID,
        blocks=with_ids(blocks or [], world.serials),
        attachments=attachments or [],
        metadata=metadata,
        thread_ts=thread_ts,
        broadcast=broadcast,
        subtype="thread_broadcast" if broadcast else "",
        username=call.text("username"),
    )


def _thread(channel: Channel, call: Call) -> str:
    thread_ts = call.text("thread_ts")
    if not thread_ts:
        return ""
    whole, dot, fraction = thread_ts.partition(".")
    if not (dot and whole.isdecimal() and fraction.isdecimal()):
        raise SlackRefusal("invalid_thread_ts")
    root = channel.messages.get(thread_ts)
    if root is None:
        raise SlackRefusal("thread_not_found")
    # Answering a reply lands in the reply's own thread.
    return root.thread_ts if root.is_reply else thread_ts


def _check_name(call: Call) -> None:
    if any(call.has(name) for name in ("username", "icon_emoji", "icon_url")):
        call.need("chat:write.customize")


def _changes(office: Office, call: Call, message: Message) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if call.has("text") or call.has("markdown_text"):
        changes["text"] = call.text("text") or call.text("markdown_text")
    blocks = call.objects("blocks", "invalid_blocks_format")
    if blocks is not None:
        changes["blocks"] = with_ids(blocks, office.world.serials)
    attachments = call.objects("attachments", "invalid_attachments")
    if attachments is not None:
        changes["attachments"] = attachments
    if not changes:
        raise SlackRefusal("no_text")
    check_message(changes.get("text", message.text), blocks, attachments)
    metadata = call.object("metadata")
    check_metadata(metadata)
    if metadata is not None:
        changes["metadata"] = metadata or None
    return changes


METHODS = {
    "chat.postMessage": Method(run=post_message, scopes=_WRITE, tier=POST),
    "chat.postEphemeral": Method(run=post_ephemeral, scopes=_WRITE, tier="4"),
    "chat.update": Method(run=update, scopes=_WRITE, tier="3"),
    "chat.delete": Method(run=delete, scopes=_WRITE, tier="3"),
    "chat.getPermalink": Method(run=permalink, tier="special"),
    "chat.scheduleMessage": Method(run=schedule, scopes=_WRITE, tier="3"),
    "chat.deleteScheduledMessage": Method(run=delete_scheduled, scopes=_WRITE, tier="3"),
    "chat.scheduledMessages.list": Method(run=list_scheduled, tier="3"),
}
