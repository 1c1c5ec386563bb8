"""Cursors (https://docs.slack.dev/apis/web-api/pagination): opaque to the bot, positions to us."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from bot.sandbox.slack.wire import Call, SlackRefusal

Item = TypeVar("Item")


def write_cursor(name: str, value: str) -> str:
    """A cursor that `read_cursor` understands."""
    return base64.b64encode(f"{name}:{value}".encode()).decode()


def read_cursor(call: Call, name: str) -> str:
    """What the cursor argument points to; empty without one."""
    cursor = call.text("cursor")
    if not cursor:
        return ""
    try:
        kind, _, value = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise SlackRefusal("invalid_cursor") from None
    if kind != name or not value.replace(".", "").isdecimal():
        raise SlackRefusal("invalid_cursor")
    return value


def page(items: Sequence[Item], call: Call, *, most: int = 1000) -> tuple[list[Item], str]:
    """The page that the call asks for, and the cursor of the next one; empty when this is the last."""
    start = int(read_cursor(call, "next") or 0)
    end = start + call.number("limit", 100, most=most)
    return list(items[start:end]), write_cursor("next", str(end)) if end < len(items) else ""
