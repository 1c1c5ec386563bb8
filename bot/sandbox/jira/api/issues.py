"""Issues: create, read, edit, delete, and their way through the workflow."""

from collections.abc import Mapping
from typing import Any, cast

from bot.sandbox.jira import fields, metadata, render, seed
from bot.sandbox.jira.model import Issue
from bot.sandbox.jira.wire import Call, JiraRefusal, Reply, Route

MISSING = "Issue does not exist or you do not have permission to see it."


def issue_of(call: Call) -> Issue:
    """The issue named in the path; 404 when it does not exist or is hidden from the account."""
    issue = call.site.find(call.path["issue"])
    if issue is None or not call.site.shows(call.account, issue):
        raise JiraRefusal(404, MISSING if call.site.edition == "cloud" else "Issue Does Not Exist")
    return issue


def needs(call: Call, issue: Issue, permission: str, status: int, words: str) -> None:
    """Refuse with this status and words an account without the permission in the issue's project."""
    if not call.site.permits(call.account, issue.project, permission):
        raise JiraRefusal(status, words)


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
    fields.set_fields(call, issue, given)
    properties = cast(list[Mapping[str, Any]], call.mapping().get("properties") or [])
    issue.properties.update({str(one["key"]): one["value"] for one in properties})
    call.site.stored[issue.key] = issue
    call.site.tell("jira:issue_created", issue, call.account, "issue_created")
    shown = {"id": issue.issue_id, "key": issue.key, "self": render.link(call, f"issue/{issue.issue_id}")}
    return Reply(status=201, body=shown)


def get_issue(call: Call) -> Reply:
    """An issue with the fields asked for."""
    return Reply(body=render.issue(call, issue_of(call), call.listed("fields"), call.listed("expand")))


def edit_issue(call: Call) -> Reply:
    """Changed fields; `update` knows adding, setting and removing labels."""
    issue = issue_of(call)
    needs(call, issue, "EDIT_ISSUES", 403, "You do not have permission to edit issues in this project.")
    given: dict[str, Any] = dict(call.mapping().get("fields") or {})
    changes: Mapping[str, list[Mapping[str, Any]]] = call.mapping().get("update") or {}
    if set(given) & set(changes):
        raise JiraRefusal(400, "Field cannot appear in both 'fields' and 'update'.")
    for name, operations in changes.items():
        if name != "labels":
            raise JiraRefusal(400, errors={name: fields.NOT_ON_SCREEN.format(name)})
        given["labels"] = _labels_after(issue.labels, operations)
    fields.check(call, issue.project, issue.type, given, new=False)
    before = {name: fields.known(call, issue, name) for name in given}
    fields.set_fields(call, issue, given)
    after = {name: fields.known(call, issue, name) for name in given}
    changed = [(name, old, after[name]) for name, old in before.items() if old != after[name]]
    kind = "issue_assigned" if {name for name, _, _ in changed} == {"assignee"} else "issue_updated"
    call.site.changed(issue, call.account, changed, kind)
    return Reply(status=204)


def delete_issue(call: Call) -> Reply:
    """The issue is gone; its key is never used again."""
    issue = issue_of(call)
    del call.site.stored[issue.key]
    call.site.tell("jira:issue_deleted", issue, call.account)
    return Reply(status=204)


def list_transitions(call: Call) -> Reply:
    """The moves that the workflow allows now; their screens' fields when `expand` asks for them."""
    issue = issue_of(call)
    allowed = call.site.permits(call.account, issue.project, "TRANSITION_ISSUES")
    asked = "transitions.fields" in call.listed("expand")
    shown = [_transition(call, issue, number, asked) for number in seed.TRANSITIONS if allowed]
    return Reply(body={"expand": "transitions", "transitions": shown})


def _transition(call: Call, issue: Issue, number: str, with_fields: bool) -> dict[str, Any]:
    screen = call.site.screens.get(number, ())
    shown: dict[str, Any] = {
        "id": number,
        "name": seed.TRANSITIONS[number].name,
        "to": render.status(call, seed.TRANSITIONS[number]),
    }
    if call.site.edition == "cloud":
        shown |= {
            "hasScreen": bool(screen),
            "isGlobal": True,
            "isInitial": False,
            "isAvailable": True,
            "isConditional": False,
            "looped": False,
        }
    if with_fields:
        shown["fields"] = {one.field_id: metadata.field(call, one, issue.project) for one in screen}
    return shown


def do_transition(call: Call) -> Reply:
    """Move the issue; 400 without a transition that exists, or with fields that its screen has not."""
    issue = issue_of(call)
    wanted: Mapping[str, Any] = call.mapping().get("transition") or {}
    target = seed.TRANSITIONS.get(str(wanted.get("id", "")))
    if target is None or not call.site.permits(call.account, issue.project, "TRANSITION_ISSUES"):
        words = f"It seems that you have tried to perform a workflow operation ({wanted.get('id')})"
        raise JiraRefusal(400, f"{words} that is not valid for the current state of this issue.")
    given: dict[str, Any] = dict(call.mapping().get("fields") or {})
    screen = call.site.screens.get(str(wanted.get("id")), ())
    fields.check_specs(call, issue.project, screen, given, new=True)
    chosen = fields.resolution_of(screen, given.pop("resolution", None))
    fields.set_fields(call, issue, given, screen)
    call.site.change_status(issue, target, call.account, chosen)
    return Reply(status=204)


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
