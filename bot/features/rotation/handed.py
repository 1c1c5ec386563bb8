"""What is handed on with duty, and to whom: values. What is open the requests fill in, by way of the composition root."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from bot.teams.domain import Team

Kind = Literal["unclaimed", "in_progress", "waiting", "snoozed"]


@dataclass(frozen=True, kw_only=True)
class Work:
    """An open request. `due`: by when somebody should have taken it; `card`: its card's channel and ts."""

    number: int
    summary: str
    kind: Kind
    priority: str
    requester: str
    assignee: str | None = None
    due: datetime | None = None
    snoozed_until: datetime | None = None
    issue: str | None = None
    issue_url: str | None = None
    issue_status: str | None = None
    card: tuple[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class OpenWork:
    """What is open in a team: how much of each kind, and the first of it, the most urgent first."""

    counts: Mapping[Kind, int]
    first: Sequence[Work]


@dataclass(frozen=True, kw_only=True)
class Handoff:
    """Duty passed from `previous` to `person` ("" for nobody), by the plan until `until`."""

    id: int
    team_id: int
    number: int
    person: str
    at: datetime
    until: datetime | None
    previous: str
    accepted_at: datetime | None
    pack_channel: str | None
    pack_ts: str | None


@dataclass(frozen=True, kw_only=True)
class Note:
    """What somebody on duty left for the next."""

    author: str
    text: str
    at: datetime


# What is open for this team now.
FindWork = Callable[[Connection, Team, datetime], OpenWork]
# How many requests each person has resolved for this team since then.
CountHandled = Callable[[Connection, int, datetime], Mapping[str, int]]
# How many of this team's open requests each person has.
CountOpen = Callable[[Connection, int], Mapping[str, int]]


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """What this slice asks of a team's requests."""

    find_work: FindWork
    handled: CountHandled
    count_open: CountOpen
