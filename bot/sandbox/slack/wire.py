"""Wire JSON: its types, refusals in Slack's words, and one API call as it was understood.

Reading HTTP bodies is in `reading`; what each method does is in `api`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeGuard

Json: TypeAlias = dict[str, Any]


class SlackRefusal(Exception):
    """Slack's `ok: false`. `messages` go into `response_metadata`, `extra` beside the error code."""

    def __init__(self, code: str, *messages: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.messages = list(messages)
        self.extra = extra

    def body(self) -> Json:
        """The answer as it goes over the wire."""
        answer: Json = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            answer["response_metadata"] = {"messages": self.messages}
        return answer


def is_object(value: Any) -> TypeGuard[Json]:
    """Whether this is a JSON object."""
    return isinstance(value, dict)


def is_list(value: Any) -> TypeGuard[list[Any]]:
    """Whether this is a JSON list."""
    return isinstance(value, list)


def objects_in(value: Any) -> list[Json]:
    """The objects of a list; nothing when it is no list."""
    return [item for item in value if is_object(item)] if is_list(value) else []


def object_in(value: Any) -> Json:
    """The object itself; an empty one when it is none."""
    return value if is_object(value) else {}


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a token stands for; `foreign` is the id of another workspace that installed the app."""

    kind: str
    scopes: frozenset[str]
    foreign: str = ""


@dataclass(frozen=True, kw_only=True)
class Call:
    """One Web API call with its arguments; forms bring strings, JSON bodies bring values, both are read alike."""

    method: str
    arguments: Mapping[str, Any]
    grant: Grant

    def has(self, name: str) -> bool:
        """Whether the argument is there and not empty."""
        return self.arguments.get(name) not in (None, "")

    def text(self, name: str, default: str = "") -> str:
        """A string argument."""
        value = self.arguments.get(name)
        if value is None:
            return default
        if isinstance(value, bool | int | float | str):
            return str(value)
        raise SlackRefusal("invalid_arguments", f"[ERROR] must be a string [json-pointer:/{name}]")

    def required(self, name: str, error: str = "invalid_arguments") -> str:
        """A string argument that must be there."""
        value = self.text(name)
        if not value:
            raise SlackRefusal(error, f"[ERROR] missing required field: {name}")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean argument, as `true`, `1` or JSON."""
        value = self.arguments.get(name)
        if value is None or value == "":
            return default
        if isinstance(value, bool):
            return value
        if str(value).lower() in ("1", "true"):
            return True
        if str(value).lower() in ("0", "false"):
            return False
        raise SlackRefusal("invalid_arguments", f"[ERROR] must be a boolean [json-pointer:/{name}]")

    def number(self, name: str, default: int, *, most: int) -> int:
        """A whole number between 1 and `most`."""
        if not self.has(name):
            return default
        try:
            value = int(self.text(name))
        except ValueError:
            raise SlackRefusal(
                "invalid_arguments", f"[ERROR] must be an integer [json-pointer:/{name}]"
            ) from None
        if not 1 <= value <= most:
            raise SlackRefusal("invalid_limit" if name == "limit" else "invalid_arguments")
        return value

    def parsed(self, name: str) -> Any:
        """An argument that may be JSON inside a string; None when absent or empty."""
        value = self.arguments.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise SlackRefusal(
                "invalid_arguments", f"[ERROR] not valid JSON [json-pointer:/{name}]"
            ) from None

    def object(self, name: str) -> Json | None:
        """A JSON object argument; None when absent."""
        value = self.parsed(name)
        if value is None:
            return None
        if not is_object(value):
            raise SlackRefusal("invalid_arguments", f"[ERROR] must be an object [json-pointer:/{name}]")
        return value

    def objects(self, name: str, error: str = "invalid_arguments") -> list[Json] | None:
        """A JSON list of objects; None when absent."""
        try:
            value = self.parsed(name)
        except SlackRefusal as refusal:
            raise SlackRefusal(error, *refusal.messages) from None
        if value is None:
            return None
        if not is_list(value) or len(objects_in(value)) != len(value):
            raise SlackRefusal(error, f"[ERROR] must be a list of objects [json-pointer:/{name}]")
        return objects_in(value)

    def ids(self, name: str) -> list[str]:
        """A list of ids, given as JSON or with commas."""
        value = self.arguments.get(name)
        if isinstance(value, str) and not value.startswith("["):
            return [part.strip() for part in value.split(",") if part.strip()]
        found = self.parsed(name)
        return [str(item) for item in found] if is_list(found) else []

    def need(self, *scopes: str) -> None:
        """Refuse unless the token has one of these scopes."""
        if scopes and not self.grant.scopes.intersection(scopes):
            raise SlackRefusal(
                "missing_scope", needed=",".join(scopes), provided=",".join(sorted(self.grant.scopes))
            )
