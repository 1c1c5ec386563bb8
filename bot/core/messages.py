"""Messages of people in a thread, their changes and their files: values that slices share. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class SharedFile:
    """A file beside a message. `size` is in bytes; `url` is where the bot may fetch it, empty where it may not.

    `name` is what people read, `filename` what it is called where it lies. Two are the same when people see the
    same: rows of an earlier time know no more than that.
    """

    name: str
    permalink: str
    size: int
    mimetype: str
    id: str = field(default="", compare=False)
    filename: str = field(default="", compare=False)
    url: str = field(default="", compare=False)


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """A message that somebody wrote in a thread; `text` is Slack's mrkdwn."""

    channel: str
    ts: str
    thread_ts: str
    author: str
    text: str
    files: tuple[SharedFile, ...] = ()
    client_msg_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Edited:
    """A message reads like this since `at` (Slack's `event_ts`)."""

    channel: str
    ts: str
    text: str
    files: tuple[SharedFile, ...]
    at: str


@dataclass(frozen=True, kw_only=True)
class Deleted:
    """A message was taken away. `thread_ts` is missing where Slack does not name the thread."""

    channel: str
    ts: str
    thread_ts: str | None


def files_to_json(files: Iterable[SharedFile]) -> list[dict[str, Any]]:
    """The files as they are stored."""
    return [
        {
            "name": file.name,
            "permalink": file.permalink,
            "size": file.size,
            "mimetype": file.mimetype,
            "id": file.id,
            "filename": file.filename,
            "url": file.url,
        }
        for file in files
    ]


def files_from_json(stored: Iterable[Mapping[str, Any]]) -> tuple[SharedFile, ...]:
    """The files that were stored so."""
    return tuple(SharedFile(**one) for one in stored)
