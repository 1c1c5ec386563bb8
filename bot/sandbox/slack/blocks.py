"""Rules of blocks, as https://docs.slack.dev/reference/block-kit/blocks gives them for each surface."""

from collections import Counter
from collections.abc import Callable

from bot.sandbox.slack.cards import check_card, check_carousel, check_plan, check_provider, check_task
from bot.sandbox.slack.checks import Complaints
from bot.sandbox.slack.elements import (
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    check_element,
    check_image,
)
from bot.sandbox.slack.figures import check_chart, check_charts, check_data_table, check_table
from bot.sandbox.slack.rich_text import check_rich_text
from bot.sandbox.slack.state import every_block
from bot.sandbox.slack.wire import Json, is_object, objects_in

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
_ANYWHERE = frozenset(("message", "modal", "home"))
_TEXT = ("plain_text", "mrkdwn")
_CONTAINER_FLAGS = ("is_collapsible", "default_collapsed", "has_header_divider")
# What a container takes: https://docs.slack.dev/reference/block-kit/blocks/container-block.
_IN_CONTAINER = frozenset(
    ("actions", "context", "divider", "header", "image", "input", "rich_text", "section", "table", "video")
)


def check_blocks(blocks: list[Json], surface: str, pointer: str = "/blocks") -> list[str]:
    """Slack's complaints about these blocks on this surface (`message`, `modal` or `home`); none when they are fine."""
    found = Complaints(surface=surface)
    if len(blocks) > MOST_BLOCKS[surface]:
        found.add(pointer, f"no more than {MOST_BLOCKS[surface]} items allowed")
    for index, block in enumerate(blocks):
        _block(found, block, f"{pointer}/{index}")
    check_charts(found, blocks, pointer)
    _unique_blocks(found, blocks, pointer)
    _single_focus(found, blocks, pointer)
    return found.found


def text_length(value: object) -> int:
    """How many characters people would read in these blocks."""
    if is_object(value):
        own = value.get("text")
        rest = [inner for name, inner in value.items() if name != "text" or not isinstance(inner, str)]
        return (len(own) if isinstance(own, str) else 0) + sum(text_length(inner) for inner in rest)
    return sum(text_length(inner) for inner in objects_in(value))


def _block(found: Complaints, block: Json, pointer: str) -> None:
    kind = str(block.get("type"))
    if kind not in _RULES or found.surface not in _SURFACES.get(kind, _ANYWHERE):
        found.add(f"{pointer}/type", f"unsupported type: {kind}")
        return
    found.string(block, "block_id", pointer, most=255)
    _RULES[kind](found, block, pointer)


def _unique_blocks(found: Complaints, blocks: list[Json], pointer: str) -> None:
    ids = Counter(str(block["block_id"]) for block in every_block(blocks) if block.get("block_id"))
    for block_id, times in ids.items():
        if times > 1:
            found.add(pointer, f'`block_id` must be unique; "{block_id}" appears {times} times')


def _single_focus(found: Complaints, blocks: list[Json], pointer: str) -> None:
    inside = [
        element for block in blocks for element in objects_in([block.get("element"), block.get("accessory")])
    ]
    if sum(bool(element.get("focus_on_load")) for element in inside) > 1:
        found.add(pointer, "only one element may have focus_on_load")


def _section(found: Complaints, block: Json, pointer: str) -> None:
    found.unknown(block, pointer, ("type", "block_id", "text", "fields", "accessory", "expand"))
    found.text(block, "text", pointer, most=3000, kinds=_TEXT, needed="fields" not in block)
    fields = found.items(block, "fields", pointer, most=10, needed=False)
    for index, _ in enumerate(fields):
        found.text({str(index): fields[index]}, str(index), f"{pointer}/fields", most=2000, kinds=_TEXT)
    if is_object(accessory := block.get("accessory")):
        check_element(found, accessory, f"{pointer}/accessory", IN_SECTION)


def _header(found: Complaints, block: Json, pointer: str) -> None:
    found.unknown(block, pointer, ("type", "block_id", "text", "level"))
    found.text(block, "text", pointer, most=150, needed=True)


def _divider(found: Complaints, block: Json, pointer: str) -> None:
    found.unknown(block, pointer, ("type", "block_id"))


def _context(found: Complaints, block: Json, pointer: str) -> None:
    found.unknown(block, pointer, ("type", "block_id", "elements"))
    for index, element in enumerate(found.items(block, "elements", pointer, most=10)):
        here = f"{pointer}/elements/{index}"
        if element.get("type") == "image":
            check_image(found, element, here)
        else:
            found.text({"text": element}, "text", here.removesuffix("/text"), most=3000, kinds=_TEXT)


def _actions(found: Complaints, block: Json, pointer: str) -> None:
    found.unknown(block, pointer, ("type", "block_id", "elements"))
    elements = found.items(block, "elements", pointer, most=25)
    for index, element in enumerate(elements):
        check_element(found, element, f"{pointer}/elements/{index}", IN_ACTIONS)
    ids = Counter(str(element["action_id"]) for element in elements if element.get("action_id"))
    for action_id, times in ids.items():
        if times > 1:
            found.add(f"{pointer}/elements", f'`action_id` "{action_id}" already exists')


def _input(found: Complaints, block: Json, pointer: str) -> None:
    known = ("type", "block_id", "label", "element", "dispatch_action", "hint", "optional")
    found.unknown(block, pointer, known)
    found.text(block, "label", pointer, most=2000, needed=True)
    found.text(block, "hint", pointer, most=2000)
    element = block.get("element")
    if is_object(element):
        check_element(found, element, f"{pointer}/element", IN_INPUT)
    else:
        found.add(pointer, "missing required field: element")


def _image(found: Complaints, block: Json, pointer: str) -> None:
    check_image(found, block, pointer)
    found.text(block, "title", pointer, most=2000)


def _markdown(found: Complaints, block: Json, pointer: str) -> None:
    found.string(block, "text", pointer, most=12000, least=1, needed=True)


def _video(found: Complaints, block: Json, pointer: str) -> None:
    found.text(block, "title", pointer, most=200, needed=True)
    for name in ("video_url", "thumbnail_url", "alt_text"):
        found.string(block, name, pointer, most=3000, needed=True)


def _alert(found: Complaints, block: Json, pointer: str) -> None:
    found.unknown(block, pointer, ("type", "block_id", "text", "level"))
    found.text(block, "text", pointer, most=200, kinds=_TEXT, needed=True)
    found.one_of(block, "level", pointer, ("default", "info", "success", "warning", "error"))


def _context_actions(found: Complaints, block: Json, pointer: str) -> None:
    found.unknown(block, pointer, ("type", "block_id", "elements"))
    for index, element in enumerate(found.items(block, "elements", pointer, most=5)):
        check_element(found, element, f"{pointer}/elements/{index}", IN_CONTEXT_ACTIONS)


def _call(found: Complaints, block: Json, pointer: str) -> None:
    found.unknown(block, pointer, ("type", "block_id", "call_id", "api_decoration_available", "call"))
    found.string(block, "call_id", pointer, most=255, least=1, needed=True)


def _file(found: Complaints, block: Json, pointer: str) -> None:
    found.string(block, "external_id", pointer, most=255, least=1, needed=True)
    found.one_of(block, "source", pointer, ("remote",))


def _container(found: Complaints, block: Json, pointer: str) -> None:
    known = ("title", "rich_text_title", "subtitle", "child_blocks", "width", "icon", *_CONTAINER_FLAGS)
    found.unknown(block, pointer, ("type", "block_id", *known))
    found.text(block, "title", pointer, most=150, needed="rich_text_title" not in block)
    if is_object(title := block.get("rich_text_title")):
        check_rich_text(found, title, f"{pointer}/rich_text_title")
    found.text(block, "subtitle", pointer, most=150, kinds=_TEXT)
    found.one_of(block, "width", pointer, ("narrow", "standard", "wide", "full"))
    if is_object(icon := block.get("icon")):
        check_image(found, icon, f"{pointer}/icon")
    for name in _CONTAINER_FLAGS:
        found.flag(block, name, pointer)
    if block.get("is_collapsible") and block.get("has_header_divider"):
        found.add(pointer, "has_header_divider must not be used with is_collapsible")
    for index, child in enumerate(found.items(block, "child_blocks", pointer, most=10)):
        here = f"{pointer}/child_blocks/{index}"
        if child.get("type") in _IN_CONTAINER:
            _block(found, child, here)
        else:
            found.add(f"{here}/type", f"unsupported type: {child.get('type')}")


_RULES: dict[str, Callable[[Complaints, Json, str], None]] = {
    "section": _section,
    "header": _header,
    "divider": _divider,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "image": _image,
    "rich_text": check_rich_text,
    "markdown": _markdown,
    "video": _video,
    "table": check_table,
    "data_table": check_data_table,
    "data_visualization": check_chart,
    "card": check_card,
    "carousel": check_carousel,
    "plan": check_plan,
    "task_card": check_task,
    "auth_provider": check_provider,
    "context_actions": _context_actions,
    "call": _call,
    "file": _file,
    "alert": _alert,
    "container": _container,
}
_MESSAGES = frozenset(("message",))
_SURFACES = {
    "alert": frozenset(("modal",)),
    # Slack makes these for its own services; a bot that sends one has made a mistake.
    "auth_provider": frozenset[str](),
    "call": frozenset[str](),
    "carousel": frozenset(("message", "home")),
    "container": _MESSAGES,
    "context_actions": _MESSAGES,
    "data_table": _MESSAGES,
    "data_visualization": _MESSAGES,
    # Slack puts it into messages with remote files; no app can send it.
    "file": frozenset[str](),
    "markdown": _MESSAGES,
    "plan": _MESSAGES,
    "table": _MESSAGES,
    "task_card": _MESSAGES,
}
BLOCKS = frozenset(_RULES)
