"""Issues and their parts as Jira writes them in JSON, by REST version and edition."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any, cast

from bot.sandbox.jira import adf, wiki
from bot.sandbox.jira.model import (
    Account,
    Attachment,
    Change,
    Comment,
    FieldSpec,
    Issue,
    IssueType,
    Project,
    RemoteLink,
    Status,
)
from bot.sandbox.jira.wire import Call

HISTORY_LIMIT = 100
CATEGORIES = {
    "new": (2, "To Do", "blue-gray"),
    "indeterminate": (4, "In Progress", "yellow"),
    "done": (3, "Done", "green"),
}


def link(call: Call, path: str) -> str:
    """The address of something under this REST version."""
    return f"{call.site.base_url}/rest/api/{call.version}/{path}"


def moment(value: datetime) -> str:
    """A point in time as Jira writes it, such as 2026-11-02T09:00:00.000+0000."""
    return value.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}" + value.strftime("%z")


def text(call: Call, body: Any) -> Any:
    """Rich text in the representation of this REST version."""
    if body is None:
        return None
    if call.version == "3":
        return adf.from_text(body) if isinstance(body, str) else body
    return body if isinstance(body, str) else adf.readable(body)


def plain(body: Any) -> str:
    """Rich text as a person reads it."""
    if body is None:
        return ""
    return wiki.readable(body) if isinstance(body, str) else adf.readable(body)


def user(call: Call, account: Account) -> dict[str, Any]:
    """A person: by account id on Cloud, by name and key on Data Center."""
    common: dict[str, Any] = {
        **({} if call.site.hides_addresses else {"emailAddress": account.email}),
        "displayName": account.display_name,
        "active": account.active,
        "timeZone": account.time_zone,
        "avatarUrls": {"48x48": f"{call.site.base_url}/secure/useravatar?ownerId={account.name}"},
    }
    if call.site.edition == "cloud":
        return {
            "self": link(call, f"user?accountId={account.account_id}"),
            "accountId": account.account_id,
            "accountType": "atlassian",
            **common,
        }
    return {
        "self": link(call, f"user?username={account.name}"),
        "name": account.name,
        "key": f"JIRAUSER{account.name.upper()}",
        **common,
    }


def status(call: Call, value: Status) -> dict[str, Any]:
    """A status with its category."""
    number, name, colour = CATEGORIES[value.category]
    return {
        "self": link(call, f"status/{value.status_id}"),
        "id": value.status_id,
        "name": value.name,
        "description": "",
        "statusCategory": {
            "self": link(call, f"statuscategory/{number}"),
            "id": number,
            "key": value.category,
            "name": name,
            "colorName": colour,
        },
    }


def issue_type(call: Call, value: IssueType) -> dict[str, Any]:
    """An issue type as the create metadata lists it."""
    return {
        "self": link(call, f"issuetype/{value.type_id}"),
        "id": value.type_id,
        "name": value.name,
        "description": value.description,
        "subtask": value.subtask,
        "iconUrl": f"{call.site.base_url}/images/icons/{value.type_id}.png",
    }


def project(call: Call, value: Project) -> dict[str, Any]:
    """A project in the short form of lists."""
    return {
        "self": link(call, f"project/{value.project_id}"),
        "id": value.project_id,
        "key": value.key,
        "name": value.name,
        "projectTypeKey": "software",
        "avatarUrls": {"48x48": f"{call.site.base_url}/secure/projectavatar?pid={value.project_id}"},
    }


def comment(call: Call, key: str, value: Comment) -> dict[str, Any]:
    """A comment of the issue with this key or id."""
    shown: dict[str, Any] = {
        "self": link(call, f"issue/{key}/comment/{value.comment_id}"),
        "id": value.comment_id,
        "author": user(call, value.author),
        "updateAuthor": user(call, value.author),
        "body": text(call, value.body),
        "created": moment(value.created),
        "updated": moment(value.updated),
    }
    if value.visibility:
        shown["visibility"] = value.visibility
    # On Data Center only comments in service projects tell whether customers see them.
    if call.site.edition == "cloud" or value.is_internal:
        shown["jsdPublic"] = not value.is_internal
    return shown


def remote_link(call: Call, key: str, value: RemoteLink) -> dict[str, Any]:
    """A remote link as it is listed."""
    shown: dict[str, Any] = {
        "id": value.link_id,
        "self": link(call, f"issue/{key}/remotelink/{value.link_id}"),
        "application": value.application,
        "object": value.target,
    }
    if value.global_id is not None:
        shown["globalId"] = value.global_id
    if value.relationship:
        shown["relationship"] = value.relationship
    return shown


def attachment(call: Call, value: Attachment) -> dict[str, Any]:
    """A file on an issue."""
    return {
        "self": link(call, f"attachment/{value.attachment_id}"),
        "id": value.attachment_id,
        "filename": value.filename,
        "author": user(call, value.author),
        "created": moment(value.created),
        "size": len(value.content),
        "mimeType": value.content_type,
        "content": link(call, f"attachment/content/{value.attachment_id}"),
    }


def issue_fields(call: Call, value: Issue) -> dict[str, Any]:
    """All fields of an issue."""
    specs = {spec.field_id: spec for spec in value.type.fields}
    return {
        "assignee": None,
        **{name: _shown(call, specs.get(name), one) for name, one in value.fields.items()},
        "summary": value.summary,
        "description": text(call, value.description),
        "labels": list(value.labels),
        "status": status(call, value.status),
        "issuetype": issue_type(call, value.type),
        "project": project(call, value.project),
        "reporter": user(call, value.reporter),
        "creator": user(call, value.reporter),
        "created": moment(value.created),
        "updated": moment(value.updated),
        "resolution": _named(call, "resolution", value.resolution),
        "resolutiondate": moment(value.resolved) if value.resolved else None,
        "security": _named(call, "securitylevel", value.security),
        "attachment": [attachment(call, one) for one in value.attachments],
        "comment": {
            "comments": [comment(call, value.issue_id, one) for one in value.comments],
            "maxResults": len(value.comments),
            "total": len(value.comments),
            "startAt": 0,
        },
    }


def _shown(call: Call, spec: FieldSpec | None, value: Any) -> Any:
    """A field's value as it is read: people whole, rich text in the form of the REST version."""
    if spec is None or value is None:
        return value
    if spec.kind == "user" or spec.items == "user":
        if isinstance(value, list):
            return [_person(call, one) for one in cast(list[Any], value)]
        return _person(call, value)
    rich = spec.field_id == "environment" or str(spec.custom).endswith(":textarea")
    return text(call, value) if rich else value


def _person(call: Call, named: Any) -> dict[str, Any] | None:
    found = call.site.person(named)
    return user(call, found) if found else None


def _named(call: Call, path: str, value: tuple[str, str] | None) -> dict[str, Any] | None:
    if value is None:
        return None
    number, name = value
    return {"self": link(call, f"{path}/{number}"), "id": number, "description": "", "name": name}


def changelog(call: Call, value: Issue) -> dict[str, Any]:
    """An issue's history: the newest hundred first on Cloud, everything and the oldest first on Data Center."""
    cloud = call.site.edition == "cloud"
    together: dict[str, list[Change]] = {}
    for one in value.history:
        together.setdefault(one.change_id, []).append(one)
    shown: list[dict[str, Any]] = [
        {
            "id": number,
            "author": user(call, ones[0].by),
            "created": moment(ones[0].at),
            "items": [change_item(call, one) for one in ones],
        }
        for number, ones in together.items()
    ]
    chosen = shown[::-1][:HISTORY_LIMIT] if cloud else shown
    return {"startAt": 0, "maxResults": len(chosen), "total": len(shown), "histories": chosen}


def change_item(call: Call, value: Change) -> dict[str, Any]:
    """One changed field in a changelog; Cloud alone tells the field's id."""
    cloud = {"fieldId": value.field_id} if call.site.edition == "cloud" else {}
    kind = "custom" if value.field_id.startswith("customfield_") else "jira"
    return {
        "field": value.field,
        "fieldtype": kind,
        **cloud,
        "from": value.before_id,
        "fromString": value.before or None,
        "to": value.after_id,
        "toString": value.after or None,
    }


def issue(call: Call, value: Issue, wanted: list[str], expand: Collection[str] = ()) -> dict[str, Any]:
    """An issue with the fields asked for; nothing asked for means all."""
    fields = issue_fields(call, value)
    names = set(wanted) or {"*all"}
    dropped = {name[1:] for name in names if name.startswith("-")}
    if not names & {"*all", "*navigable"} and names != {f"-{name}" for name in dropped}:
        fields = {name: one for name, one in fields.items() if name in names}
    shown: dict[str, Any] = {
        "expand": "renderedFields,names,schema,operations,editmeta,changelog",
        "id": value.issue_id,
        "self": link(call, f"issue/{value.issue_id}"),
        "key": value.key,
        "fields": {name: one for name, one in fields.items() if name not in dropped},
    }
    return shown | ({"changelog": changelog(call, value)} if "changelog" in expand else {})


def size_of(body: Any) -> int:
    """The length that Jira's limit for rich text counts."""
    return (
        len(body)
        if isinstance(body, str)
        else len(json.dumps(body, separators=(",", ":"), ensure_ascii=False))
    )
