"""`conversations.history` and `conversations.replies`: reading what was said, in pages."""

from bot.sandbox.slack.api.method import Method, Office, channel_of
from bot.sandbox.slack.api.paging import read_cursor, write_cursor
from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.wire import Call, Json, SlackRefusal

_SCOPES = ("channels:history", "groups:history", "im:history", "mpim:history")
_MOST = 999


def history(office: Office, call: Call) -> Json:
    """A channel's messages, newest first; replies only where they were shown to the channel too."""
    channel = _readable(office, call)
    found = [m for m in channel.messages.values() if not m.is_reply or m.broadcast]
    found = sorted(_within(call, found), key=_at, reverse=True)
    if cursor := read_cursor(call, "next_ts"):
        found = [m for m in found if m.ts <= cursor]
    shown, rest = _cut(call, found)
    answer: Json = {
        "ok": True,
        "messages": _shapes(office, call, shown),
        "has_more": bool(rest),
        "pin_count": len(channel.pins),
    }
    if rest:
        answer["response_metadata"] = {"next_cursor": write_cursor("next_ts", rest[0].ts)}
    return answer


def replies(office: Office, call: Call) -> Json:
    """A thread: its root first, then the replies from oldest to newest."""
    channel = _readable(office, call)
    wanted = channel.messages.get(call.required("ts", "thread_not_found"))
    if wanted is None:
        raise SlackRefusal("thread_not_found")
    if wanted.is_reply:
        return {"ok": True, "messages": _shapes(office, call, [wanted]), "has_more": False}
    cursor = read_cursor(call, "next_ts")
    found = sorted(_within(call, office.world.replies(channel, wanted.ts)), key=_at)
    found = [m for m in found if m.ts >= cursor] if cursor else [wanted, *found]
    shown, rest = _cut(call, found)
    answer: Json = {"ok": True, "messages": _shapes(office, call, shown), "has_more": bool(rest)}
    if rest:
        answer["response_metadata"] = {"next_cursor": write_cursor("next_ts", rest[0].ts)}
    return answer


def _readable(office: Office, call: Call) -> Channel:
    channel = channel_of(office, call)
    call.need(f"{channel.scope_kind}:history")
    return channel


def _within(call: Call, found: list[Message]) -> list[Message]:
    oldest, latest = _instant(call, "oldest", 0.0), _instant(call, "latest", float("inf"))
    if call.flag("inclusive"):
        return [m for m in found if oldest <= float(m.ts) <= latest]
    return [m for m in found if oldest < float(m.ts) < latest]


def _instant(call: Call, name: str, default: float) -> float:
    text = call.text(name)
    if not text:
        return default
    try:
        return float(text)
    except ValueError:
        raise SlackRefusal(f"invalid_ts_{name}") from None


def _cut(call: Call, found: list[Message]) -> tuple[list[Message], list[Message]]:
    limit = call.number("limit", 100, most=_MOST)
    return found[:limit], found[limit:]


def _shapes(office: Office, call: Call, found: list[Message]) -> list[Json]:
    with_metadata = call.flag("include_all_metadata")
    return [office.world.shape(message, with_metadata=with_metadata) for message in found]


def _at(message: Message) -> float:
    return float(message.ts)


METHODS = {
    "conversations.history": Method(run=history, scopes=_SCOPES, tier="3"),
    "conversations.replies": Method(run=replies, scopes=_SCOPES, tier="3"),
}
