"""Checks of the fields of a new or edited issue, with Jira's words for each complaint.

Documentation: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/.
"""

from collections.abc import Mapping
from typing import Any, cast

from bot.sandbox.jira import adf, render
from bot.sandbox.jira.model import FieldSpec, Issue, IssueType, Project
from bot.sandbox.jira.wire import Call, JiraRefusal

SUMMARY_LIMIT = 255
TEXT_LIMIT = 32_767
NAMED = frozenset({"summary", "description", "labels", "project", "issuetype"})
NOT_ON_SCREEN = "Field '{0}' cannot be set. It is not on the appropriate screen, or unknown."


def project_of(call: Call, fields: Mapping[str, Any]) -> Project:
    """The project that a new issue goes to; 400 when it is missing, unknown or closed to the account."""
    wanted: Mapping[str, Any] = fields.get("project") or {}
    found = [
        one
        for one in call.site.projects.values()
        if str(wanted.get("key", "")).upper() == one.key or str(wanted.get("id", "")) == one.project_id
    ]
    if not found or not call.site.sees(call.account, found[0]):
        word = "valid project is required" if call.site.edition == "cloud" else "project is required"
        raise JiraRefusal(400, errors={"project": word})
    if not call.site.creates(call.account, found[0]):
        raise JiraRefusal(400, "You do not have permission to create issues in this project.")
    return found[0]


def type_of(call: Call, project: Project, fields: Mapping[str, Any]) -> IssueType:
    """The issue type; 400 when the project has no such type."""
    wanted: Mapping[str, Any] = fields.get("issuetype") or {}
    for one in project.types:
        if str(wanted.get("id", "")) == one.type_id or wanted.get("name") == one.name:
            return one
    word = "Specify a valid issue type" if call.site.edition == "cloud" else "valid issue type is required"
    raise JiraRefusal(400, errors={"issuetype": word})


def check(call: Call, project: Project, kind: IssueType, fields: Mapping[str, Any], *, new: bool) -> None:
    """Raise 400 with every complaint about the fields at once."""
    specs = {spec.field_id: spec for spec in kind.fields}
    errors: dict[str, str] = {}
    for name, value in fields.items():
        complaint = (
            _complaint(call, project, specs[name], value) if name in specs else NOT_ON_SCREEN.format(name)
        )
        if complaint:
            errors[name] = complaint
    for spec in kind.fields if new else ():
        if spec.required and spec.field_id not in errors and not _given(fields.get(spec.field_id)):
            errors[spec.field_id] = _missing(spec)
    if errors:
        raise JiraRefusal(400, errors=errors)


def stored_value(spec: FieldSpec, value: Any) -> object:
    """The value of an option or priority with id and name, others as they are."""
    if not spec.options or not isinstance(value, dict):
        return cast(object, value)
    word = "value" if spec.kind == "option" else "name"
    index = _option_index(spec, cast(Mapping[str, Any], value))
    return {"id": render.option_id(spec, index), word: spec.options[index]}


def set_fields(issue: Issue, fields: Mapping[str, Any]) -> None:
    """Write checked fields to an issue."""
    specs = {spec.field_id: spec for spec in issue.type.fields}
    issue.summary = str(fields.get("summary", issue.summary))
    issue.description = fields.get("description", issue.description)
    issue.labels = list(fields.get("labels", issue.labels) or [])
    for name, value in fields.items():
        if name not in NAMED:
            issue.fields[name] = stored_value(specs[name], value)


def words_of(call: Call, issue: Issue, name: str) -> str:
    """A field's value as a changelog shows it."""
    if name == "labels":
        return " ".join(issue.labels)
    value: object = getattr(issue, name) if name in ("summary", "description") else issue.fields.get(name)
    person = call.site.person(value) if name == "assignee" else None
    return person.display_name if person else _words(value)


def _words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_words(one) for one in cast(list[Any], value))
    if not isinstance(value, dict):
        return "" if value is None else str(value)
    known = cast(Mapping[str, Any], value)
    if known.get("type") == "doc":
        return adf.readable(known)
    return str(known.get("name") or known.get("value") or known.get("displayName") or known.get("id") or "")


def rich_text(call: Call, value: Any) -> str | None:
    """Why this text is refused: a document on REST v3, a string on v2, within the limit."""
    if value is None:
        return None
    if call.version == "2" and not isinstance(value, str):
        return "Operation value must be a string"
    if call.version == "3" and not isinstance(value, dict):
        return "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
    if render.size_of(value) > TEXT_LIMIT:
        return "The entered text is too long. It exceeds the allowed limit of 32,767 characters."
    if call.version == "3" and adf.problem(value):
        raise JiraRefusal(400, "INVALID_INPUT", f"(sandbox) {adf.problem(value)}")
    return None


def _complaint(call: Call, project: Project, spec: FieldSpec, value: Any) -> str | None:
    if spec.field_id == "summary":
        return _summary(value)
    if spec.field_id == "labels":
        return _labels(value)
    if spec.field_id == "description" or str(spec.custom).endswith("textarea"):
        return rich_text(call, value)
    if spec.items == "component":
        return _components(project, value)
    if spec.options and value is not None:
        return _option(spec, value)
    return (
        "Operation value must be a string" if spec.kind == "string" and not isinstance(value, str) else None
    )


def _summary(value: Any) -> str | None:
    if not isinstance(value, str):
        return "Operation value must be a string"
    if not value.strip():
        return "You must specify a summary of the issue."
    if len(value) > SUMMARY_LIMIT:
        return "Summary must be less than 255 characters."
    if "\n" in value or "\r" in value:
        return "The summary is invalid because it contains newline characters."
    return None


def _labels(value: Any) -> str | None:
    if not isinstance(value, list):
        return "data was not an array"
    for label in cast(list[Any], value):
        if not isinstance(label, str):
            return "string expected at index 0"
        if not label or any(character.isspace() for character in label):
            return f"The label '{label}' contains spaces which is invalid."
        if len(label) > SUMMARY_LIMIT:
            return f"The label '{label}' exceeds the limit of 255 characters."
    return None


def _components(project: Project, value: Any) -> str | None:
    if not isinstance(value, list):
        return "data was not an array"
    ids = {str(10200 + i): name for i, name in enumerate(project.components)}
    for one in cast(list[Mapping[str, Any]], value):
        if one.get("name") not in project.components and str(one.get("id")) not in ids:
            return f"Component name '{one.get('name')}' is not valid"
    return None


def _option(spec: FieldSpec, value: Any) -> str | None:
    if not isinstance(value, dict):
        return f"Specify a valid 'id' or 'name' for {spec.name}"
    try:
        _option_index(spec, cast(Mapping[str, Any], value))
    except LookupError:
        return f"Option '{cast(Mapping[str, Any], value)}' is not valid for {spec.name}"
    return None


def _option_index(spec: FieldSpec, value: Mapping[str, Any]) -> int:
    for index, name in enumerate(spec.options):
        if str(value.get("id", "")) == render.option_id(spec, index) or name in (
            value.get("name"),
            value.get("value"),
        ):
            return index
    raise LookupError(spec.field_id)


def _given(value: Any) -> bool:
    return value is not None and value not in ("", [], {})


def _missing(spec: FieldSpec) -> str:
    return (
        "You must specify a summary of the issue."
        if spec.field_id == "summary"
        else f"{spec.name} is required."
    )
