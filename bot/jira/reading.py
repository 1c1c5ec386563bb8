"""Reads Jira's JSON with care: what has to be there, and what may be missing."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

LONGEST_NAME = 200
# Escapes in JSON: backslashes and whole pairs, which stay, and what no database stores as text.
_ESCAPES = re.compile(
    r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(\\u0000|\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)


class Unreadable(Exception):
    """An answer in a shape that Jira does not promise."""


def parsed(text: str) -> Any:
    """JSON whose strings can be stored: instead of NUL and half a pair of surrogates stands U+FFFD.

    Raises ValueError for what is no JSON, or nested too deeply.
    """
    try:
        return json.loads(_ESCAPES.sub(lambda hit: r"\ufffd" if hit.group(1) else hit.group(), text))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def mapping(value: object) -> Mapping[str, Any]:
    """A JSON object; Unreadable otherwise."""
    if not isinstance(value, dict):
        raise Unreadable("no object")
    return cast(Mapping[str, Any], value)


def mappings(value: object) -> list[Mapping[str, Any]]:
    """A list of JSON objects; Unreadable otherwise."""
    if not isinstance(value, list):
        raise Unreadable("no list")
    return [mapping(one) for one in cast(list[object], value)]


def word(value: Mapping[str, Any], key: str) -> str:
    """A member that has to be there; Unreadable otherwise."""
    found: object = value.get(key)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    if not isinstance(found, str) or not found:
        raise Unreadable(f"no {key}")
    return found


def words(value: Mapping[str, Any], key: str) -> str | None:
    """A member that may be absent or empty, as text."""
    found: object = value.get(key)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return found if isinstance(found, str) and found else None


def inner(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """A member that is an object; an empty one where it is none."""
    found: object = value.get(key)
    return cast(Mapping[str, Any], found) if isinstance(found, dict) else {}


def objects(value: object) -> list[Mapping[str, Any]]:
    """The objects in a list that may be absent."""
    listed = cast(list[object], value) if isinstance(value, list) else []
    return [cast(Mapping[str, Any], one) for one in listed if isinstance(one, dict)]


def moment(value: object) -> datetime:
    """A point in time as Jira writes it, such as 2026-11-02T09:00:00.000+0000; Unreadable otherwise."""
    if not isinstance(value, str):
        raise Unreadable("no time")
    try:
        found = datetime.fromisoformat(value)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Unreadable("no time") from error


def account(value: Mapping[str, Any]) -> str:
    """Whose account it is: the id on Cloud, the user name on Data Center, "" of somebody who is gone."""
    return words(value, "accountId") or words(value, "name") or words(value, "key") or ""


def person_name(value: Mapping[str, Any]) -> str | None:
    """What a person is called, cut where it is very long; None where there is nobody."""
    return (words(value, "displayName") or account(value))[:LONGEST_NAME] or None
