"""What can be created where: projects, issue types, fields, priorities, labels."""

import json
import re
from html import escape
from typing import Any

from bot.sandbox.jira import jql, metadata, render, seed
from bot.sandbox.jira.fields import on_screen
from bot.sandbox.jira.model import IssueType, Project
from bot.sandbox.jira.wire import Call, JiraRefusal, Reply, Route, page

SUGGESTIONS = 15


def project_list(call: Call) -> Reply:
    """All projects that the account sees."""
    return Reply(body=[render.project(call, one) for one in _visible(call)])


def project_search(call: Call) -> Reply:
    """A page of projects, by a part of name or key."""
    text = call.first("query").lower()
    found = [one for one in _visible(call) if text in one.name.lower() or text in one.key.lower()]
    wanted = call.first("action")
    if wanted == "create":
        found = [one for one in found if call.site.creates(call.account, one)]
    shown = page(call, [render.project(call, one) for one in found], "values")
    shown["isLast"] = shown["startAt"] + len(shown["values"]) >= shown["total"]
    return Reply(body={"self": render.link(call, "project/search"), **shown})


def project_get(call: Call) -> Reply:
    """One project with its issue types and components."""
    project = visible_project(call, call.path["project"])
    shown = render.project(call, project) | {
        "issueTypes": [render.issue_type(call, one) for one in project.types],
        "components": [{"id": str(10200 + i), "name": name} for i, name in enumerate(project.components)],
    }
    return Reply(body=shown)


def createmeta_types(call: Call) -> Reply:
    """The issue types that can be created in a project, a page at a time."""
    project = _creatable(call)
    types = [render.issue_type(call, one) for one in project.types]
    return Reply(body=_meta_page(call, types, "issueTypes"))


def createmeta_fields(call: Call) -> Reply:
    """The fields of a type's create screen, a page at a time."""
    project = _creatable(call)
    kind = _type(project, call.path["type"])
    specs = on_screen(call, project, kind.fields)
    fields = [metadata.field(call, spec, project) for spec in specs]
    return Reply(body=_meta_page(call, fields, "fields"))


def field_list(call: Call) -> Reply:
    """Every field of the site."""
    specs = {
        spec.field_id: spec
        for one in call.site.projects.values()
        for kind in one.types
        for spec in kind.fields
    }
    shown: list[dict[str, Any]] = [
        {
            "id": spec.field_id,
            "key": spec.field_id,
            "name": spec.name,
            "custom": spec.custom is not None,
            "orderable": True,
            "navigable": True,
            "searchable": True,
            "clauseNames": [spec.field_id],
            "schema": {"type": spec.kind},
        }
        for spec in specs.values()
    ]
    return Reply(body=shown)


def priority_list(call: Call) -> Reply:
    """The priorities, highest first."""
    shown = [
        {
            "self": render.link(call, f"priority/{number}"),
            "id": number,
            "name": name,
            "statusColor": "#f15C75",
            "description": name,
            "iconUrl": f"{call.site.base_url}/images/icons/priorities/{name.lower()}.svg",
        }
        for number, name in seed.PRIORITIES
    ]
    return Reply(body=shown)


def label_list(call: Call) -> Reply:
    """All labels in use, in alphabetical order."""
    labels = sorted({label for issue in call.site.stored.values() for label in issue.labels})
    shown = page(call, labels, "values", limit=1000)
    return Reply(body=shown | {"isLast": shown["startAt"] + len(shown["values"]) >= shown["total"]})


def suggestions(call: Call) -> Reply:
    """What could be written after a field in JQL; simulated for labels."""
    if call.first("fieldName").lower() != "labels":
        raise JiraRefusal(400, f"Suggestions for '{call.first('fieldName')}' are not simulated.")
    typed = call.first("fieldValue").lower()
    known = {label for one in call.site.stored.values() for label in one.labels}
    found = sorted(label for label in known if label.lower().startswith(typed))[:SUGGESTIONS]
    shown = [{"value": _as_jql(one), "displayName": _marked(one, len(typed))} for one in found]
    return Reply(body={"results": shown})


def _as_jql(label: str) -> str:
    plain = re.fullmatch(r"[\w.-]+", label) and label.lower() not in jql.WORDS
    return label if plain else json.dumps(label, ensure_ascii=False)


def _marked(label: str, length: int) -> str:
    """The part that was typed is bold, as HTML."""
    if not length:
        return escape(label)
    return f"<b>{escape(label[:length])}</b>{escape(label[length:])}"


def visible_project(call: Call, key_or_id: str) -> Project:
    """A project by key or id; 404 when it does not exist or is hidden from the account."""
    for one in _visible(call):
        if key_or_id.upper() == one.key or key_or_id == one.project_id:
            return one
    raise JiraRefusal(404, f"No project could be found with key '{key_or_id}'.")


def _visible(call: Call) -> list[Project]:
    return [one for one in call.site.projects.values() if call.site.sees(call.account, one)]


def _creatable(call: Call) -> Project:
    project = visible_project(call, call.path["project"])
    if not call.site.creates(call.account, project):
        raise JiraRefusal(403, "You do not have permission to create issues in this project.")
    return project


def _type(project: Project, type_id: str) -> IssueType:
    for one in project.types:
        if one.type_id == type_id:
            return one
    raise JiraRefusal(404, f"Issue type with ID {type_id} does not exist.")


def _meta_page(call: Call, items: list[dict[str, Any]], cloud_key: str) -> dict[str, Any]:
    if call.site.edition == "cloud":
        return page(call, items, cloud_key)
    shown = page(call, items, "values")
    return shown | {"isLast": shown["startAt"] + len(shown["values"]) >= shown["total"]}


ROUTES = (
    Route(
        name="project_search", method="GET", path="project/search", run=project_search, editions=("cloud",)
    ),
    Route(name="project_list", method="GET", path="project", run=project_list),
    Route(name="project_get", method="GET", path="project/{project}", run=project_get),
    Route(
        name="createmeta_types",
        method="GET",
        path="issue/createmeta/{project}/issuetypes",
        run=createmeta_types,
    ),
    Route(
        name="createmeta_fields",
        method="GET",
        path="issue/createmeta/{project}/issuetypes/{type}",
        run=createmeta_fields,
    ),
    Route(name="field_list", method="GET", path="field", run=field_list),
    Route(name="priority_list", method="GET", path="priority", run=priority_list),
    Route(name="suggestions", method="GET", path="jql/autocompletedata/suggestions", run=suggestions),
    Route(name="label_list", method="GET", path="label", run=label_list, editions=("cloud",)),
)
