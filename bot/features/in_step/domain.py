"""An issue and the threads that follow it: what Jira says of it, what is new in that, what is told. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol, TypeVar

from bot.core.threads import PlaceOfThread

DONE = "done"
# A comment is saved a moment after it was begun; only later changes are edits.
_SAME_MOMENT = timedelta(seconds=1)
# Issues that still change are asked about often, others once a day until they are forgotten.
STILL_WARM = timedelta(days=14)
FORGOTTEN = timedelta(days=90)
DAILY = timedelta(days=1)

_T = TypeVar("_T")


class State(Protocol):
    """An issue as Jira has it. `category` is `new`, `indeterminate` or `done`; people are display names."""

    @property
    def key(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def status_id(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def assignee(self) -> str | None: ...
    @property
    def resolution(self) -> str | None: ...
    @property
    def updated(self) -> datetime: ...
    @property
    def is_restricted(self) -> bool: ...


class Comment(Protocol):
    """A comment as Jira has it. `is_hidden`: not for everybody who may read the issue."""

    @property
    def id(self) -> str: ...
    @property
    def account(self) -> str: ...
    @property
    def author(self) -> str: ...
    @property
    def body(self) -> Any: ...
    @property
    def created(self) -> datetime: ...
    @property
    def updated(self) -> datetime: ...
    @property
    def is_hidden(self) -> bool: ...


@dataclass(frozen=True, kw_only=True)
class Issue:
    """An issue as it is known here. `status` is empty until Jira was looked at for the first time."""

    id: int
    issue_id: str
    issue_key: str
    summary: str
    status: str
    status_id: str
    category: str
    assignee: str | None
    resolution: str | None
    is_restricted: bool
    is_gone: bool
    changed_at: datetime | None
    comments_since: datetime | None
    comments_until: datetime | None
    looked_at: datetime | None
    created_at: datetime

    @property
    def is_known(self) -> bool:
        """Whether its state was seen at least once."""
        return self.status != ""

    @property
    def may_be_shown(self) -> bool:
        """Whether more than its key may be read in Slack; until Jira was asked nobody knows."""
        return self.is_known and not self.is_restricted


@dataclass(frozen=True, kw_only=True)
class KnownComment:
    """A comment as it is kept. `body` is empty while nobody may read it in Slack; `version` grows with each change."""

    id: int
    issue_row: int
    comment_id: str
    author: str
    body: Any
    created_at: datetime
    updated_at: datetime
    is_hidden: bool
    is_deleted: bool
    version: int

    @property
    def is_shown(self) -> bool:
        """Whether it may be read in Slack."""
        return not (self.is_hidden or self.is_deleted)

    @property
    def is_edited(self) -> bool:
        """Whether it reads differently than when it was written."""
        return self.updated_at - self.created_at > _SAME_MOMENT


@dataclass(frozen=True, kw_only=True)
class CommentPost:
    """Where a comment stands in Slack."""

    comment_row: int
    ticket_id: int
    side: PlaceOfThread
    channel: str
    ts: str
    version: int


@dataclass(frozen=True, kw_only=True)
class News:
    """What changed in an issue at once; None where nothing did. A status is (before, after)."""

    status: tuple[str, str] | None = None
    assignee: tuple[str | None, str | None] | None = None
    resolution: tuple[str | None, str | None] | None = None
    key: tuple[str, str] | None = None
    fate: Literal["done", "undone"] | None = None

    @property
    def is_told(self) -> bool:
        """Whether there is something to say about it."""
        return any((self.status, self.assignee, self.resolution, self.key))

    def to_json(self) -> dict[str, Any]:
        """The news as an outbox entry carries it."""
        pairs = {
            "status": self.status,
            "assignee": self.assignee,
            "resolution": self.resolution,
            "key": self.key,
        }
        return {name: list(pair) for name, pair in pairs.items() if pair is not None}


def news_from_json(stored: Mapping[str, Sequence[Any]]) -> News:
    """The news that were stored so."""

    def pair(name: str) -> tuple[Any, Any] | None:
        both = stored.get(name)
        return (both[0], both[1]) if both else None

    return News(
        status=pair("status"), assignee=pair("assignee"), resolution=pair("resolution"), key=pair("key")
    )


def news(before: Issue, now: State) -> News:
    """What is new since `before`, which was seen."""
    return News(
        status=_pair(before.status, now.status) if before.status_id != now.status_id else None,
        assignee=_pair(before.assignee, now.assignee),
        resolution=_pair(before.resolution, now.resolution),
        key=_pair(before.issue_key, now.key),
        fate=_fate(before.category, now.category),
    )


def first_news(before: Issue, now: State) -> News:
    """What the first look at an issue brings: nothing to tell, but one that we made may be done by then."""
    is_linked = before.comments_since is not None
    return News(key=_pair(before.issue_key, now.key), fate=None if is_linked else _fate("", now.category))


def _pair(before: _T, after: _T) -> tuple[_T, _T] | None:
    return None if before == after else (before, after)


def _fate(before: str, after: str) -> Literal["done", "undone"] | None:
    if (before == DONE) is (after == DONE):
        return None
    return "done" if after == DONE else "undone"


def differs(issue: Issue, now: State) -> bool:
    """Whether Jira says something else than is known."""
    return (issue.issue_key, issue.status_id, issue.assignee, issue.resolution, issue.is_restricted) != (
        now.key, now.status_id, now.assignee, now.resolution, now.is_restricted,
    )  # fmt: skip


def were_seen(issue: Issue, page: Sequence[Comment]) -> bool:
    """Whether a look has seen all comments older than this page, or nobody is told about them."""
    marks = [mark for mark in (issue.comments_since, issue.comments_until) if mark is not None]
    return bool(marks) and min(comment.created for comment in page) <= max(marks)


def is_before(issue: Issue, comment: Comment) -> bool:
    """Whether the comment was there before the thread followed the issue."""
    return issue.comments_since is not None and comment.created <= issue.comments_since
