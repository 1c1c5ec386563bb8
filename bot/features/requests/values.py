"""Values that queries bring and views show. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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
