"""What each kind of field takes, and what a site keeps of it: `take` gives that or raises `Wrong` in Jira's words.

Documentation: https://developer.atlassian.com/server/jira/platform/jira-rest-api-examples/.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from urllib.parse import urlsplit

from bot.sandbox.jira import adf, metadata, render
from bot.sandbox.jira.model import FieldSpec, Issue, Project
from bot.sandbox.jira.wire import Call, JiraRefusal

LINE_LIMIT = 255
TEXT_LIMIT = 32_767
RICH = frozenset({"description", "environment"})
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}([+-]\d{4}|Z)")
NOT_TEXT = "Operation value must be a string"
TOO_LONG = "The entered text is too long. It exceeds the allowed limit of {0} characters."


class Wrong(Exception):
    """A value that the field does not take; the message is Jira's complaint."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field of a project, asked for by a call."""

    call: Call
    project: Project
    spec: FieldSpec

    @property
    def plugin(self) -> str:
        """The last word of a custom field's type, such as `textarea`."""
        return str(self.spec.custom or "").rpartition(":")[2]


def is_rich(spec: FieldSpec) -> bool:
    """Whether a field's text is a document on REST v3."""
    return spec.field_id in RICH or str(spec.custom).endswith(":textarea")


def take(call: Call, project: Project, spec: FieldSpec, value: Any) -> Any:
    """What the site keeps of a value; Wrong when the field does not take it."""
    field = Field(call=call, project=project, spec=spec)
    if value is None:
        return None
    if field.plugin == "gh-sprint":
        return _sprint(field, value)
    if spec.kind != "array":
        return SINGLE[spec.kind](field, value)
    if not isinstance(value, list):
        raise Wrong("data was not an array")
    return [EACH[str(spec.items)](field, one) for one in cast(list[Any], value)]


def rich_text(call: Call, value: Any) -> str | None:
    """Why this text is refused: a document on REST v3, a string on v2, within the limit."""
    if value is None:
        return None
    if call.version == "2" and not isinstance(value, str):
        return NOT_TEXT
    if call.version == "3" and not isinstance(value, dict):
        return "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
    if render.size_of(value) > TEXT_LIMIT:
        return TOO_LONG.format("32,767")
    if call.version == "3" and adf.problem(value):
        raise JiraRefusal(400, "INVALID_INPUT", f"(sandbox) {adf.problem(value)}")
    return None


def _text(field: Field, value: Any) -> Any:
    if is_rich(field.spec):
        refused = rich_text(field.call, value)
        if refused:
            raise Wrong(refused)
        return value
    if not isinstance(value, str):
        raise Wrong(NOT_TEXT)
    if field.spec.field_id == "summary":
        return _summary(value)
    if field.plugin == "url" and value and not _is_url(value):
        raise Wrong("Not a valid URL")
    if len(value) > LINE_LIMIT:
        raise Wrong(TOO_LONG.format(LINE_LIMIT))
    return value


def _summary(value: str) -> str:
    if not value.strip():
        raise Wrong("You must specify a summary of the issue.")
    if len(value) > LINE_LIMIT:
        raise Wrong("Summary must be less than 255 characters.")
    if "\n" in value or "\r" in value:
        raise Wrong("The summary is invalid because it contains newline characters.")
    return value


def _is_url(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https", "ftp", "mailto") and not any(one.isspace() for one in value)


def _number(_: Field, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Wrong("Operation value must be a number")
    return float(value)


def _date(_: Field, value: Any) -> str:
    try:
        if isinstance(value, str) and DATE.fullmatch(value):
            return date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    raise Wrong(f"Error parsing date string: {value}")


def _moment(_: Field, value: Any) -> str:
    try:
        if isinstance(value, str) and MOMENT.fullmatch(value):
            datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%f%z")
            return value
    except ValueError:
        pass
    raise Wrong(f"Error parsing time: {value}")


def _label(_: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong("string expected at index 0")
    if not value or any(character.isspace() for character in value):
        raise Wrong(f"The label '{value}' contains spaces which is invalid.")
    if len(value) > LINE_LIMIT:
        raise Wrong(f"The label '{value}' exceeds the limit of 255 characters.")
    return value


def _named(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Wrong(f"Specify a valid 'id' or 'name' for {name}")
    return cast(Mapping[str, Any], value)


def _option(field: Field, value: Any) -> dict[str, Any]:
    given = _named(value, field.spec.name)
    word = "value" if field.spec.kind in ("option", "option-with-child", "array") else "name"
    for index, name in enumerate(field.spec.options):
        number = metadata.option_id(field.spec, index)
        if given.get("id") == number or ("id" not in given and given.get(word) == name):
            return {"id": number, word: name}
    if "id" in given:
        raise Wrong(f"Option id '{given['id']}' is not valid")
    raise Wrong(f"Option value '{given.get(word)}' is not valid")


def _cascade(field: Field, value: Any) -> dict[str, Any]:
    first = _option(field, value)
    wanted: Any = cast(Mapping[str, Any], value).get("child")
    if wanted is None:
        return first
    given = _named(wanted, field.spec.name)
    index = field.spec.options.index(first["value"])
    for position, name in enumerate(field.spec.children.get(first["value"], ())):
        number = metadata.child_id(field.spec, index, position)
        if given.get("id") == number or ("id" not in given and given.get("value") == name):
            return {**first, "child": {"id": number, "value": name}}
    raise Wrong(
        f"The option '{given.get('id') or given.get('value')}' is not valid for parent '{first['id']}'"
    )


def _user(field: Field, value: Any) -> dict[str, Any] | None:
    site = field.call.site
    given = _named(value, field.spec.name)
    cloud = site.edition == "cloud"
    wanted = given.get("accountId", given.get("id")) if cloud else given.get("name")
    if wanted is None and field.spec.field_id == "assignee":
        return None
    person = site.person({"accountId" if cloud else "name": wanted})
    if person is None:
        raise Wrong(
            f"Specify a valid value for {field.spec.field_id}"
            if cloud
            else f"User '{wanted}' does not exist."
        )
    can = person.active and site.permits(person, field.project, "ASSIGNABLE_USER")
    if field.spec.field_id == "assignee" and not can:
        raise Wrong(f"User '{wanted}' cannot be assigned issues.")
    return {"accountId": person.account_id} if cloud else {"name": person.name}


def _group(field: Field, value: Any) -> dict[str, Any]:
    given = _named(value, field.spec.name)
    for name in field.call.site.groups:
        by_id = field.call.site.edition == "cloud" and given.get("groupId") == metadata.group_id(name)
        if given.get("name") == name or by_id:
            return {"name": name}
    raise Wrong(f"Could not find group with name '{given.get('name') or given.get('groupId')}'")


def _part(word: str, names: Callable[[Project], tuple[str, ...]], base: int) -> Callable[[Field, Any], Any]:
    def read(field: Field, value: Any) -> dict[str, Any]:
        given = _named(value, field.spec.name)
        for index, name in enumerate(names(field.project)):
            number = str(base + index)
            if given.get("id") == number or ("id" not in given and given.get("name") == name):
                return {"id": number, "name": name}
        if "id" in given:
            raise Wrong(f"{word} id '{given['id']}' is not valid")
        raise Wrong(f"{word} name '{given.get('name')}' is not valid")

    return read


def _project(field: Field, value: Any) -> dict[str, Any]:
    given = _named(value, field.spec.name)
    for one in field.call.site.projects.values():
        if one.key == given.get("key") or one.project_id == given.get("id"):
            return {"id": one.project_id, "key": one.key, "name": one.name}
    raise Wrong("valid project is required")


def _parent(field: Field, value: Any) -> dict[str, Any]:
    given = _named(value, field.spec.name)
    found = _issue(field, given.get("key") or given.get("id"))
    if found is None:
        raise Wrong("Could not find issue by id or key.")
    return {"id": found.issue_id, "key": found.key}


def _issue(field: Field, named: Any) -> Issue | None:
    found = field.call.site.find(str(named)) if named else None
    return found if found and field.call.site.shows(field.call.account, found) else None


def _anything(field: Field, value: Any) -> Any:
    if field.plugin != "gh-epic-link":
        return value
    found = _issue(field, value) if isinstance(value, str) else None
    if found is None:
        raise Wrong(f"Issue '{value}' does not exist or you do not have permission to see it.")
    if not found.type.is_epic:
        raise Wrong(f"Issue with key {found.key} is not an Epic.")
    return found.key


def _sprint(field: Field, value: Any) -> list[dict[str, Any]]:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Wrong("Number value expected as the Sprint id.")
    for one in field.call.site.sprints:
        if one.sprint_id == value:
            if one.state == "closed":
                raise Wrong("Issue can be assigned only active or future sprints.")
            return [{"id": one.sprint_id, "name": one.name, "state": one.state}]
    raise Wrong(f"Sprint with id: {value} does not exist.")


def _as_given(_: Field, value: Any) -> Any:
    return value


COMPONENTS, VERSIONS = 10200, 10300
_component = _part("Component", lambda project: project.components, COMPONENTS)
_version = _part("Version", lambda project: project.versions, VERSIONS)
SINGLE: Mapping[str, Callable[[Field, Any], Any]] = {
    "string": _text,
    "number": _number,
    "date": _date,
    "datetime": _moment,
    "option": _option,
    "option-with-child": _cascade,
    "priority": _option,
    "resolution": _option,
    "user": _user,
    "group": _group,
    "version": _version,
    "project": _project,
    "issuelink": _parent,
    "issuetype": _as_given,
    "any": _anything,
}
EACH: Mapping[str, Callable[[Field, Any], Any]] = {
    "string": _label,
    "option": _option,
    "user": _user,
    "group": _group,
    "version": _version,
    "component": _component,
}
