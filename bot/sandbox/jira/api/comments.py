"""Comments on issues."""

from collections.abc import Mapping
from typing import Any, cast

from bot.sandbox.jira import render, values
from bot.sandbox.jira.api.issues import issue_of, needs
from bot.sandbox.jira.api.parts import check_property
from bot.sandbox.jira.model import Comment, Issue
from bot.sandbox.jira.wire import Call, JiraRefusal, Reply, Route, page

CLOUD_PAGE = 100
DATA_CENTER_PAGE = 5000


def add_comment(call: Call) -> Reply:
    """A new comment; 400 for an empty one or a body of the wrong kind."""
    issue = issue_of(call)
    needs(call, issue, "ADD_COMMENTS", 400, "you do not have the permission to comment on this issue.")
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
    return values.rich_text(call, body) or ("Comment body can not be empty!" if not body else None)


def list_comments(call: Call) -> Reply:
    """The comments of an issue, oldest first unless `orderBy=-created`."""
    issue = issue_of(call)
    order = call.first("orderBy", "created").strip()
    if order not in ("created", "+created", "-created"):
        raise JiraRefusal(400, f"Cannot order comments by '{order}'.")
    ordered = issue.comments[::-1] if order == "-created" else issue.comments
    shown = [_with_properties(call, issue.issue_id, one) for one in ordered]
    limit = CLOUD_PAGE if call.site.edition == "cloud" else DATA_CENTER_PAGE
    return Reply(body=page(call, shown, "comments", limit=limit))


def get_comment(call: Call) -> Reply:
    """One comment."""
    issue = issue_of(call)
    return Reply(body=_with_properties(call, issue.issue_id, _comment_in(call, issue)))


def change_comment(call: Call) -> Reply:
    """Another body for one's own comment."""
    issue = issue_of(call)
    comment = _comment_in(call, issue)
    if comment.author.account_id != call.account.account_id:
        raise JiraRefusal(400, "You do not have the permission to edit this comment.")
    body = call.mapping().get("body")
    refused = complaint(call, body)
    if refused:
        raise JiraRefusal(400, errors={"comment": refused})
    call.site.rewords(issue, comment, body)
    return Reply(body=render.comment(call, issue.issue_id, comment))


def remove_comment(call: Call) -> Reply:
    """One's own comment is gone; 404 when it is already."""
    issue = issue_of(call)
    comment = _comment_in(call, issue)
    if comment.author.account_id != call.account.account_id and not call.account.is_admin:
        raise JiraRefusal(400, "You do not have permission to delete this comment.")
    call.site.takes_away(issue, comment, by=call.account)
    return Reply(status=204)


def list_comment_properties(call: Call) -> Reply:
    """The keys of a comment's entity properties."""
    comment = _comment_anywhere(call)
    path = f"comment/{comment.comment_id}/properties"
    keys = [{"self": render.link(call, f"{path}/{key}"), "key": key} for key in comment.properties]
    return Reply(body={"keys": keys})


def get_comment_property(call: Call) -> Reply:
    """One entity property of a comment."""
    comment, key = _comment_anywhere(call), call.path["property"]
    if key not in comment.properties:
        raise JiraRefusal(404, f"The property with key '{key}' does not exist.")
    return Reply(body={"key": key, "value": comment.properties[key]})


def set_comment_property(call: Call) -> Reply:
    """Create or replace an entity property of a comment with any JSON."""
    comment, key = _comment_anywhere(call), call.path["property"]
    check_property(key, call.body)
    created = key not in comment.properties
    comment.properties[key] = call.body
    return Reply(status=201 if created else 200)


def _comment_in(call: Call, issue: Issue) -> Comment:
    for one in issue.comments:
        if one.comment_id == call.path["comment"]:
            return one
    raise JiraRefusal(404, f"Can not find a comment for the id: {call.path['comment']}.")


def _comment_anywhere(call: Call) -> Comment:
    found = call.site.comment_of(call.path["comment"])
    if found is None or not call.site.shows(call.account, found[0]):
        raise JiraRefusal(404, f"Can not find a comment for the id: {call.path['comment']}.")
    return found[1]


def _with_properties(call: Call, key: str, comment: Comment) -> dict[str, Any]:
    shown = render.comment(call, key, comment)
    if "properties" in call.listed("expand"):
        shown["properties"] = [{"key": name, "value": value} for name, value in comment.properties.items()]
    return shown


ROUTES = (
    Route(name="add_comment", method="POST", path="issue/{issue}/comment", run=add_comment),
    Route(name="list_comments", method="GET", path="issue/{issue}/comment", run=list_comments),
    Route(name="get_comment", method="GET", path="issue/{issue}/comment/{comment}", run=get_comment),
    Route(name="change_comment", method="PUT", path="issue/{issue}/comment/{comment}", run=change_comment),
    Route(name="remove_comment", method="DELETE", path="issue/{issue}/comment/{comment}", run=remove_comment),
    Route(
        name="list_comment_properties",
        method="GET",
        path="comment/{comment}/properties",
        run=list_comment_properties,
    ),
    Route(
        name="get_comment_property",
        method="GET",
        path="comment/{comment}/properties/{property}",
        run=get_comment_property,
    ),
    Route(
        name="set_comment_property",
        method="PUT",
        path="comment/{comment}/properties/{property}",
        run=set_comment_property,
    ),
)
