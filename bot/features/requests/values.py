"""Values that queries bring and views show. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core.threads import ThreadRef
from bot.features.requests.domain import Move, Request, State


@dataclass(frozen=True, kw_only=True)
class HistoryLine:
    """Who did what, when; `actor` None is the clock, or somebody in Jira where `facts` say `via: jira`."""

    id: int
    at: datetime
    actor: str | None
    move: Move
    state: State
    facts: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some requests in order. `next` is what the button to the following page carries; `total` where counted."""

    requests: tuple[Request, ...]
    next: str | None
    total: int | None


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A request in a list of the Home tab. `thread` is where its person goes on: the card's or the asker's."""

    request: Request
    thread: ThreadRef | None


_PLACE = re.compile(
    r"(?P<kind>open|done)(?:\.(?P<way>before|after)\.(?P<key>[0-9]{1,18}(?:\.[0-9]{1,18}){0,2}))?"
)
_LATEST = 253_402_300_799_999_999


@dataclass(frozen=True, kw_only=True)
class Place:
    """A page of a list on the Home tab: the one `before` or `after` the entry of this key, else the first.

    `kind` is `open` or `done`.
    """

    kind: str = "open"
    way: str = ""
    key: tuple[int, ...] = ()

    @property
    def first(self) -> "Place":
        """The first page of the same list."""
        return Place(kind=self.kind)

    def pack(self) -> str:
        """What a button carries: letters, digits and dots."""
        return ".".join([self.kind, self.way, *map(str, self.key)]) if self.way else self.kind


def parse_place(text: str) -> Place:
    """The page that a button leads to; the first one of what is open for whatever cannot be read."""
    found = _PLACE.fullmatch(text)
    if found is None:
        return Place()
    key = tuple(map(int, found["key"].split("."))) if found["key"] else ()
    # No calendar reaches further, and a database refuses it.
    return Place(kind=found["kind"], way=found["way"] or "", key=tuple(min(one, _LATEST) for one in key))


@dataclass(frozen=True, kw_only=True)
class Window:
    """One page of a list, and the places of the pages beside it; None where there are none."""

    rows: tuple[Listed, ...]
    newer: Place | None = None
    older: Place | None = None
