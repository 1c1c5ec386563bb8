"""The nouns of the simulated Jira: accounts, projects, fields, issues and their parts. No rules here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Edition = Literal["cloud", "datacenter"]


@dataclass(frozen=True, kw_only=True)
class Account:
    """Somebody who can sign in; `projects` are the keys in which they may create, None means all."""

    account_id: str
    name: str
    display_name: str
    email: str
    secret: str = ""
    time_zone: str = "Etc/UTC"
    active: bool = True
    projects: frozenset[str] | None = None
    is_admin: bool = False


@dataclass(frozen=True, kw_only=True)
class FieldSpec:
    """A field of a create screen; `kind` is one of Jira's schema types.

    `children` are the second choices under each option of a cascading field, by the first choice's name.
    """

    field_id: str
    name: str
    kind: str = "string"
    items: str | None = None
    custom: str | None = None
    required: bool = False
    default: Any = None
    options: tuple[str, ...] = ()
    children: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])


@dataclass(frozen=True, kw_only=True)
class IssueType:
    """A kind of issue with the fields on its create screen."""

    type_id: str
    name: str
    description: str = ""
    subtask: bool = False
    is_epic: bool = False
    fields: tuple[FieldSpec, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Project:
    """A project; a private one is invisible to those who may not create in it."""

    project_id: str
    key: str
    name: str
    types: tuple[IssueType, ...]
    components: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    private: bool = False


@dataclass(frozen=True, kw_only=True)
class Sprint:
    """A sprint on the scrum board of a project; `state` is `active`, `future` or `closed`."""

    sprint_id: int
    project: str
    name: str
    state: Literal["active", "future", "closed"]


@dataclass(frozen=True, kw_only=True)
class Status:
    """A workflow status; `category` is `new`, `indeterminate` or `done`."""

    status_id: str
    name: str
    category: Literal["new", "indeterminate", "done"]


@dataclass(kw_only=True)
class Comment:
    """A comment; `body` is text (REST v2) or a document (REST v3), as it was sent."""

    comment_id: str
    author: Account
    body: Any
    created: datetime
    updated: datetime
    properties: dict[str, Any] = field(default_factory=dict[str, Any])
    visibility: dict[str, Any] | None = None
    is_internal: bool = False


@dataclass(kw_only=True)
class RemoteLink:
    """A link from an issue to somewhere else; `global_id` makes it create-or-update."""

    link_id: int
    global_id: str | None
    relationship: str
    target: dict[str, Any]
    application: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file on an issue."""

    attachment_id: str
    filename: str
    content_type: str
    content: bytes
    author: Account
    created: datetime


@dataclass(frozen=True, kw_only=True)
class Change:
    """One field of an issue that somebody changed; values are words, empty for none.

    `field` is its name as people read it. Changes with the same `change_id` were made at once. The ids of the values
    are None where a value has none.
    """

    at: datetime
    by: Account
    field: str
    before: str
    after: str
    field_id: str = ""
    change_id: str = ""
    before_id: str | None = None
    after_id: str | None = None


@dataclass(kw_only=True)
class Issue:
    """An issue; `fields` holds what the create screen set beyond the named attributes.

    `hidden_from` are the ids of accounts that its security level shuts out.
    """

    issue_id: str
    key: str
    project: Project
    type: IssueType
    summary: str
    description: Any
    labels: list[str]
    status: Status
    reporter: Account
    created: datetime
    updated: datetime
    resolution: tuple[str, str] | None = None
    resolved: datetime | None = None
    security: tuple[str, str] | None = None
    hidden_from: frozenset[str] = frozenset()
    earlier_keys: list[str] = field(default_factory=list[str])
    fields: dict[str, Any] = field(default_factory=dict[str, Any])
    properties: dict[str, Any] = field(default_factory=dict[str, Any])
    comments: list[Comment] = field(default_factory=list[Comment])
    links: list[RemoteLink] = field(default_factory=list[RemoteLink])
    attachments: list[Attachment] = field(default_factory=list[Attachment])
    history: list[Change] = field(default_factory=list[Change])
