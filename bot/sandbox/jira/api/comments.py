"""Comments on issues."""

from collections.abc import Mapping
from typing import Any, cast

from bot.sandbox.jira import fields, render
from bot.sandbox.jira.api.issues import issue_of
from bot.sandbox.jira.model import Comment
from bot.sandbox.jira.wire import Call, JiraRefusal, Reply, Route, page


def add_comment(call: Call) -> Reply:
    """A new comment; 400 for an empty one or a body of the wrong kind."""
    issue = issue_of(call)
    body = call.mapping().get("body")
    refused = complaint(call, body)
    if refused:
        raise JiraRefusal(400, errors={"comment": refused})
    properties = cast(list[Mapping[str, Any]], call.mapping().get("properties") or [])
    now = call.site.clock()
    comment = Comment(
        comment_id=str(next(call.site.numbers)),
        author=call.account,
        body=body,
        created=now,
        updated=now,
        properties={str(one["key"]): one["value"] for one in properties},
        visibility=call.mapping().get("visibility"),
    )
    call.site.add_comment(issue, comment)
    return Reply(status=201, body=render.comment(call, issue.issue_id, comment))


def complaint(call: Call, body: Any) -> str | None:
    """Why this cannot be a comment's body; None when it can."""
    return fields.rich_text(call, body) or ("Comment body can not be empty!" if not body else None)


def list_comments(call: Call) -> Reply:
    """The comments of an issue, oldest first unless `orderBy=-created`."""
    issue = issue_of(call)
    ordered = issue.comments[::-1] if call.first("orderBy") == "-created" else issue.comments
    shown = [_with_properties(call, issue.issue_id, one) for one in ordered]
    return Reply(body=page(call, shown, "comments", limit=5000))


def get_comment(call: Call) -> Reply:
    """One comment."""
    issue = issue_of(call)
    for one in issue.comments:
        if one.comment_id == call.path["comment"]:
            return Reply(body=_with_properties(call, issue.issue_id, one))
    raise JiraRefusal(404, f"Can not find a comment for the id: {call.path['comment']}.")


def _with_properties(call: Call, key: str, comment: Comment) -> dict[str, Any]:
    shown = render.comment(call, key, comment)
    if "properties" in call.listed("expand"):
        shown["properties"] = [{"key": name, "value": value} for name, value in comment.properties.items()]
    return shown


ROUTES = (
    Route(name="add_comment", method="POST", path="issue/{issue}/comment", run=add_comment),
    Route(name="list_comments", method="GET", path="issue/{issue}/comment", run=list_comments),
    Route(name="get_comment", method="GET", path="issue/{issue}/comment/{comment}", run=get_comment),
)
