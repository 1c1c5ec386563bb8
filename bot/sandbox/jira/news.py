"""The events that a site tells its webhooks, in the shape of its edition. Bodies are written in REST v2.

Cloud tells of a comment once, with the short form of its issue. Data Center tells twice: as a change of the issue, and
as a comment which, in most versions, does not name its issue.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bot.sandbox.jira import render
from bot.sandbox.jira.model import Account, Change, Comment, Issue
from bot.sandbox.jira.wire import Call

if TYPE_CHECKING:
    from bot.sandbox.jira.site import JiraSite

Event = tuple[str, dict[str, Any]]
SHORT = ["summary", "issuetype", "project", "assignee", "priority", "status"]
COMMENT_KINDS = {
    "comment_created": "issue_commented",
    "comment_updated": "issue_comment_edited",
    "comment_deleted": "issue_comment_deleted",
}


def seen_by(site: "JiraSite", account: Account) -> Call:
    """A call that asks nothing, for whatever is rendered outside of one."""
    return Call(site=site, version="2", account=account, path={}, query={}, body=None)


def of_issue(
    site: "JiraSite", event: str, issue: Issue, by: Account, *, kind: str = "", changes: Sequence[Change] = ()
) -> Event:
    """An issue was made, changed or deleted."""
    call = seen_by(site, by)
    extra: dict[str, Any] = {"issue_event_type_name": kind} if kind else {}
    if changes:
        items = [render.change_item(call, one) for one in changes]
        extra["changelog"] = {"id": changes[0].change_id, "items": items}
    return event, _stamped(site, event) | {
        "user": render.user(call, by),
        "issue": render.issue(call, issue, _told(site)),
        **extra,
    }


def of_comment(site: "JiraSite", event: str, issue: Issue, comment: Comment, by: Account) -> Iterator[Event]:
    """A comment was made, changed or deleted."""
    call = seen_by(site, by)
    told = {"comment": render.comment(call, issue.issue_id, comment)}
    if site.edition == "cloud":
        short = render.issue(call, issue, SHORT)
        yield event, _stamped(site, event) | told | {"issue": short, "eventType": "primaryAction"}
        return
    name, payload = of_issue(site, "jira:issue_updated", issue, by, kind=COMMENT_KINDS[event])
    yield name, payload | told
    named: Mapping[str, Any] = {} if site.comments_come_bare else {"issue": render.issue(call, issue, SHORT)}
    yield event, _stamped(site, event) | told | dict(named)


def _stamped(site: "JiraSite", event: str) -> dict[str, Any]:
    return {"timestamp": int(site.clock().timestamp() * 1000), "webhookEvent": event}


def _told(site: "JiraSite") -> list[str]:
    """Cloud leaves the comments out of an issue that it tells of."""
    return ["*all", "-comment"] if site.edition == "cloud" else ["*all"]
