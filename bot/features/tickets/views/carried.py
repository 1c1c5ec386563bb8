"""What a form carries with it from its opening to its sending, as its hidden text."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from bot.core.text import clean
from bot.core.text_hygiene import boundary
from bot.core.threads import ThreadRef
from bot.features.tickets.domain import Place

METADATA = 3000


@dataclass(frozen=True, kw_only=True)
class Context:
    """The thread that the form is about, the request it belongs to, and the team whose settings apply."""

    place: Place
    request_id: int | None
    team_id: int | None


def pack(context_: Context) -> str:
    """The context as the form's hidden text, the message cut so that it fits (Slack: 3000 characters)."""
    place = context_.place
    kept: dict[str, Any] = {
        "v": 1,
        "request": context_.request_id,
        "team": context_.team_id,
        "workspace": place.workspace_id,
        "channel": place.thread.channel,
        "thread": place.thread.thread_ts,
        "message": place.message_ts,
        "author": place.author,
        "private": place.private,
        "reachable": place.reachable,
    }
    text = clean(place.text)
    while len(packed := json.dumps({**kept, "text": text}, ensure_ascii=False)) > METADATA:
        text = text[: boundary(text, max(len(text) - (len(packed) - METADATA) // 2 - 1, 0))]
    return packed


def unpack(private_metadata: str) -> Context | None:
    """The context of a form; None for one that this release did not make."""
    try:
        kept: Any = json.loads(private_metadata)
        return _context(cast(Mapping[str, Any], kept))
    except (ValueError, TypeError, KeyError):
        return None


def _context(kept: Mapping[str, Any]) -> Context:
    place = Place(
        workspace_id=str(kept["workspace"]),
        thread=ThreadRef(channel=str(kept["channel"]), thread_ts=str(kept["thread"])),
        message_ts=str(kept["message"]),
        author=str(kept["author"]),
        text=str(kept["text"]),
        private=bool(kept["private"]),
        reachable=bool(kept["reachable"]),
    )
    request, team = kept["request"], kept["team"]
    return Context(
        place=place,
        request_id=None if request is None else int(request),
        team_id=None if team is None else int(team),
    )
