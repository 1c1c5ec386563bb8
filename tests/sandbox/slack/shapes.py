"""Comparing what the sandbox sends with Slack's samples: every field known there, every value of the same type."""

import json
from functools import cache
from typing import Any

import pytest

from tests.support.slack_specs import specs

# Fields whose content the bot itself wrote, or of which the samples keep one variant only.
FREE = frozenset(("blocks", "attachments", "metadata", "state", "values", "args", "parent_conversation"))


@cache
def sample(path: str) -> Any:
    """One file of Slack's samples."""
    if not specs().is_dir():
        pytest.skip(f"Slack's samples are not at {specs()}")
    return json.loads((specs() / path).read_text())


def differences(actual: Any, shape: Any, at: str = "") -> list[str]:
    """Fields that the sample does not know and values of another type; null and empty agree with everything."""
    if actual is None or shape is None:
        return []
    if isinstance(actual, dict):
        return _object_differences(actual, shape, at)
    if isinstance(actual, list):
        if not isinstance(shape, list):
            return [f"{at}: a list, but {type(shape).__name__} in the sample"]
        merged = _merged(shape)
        return [found for item in actual for found in differences(item, merged, f"{at}[]")] if shape else []
    if _kind(actual) != _kind(shape):
        return [f"{at}: {_kind(actual)}, but {_kind(shape)} in the sample"]
    return []


def joined(one: Any, other: Any) -> Any:
    """Both samples as one."""
    if not isinstance(one, dict) or not isinstance(other, dict):
        return one
    return {**other, **one} | {name: joined(one[name], other[name]) for name in one if name in other}


def missing(actual: Any, shape: Any, *, spare: frozenset[str], at: str = "") -> list[str]:
    """Fields of one real payload that ours lacks, but for the `spare` ones."""
    if not isinstance(actual, dict) or not isinstance(shape, dict):
        return []
    absent = [f"{at}.{name}" for name in shape if name not in actual and name not in spare]
    inner = [name for name in shape if name in actual and name not in FREE]
    return absent + [
        found
        for name in inner
        for found in missing(actual[name], shape[name], spare=spare, at=f"{at}.{name}")
    ]


def _object_differences(actual: dict[str, Any], shape: Any, at: str) -> list[str]:
    if not isinstance(shape, dict):
        return [f"{at}: an object, but {_kind(shape)} in the sample"]
    unknown = [f"{at}.{name}: not in the sample" for name in actual if name not in shape]
    known = [name for name in actual if name in shape and name not in FREE]
    return unknown + [
        found for name in known for found in differences(actual[name], shape[name], f"{at}.{name}")
    ]


def _merged(items: list[Any]) -> Any:
    objects = [item for item in items if isinstance(item, dict)]
    if not objects:
        return items[0] if items else None
    merged: dict[str, Any] = {}
    for item in objects:
        merged |= item
    return merged


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, int | float) else type(value).__name__
