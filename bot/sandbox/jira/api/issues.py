"""Issues: create, read, edit, delete, and their way through the workflow."""

from collections.abc import Mapping
from typing import Any, cast

from bot.sandbox.jira import fields, render, seed
from bot.sandbox.jira.model import Issue
from bot.sandbox.jira.wire import Call, JiraRefusal, Reply, Route

MISSING = "Issue does not exist or you do not have permission to see it."


def issue_of(call: Call) -> Issue:
    """The issue named in the path; 404 when it does not exist or is hidden from the account."""
    issue = call.site.find(call.path["issue"])
    if issue is None or not call.site.sees(call.account, issue.project):
        raise JiraRefusal(404, MISSING if call.site.edition == "cloud" else "Issue Does Not Exist")
    return issue


def create_issue(call: Call) -> Reply:
    """A new issue in the first status, reported by the account unless it says otherwise."""
    given: Mapping[str, Any] = call.mapping().get("fields") or {}
    project = fields.project_of(call, given)
    kind = fields.type_of(call, project, given)
    fields.check(call, project, kind, given, new=True)
    now = call.site.clock()
    issue = Issue(
        issue_id=str(next(call.site.numbers)),
        key=call.site.next_key(project),
        project=project,
        type=kind,
        summary="",
        description=None,
        labels=[],
        status=seed.TO_DO,
        reporter=call.account,
        created=now,
        updated=now,
        fields={spec.field_id: spec.default for spec in kind.fields if spec.default},
    )
    fields.set_fields(issue, given)
    properties = cast(list[Mapping[str, Any]], call.mapping().get("properties") or [])
    issue.properties.update({str(one["key"]): one["value"] for one in properties})
    call.site.stored[issue.key] = issue
    call.site.tell("jira:issue_created", issue, call.account, {"issue_event_type_name": "issue_created"})
    shown = {"id": issue.issue_id, "key": issue.key, "self": render.link(call, f"issue/{issue.issue_id}")}
    return Reply(status=201, body=shown)


def get_issue(call: Call) -> Reply:
    """An issue with the fields asked for."""
    return Reply(body=render.issue(call, issue_of(call), call.listed("fields")))


def edit_issue(call: Call) -> Reply:
    """Changed fields; `update` knows adding, setting and removing labels."""
    issue = issue_of(call)
    given: dict[str, Any] = dict(call.mapping().get("fields") or {})
    changes: Mapping[str, list[Mapping[str, Any]]] = call.mapping().get("update") or {}
    if set(given) & set(changes):
        raise JiraRefusal(400, "Field cannot appear in both 'fields' and 'update'.")
    for name, operations in changes.items():
        if name != "labels":
            raise JiraRefusal(400, errors={name: fields.NOT_ON_SCREEN.format(name)})
        given["labels"] = _labels_after(issue.labels, operations)
    fields.check(call, issue.project, issue.type, given, new=False)
    before = {name: fields.words_of(call, issue, name) for name in given}
    fields.set_fields(issue, given)
    issue.updated = call.site.clock()
    call.site.changed(issue, call.account, _changelog(call, issue, before))
    return Reply(status=204)


def delete_issue(call: Call) -> Reply:
    """The issue is gone; its key is never used again."""
    issue = issue_of(call)
    del call.site.stored[issue.key]
    call.site.tell("jira:issue_deleted", issue, call.account)
    return Reply(status=204)


def list_transitions(call: Call) -> Reply:
    """The moves that the workflow allows now."""
    issue_of(call)
    shown = [
        {
            "id": number,
            "name": status.name,
            "to": render.status(call, status),
            "hasScreen": False,
            "isGlobal": True,
            "isInitial": False,
            "isConditional": False,
        }
        for number, status in seed.TRANSITIONS.items()
    ]
    return Reply(body={"expand": "transitions", "transitions": shown})


def do_transition(call: Call) -> Reply:
    """Move the issue; 400 without a transition that exists."""
    issue = issue_of(call)
    wanted: Mapping[str, Any] = call.mapping().get("transition") or {}
    target = seed.TRANSITIONS.get(str(wanted.get("id", "")))
    if target is None:
        raise JiraRefusal(
            400, f"It seems that you have tried to perform a workflow operation ({wanted.get('id')})"
        )
    call.site.change_status(issue, target, call.account)
    return Reply(status=204)


def _changelog(call: Call, issue: Issue, before: Mapping[str, str]) -> list[dict[str, Any]]:
    """What differs now, as Jira writes it: the old and the new value in words."""
    after = {name: fields.words_of(call, issue, name) for name in before}
    return [
        {"field": name, "fieldtype": "jira", "fieldId": name, "fromString": old, "toString": after[name]}
        for name, old in before.items()
        if old != after[name]
    ]


def _labels_after(labels: list[str], operations: list[Mapping[str, Any]]) -> list[str]:
    after = list(labels)
    for operation in operations:
        if "set" in operation:
            after = list(operation["set"])
        elif "add" in operation and operation["add"] not in after:
            after.append(operation["add"])
        elif "remove" in operation:
            after = [label for label in after if label != operation["remove"]]
    return after


ROUTES = (
    Route(name="create_issue", method="POST", path="issue", run=create_issue),
    Route(name="get_issue", method="GET", path="issue/{issue}", run=get_issue),
    Route(name="edit_issue", method="PUT", path="issue/{issue}", run=edit_issue),
    Route(name="delete_issue", method="DELETE", path="issue/{issue}", run=delete_issue),
    Route(name="list_transitions", method="GET", path="issue/{issue}/transitions", run=list_transitions),
    Route(name="do_transition", method="POST", path="issue/{issue}/transitions", run=do_transition),
)
