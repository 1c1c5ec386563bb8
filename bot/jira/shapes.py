"""What the gateway takes and gives: small frozen values, read from Jira's JSON with care. No calls here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from bot.core.text import Document
from bot.jira.reading import Unreadable, mapping, mappings, word
from bot.outbox.outcomes import Refused

_PROJECT_KEY = re.compile(r"[A-Z][A-Z0-9_]{1,9}")
_ISSUE_KEY = re.compile(r"[A-Z][A-Z0-9_]{1,9}-[0-9]{1,10}")
_ACCOUNT = re.compile(r"[\w.@:+-]{1,255}")
_LABEL = re.compile(r"[A-Za-z0-9._-]{1,100}")
_NUMBER = re.compile(r"[0-9]{1,19}")


@dataclass(frozen=True, kw_only=True)
class Myself:
    """The account that the bot signs in with."""

    account: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Server:
    """The site; `cloud` as it says itself."""

    url: str
    version: str
    cloud: bool


@dataclass(frozen=True, kw_only=True)
class ProjectRef:
    """A project."""

    key: str
    name: str
    id: str = ""


@dataclass(frozen=True, kw_only=True)
class IssueType:
    """A kind of issue of a project."""

    id: str
    name: str
    subtask: bool


@dataclass(frozen=True, kw_only=True)
class Option:
    """A choice of a field; `children` are the second level of a cascading one."""

    id: str
    name: str
    children: "tuple[Option, ...]" = ()


@dataclass(frozen=True, kw_only=True)
class CreateField:
    """A field of a create form. `kind` and `items` are Jira's schema types.

    `system` names one of Jira's own fields, `custom` the type of another; `default` is as Jira gave it.
    """

    id: str
    name: str
    required: bool
    has_default: bool
    kind: str
    items: str = ""
    system: str = ""
    custom: str = ""
    options: tuple[Option, ...] = ()
    default: Any = None


@dataclass(frozen=True, kw_only=True)
class IssueDraft:
    """A wish for an issue. `fields` and `properties` go along as they are, by field id and property key."""

    project: str
    type_id: str
    summary: str
    description: Document = field(default_factory=Document)
    labels: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict[str, Any])
    properties: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, kw_only=True)
class IssueRef:
    """An issue that exists."""

    key: str
    id: str


@dataclass(frozen=True, kw_only=True)
class IssueNow:
    """An issue as it is; `category` is `new`, `indeterminate` or `done`."""

    key: str
    id: str
    summary: str
    status: str
    category: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class IssueState:
    """An issue as it is, with what its threads follow; names of people as Jira shows them.

    `moved_by` is who changed the status last, "" when unknown; `is_restricted`: it has a security level.
    """

    key: str
    id: str
    summary: str
    status: str
    status_id: str
    category: str
    assignee: str | None
    resolution: str | None
    updated: datetime
    is_restricted: bool
    moved_by: str = ""


@dataclass(frozen=True, kw_only=True)
class CommentNow:
    """A comment as it is; `body` as Jira gave it, `is_hidden`: not for everybody who sees the issue."""

    id: str
    account: str
    author: str
    body: Any
    created: datetime
    updated: datetime
    is_hidden: bool


@dataclass(frozen=True, kw_only=True)
class Transition:
    """A way that an issue can go now.

    `needs` are the names of fields that its screen requires, the resolution aside; `resolutions` are
    (id, name) where the screen asks for one.
    """

    id: str
    name: str
    to_name: str
    to_id: str
    category: str
    needs: tuple[str, ...] = ()
    resolutions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Attached:
    """A file that an issue has."""

    id: str
    name: str
    size: int
    account: str


@dataclass(frozen=True, kw_only=True)
class JiraPerson:
    """Somebody in Jira; `account` is the account id on Cloud, the user name on Data Center."""

    account: str
    name: str
    email: str = ""


def project_key(text: str) -> str:
    """A project's key; Refused when it is none, before anything is asked."""
    if _PROJECT_KEY.fullmatch(text):
        return text
    raise Refused(
        "not a project key", words=f"“{text[:40]}” is not a Jira project. A project's key looks like PAY."
    )


def issue_key(text: str) -> str:
    """An issue's key; Refused when it is none, before anything is asked."""
    if _ISSUE_KEY.fullmatch(text):
        return text
    raise Refused(
        "not an issue key", words=f"“{text[:40]}” is not a Jira issue. An issue's key looks like PAY-12."
    )


def is_issue_key(text: str) -> bool:
    """Whether a text is the key of an issue, by its form."""
    return _ISSUE_KEY.fullmatch(text) is not None


def is_number(text: str) -> bool:
    """Whether a text is an id as Jira counts them."""
    return _NUMBER.fullmatch(text) is not None


def issue_key_or_id(text: str) -> str:
    """An issue's key or id; Refused when it is neither, before anything is asked."""
    return text if _NUMBER.fullmatch(text) else issue_key(text)


def label(text: str) -> str:
    """A label that may stand in a query; Refused otherwise."""
    if _LABEL.fullmatch(text):
        return text
    raise Refused(
        "not a label", words=f"“{text[:40]}” is not a label: letters, digits, dots and dashes only."
    )


def account(text: str) -> str:
    """Somebody's account as a query may name it; Refused otherwise."""
    if _ACCOUNT.fullmatch(text):
        return text
    raise Refused("not an account that a query can name")


def number(text: str) -> str:
    """An id as Jira counts them; Refused otherwise."""
    if _NUMBER.fullmatch(text):
        return text
    raise Refused("not an id", words="This choice is no longer known. Please choose again.")


def read_issue_ref(value: object) -> IssueRef:
    """The answer to a create, or one hit of a search."""
    given = mapping(value)
    key = word(given, "key")
    if not _ISSUE_KEY.fullmatch(key):
        raise Unreadable("no key")
    return IssueRef(key=key, id=word(given, "id"))


def read_issue(value: object) -> IssueNow:
    """An issue with summary, status and labels."""
    ref = read_issue_ref(value)
    fields = mapping(mapping(value).get("fields"))
    status = mapping(fields.get("status"))
    return IssueNow(
        key=ref.key,
        id=ref.id,
        summary=word(fields, "summary"),
        status=word(status, "name"),
        category=word(mapping(status.get("statusCategory")), "key"),
        labels=read_labels(value),
    )


def read_labels(value: object) -> tuple[str, ...]:
    """The labels of an issue that was asked for them."""
    fields = mapping(mapping(value).get("fields"))
    found: object = fields.get("labels")
    return tuple(str(one) for one in cast(list[object], found)) if isinstance(found, list) else ()


def read_field(value: Mapping[str, Any]) -> CreateField:
    """A field of a create form."""
    schema = mapping(value.get("schema"))
    return CreateField(
        id=word(value, "fieldId"),
        name=word(value, "name"),
        required=value.get("required") is True,
        has_default=value.get("hasDefaultValue") is True,
        kind=word(schema, "type"),
        items=str(schema.get("items") or ""),
        system=str(schema.get("system") or ""),
        custom=str(schema.get("custom") or ""),
        options=_options(value.get("allowedValues")),
        default=value.get("defaultValue"),
    )


def _options(value: object) -> tuple[Option, ...]:
    return tuple(_option(one) for one in mappings(value or []) if one.get("id") and not one.get("disabled"))


def _option(value: Mapping[str, Any]) -> Option:
    name = str(value.get("name") or value.get("value") or value["id"])
    return Option(id=word(value, "id"), name=name, children=_options(value.get("children")))
