"""What Slack's client itself checks before it sends a form: empty fields, lengths, numbers, addresses."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.sandbox.slack.state import KINDS, Placed, values
from bot.sandbox.slack.wire import Json

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)


def wrong_with(placed: Placed, typed: Mapping[tuple[str, str], Json]) -> str:
    """What Slack writes below this input; empty when it is fine."""
    block_id, action_id = placed.key
    state = values([placed.block], dict(typed))[block_id][action_id]
    found = state[KINDS[str(state["type"])][0]]
    if found in (None, "", []):
        optional = placed.block.get("optional", False) or placed.element["type"] == "checkboxes"
        return "" if optional else "Please complete this required field."
    return _wrong_text(placed.element, found) if isinstance(found, str) else ""


def _wrong_text(element: Json, text: str) -> str:
    match element["type"]:
        case "plain_text_input":
            return _wrong_length(element, text)
        case "number_input":
            return _wrong_number(element, text)
        case "email_text_input":
            return "" if _ADDRESS.fullmatch(text) else "Please enter a valid email address."
        case "url_text_input":
            return "" if _LINK.fullmatch(text) else "Please enter a valid URL."
        case _:
            return ""


def _wrong_length(element: Json, text: str) -> str:
    least, most = element.get("min_length"), element.get("max_length", 3000)
    if len(text) > most:
        return f"This must be shorter than {most + 1} characters."
    return f"This must be at least {least} characters." if least and len(text) < least else ""


def _wrong_number(element: Json, text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return "Please enter a number."
    if not element.get("is_decimal_allowed") and number != number.to_integral_value():
        return "Please enter a whole number."
    least, most = _bound(element.get("min_value")), _bound(element.get("max_value"))
    if least is not None and number < least:
        return f"Please enter a number of at least {least}."
    return f"Please enter a number of at most {most}." if most is not None and number > most else ""


def _bound(value: Any) -> Decimal | None:
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation:
        return None
