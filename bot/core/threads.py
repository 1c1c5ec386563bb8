"""Threads in Slack and the request they belong to: values that slices hand to each other."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# People may have set these around the two strokes; the message still begins with them on the screen.
_BEFORE_STROKES = " \t\n\u00a0*_~"

Side = Literal["card", "asker"]
PlaceOfThread = Literal["card", "asker", "thread"]


def is_aside(text: str) -> bool:
    """Whether a message in the card's thread begins with `//` and stays in the team."""
    return text.lstrip(_BEFORE_STROKES).startswith("//")


@dataclass(frozen=True, kw_only=True)
class ThreadRef:
    """A thread: its channel and the `ts` of its first message."""

    channel: str
    thread_ts: str


@dataclass(frozen=True, kw_only=True)
class RequestThread:
    """What is known of a thread that belongs to a request.

    `side` is the side asked about; `card` and `asker` are where the two threads are (None: not posted yet).
    `private`: the asker's thread is in a private channel or a direct message.
    """

    request_id: int
    number: int
    team_id: int
    side: Side
    requester: str
    filed_by: str
    private: bool
    card: ThreadRef | None
    asker: ThreadRef | None

    @property
    def other(self) -> ThreadRef | None:
        """The counterpart of the side asked about."""
        return self.asker if self.side == "card" else self.card


@dataclass(frozen=True, kw_only=True)
class RequestFacts:
    """What another slice may need of a request."""

    request_id: int
    number: int
    team_id: int
    summary: str
    details: str
    type_label: str
    priority_label: str
    asking_as_label: str
    component: str | None
    requester: str
    filed_by: str
    assignee: str | None
    is_open: bool
    private: bool
    created_at: datetime
    card: ThreadRef | None
    asker: ThreadRef | None


@dataclass(frozen=True, kw_only=True)
class IssueThreads:
    """The threads that one ticket makes follow an issue: both of a request, or one of no request's.

    `issue_id`, `key` and `url` are None until Jira has the issue. `private`: not everybody in the workspace can
    read where it began. Only threads that are there and that the bot can be in are named. Of what is said in them
    everything up to `told_until` (Slack's `ts`) is in the issue's transcript. `is_open`: the request still is; None
    where there is no request.
    """

    ticket_id: int
    issue_id: str | None
    key: str | None
    url: str | None
    request_id: int | None
    number: int | None
    team_id: int | None
    private: bool
    asked_by: str
    threads: tuple[tuple[PlaceOfThread, ThreadRef], ...]
    told_until: str | None = None
    is_open: bool | None = None
