"""What hangs on an issue beside comments: remote links, attachments, entity properties."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.jira import render
from bot.sandbox.jira.api.issues import issue_of, needs
from bot.sandbox.jira.model import Attachment, Issue, RemoteLink
from bot.sandbox.jira.wire import Call, JiraRefusal, Reply, Route

GLOBAL_ID_LIMIT = 255
PROPERTY_LIMIT = 32_768


def put_remote_link(call: Call) -> Reply:
    """Create a remote link, or update the one with the same `globalId`."""
    issue = issue_of(call)
    needs(call, issue, "LINK_ISSUES", 403, "You do not have permission to link issues in this project.")
    body = call.mapping()
    target: Mapping[str, Any] = body.get("object") or {}
    errors = {word: f"'{word}' is required." for word in ("title", "url") if not target.get(word)}
    if target.get("url") and urlsplit(str(target["url"])).scheme not in ("http", "https"):
        errors["url"] = "The URL is not valid."
    if len(str(body.get("globalId") or "")) > GLOBAL_ID_LIMIT:
        errors["globalId"] = "The globalId may have at most 255 characters."
    if errors:
        raise JiraRefusal(400, errors=errors)
    known = _linked(issue, body.get("globalId"))
    link = RemoteLink(
        link_id=known.link_id if known else next(call.site.numbers),
        global_id=body.get("globalId"),
        relationship=str(body.get("relationship") or ""),
        target=dict(target),
        application=dict(body.get("application") or {}),
    )
    issue.links = [*(one for one in issue.links if one is not known), link]
    shown = {"id": link.link_id, "self": render.link(call, f"issue/{issue.key}/remotelink/{link.link_id}")}
    return Reply(status=200 if known else 201, body=shown)


def list_remote_links(call: Call) -> Reply:
    """All remote links; with `globalId` that one alone."""
    issue = issue_of(call)
    if "globalId" not in call.query:
        return Reply(body=[render.remote_link(call, issue.key, one) for one in issue.links])
    link = _linked(issue, call.first("globalId"))
    if link is None:
        raise JiraRefusal(404, "No remote link with this globalId.")
    return Reply(body=render.remote_link(call, issue.key, link))


def add_attachments(call: Call) -> Reply:
    """Files from a multipart body, each in a part named `file`."""
    issue = issue_of(call)
    if not call.site.takes_attachments:
        raise JiraRefusal(404, "Attachments are disabled.")
    needs(call, issue, "CREATE_ATTACHMENTS", 403, "You do not have permission to create attachments.")
    if not call.uploads:
        raise JiraRefusal(400, "No files were sent.")
    if any(len(one.content) > call.site.upload_limit for one in call.uploads):
        raise JiraRefusal(413, "The file is larger than the maximum attachment size.")
    now = call.site.clock()
    added = [
        Attachment(
            attachment_id=str(next(call.site.numbers)),
            filename=one.filename,
            content_type=one.content_type,
            content=one.content,
            author=call.account,
            created=now,
        )
        for one in call.uploads
    ]
    issue.attachments.extend(added)
    files = [("Attachment", None, (one.attachment_id, one.filename)) for one in added]
    call.site.changed(issue, call.account, files)
    return Reply(body=[render.attachment(call, one) for one in added])


def attachment_meta(call: Call) -> Reply:
    """Whether files can be attached, and how large each may be."""
    return Reply(body={"enabled": call.site.takes_attachments, "uploadLimit": call.site.upload_limit})


def check_property(key: str, value: Any) -> None:
    """Raise 400 for a value that cannot be kept as an entity property."""
    if value is None or len(key) > GLOBAL_ID_LIMIT or render.size_of(value) > PROPERTY_LIMIT:
        raise JiraRefusal(400, "The property is not valid JSON or is too long.")


def list_properties(call: Call) -> Reply:
    """The keys of an issue's entity properties."""
    issue = issue_of(call)
    keys = [{"self": _property_link(call, issue, key), "key": key} for key in issue.properties]
    return Reply(body={"keys": keys})


def get_property(call: Call) -> Reply:
    """One entity property."""
    issue = issue_of(call)
    key = call.path["property"]
    if key not in issue.properties:
        raise JiraRefusal(404, f"The property with key '{key}' does not exist.")
    return Reply(body={"key": key, "value": issue.properties[key]})


def set_property(call: Call) -> Reply:
    """Create or replace an entity property with any JSON."""
    issue = issue_of(call)
    key = call.path["property"]
    check_property(key, call.body)
    created = key not in issue.properties
    issue.properties[key] = call.body
    return Reply(status=201 if created else 200)


def _linked(issue: Issue, global_id: Any) -> RemoteLink | None:
    if not global_id:
        return None
    return next((one for one in issue.links if one.global_id == global_id), None)


def _property_link(call: Call, issue: Issue, key: str) -> str:
    return render.link(call, f"issue/{issue.key}/properties/{key}")


ROUTES = (
    Route(name="put_remote_link", method="POST", path="issue/{issue}/remotelink", run=put_remote_link),
    Route(name="list_remote_links", method="GET", path="issue/{issue}/remotelink", run=list_remote_links),
    Route(name="add_attachments", method="POST", path="issue/{issue}/attachments", run=add_attachments),
    Route(name="attachment_meta", method="GET", path="attachment/meta", run=attachment_meta),
    Route(name="list_properties", method="GET", path="issue/{issue}/properties", run=list_properties),
    Route(name="get_property", method="GET", path="issue/{issue}/properties/{property}", run=get_property),
    Route(name="set_property", method="PUT", path="issue/{issue}/properties/{property}", run=set_property),
)
