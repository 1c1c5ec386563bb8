"""Block Kit pieces that know Slack's limits (Block Kit reference) and cut to them.

`text` arguments called `mrkdwn` are ours and may hold markup; people's text goes through `escape` first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.core.leavers import is_gone
from bot.core.text import cut

Block = dict[str, Any]

SECTION = 3000
HEADER = 150
BUTTON = 75
OPTION = 75
TITLE = 24
LABEL = 2000
HINT = 2000
PLACEHOLDER = 150
FALLBACK = 3500


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message: `text` alone must be enough to read it (notifications, screen readers)."""

    text: str
    blocks: Sequence[Block] = field(default_factory=tuple[Block, ...])


def plain(text: str, limit: int) -> Block:
    """A plain text object, cut to the limit."""
    return {"type": "plain_text", "text": cut(text, limit), "emoji": True}


def section(mrkdwn: str, *, accessory: Block | None = None, block_id: str | None = None) -> Block:
    block: Block = {"type": "section", "text": {"type": "mrkdwn", "text": cut(mrkdwn, SECTION)}}
    if accessory:
        block["accessory"] = accessory
    if block_id:
        block["block_id"] = block_id
    return block


def plain_section(text: str) -> Block:
    """People's words, shown as they are: nothing in them is markup."""
    return {"type": "section", "text": {"type": "plain_text", "text": cut(text, SECTION), "emoji": False}}


def fields(pairs: Sequence[tuple[str, str]]) -> Block:
    """Two columns of name and value (at most 10)."""
    cells = [{"type": "mrkdwn", "text": cut(f"*{name}*\n{value}", 2000)} for name, value in pairs[:10]]
    return {"type": "section", "fields": cells}


def rich_text(*lines: Sequence[Block]) -> Block:
    """Lines of elements that are shown as they are: nothing in their text is markup."""
    elements: list[Block] = []
    for number, line in enumerate(lines):
        elements += [{"type": "text", "text": "\n"}, *line] if number else line
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, HEADER)}


def context(*mrkdwn: str) -> Block:
    elements = [{"type": "mrkdwn", "text": cut(text, SECTION)} for text in mrkdwn[:10]]
    return {"type": "context", "elements": elements}


def divider() -> Block:
    return {"type": "divider"}


def button(label: str, action_id: str, value: str, *, style: str | None = None) -> Block:
    element: Block = {
        "type": "button",
        "text": plain(label, BUTTON),
        "action_id": action_id,
        "value": value,
    }
    if style:
        element["style"] = style
    return element


def link_button(label: str, action_id: str, url: str) -> Block:
    return {"type": "button", "text": plain(label, BUTTON), "action_id": action_id, "url": url}


def overflow(action_id: str, choices: Sequence[tuple[str, str]]) -> Block:
    """An overflow menu of 1 to 5 (label, value) pairs."""
    return {"type": "overflow", "action_id": action_id, "options": [option(*pair) for pair in choices[:5]]}


def option(label: str, value: str, description: str | None = None) -> Block:
    made: Block = {"text": plain(label or " ", OPTION), "value": value}
    if description:
        made["description"] = plain(description, OPTION)
    return made


def actions(*elements: Block, block_id: str | None = None) -> Block:
    block: Block = {"type": "actions", "elements": list(elements[:25])}
    if block_id:
        block["block_id"] = block_id
    return block


def select(
    action_id: str, choices: Sequence[tuple[str, str]], *, initial: str | None = None, placeholder: str = ""
) -> Block:
    """A menu of at most 100 (label, value) pairs."""
    options = [option(*pair) for pair in choices[:100]]
    element: Block = {"type": "static_select", "action_id": action_id, "options": options}
    if placeholder:
        element["placeholder"] = plain(placeholder, PLACEHOLDER)
    first = next((made for made in options if made["value"] == initial), None)
    if first:
        element["initial_option"] = first
    return element


def text_input(
    action_id: str,
    *,
    initial: str = "",
    multiline: bool = False,
    max_length: int = 3000,
    placeholder: str = "",
    told_while_typing: bool = False,
) -> Block:
    """A field for text. `told_while_typing`, in a block that dispatches: we hear of each character, not of Enter."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": action_id,
        "multiline": multiline,
        "max_length": max_length,
    }
    if initial:
        element["initial_value"] = initial[:max_length]
    if placeholder:
        element["placeholder"] = plain(placeholder, PLACEHOLDER)
    if told_while_typing:
        element["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
    return element


def user_select(action_id: str, initial: str | None = None) -> Block:
    element: Block = {"type": "users_select", "action_id": action_id}
    if initial and not is_gone(initial):
        element["initial_user"] = initial
    return element


def input_block(
    label: str,
    element: Block,
    block_id: str,
    *,
    optional: bool = False,
    hint: str = "",
    dispatch: bool = False,
) -> Block:
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, LABEL),
        "element": element,
        "optional": optional,
    }
    if hint:
        block["hint"] = plain(hint, HINT)
    if dispatch:
        block["dispatch_action"] = True
    return block


def modal(
    *,
    callback_id: str,
    title: str,
    blocks: Sequence[Block],
    submit: str | None = None,
    close: str = "Cancel",
    private_metadata: str = "",
) -> Mapping[str, Any]:
    """A form. Title and buttons hold 24 characters (Slack, "Modal view")."""
    view: dict[str, Any] = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, TITLE),
        "close": plain(close, TITLE),
        "blocks": list(blocks)[:100],
        "private_metadata": private_metadata,
    }
    if submit:
        view["submit"] = plain(submit, TITLE)
    return view


def notice(title: str, mrkdwn: str) -> Mapping[str, Any]:
    """A form that only says something."""
    return modal(callback_id="notice", title=title, blocks=[section(mrkdwn)], close="Close")
