"""Checks of the fields of a new or edited issue, with all of Jira's complaints at once, and how they are kept.

Documentation: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/.
"""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from bot.sandbox.jira import adf, seed
from bot.sandbox.jira.model import FieldSpec, Issue, IssueType, Project
from bot.sandbox.jira.values import Wrong, take
from bot.sandbox.jira.wire import Call, JiraRefusal

NAMED = frozenset({"summary", "description", "labels", "project", "issuetype", "reporter"})
# Fields that only some may set, by the permission that it takes.
GUARDED = {"reporter": "MODIFY_REPORTER", "assignee": "ASSIGN_ISSUES"}
NOTHING: Mapping[str, Any] = {}
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
    """Raise 400 with every complaint about the fields of an issue of this type."""
    check_specs(call, project, on_screen(call, project, kind.fields), fields, new=new)
    wanted: Mapping[str, Any] = fields.get("parent") or {}
    parent = call.site.find(str(wanted.get("key") or wanted.get("id")))
    if parent and not kind.subtask and not parent.type.is_epic:
        raise JiraRefusal(
            400, errors={"parent": "Given parent issue does not belong to appropriate hierarchy."}
        )


def check_specs(
    call: Call, project: Project, specs: Iterable[FieldSpec], fields: Mapping[str, Any], *, new: bool
) -> None:
    """Raise 400 with every complaint about the fields of a screen; a `new` value lacks no required one."""
    shown = {spec.field_id: spec for spec in specs}
    errors: dict[str, str] = {}
    for name, value in fields.items():
        try:
            if name not in shown:
                raise Wrong(NOT_ON_SCREEN.format(name))
            if name not in ("project", "issuetype"):
                take(call, project, shown[name], value)
        except Wrong as wrong:
            errors[name] = str(wrong)
    for spec in shown.values():
        asked = (new and spec.default is None) or spec.field_id in fields
        if spec.required and asked and spec.field_id not in errors and not _given(fields.get(spec.field_id)):
            errors[spec.field_id] = _missing(spec)
    if errors:
        raise JiraRefusal(400, errors=errors)


def on_screen(call: Call, project: Project, specs: Iterable[FieldSpec]) -> list[FieldSpec]:
    """The fields that the account may set in this project."""
    return [
        spec
        for spec in specs
        if spec.field_id not in GUARDED or call.site.permits(call.account, project, GUARDED[spec.field_id])
    ]


def set_fields(call: Call, issue: Issue, fields: Mapping[str, Any], screen: Iterable[FieldSpec] = ()) -> None:
    """Write checked fields to an issue."""
    specs = {spec.field_id: spec for spec in (*issue.type.fields, *screen)}
    issue.summary = str(fields.get("summary", issue.summary))
    issue.description = fields.get("description", issue.description)
    issue.labels = list(fields.get("labels", issue.labels) or [])
    if fields.get("reporter"):
        named = take(call, issue.project, specs["reporter"], fields["reporter"])
        issue.reporter = call.site.person(named) or issue.reporter
    for name, value in fields.items():
        if name not in NAMED:
            issue.fields[name] = take(call, issue.project, specs[name], value)


def resolution_of(screen: Iterable[FieldSpec], value: Any) -> tuple[str, str] | None:
    """The resolution that was chosen on a screen; None when the screen has none."""
    for spec in screen:
        if spec.field_id == "resolution" and value:
            return seed.resolution(value)
    return None


def known(call: Call, issue: Issue, name: str) -> tuple[str | None, str] | None:
    """A field's value as a changelog keeps it: its id, if it has one, and its words; None for no value."""
    words = words_of(call, issue, name)
    if not words:
        return None
    if name == "reporter":
        return (issue.reporter.account_id if call.site.edition == "cloud" else issue.reporter.name), words
    value: object = issue.fields.get(name)
    given: Mapping[str, Any] = cast(Mapping[str, Any], value) if isinstance(value, dict) else NOTHING
    number = given.get("accountId") or given.get("id") or (given.get("name") if name == "assignee" else None)
    return (str(number) if number else None), words


def words_of(call: Call, issue: Issue, name: str) -> str:
    """A field's value as a changelog shows it."""
    if name == "labels":
        return " ".join(issue.labels)
    if name == "reporter":
        return issue.reporter.display_name
    value: object = getattr(issue, name) if name in ("summary", "description") else issue.fields.get(name)
    return _words(call, value)


def _words(call: Call, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_words(call, one) for one in cast(list[Any], value))
    if not isinstance(value, dict):
        return "" if value is None else str(value)
    given = cast(Mapping[str, Any], value)
    if given.get("type") == "doc":
        return adf.readable(given)
    # A group has a name too, on Data Center the same member as a person has.
    person = call.site.person(given) if len(given) == 1 else None
    if person:
        return person.display_name
    words = str(given.get("name") or given.get("value") or given.get("key") or given.get("id") or "")
    return f"{words} – {_words(call, given['child'])}" if "child" in given else words


def _given(value: Any) -> bool:
    if isinstance(value, dict) and cast(Mapping[str, Any], value).get("type") == "doc":
        return bool(adf.readable(value))
    return value is not None and value not in ("", [], {})


def _missing(spec: FieldSpec) -> str:
    return (
        "You must specify a summary of the issue."
        if spec.field_id == "summary"
        else f"{spec.name} is required."
    )
