"""What stands in the inputs of a form or message: typed values, initial values and the shapes of empty ones."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

from bot.sandbox.slack.ids import Serials
from bot.sandbox.slack.wire import Json, is_list, object_in, objects_in

# element type -> (field of its state, field of its initial value, state when nothing was chosen)
KINDS: dict[str, tuple[str, str, object]] = {
    "plain_text_input": ("value", "initial_value", None),
    "email_text_input": ("value", "initial_value", None),
    "url_text_input": ("value", "initial_value", None),
    "number_input": ("value", "initial_value", None),
    "rich_text_input": ("rich_text_value", "initial_value", None),
    "static_select": ("selected_option", "initial_option", None),
    "external_select": ("selected_option", "initial_option", None),
    "radio_buttons": ("selected_option", "initial_option", None),
    "users_select": ("selected_user", "initial_user", None),
    "conversations_select": ("selected_conversation", "initial_conversation", None),
    "channels_select": ("selected_channel", "initial_channel", None),
    "multi_static_select": ("selected_options", "initial_options", []),
    "multi_external_select": ("selected_options", "initial_options", []),
    "multi_users_select": ("selected_users", "initial_users", []),
    "multi_conversations_select": ("selected_conversations", "initial_conversations", []),
    "multi_channels_select": ("selected_channels", "initial_channels", []),
    "checkboxes": ("selected_options", "initial_options", []),
    "datepicker": ("selected_date", "initial_date", None),
    "timepicker": ("selected_time", "initial_time", None),
    "datetimepicker": ("selected_date_time", "initial_date_time", None),
    "file_input": ("files", "initial_files", []),
}

# block type -> its field with other blocks, or with elements
_BLOCKS_INSIDE = {"container": "child_blocks", "carousel": "elements", "plan": "tasks"}
_ELEMENTS_INSIDE = {"actions": "elements", "context_actions": "elements", "card": "actions"}


@dataclass(frozen=True, kw_only=True)
class Placed:
    """An interactive element and the block it stands in."""

    block: Json
    element: Json

    @property
    def key(self) -> tuple[str, str]:
        """Block id and action id."""
        return str(self.block["block_id"]), str(self.element["action_id"])


def every_block(blocks: list[Json]) -> Iterator[Json]:
    """These blocks and those inside them: of containers, carousels and plans."""
    for block in blocks:
        yield block
        inside = _BLOCKS_INSIDE.get(str(block.get("type")))
        yield from every_block(objects_in(block.get(inside)) if inside else [])


def elements(blocks: list[Json]) -> Iterator[Placed]:
    """Every interactive element of the blocks, in reading order."""
    for block in every_block(blocks):
        for element in _elements_of(block):
            if "action_id" in element:
                yield Placed(block=block, element=element)


def with_ids(blocks: list[Json], serials: Serials) -> list[Json]:
    """A copy in which every block and interactive element has an id, as Slack stores them."""
    copied = deepcopy(blocks)
    for block in every_block(copied):
        block.setdefault("block_id", f"b{serials.number():04d}")
        for element in _elements_of(block):
            if element.get("type") != "image":
                element.setdefault("action_id", f"a{serials.number():04d}")
    return copied


def _elements_of(block: Json) -> list[Json]:
    inside = [block.get("accessory"), block.get("element")]
    if field := _ELEMENTS_INSIDE.get(str(block.get("type"))):
        inside += objects_in(block.get(field))
    if block.get("type") == "data_table":
        rows = block.get("rows")
        inside += [cell.get("element") for row in (rows if is_list(rows) else []) for cell in objects_in(row)]
    return objects_in(inside)


def initial_state(element: Json) -> Json:
    """The state of an element that nobody has touched."""
    field, initial, empty = KINDS[str(element["type"])]
    return {"type": element["type"], field: deepcopy(element.get(initial, empty))}


def values(blocks: list[Json], typed: dict[tuple[str, str], Json]) -> Json:
    """`state.values`: what was typed or chosen, else the initial values."""
    found: Json = {}
    for placed in elements(blocks):
        if placed.element.get("type") in KINDS:
            block_id, action_id = placed.key
            state = typed.get(placed.key) or initial_state(placed.element)
            found.setdefault(block_id, {})[action_id] = deepcopy(state)
    return found


def label(placed: Placed) -> str:
    """The words by which a person knows this element: an input's label, a button's text, a placeholder."""
    for text in (placed.block.get("label"), placed.element.get("text"), placed.element.get("placeholder")):
        if found := object_in(text).get("text"):
            return str(found)
    return str(object_in(placed.block.get("text")).get("text", ""))


def rich_of(text: str) -> Json:
    """Typed text as a rich_text_input holds it."""
    section: Json = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}
