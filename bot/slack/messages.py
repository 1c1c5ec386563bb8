"""Reads Slack's message objects: events, and messages of `conversations.replies`.

Documentation: https://docs.slack.dev/reference/events/message. What follows from them is decided by who listens.
"""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from bot.core.messages import Deleted, Edited, SharedFile, Spoken
from bot.core.text import clean, cut
from bot.slack.files import read_file

# The longest text of a message (Slack, chat.postMessage).
LONGEST_TEXT = 40_000
MOST_FILES = 50
LONGEST_NAME = 150
_SPOKEN = frozenset({"", "file_share", "thread_broadcast", "me_message"})
_Json = Mapping[str, Any]


def read_event(event: _Json) -> Spoken | Edited | Deleted | None:
    """What a `message` event says about a reply in a thread; None for everything else."""
    channel = _word(event, "channel")
    match _word(event, "subtype"):
        case "message_changed":
            return _changed(event, channel)
        case "message_deleted":
            return _gone(_object(event, "previous_message"), channel, _word(event, "deleted_ts"))
        case _:
            return read_message(event, channel)


def read_message(message: _Json, channel: str) -> Spoken | None:
    """A person's reply in a thread; None for the first message of a thread, for bots and for Slack's own notes."""
    ts, thread_ts, author = _word(message, "ts"), _word(message, "thread_ts"), _word(message, "user")
    if not (channel and ts and author) or thread_ts in ("", ts) or message.get("bot_id"):
        return None
    if _word(message, "subtype") not in _SPOKEN:
        return None
    return Spoken(
        channel=channel,
        ts=ts,
        thread_ts=thread_ts,
        author=author,
        text=_text(message),
        files=_files(message),
        client_msg_id=_word(message, "client_msg_id") or None,
    )


def _changed(event: _Json, channel: str) -> Edited | Deleted | None:
    message, before = _object(event, "message"), _object(event, "previous_message")
    ts = _word(message, "ts") or _word(before, "ts")
    if _word(message, "subtype") == "tombstone":
        return _gone(before, channel, ts)
    at = _word(event, "event_ts") or _word(event, "ts")
    if not (channel and ts and at) or "text" not in message:
        return None
    return Edited(channel=channel, ts=ts, text=_text(message), files=_files(message), at=at)


def _gone(before: _Json, channel: str, ts: str) -> Deleted | None:
    ts = ts or _word(before, "ts")
    if not channel or not ts:
        return None
    return Deleted(channel=channel, ts=ts, thread_ts=_word(before, "thread_ts") or None)


def _text(message: _Json) -> str:
    return cut(clean(_word(message, "text")), LONGEST_TEXT)


def _files(message: _Json) -> tuple[SharedFile, ...]:
    files = message.get("files")
    if not isinstance(files, list):
        return ()
    return tuple(_shared(cast(Iterable[Any], files)))[:MOST_FILES]


def _shared(files: Iterable[Any]) -> Iterable[SharedFile]:
    for one in files:
        if not isinstance(one, Mapping):
            continue
        file = cast(_Json, one)
        # A file that was taken away leaves its place behind.
        if file.get("mode") == "tombstone":
            continue
        name = _word(file, "title") or _word(file, "name") or "file"
        size, ref = file.get("size"), read_file(file)
        yield SharedFile(
            name=cut(" ".join(clean(name).split()) or "file", LONGEST_NAME),
            permalink=_word(file, "permalink"),
            size=size if isinstance(size, int) and size > 0 else 0,
            mimetype=_word(file, "mimetype")[:100],
            id=ref.id[:40] if ref else "",
            filename=ref.name if ref else "",
            url=ref.url if ref else "",
        )


def _object(owner: _Json, key: str) -> _Json:
    value = owner.get(key)
    return cast(_Json, value) if isinstance(value, Mapping) else {}


def _word(owner: _Json, key: str) -> str:
    value = owner.get(key)
    return value if isinstance(value, str) else ""
