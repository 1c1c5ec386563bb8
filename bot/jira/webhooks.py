"""What Jira reports by itself: is it signed, and what does it say. Pure; both editions' shapes.

A shape that nobody promised gives None instead of an error: what is missed, the catch-up finds.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.jira import comments, reading, shapes
from bot.jira.reading import Unreadable
from bot.jira.shapes import CommentNow

_ISSUE_IN_ADDRESS = re.compile(r"/issue/([0-9]{1,19})/comment/")
_ISSUE_EVENTS = frozenset({"jira:issue_created", "jira:issue_updated"})
_COMMENT_EVENTS = frozenset({"comment_created", "comment_updated"})


@dataclass(frozen=True, kw_only=True)
class IssueTold:
    """An issue as an event tells it: None where it is silent.

    Nobody and nothing are values too: `assignee` and `resolution` count only where `tells_assignee` and
    `tells_resolution` are set.
    """

    id: str
    key: str
    summary: str | None = None
    status: str | None = None
    status_id: str | None = None
    category: str | None = None
    assignee: str | None = None
    tells_assignee: bool = False
    resolution: str | None = None
    tells_resolution: bool = False
    updated: datetime | None = None
    is_restricted: bool | None = None
    moved_by: str = ""


@dataclass(frozen=True, kw_only=True)
class IssueChanged:
    """Something about an issue changed, or it is new; `account` and `who` did it, "" when not told."""

    issue: IssueTold
    who: str = ""
    account: str = ""


@dataclass(frozen=True, kw_only=True)
class IssueGone:
    """An issue was deleted."""

    issue_id: str
    issue_key: str


@dataclass(frozen=True, kw_only=True)
class CommentChanged:
    """A comment was written or changed.

    `issue_key` and `issue` are empty where the event names only the issue's id. A service desk on Data Center
    does not always tell here that a comment is internal: `Comments.get` knows.
    """

    issue_id: str
    issue_key: str
    comment: CommentNow
    issue: IssueTold | None = None
    who: str = ""
    account: str = ""


@dataclass(frozen=True, kw_only=True)
class CommentGone:
    """A comment was deleted."""

    issue_id: str
    issue_key: str
    comment_id: str


Event = IssueChanged | IssueGone | CommentChanged | CommentGone


def signature_is_right(secret: str, header: str, raw: bytes) -> bool:
    """Whether `X-Hub-Signature` was made over exactly these bytes with this secret, which must not be empty."""
    digest = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    given = header.encode("utf-8", "surrogatepass")
    return hmac.compare_digest(f"sha256={digest}".encode(), given) and bool(secret)


def read_event(body: object) -> Event | None:
    """What an event says; None where it is about something else or unreadable."""
    try:
        return _event(reading.mapping(body))
    except Unreadable:
        return None


def _event(body: Mapping[str, Any]) -> Event | None:
    name = reading.words(body, "webhookEvent")
    if name == "jira:issue_deleted":
        ref = shapes.read_issue_ref(body.get("issue"))
        return IssueGone(issue_id=_numbered(ref.id), issue_key=ref.key)
    comment = reading.inner(body, "comment")
    if name in _ISSUE_EVENTS:
        return _comment_changed(body, comment) if comment else _issue_changed(body)
    if name in _COMMENT_EVENTS:
        return _comment_changed(body, comment)
    if name == "comment_deleted":
        issue_id, key = _issue_of(body, comment)
        return CommentGone(issue_id=issue_id, issue_key=key, comment_id=_comment_id(comment))
    return None


def _issue_changed(body: Mapping[str, Any]) -> IssueChanged:
    who, account = _who(body)
    return IssueChanged(issue=_told(body), who=who, account=account)


def _comment_changed(body: Mapping[str, Any], comment: Mapping[str, Any]) -> CommentChanged:
    """Data Center also tells of a comment by an update of its issue, which may have changed as well."""
    issue_id, key = _issue_of(body, comment)
    _comment_id(comment)
    who, account = _who(body)
    return CommentChanged(
        issue_id=issue_id,
        issue_key=key,
        comment=comments.read(comment),
        issue=_told(body) if key else None,
        who=who,
        account=account,
    )


def _issue_of(body: Mapping[str, Any], comment: Mapping[str, Any]) -> tuple[str, str]:
    """Id and key; of an event without an issue the id that is in the comment's address."""
    if reading.inner(body, "issue"):
        ref = shapes.read_issue_ref(body["issue"])
        return _numbered(ref.id), ref.key
    found = _ISSUE_IN_ADDRESS.search(reading.words(comment, "self") or "")
    if found is None:
        raise Unreadable("no issue")
    return found.group(1), ""


def _comment_id(comment: Mapping[str, Any]) -> str:
    return _numbered(reading.word(comment, "id"))


def _numbered(text: str) -> str:
    if not shapes.is_number(text):
        raise Unreadable("no id")
    return text


def _who(body: Mapping[str, Any]) -> tuple[str, str]:
    """The actor: of the event, else of its comment."""
    comment = reading.inner(body, "comment")
    user = (
        reading.inner(body, "user")
        or reading.inner(comment, "updateAuthor")
        or reading.inner(comment, "author")
    )
    return reading.person_name(user) or "", reading.account(user)


def _told(body: Mapping[str, Any]) -> IssueTold:
    given = reading.mapping(body.get("issue"))
    ref, fields = shapes.read_issue_ref(given), reading.inner(given, "fields")
    status = reading.inner(fields, "status")
    return IssueTold(
        id=_numbered(ref.id),
        key=ref.key,
        summary=reading.words(fields, "summary"),
        status=reading.words(status, "name"),
        status_id=reading.words(status, "id"),
        category=reading.words(reading.inner(status, "statusCategory"), "key"),
        assignee=reading.person_name(reading.inner(fields, "assignee")),
        tells_assignee="assignee" in fields,
        resolution=reading.words(reading.inner(fields, "resolution"), "name"),
        tells_resolution="resolution" in fields,
        updated=_updated(fields),
        is_restricted=bool(fields["security"]) if "security" in fields else None,
        moved_by=_who(body)[0] if _moves(body) else "",
    )


def _updated(fields: Mapping[str, Any]) -> datetime | None:
    try:
        return reading.moment(fields.get("updated"))
    except Unreadable:
        return None


def _moves(body: Mapping[str, Any]) -> bool:
    items = reading.objects(reading.inner(body, "changelog").get("items"))
    return any(item.get("field") == "status" for item in items)
