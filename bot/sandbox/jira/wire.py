"""The shape of one call and its answer inside the simulated Jira, and the errors Jira answers with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, cast

from bot.sandbox.jira.model import Account, Edition

if TYPE_CHECKING:
    from bot.sandbox.jira.site import JiraSite

BOTH: tuple[Edition, ...] = ("cloud", "datacenter")
# Jira's APIs, by their part of the path.
Base = Literal["api", "agile", "webhooks", "jira-webhook"]


@dataclass(frozen=True, kw_only=True)
class Upload:
    """One file of a multipart body."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request after sign-in and routing; `version` is the REST version in its path."""

    site: "JiraSite"
    version: str
    account: Account
    path: Mapping[str, str]
    query: Mapping[str, list[str]]
    body: Any
    uploads: tuple[Upload, ...] = ()

    def first(self, name: str, default: str = "") -> str:
        """The first value of a query parameter."""
        return self.query.get(name, [default])[0]

    def listed(self, name: str) -> list[str]:
        """All values of a query parameter, repeated or separated by commas."""
        return [
            part.strip() for value in self.query.get(name, []) for part in value.split(",") if part.strip()
        ]

    def number(self, name: str, default: int) -> int:
        """A whole number from the query; Jira answers 404 to a word where a number belongs."""
        text = self.first(name, str(default))
        if not text.lstrip("-").isdigit():
            raise JiraRefusal(404, f"'{text}' is not a number.")
        return int(text)

    def mapping(self) -> Mapping[str, Any]:
        """The body as a JSON object; 400 otherwise, in Jira's words."""
        body: object = self.body
        if not isinstance(body, dict):
            raise JiraRefusal(400, "INVALID_INPUT")
        return cast(Mapping[str, Any], body)


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer: JSON unless `body` is a string, nothing when it is None."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, kw_only=True)
class Route:
    """One operation: its name in faults and the journal, where it lives, and what answers it."""

    name: str
    method: str
    path: str
    run: Callable[[Call], Reply]
    editions: tuple[Edition, ...] = BOTH
    anonymous: bool = False
    base: Base = "api"


class JiraRefusal(Exception):
    """An error answer with Jira's `errorMessages` and `errors`."""

    def __init__(self, status: int, *messages: str, errors: Mapping[str, str] | None = None) -> None:
        super().__init__(status, messages, errors)
        self.status = status
        self.messages = messages
        self.errors = dict(errors or {})

    def reply(self) -> Reply:
        """The answer as it goes over the wire."""
        return Reply(status=self.status, body={"errorMessages": list(self.messages), "errors": self.errors})


def page(call: Call, items: list[Any], key: str, *, limit: int = 50) -> dict[str, Any]:
    """One page of a list by `startAt` and `maxResults`, in the members that Jira's pages have."""
    start = max(call.number("startAt", 0), 0)
    size = min(max(call.number("maxResults", limit), 0), limit)
    chosen = items[start : start + size]
    return {"startAt": start, "maxResults": size, "total": len(items), key: chosen}
