"""What a browser sends of an element, turned into the state that Slack would send: pure, the inverse of drawing."""

import math
from datetime import datetime
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from bot.sandbox.screen import NotVisible, options_of
from bot.sandbox.slack.state import KINDS, Placed, elements, rich_of
from bot.sandbox.slack.wire import Json, is_list, object_in, objects_in

_PRESSED = ("button", "workflow_button", "icon_button", "feedback_buttons")


def read_key(key: str) -> tuple[str, str]:
    """Block id and action id of a name made by `surface.key_of`."""
    block_id, _, action_id = key.partition("/")
    return unquote(block_id), unquote(action_id)


def find_placed(blocks: list[Json], key: str) -> Placed:
    """The element with this name. Raises NotVisible when it is not there (any more)."""
    wanted = read_key(key)
    found = next((placed for placed in elements(blocks) if placed.key == wanted), None)
    if found is None:
        raise NotVisible("This button is not there any more. Look at the message again.")
    return found


def action_of(placed: Placed, chosen: list[str], zone: str, held: Json | None = None) -> Json:
    """The action of `block_actions` for an element that was pressed or changed."""
    block_id, action_id = placed.key
    keys: Json = {"action_id": action_id, "block_id": block_id}
    element = placed.element
    kind = str(element["type"])
    if kind in _PRESSED:
        return keys | _pressed(element, kind, chosen)
    if kind == "overflow":
        return keys | {"type": kind, "selected_option": _option(element, chosen[0] if chosen else "", held)}
    return keys | state_of(placed, chosen, zone, held)


def state_of(placed: Placed, chosen: list[str], zone: str, held: Json | None = None) -> Json:
    """The element's state when these values stand in it; `held` is the state before, whose options stay known.

    Times of a datetimepicker are wall-clock times in the IANA `zone`.
    """
    element = placed.element
    kind = str(element["type"])
    field = KINDS[kind][0]
    given = [value for value in chosen if value != ""]
    if field == "selected_options":
        return {"type": kind, field: [_option(element, value, held) for value in given]}
    if field.endswith("s") and is_list(KINDS[kind][2]):
        return {"type": kind, field: given}
    first = given[0] if given else ""
    if not first:
        return {"type": kind, field: None}
    if field == "selected_option":
        return {"type": kind, field: _option(element, first, held)}
    if kind == "datetimepicker":
        return {"type": kind, field: _seconds(first, zone)}
    return {"type": kind, field: rich_of(first) if kind == "rich_text_input" else first.replace("\r\n", "\n")}


def shown_option(option: Json) -> Json:
    """An option as the page's list of choices takes it."""
    return {"value": str(option.get("value", "")), "text": str(object_in(option.get("text")).get("text", ""))}


def _pressed(element: Json, kind: str, chosen: list[str]) -> Json:
    if kind == "feedback_buttons":
        halves = objects_in([element.get("positive_button"), element.get("negative_button")])
        half = next((half for half in halves if str(half.get("value", "")) in chosen), object_in(None))
        return {"type": kind, **{name: half[name] for name in ("text", "value") if name in half}}
    kept = {name: element[name] for name in ("text", "value", "style", "url", "icon") if name in element}
    return {**kept, "type": kind}


def _option(element: Json, value: str, held: Json | None) -> Json:
    known = options_of(element)
    for state in (element.get("initial_option"), *_list(element.get("initial_options")), *_held(held)):
        known += objects_in([state])
    for option in known:
        if str(option.get("value", "")) == value:
            return option
    raise NotVisible("This choice is not offered any more. Choose another one.")


def _held(held: Json | None) -> list[Any]:
    found = held or {}
    return [found.get("selected_option"), *_list(found.get("selected_options"))]


def _list(value: Any) -> list[Any]:
    return value if is_list(value) else []


def _seconds(local: str, zone: str) -> int:
    try:
        return math.floor(datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).timestamp())
    except ValueError:
        raise NotVisible("That is no date and time. Write it like 2026-11-30T09:30.") from None
