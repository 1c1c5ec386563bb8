"""What was entered in the fields of a form: the JSON that Jira takes, and what the form shows when it opens again.

Jira, "Issue fields" (https://developer.atlassian.com/server/jira/platform/jira-rest-api-examples/), both editions.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.core.text import clean
from bot.core.wire import inner, objects
from bot.features.tickets.fields.inputs import PREFIX, Shown, takes_several
from bot.features.tickets.fields.kinds import Kind
from bot.slack.calls import chosen

State = Mapping[str, Mapping[str, Mapping[str, Any]]]
LONGEST_NUMBER = 30


@dataclass(frozen=True, kw_only=True)
class Writers:
    """What differs between Jira's editions: how a text and a person are written."""

    text: Callable[[str], Any]
    person: Callable[[str], Any]


@dataclass(frozen=True, kw_only=True)
class Entered:
    """By field id: what goes to Jira, and what stood in the form."""

    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    shown: Mapping[str, Shown] = field(default_factory=dict[str, Shown])


def read(state: State, project: str, type_id: str | None, writers: Writers) -> Entered:
    """What stands in the fields of this project and, where it is known, this type; empty ones are left out."""
    values: dict[str, Any] = {}
    shown: dict[str, Shown] = {}
    for block_id, elements in state.items():
        named = parts_of(block_id)
        if named is None or named.project != project or type_id not in (None, named.type_id):
            continue
        found = next((_shown(element) for element in elements.values()), "")
        if found:
            shown[named.field_id] = found
            values[named.field_id] = _value(named.kind, found, writers)
    return Entered(values=values, shown=shown)


def standing(state: State) -> dict[str, Shown]:
    """What stands in all fields, whatever project they belong to: for the same fields of another one."""
    found: dict[str, Shown] = {}
    for block_id, elements in state.items():
        named = parts_of(block_id)
        if named is not None:
            found[named.field_id] = next((_shown(element) for element in elements.values()), "")
    return found


def restored(stored: Mapping[str, Any]) -> dict[str, Shown]:
    """What stood in the fields, as the database kept it."""
    return {
        field_id: shown if isinstance(shown, str) else tuple((str(one[0]), str(one[1])) for one in shown)
        for field_id, shown in stored.items()
    }


@dataclass(frozen=True, kw_only=True)
class Named:
    """What the name of a field's block says."""

    project: str
    type_id: str
    kind: Kind
    field_id: str


def parts_of(block_id: str) -> Named | None:
    """The parts of a block's name; None for a block of another sort."""
    prefix, _, rest = block_id.partition(":")
    parts = rest.split(":")
    if prefix != PREFIX or len(parts) != 4 or parts[2] not in list(Kind):
        return None
    return Named(project=parts[0], type_id=parts[1], kind=Kind(parts[2]), field_id=parts[3])


def _shown(element: Mapping[str, Any]) -> Shown:
    if options := objects(element, "selected_options"):
        return tuple(_choice(option) for option in options)
    if option := inner(element, "selected_option"):
        return (_choice(option),)
    found = chosen(element)
    return clean(str(found)).strip() if isinstance(found, str | int) else ""


def _choice(option: Mapping[str, Any]) -> tuple[str, str]:
    return str(inner(option, "text").get("text") or ""), str(option.get("value") or "")


def _value(kind: Kind, shown: Shown, writers: Writers) -> Any:
    if isinstance(shown, str):
        return _typed_value(kind, shown, writers)
    several = [_chosen_value(kind, value, writers) for _, value in shown]
    return several if takes_several(kind) else several[0]


def _typed_value(kind: Kind, text: str, writers: Writers) -> Any:
    match kind:
        case Kind.PARAGRAPH:
            return writers.text(text)
        case Kind.NUMBER:
            return _number(text)
        case Kind.MOMENT:
            return datetime.fromtimestamp(int(text), UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
        case Kind.TEXT:
            return " ".join(text.split())
        case _:
            return text


def _chosen_value(kind: Kind, value: str, writers: Writers) -> Any:
    match kind:
        case Kind.CASCADE:
            parent, _, child = value.partition(":")
            return {"id": parent} | ({"child": {"id": child}} if child else {})
        case Kind.USER | Kind.USERS:
            return writers.person(value)
        case Kind.GROUP | Kind.GROUPS:
            return {"name": value}
        case Kind.LABELS:
            return "-".join(value.split())
        case Kind.PARENT:
            return {"key": value}
        case Kind.EPIC:
            return value
        case Kind.SPRINT:
            return _number(value)
        case _:
            return {"id": value}


def _number(text: str) -> Any:
    # What is no number that Jira could hold goes as it is: Jira says so beside the field.
    if len(text) > LONGEST_NUMBER:
        return text
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return number if math.isfinite(number := float(text)) else text
    except ValueError:
        return text
