"""Checks of what the bot says to Slack against Slack's published lists of methods and arguments, and its documented limits.

The lists are read from the folder in FRONTDESK_SPECS; nothing is checked against them where it is absent.
"""

import json
import os
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from bot.sandbox.slack.blocks import check_blocks
from bot.sandbox.slack.journal import Record
from bot.sandbox.slack.limits import MOST_TEXT, check_metadata, check_view
from bot.sandbox.slack.wire import SlackRefusal

_RESPONSE_URL = frozenset(
    "text blocks attachments response_type replace_original delete_original thread_ts metadata "
    "unfurl_links unfurl_media mrkdwn parse link_names".split()
)
_MOST_METADATA = 8_000


def specs() -> Path:
    """The folder with Slack's data; it may not exist."""
    return Path(os.environ.get("FRONTDESK_SPECS", Path(__file__).parents[3] / "shared")) / "slack"


def check_journal(records: Iterable[Record]) -> list[str]:
    """All complaints about all calls of the bot in a journal."""
    return [complaint for record in records for complaint in check_call(record)]


def check_call(record: Record) -> list[str]:
    """What is wrong with one call of the bot: unknown method, argument or type, something missing, a limit passed."""
    if record.direction != "to_slack":
        return [f"{record.kind}: {record.verdict}"] if record.verdict else []
    complaints = [record.verdict] if record.verdict else []
    complaints += _check_content(record.arguments)
    if record.kind == "response_url":
        complaints += [f"unknown field {name}" for name in record.arguments if name not in _RESPONSE_URL]
    elif specs().is_dir():
        complaints += _check_arguments(record.kind, record.arguments)
    return [f"{record.kind}: {complaint}" for complaint in complaints]


# An empty topic is how a topic is taken away.
_MAY_BE_EMPTY = {("conversations.setTopic", "topic")}


def _check_arguments(method: str, arguments: Mapping[str, Any]) -> list[str]:
    today, published = _today().get(method), _published().get(method)
    if today is None and published is None:
        return ["no such method"]
    types = dict.fromkeys(published or (), "string") | ((today or {}).get("args") or {})
    required: set[str] = set((today or {}).get("required", ())) - {"token"}
    if method in ("views.open", "views.push"):
        required.add("trigger_id")
    complaints = [f"unknown argument {name}" for name in arguments if name not in types and name != "token"]
    complaints += [
        f"missing argument {name}"
        for name in sorted(required)
        if arguments.get(name) is None or (arguments[name] == "" and (method, name) not in _MAY_BE_EMPTY)
    ]
    wrong = (name for name, value in arguments.items() if name in types and not _fits(value, types[name]))
    return complaints + [f"argument {name} is no {types[name]}: {arguments[name]!r:.60}" for name in wrong]


def _fits(value: Any, kind: str) -> bool:
    if value is None:
        return True
    match kind:
        case "boolean":
            return isinstance(value, bool) or value in (0, 1, "0", "1", "true", "false")
        case "integer":
            return not isinstance(value, bool) and str(value).lstrip("-").isdecimal()
        case "json":
            return isinstance(value, dict | list) or _is_json(value)
        case "id-or-list":
            return isinstance(value, str | list)
        case "string":
            return isinstance(value, str | int | float)
        case _:
            return True


def _is_json(value: Any) -> bool:
    try:
        json.loads(value)
    except (TypeError, ValueError):
        return False
    return True


def _check_content(arguments: Mapping[str, Any]) -> list[str]:
    complaints: list[str] = []
    text = arguments.get("text")
    if isinstance(text, str) and len(text) > MOST_TEXT:
        complaints.append("text is longer than Slack takes")
    blocks = _parsed(arguments.get("blocks"))
    if isinstance(blocks, list):
        complaints += check_blocks(blocks, "message")
        if blocks and not text:
            complaints.append("blocks without a plain text beside them")
    return complaints + _check_view(arguments) + _check_metadata(arguments)


def _check_view(arguments: Mapping[str, Any]) -> list[str]:
    view = _parsed(arguments.get("view"))
    if not isinstance(view, dict):
        return []
    try:
        check_view(view, ("modal", "home"))
    except SlackRefusal as refusal:
        return refusal.messages or [refusal.code]
    return []


def _check_metadata(arguments: Mapping[str, Any]) -> list[str]:
    metadata = _parsed(arguments.get("metadata"))
    if not isinstance(metadata, dict) or not metadata:
        return []
    try:
        check_metadata(metadata)
    except SlackRefusal as refusal:
        return [refusal.code]
    return ["metadata is too long"] if len(json.dumps(metadata)) > _MOST_METADATA else []


def _parsed(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and _is_json(value) else value


@cache
def _today() -> Mapping[str, Mapping[str, Any]]:
    return json.loads((specs() / "web-api-extra.json").read_text())["methods"]


@cache
def _published() -> Mapping[str, frozenset[str]]:
    paths = json.loads((specs() / "web-api.json").read_text())["paths"]
    return {
        path.removeprefix("/"): frozenset(
            parameter["name"] for verb in verbs.values() for parameter in verb.get("parameters", ())
        )
        for path, verbs in paths.items()
    }
