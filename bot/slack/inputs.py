"""Input elements of forms beyond plain text and menus, with Slack's limits (Block Kit reference).

A choice is (label, value). `initial` is what stands in the input when the form opens.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.slack.blocks import PLACEHOLDER, Block, option, plain

Choice = tuple[str, str]

MOST_BUTTONS = 10
MOST_CHOICES = 100
# A form may have 250 KB in all: a menu of its own is no longer than this, or its entries are searched.
MOST_IN_FORM = 40
LONGEST_VALUE = 150
LONGEST_URL = 2000


def number_input(action_id: str, *, initial: str = "") -> Block:
    element: Block = {"type": "number_input", "action_id": action_id, "is_decimal_allowed": True}
    return element | ({"initial_value": initial} if _is_number(initial) else {})


def url_input(action_id: str, *, initial: str = "") -> Block:
    element: Block = {"type": "url_text_input", "action_id": action_id}
    fits = initial.startswith(("https://", "http://")) and len(initial) <= LONGEST_URL
    return element | ({"initial_value": initial} if fits else {})


def date_input(action_id: str, *, initial: str = "") -> Block:
    """`initial` as YYYY-MM-DD."""
    element: Block = {"type": "datepicker", "action_id": action_id}
    return element | ({"initial_date": initial} if _is_day(initial) else {})


def time_input(action_id: str, *, initial: str = "") -> Block:
    """`initial` as HH:MM."""
    element: Block = {"type": "timepicker", "action_id": action_id}
    return element | ({"initial_time": initial} if _is_time(initial) else {})


def people(action_id: str, *, initial: Sequence[str] = ()) -> Block:
    """Several people, in the order in which they were chosen."""
    element: Block = {"type": "multi_users_select", "action_id": action_id}
    return element | ({"initial_users": list(initial)} if initial else {})


def channel(action_id: str, *, initial: str = "") -> Block:
    """A public or private channel."""
    element: Block = {
        "type": "conversations_select",
        "action_id": action_id,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    return element | ({"initial_conversation": initial} if initial else {})


def moment_input(action_id: str, *, initial: str = "") -> Block:
    """`initial` in seconds since 1970, ten digits."""
    element: Block = {"type": "datetimepicker", "action_id": action_id}
    fits = initial.isascii() and initial.isdigit() and len(initial) == 10
    return element | ({"initial_date_time": int(initial)} if fits else {})


def radio(action_id: str, choices: Sequence[Choice], *, initial: str = "") -> Block:
    """At most ten."""
    options = [option(*choice) for choice in choices[:MOST_BUTTONS]]
    element: Block = {"type": "radio_buttons", "action_id": action_id, "options": options}
    first = next((one for one in options if one["value"] == initial), None)
    return element | ({"initial_option": first} if first else {})


def checkboxes(action_id: str, choices: Sequence[Choice], *, initial: Sequence[str] = ()) -> Block:
    """At most ten."""
    return _several("checkboxes", action_id, choices[:MOST_BUTTONS], initial)


def multi_select(action_id: str, choices: Sequence[Choice], *, initial: Sequence[str] = ()) -> Block:
    """At most a hundred."""
    return _several("multi_static_select", action_id, choices[:MOST_CHOICES], initial)


def _several(kind: str, action_id: str, choices: Sequence[Choice], initial: Sequence[str]) -> Block:
    options = [option(*choice) for choice in choices]
    element: Block = {"type": kind, "action_id": action_id, "options": options}
    first = [one for one in options if one["value"] in initial]
    return element | ({"initial_options": first} if first else {})


def search_select(action_id: str, *, initial: Choice | None = None, placeholder: str = "") -> Block:
    """A menu whose entries the bot is asked for, also before anything is typed."""
    element = _searched("external_select", action_id, placeholder)
    return element | ({"initial_option": option(*initial)} if initial else {})


def multi_search_select(
    action_id: str, *, initial: Sequence[Choice] = (), placeholder: str = "", least: int = 0
) -> Block:
    """The same for several entries; the bot is asked when `least` letters are typed."""
    element = _searched("multi_external_select", action_id, placeholder) | {"min_query_length": least}
    return element | ({"initial_options": [option(*one) for one in initial]} if initial else {})


def _searched(kind: str, action_id: str, placeholder: str) -> Block:
    element: Block = {"type": kind, "action_id": action_id, "min_query_length": 0}
    return element | ({"placeholder": plain(placeholder, PLACEHOLDER)} if placeholder else {})


def channels(action_id: str, *, initial: Sequence[str] = ()) -> Block:
    """Several channels, public or private."""
    element = channel(action_id) | {"type": "multi_conversations_select"}
    return element | ({"initial_conversations": list(initial)} if initial else {})


def suggested(choices: Sequence[Choice]) -> list[dict[str, Any]]:
    """Options for an external menu: at most a hundred, without those whose value Slack cannot carry."""
    fitting = [choice for choice in choices if 0 < len(choice[1]) <= LONGEST_VALUE]
    return [option(*choice) for choice in fitting[:MOST_CHOICES]]


def _is_number(text: str) -> bool:
    whole, _, part = text.removeprefix("-").partition(".")
    return text.isascii() and whole.isdigit() and (not part or part.isdigit())


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_time(text: str) -> bool:
    return re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text) is not None
