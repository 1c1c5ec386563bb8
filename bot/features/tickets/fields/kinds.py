"""Which kind of input a field of Jira's create form gets, and which fields a form asks for at all."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.jira.shapes import CreateField, Option
from bot.slack.inputs import MOST_BUTTONS, Choice

# Of the hundred blocks of a form, with a complaint below each field.
MOST_ASKED = 42


class Kind(StrEnum):
    """A kind of input. The words travel in forms: they stay what they are."""

    TEXT = "text"
    PARAGRAPH = "paragraph"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    URL = "url"
    SELECT = "select"
    RADIO = "radio"
    MULTI = "multi"
    CHECKBOXES = "checkboxes"
    CASCADE = "cascade"
    USER = "user"
    USERS = "users"
    GROUP = "group"
    GROUPS = "groups"
    LABELS = "labels"
    PARENT = "parent"
    EPIC = "epic"
    SPRINT = "sprint"


# Chosen from the entries that Jira names with the field; without any, nothing can be chosen.
_LISTED = frozenset({Kind.SELECT, Kind.RADIO, Kind.MULTI, Kind.CHECKBOXES, Kind.CASCADE})
# Filled by the form's own inputs, by the bot's account, or never empty.
_FILLED = frozenset({"summary", "description", "project", "issuetype", "reporter", "labels"})

_BY_CUSTOM = {
    "textfield": Kind.TEXT,
    "gh-epic-label": Kind.TEXT,
    "textarea": Kind.PARAGRAPH,
    "url": Kind.URL,
    "float": Kind.NUMBER,
    "datepicker": Kind.DATE,
    "datetime": Kind.MOMENT,
    "select": Kind.SELECT,
    "radiobuttons": Kind.RADIO,
    "multiselect": Kind.MULTI,
    "multicheckboxes": Kind.CHECKBOXES,
    "cascadingselect": Kind.CASCADE,
    "userpicker": Kind.USER,
    "multiuserpicker": Kind.USERS,
    "people": Kind.USERS,
    "grouppicker": Kind.GROUP,
    "multigrouppicker": Kind.GROUPS,
    "version": Kind.SELECT,
    "multiversion": Kind.MULTI,
    "labels": Kind.LABELS,
    "gh-epic-link": Kind.EPIC,
    "gh-sprint": Kind.SPRINT,
    "readonlyfield": None,
}
_BY_SYSTEM = {"environment": Kind.PARAGRAPH, "parent": Kind.PARENT}
_BY_TYPE = {
    "string": Kind.TEXT,
    "number": Kind.NUMBER,
    "date": Kind.DATE,
    "datetime": Kind.MOMENT,
    "option": Kind.SELECT,
    "priority": Kind.SELECT,
    "version": Kind.SELECT,
    "securitylevel": Kind.SELECT,
    "option-with-child": Kind.CASCADE,
    "user": Kind.USER,
    "group": Kind.GROUP,
}
_BY_ITEMS = {
    "option": Kind.MULTI,
    "version": Kind.MULTI,
    "component": Kind.MULTI,
    "user": Kind.USERS,
    "group": Kind.GROUPS,
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A field that the form asks for."""

    field: CreateField
    kind: Kind
    optional: bool


def kind_of(field: CreateField) -> Kind | None:
    """The input for a field; None where no input of Slack's can hold it."""
    custom = field.custom.rpartition(":")[2]
    if custom in _BY_CUSTOM:
        kind = _BY_CUSTOM[custom]
    elif field.system in _BY_SYSTEM or field.id in _BY_SYSTEM:
        kind = _BY_SYSTEM[field.system or field.id]
    else:
        kind = _BY_ITEMS.get(field.items) if field.kind == "array" else _BY_TYPE.get(field.kind)
    if kind in _LISTED and not field.options:
        return None
    if len(field.options) > MOST_BUTTONS:
        return {Kind.RADIO: Kind.SELECT, Kind.CHECKBOXES: Kind.MULTI}.get(kind, kind) if kind else None
    return kind


def asked_of(
    fields: Sequence[CreateField], named: Mapping[str, tuple[str, ...]], refused: Collection[str] = ()
) -> list[Asked]:
    """The fields to ask for: required ones without a default, those that the team has named, those that were refused."""
    found: list[Asked] = []
    for field in fields:
        kind = kind_of(field)
        needed = is_needed(field)
        wanted = not _is_filled(field) and (bool(words_for(field, named)) or field.id in refused)
        if kind is not None and (needed or wanted):
            found.append(Asked(field=field, kind=kind, optional=not needed))
    # Should the form be too short for all, those that have to be there come first.
    return sorted(found, key=lambda asked: asked.optional)[:MOST_ASKED]


def not_askable(fields: Sequence[CreateField]) -> list[CreateField]:
    """The required fields that no input of Slack's can hold, or for which a form has no room."""
    needed = [field for field in fields if is_needed(field)]
    askable = [field for field in needed if kind_of(field) is not None]
    return [field for field in needed if kind_of(field) is None] + askable[MOST_ASKED:]


def is_needed(field: CreateField) -> bool:
    """Whether an issue cannot be made without somebody filling this field."""
    return field.required and not field.has_default and not _is_filled(field)


def words_for(field: CreateField, named: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What a team has named for this field, by its id or its name."""
    folded = {name.casefold(): words for name, words in named.items()}
    return folded.get(field.id.casefold()) or folded.get(field.name.casefold()) or ()


def choices_of(field: CreateField, kind: Kind) -> list[Choice]:
    """The entries that Jira names with a field; of a cascade each parent and each of its children."""
    if kind is not Kind.CASCADE:
        return [(one.name, one.id) for one in field.options]
    return [choice for parent in field.options for choice in _family(parent)]


def _family(parent: Option) -> list[Choice]:
    children = [(f"{parent.name} › {child.name}", f"{parent.id}:{child.id}") for child in parent.children]
    return [(parent.name, parent.id), *children]


def _is_filled(field: CreateField) -> bool:
    return (field.system or field.id) in _FILLED
