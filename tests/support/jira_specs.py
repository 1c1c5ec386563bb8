"""Compares recorded Jira calls with Atlassian's own API document.

The document is found by FRONTDESK_SPECS (a folder with `jira/openapi.json`; by default `../shared` beside the
repository).
It describes REST v3; v2 has the same operations, with strings where v3 takes documents.
"""

import json
import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from jsonschema import Draft4Validator

ROOT = Path(__file__).resolve().parents[2]
# What Atlassian describes elsewhere, or nowhere: operation and the query that it takes.
ELSEWHERE = {
    "GET /rest/agile/1.0/board": {"projectKeyOrId", "startAt", "maxResults", "type", "name"},
    "GET /rest/agile/1.0/board/[0-9]+/sprint": {"state", "startAt", "maxResults"},
    "GET /rest/webhooks/1.0/webhook": set[str](),
    "GET /rest/jira-webhook/1.0/webhooks": set[str](),
}
PREFIX = re.compile(r"/rest/api/([23])/")
COMMENT = re.compile(r"/issue/[^/]+/comment(/[0-9]+)?$")
# Data Center's own spelling of the same question, and members that its document alone has.
DATA_CENTER_QUERY = {"validateQuery", "username"}


class Call(Protocol):
    """What is compared of a recorded call."""

    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def query(self) -> Mapping[str, list[str]]: ...
    @property
    def content_type(self) -> str: ...
    @property
    def body(self) -> Any: ...
    @property
    def edition(self) -> str: ...


def specs_path() -> Path:
    """Where the official document is expected."""
    return Path(os.environ.get("FRONTDESK_SPECS", str(ROOT.parent / "shared"))) / "jira" / "openapi.json"


@cache
def document() -> dict[str, Any]:
    """The official document; FileNotFoundError when it is not there."""
    return json.loads(specs_path().read_text(encoding="utf-8"))


def check_call(record: Call) -> list[str]:
    """Everything about a call that the document does not allow; empty when it is in order."""
    name = f"{record.method} {record.path}"
    version = PREFIX.match(record.path)
    if version is None:
        return [f"{name}: {problem}" for problem in _elsewhere_problems(name, record)]
    operation = _operation(record.method, PREFIX.sub("/rest/api/3/", record.path))
    if operation is None:
        return [f"{name}: no such operation"]
    found = [*_query_problems(operation, record), *_body_problems(operation, record)]
    found += _text_problems(version.group(1), record)
    return [f"{name}: {problem}" for problem in found]


def _elsewhere_problems(name: str, record: Call) -> list[str]:
    """The same question about an operation of another API."""
    allowed = next((query for shape, query in ELSEWHERE.items() if re.fullmatch(shape, name)), None)
    if allowed is None:
        return ["not a REST path"]
    found = [f"unknown query parameter {one}" for one in record.query if one not in allowed]
    return [*found, "takes no body"] if record.body is not None else found


def _operation(method: str, path: str) -> Mapping[str, Any] | None:
    candidates = [template for template in document()["paths"] if _fits(template, path)]
    for template in sorted(candidates, key=lambda one: one.count("{")):
        operation = document()["paths"][template].get(method.lower())
        if operation:
            return operation
    return None


@cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(template)))


def _fits(template: str, path: str) -> bool:
    return _pattern(template).fullmatch(path) is not None


def _query_problems(operation: Mapping[str, Any], record: Call) -> list[str]:
    known = {one["name"]: one for one in operation.get("parameters", []) if one["in"] == "query"}
    allowed = set(known) | (DATA_CENTER_QUERY if record.edition == "datacenter" else set())
    found = [f"unknown query parameter {name}" for name in record.query if name not in allowed]
    found += [
        f"query parameter {name} is missing"
        for name, one in known.items()
        if one.get("required") and name not in record.query
    ]
    for name, values in record.query.items():
        wanted = known.get(name, {}).get("schema", {}).get("type")
        if wanted == "integer" and not all(value.lstrip("-").isdigit() for value in values):
            found.append(f"query parameter {name} is not a number")
    return found


def _body_problems(operation: Mapping[str, Any], record: Call) -> list[str]:
    described: Mapping[str, Any] = operation.get("requestBody", {})
    content: Mapping[str, Any] = described.get("content", {})
    if record.content_type == "multipart/form-data":
        return [] if record.content_type in content else ["takes no form"]
    if record.body is None:
        return ["the body is missing"] if described.get("required") else []
    if "application/json" not in content:
        return ["takes no body"]
    schema = {**content["application/json"].get("schema", {}), "components": document()["components"]}
    errors = Draft4Validator(schema).iter_errors(_as_documented(record.body))
    return [f"body{error.json_path[1:]}: {error.message[:200]}" for error in errors]


def _as_documented(body: Any) -> Any:
    """The document says that a transition's id is a string; Jira takes numbers too, and Data Center a flag."""
    if isinstance(body, dict) and isinstance(body.get("validateQuery"), bool):
        return {**body, "validateQuery": str(body["validateQuery"]).lower()}
    if isinstance(body, dict) and isinstance(body.get("transition"), dict) and "id" in body["transition"]:
        return {**body, "transition": {**body["transition"], "id": str(body["transition"]["id"])}}
    return body


def _text_problems(version: str, record: Call) -> list[str]:
    if not isinstance(record.body, dict):
        return []
    texts = {"body": record.body.get("body")} if COMMENT.search(record.path) else {}
    fields = record.body.get("fields")
    if isinstance(fields, dict):
        texts |= {name: fields[name] for name in ("description", "environment") if name in fields}
    found: list[str] = []
    for name, value in texts.items():
        is_document = isinstance(value, dict) and value.get("type") == "doc"
        if value is not None and (is_document if version == "2" else not is_document):
            found.append(f"{name} has the form of the other REST version")
    return found
