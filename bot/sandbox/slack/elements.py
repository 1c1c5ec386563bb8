"""Rules of interactive elements: https://docs.slack.dev/reference/block-kit/block-elements. Blocks are in `blocks`."""

import re
from collections.abc import Callable

from bot.sandbox.slack.checks import Complaints
from bot.sandbox.slack.wire import Json, is_list, is_object, object_in, objects_in

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_TRIGGERS = ("on_enter_pressed", "on_character_entered")
_SEEN_BY = ("visible_to_user_ids",)
_COMMON = ("type", "action_id", "focus_on_load", "confirm")
_SELECTS = ("static_select", "external_select", "users_select", "conversations_select", "channels_select")
_MULTI = tuple(f"multi_{kind}" for kind in _SELECTS)
_PICKERS = ("datepicker", "timepicker", "datetimepicker", "checkboxes", "radio_buttons")
_TEXTS = ("plain_text_input", "email_text_input", "url_text_input", "number_input")

IN_ACTIONS = frozenset(
    ("button", "overflow", "workflow_button", "rich_text_input", *_PICKERS, *_SELECTS, *_MULTI)
)
IN_SECTION = (IN_ACTIONS - {"rich_text_input"}) | {"image"}
IN_INPUT = frozenset(("rich_text_input", "file_input", *_TEXTS, *_PICKERS, *_SELECTS, *_MULTI))
IN_CONTEXT_ACTIONS = frozenset(("feedback_buttons", "icon_button"))
IN_CARD = IN_CELL = frozenset(("button",))
IN_PROVIDER = frozenset(("overflow",))
IN_SOURCES = frozenset(("url",))
# Elements that cannot stand everywhere, see `available in surfaces` on their pages.
_SURFACES = {
    "datetimepicker": ("message", "modal"),
    "feedback_buttons": ("message",),
    "file_input": ("modal",),
    "icon_button": ("message",),
    "workflow_button": ("message",),
}


def check_element(found: Complaints, element: Json, pointer: str, allowed: frozenset[str]) -> None:
    """Complain about one element in a place that allows these kinds."""
    kind = str(element.get("type"))
    if kind not in allowed or found.surface not in ("", *_SURFACES.get(kind, (found.surface,))):
        found.add(f"{pointer}/type", f"unsupported type: {kind}")
        return
    found.string(element, "action_id", pointer, most=255, least=1)
    if is_object(confirm := element.get("confirm")):
        _confirm(found, confirm, f"{pointer}/confirm")
    _RULES[kind](found, element, pointer)


def check_image(found: Complaints, element: Json, pointer: str) -> None:
    """An image element or the image part of a block."""
    found.string(element, "image_url", pointer, most=3000, needed="slack_file" not in element)
    found.string(element, "alt_text", pointer, most=2000, needed=True)


def _confirm(found: Complaints, confirm: Json, pointer: str) -> None:
    found.text(confirm, "title", pointer, most=100, needed=True)
    found.text(confirm, "text", pointer, most=300, kinds=("plain_text", "mrkdwn"), needed=True)
    found.text(confirm, "confirm", pointer, most=30, needed=True)
    found.text(confirm, "deny", pointer, most=30, needed=True)
    found.one_of(confirm, "style", pointer, ("primary", "danger"))


def _button(found: Complaints, element: Json, pointer: str) -> None:
    known = ("text", "value", "url", "style", "accessibility_label", *_SEEN_BY, *_COMMON)
    found.unknown(element, pointer, (*known, "agent_prompt", "agent_prompt_display"))
    found.text(element, "text", pointer, most=75, needed=True)
    found.string(element, "value", pointer, most=2000)
    found.string(element, "url", pointer, most=3000)
    found.string(element, "accessibility_label", pointer, most=75)
    found.string(element, "agent_prompt", pointer, most=4000)
    found.one_of(element, "style", pointer, ("primary", "danger"))


def _workflow_button(found: Complaints, element: Json, pointer: str) -> None:
    known = ("type", "action_id", "text", "workflow", "style", "accessibility_label")
    found.unknown(element, pointer, known)
    found.text(element, "text", pointer, most=75, needed=True)
    found.string(element, "accessibility_label", pointer, most=75)
    found.one_of(element, "style", pointer, ("primary", "danger"))
    trigger = object_in(object_in(element.get("workflow")).get("trigger"))
    found.string(trigger, "url", f"{pointer}/workflow/trigger", most=3000, needed=True)


def _icon_button(found: Complaints, element: Json, pointer: str) -> None:
    known = ("icon", "text", "value", "accessibility_label", *_SEEN_BY, *_COMMON)
    found.unknown(element, pointer, known)
    if element.get("icon") != "trash":
        found.add(f"{pointer}/icon", "must be one of: trash")
    found.text(element, "text", pointer, most=75, needed=True)
    found.string(element, "value", pointer, most=2000)
    found.string(element, "accessibility_label", pointer, most=75)


def _feedback_buttons(found: Complaints, element: Json, pointer: str) -> None:
    found.unknown(element, pointer, ("type", "action_id", "positive_button", "negative_button"))
    for name in ("positive_button", "negative_button"):
        half, here = object_in(element.get(name)), f"{pointer}/{name}"
        if not half:
            found.add(pointer, f"missing required field: {name}")
            continue
        found.unknown(half, here, ("text", "value", "accessibility_label"))
        found.text(half, "text", here, most=75, needed=True)
        found.string(half, "value", here, most=2000, needed=True)
        found.string(half, "accessibility_label", here, most=75)


def _source(found: Complaints, element: Json, pointer: str) -> None:
    found.unknown(element, pointer, ("type", "url", "text"))
    found.string(element, "url", pointer, most=3000, least=1, needed=True)
    found.string(element, "text", pointer, most=3000, least=1, needed=True)


def _option(found: Complaints, option: Json, pointer: str, kinds: tuple[str, ...]) -> None:
    found.unknown(option, pointer, ("text", "value", "description", "url"))
    found.text(option, "text", pointer, most=75, kinds=kinds, needed=True)
    found.string(option, "value", pointer, most=150, least=1, needed=True)
    found.text(option, "description", pointer, most=75, kinds=kinds)


def _options(
    found: Complaints,
    element: Json,
    pointer: str,
    *,
    most: int,
    least: int = 1,
    kinds: tuple[str, ...] = ("plain_text",),
) -> list[Json]:
    options = found.items(element, "options", pointer, most=most, least=least)
    for index, option in enumerate(options):
        _option(found, option, f"{pointer}/options/{index}", kinds)
    return options


def _overflow(found: Complaints, element: Json, pointer: str) -> None:
    found.unknown(element, pointer, ("options", *_COMMON))
    _options(found, element, pointer, most=5, least=2)


def _choices(found: Complaints, element: Json, pointer: str) -> None:
    found.unknown(element, pointer, ("options", "initial_option", "initial_options", *_COMMON))
    options = _options(found, element, pointer, most=10, kinds=("plain_text", "mrkdwn"))
    _initial(found, element, pointer, options)


def _initial(found: Complaints, element: Json, pointer: str, options: list[Json]) -> None:
    known = [(option.get("value"), option.get("text")) for option in options]
    single = [element["initial_option"]] if element.get("initial_option") is not None else []
    for option in objects_in(single) + objects_in(element.get("initial_options")):
        text = option.get("text")
        if not any(option.get("value") == value and _same_text(text, other) for value, other in known):
            found.add(f"{pointer}/initial_option", "must match one of the options")


def _same_text(one: object, other: object) -> bool:
    return is_object(one) and is_object(other) and one.get("text") == other.get("text")


def _select(found: Complaints, element: Json, pointer: str) -> None:
    found.text(element, "placeholder", pointer, most=150)
    most_chosen = element.get("max_selected_items")
    if most_chosen is not None and (not isinstance(most_chosen, int) or most_chosen < 1):
        found.add(f"{pointer}/max_selected_items", "must be more than 0")


def _static_select(found: Complaints, element: Json, pointer: str) -> None:
    _select(found, element, pointer)
    if "option_groups" not in element:
        _initial(found, element, pointer, _options(found, element, pointer, most=100))
        return
    options: list[Json] = []
    for index, group in enumerate(found.items(element, "option_groups", pointer, most=100)):
        here = f"{pointer}/option_groups/{index}"
        found.text(group, "label", here, most=75, needed=True)
        options += _options(found, group, here, most=100)
    _initial(found, element, pointer, options)


def _told_on(found: Complaints, element: Json, pointer: str) -> None:
    """https://docs.slack.dev/reference/block-kit/composition-objects/dispatch-action-configuration-object"""
    if "dispatch_action_config" not in element:
        return
    here = f"{pointer}/dispatch_action_config"
    config = element["dispatch_action_config"]
    if not is_object(config):
        found.add(here, "must be an object")
        return
    found.unknown(config, here, ("trigger_actions_on",))
    told = config.get("trigger_actions_on", ["on_enter_pressed"])
    if not is_list(told) or not told or any(one not in _TRIGGERS for one in told):
        found.add(f"{here}/trigger_actions_on", f"must be one or both of {', '.join(_TRIGGERS)}")


def _text_input(found: Complaints, element: Json, pointer: str) -> None:
    known = (
        "initial_value",
        "multiline",
        "min_length",
        "max_length",
        "dispatch_action_config",
        "placeholder",
    )
    found.unknown(element, pointer, (*known, *_COMMON))
    _told_on(found, element, pointer)
    found.text(element, "placeholder", pointer, most=150)
    low, high = element.get("min_length", 0), element.get("max_length", 3000)
    if not (isinstance(low, int) and 0 <= low <= 3000):
        found.add(f"{pointer}/min_length", "must be between 0 and 3000")
    elif not (isinstance(high, int) and max(1, low) <= high <= 3000):
        found.add(f"{pointer}/max_length", "must be between 1 and 3000")
    else:
        found.string(element, "initial_value", pointer, most=high)


def _simple_input(found: Complaints, element: Json, pointer: str) -> None:
    known = (
        "initial_value",
        "dispatch_action_config",
        "placeholder",
        "is_decimal_allowed",
        "min_value",
        "max_value",
    )
    found.unknown(element, pointer, (*known, *_COMMON))
    _told_on(found, element, pointer)
    found.text(element, "placeholder", pointer, most=150)
    if element["type"] == "number_input" and "is_decimal_allowed" not in element:
        found.add(pointer, "missing required field: is_decimal_allowed")


def _picker(found: Complaints, element: Json, pointer: str) -> None:
    found.text(element, "placeholder", pointer, most=150)
    date, time, instant = (element.get(f"initial_{name}") for name in ("date", "time", "date_time"))
    if date is not None and not _DATE.fullmatch(str(date)):
        found.add(f"{pointer}/initial_date", "must be in the format YYYY-MM-DD")
    if time is not None and not _TIME.fullmatch(str(time)):
        found.add(f"{pointer}/initial_time", "must be in the format HH:mm")
    if instant is not None and not (isinstance(instant, int) and len(str(instant)) == 10):
        found.add(f"{pointer}/initial_date_time", "must be 10 digits")


def _rich_text_input(found: Complaints, element: Json, pointer: str) -> None:
    _told_on(found, element, pointer)
    found.text(element, "placeholder", pointer, most=150)


def _file_input(found: Complaints, element: Json, pointer: str) -> None:
    found.unknown(element, pointer, ("type", "action_id", "filetypes", "max_files"))
    found.number(element, "max_files", pointer, least=1, most=10)


_RULES: dict[str, Callable[[Complaints, Json, str], None]] = {
    "button": _button,
    "workflow_button": _workflow_button,
    "icon_button": _icon_button,
    "feedback_buttons": _feedback_buttons,
    "url": _source,
    "image": check_image,
    "overflow": _overflow,
    "checkboxes": _choices,
    "radio_buttons": _choices,
    **dict.fromkeys(_SELECTS + _MULTI, _select),
    "static_select": _static_select,
    "multi_static_select": _static_select,
    "plain_text_input": _text_input,
    **dict.fromkeys(_TEXTS[1:], _simple_input),
    **dict.fromkeys(("datepicker", "timepicker", "datetimepicker"), _picker),
    "rich_text_input": _rich_text_input,
    "file_input": _file_input,
}
ELEMENTS = frozenset(_RULES)
