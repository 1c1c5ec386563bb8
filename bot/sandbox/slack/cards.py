"""Rules of cards, carousels, plans, tasks and providers: https://docs.slack.dev/reference/block-kit/blocks.

Each takes the block and its place. Rules of simpler blocks are in `blocks`.
"""

from bot.sandbox.slack.checks import Complaints
from bot.sandbox.slack.elements import IN_CARD, IN_PROVIDER, IN_SOURCES, check_element, check_image
from bot.sandbox.slack.rich_text import check_rich_text
from bot.sandbox.slack.wire import Json, is_list, is_object

_TEXT = ("plain_text", "mrkdwn")
_CARD = ("hero_image", "icon", "slack_icon", "title", "subtitle", "body", "actions")
_PROVIDER = (
    "value",
    "name",
    "is_connected",
    "description",
    "icon_url",
    "auth_url",
    "disconnect_url",
    "connected_identity",
    "connected_context",
    "accessory",
    "fallback",
)
_STATUSES = ("pending", "in_progress", "complete", "error")
_MOST_CARDS = 10


def check_card(found: Complaints, block: Json, pointer: str) -> None:
    """A card has at least a picture, a title, buttons or a body."""
    found.unknown(block, pointer, ("type", "block_id", *_CARD))
    if not any(block.get(name) for name in ("hero_image", "title", "actions", "body")):
        found.add(pointer, "at least one of hero_image, title, actions, or body is required")
    for name in ("hero_image", "icon"):
        if is_object(image := block.get(name)):
            check_image(found, image, f"{pointer}/{name}")
    for name, most in (("title", 150), ("subtitle", 150), ("body", 200)):
        found.text(block, name, pointer, most=most, kinds=_TEXT)
    if block.get("icon") and block.get("slack_icon"):
        found.add(pointer, "icon and slack_icon must not be used together")
    for index, element in enumerate(found.items(block, "actions", pointer, most=3, needed=False)):
        check_element(found, element, f"{pointer}/actions/{index}", IN_CARD)


def check_carousel(found: Complaints, block: Json, pointer: str) -> None:
    """One to ten cards side by side."""
    found.unknown(block, pointer, ("type", "block_id", "elements"))
    for index, card in enumerate(found.items(block, "elements", pointer, most=_MOST_CARDS)):
        here = f"{pointer}/elements/{index}"
        if card.get("type") != "card":
            found.add(f"{here}/type", f"unsupported type: {card.get('type')}")
        else:
            found.string(card, "block_id", here, most=255)
            check_card(found, card, here)


def check_task(found: Complaints, block: Json, pointer: str) -> None:
    """A step of work and how far it is."""
    known = ("type", "block_id", "task_id", "title", "details", "output", "sources", "status")
    found.unknown(block, pointer, known)
    found.string(block, "task_id", pointer, most=255, least=1, needed=True)
    found.string(block, "title", pointer, most=3000, least=1, needed=True)
    found.one_of(block, "status", pointer, _STATUSES)
    for name in ("details", "output"):
        if is_object(text := block.get(name)):
            check_rich_text(found, text, f"{pointer}/{name}")
    for index, source in enumerate(found.items(block, "sources", pointer, most=100, least=0, needed=False)):
        check_element(found, source, f"{pointer}/sources/{index}", IN_SOURCES)


def check_plan(found: Complaints, block: Json, pointer: str) -> None:
    """Tasks under one title."""
    found.unknown(block, pointer, ("type", "block_id", "title", "tasks"))
    found.string(block, "title", pointer, most=3000, least=1, needed=True)
    for index, task in enumerate(found.items(block, "tasks", pointer, most=50, least=0, needed=False)):
        here = f"{pointer}/tasks/{index}"
        if task.get("type", "task_card") != "task_card":
            found.add(f"{here}/type", f"unsupported type: {task.get('type')}")
        else:
            check_task(found, task, here)


def check_provider(found: Complaints, block: Json, pointer: str) -> None:
    """Somewhere else where a person can have an account."""
    found.unknown(block, pointer, ("type", "block_id", *_PROVIDER))
    found.string(block, "value", pointer, most=150, least=1, needed=True)
    found.text(block, "name", pointer, most=75, needed=True)
    found.flag(block, "is_connected", pointer, needed=True)
    found.text(block, "description", pointer, most=150)
    for name in ("connected_identity", "connected_context"):
        found.text(block, name, pointer, most=75)
    for name in ("icon_url", "auth_url", "disconnect_url"):
        found.string(block, name, pointer, most=3000)
        if isinstance(address := block.get(name), str) and not address.startswith("https://"):
            found.add(f"{pointer}/{name}", "must be an https URL")
    if is_object(menu := block.get("accessory")):
        check_element(found, menu, f"{pointer}/accessory", IN_PROVIDER)
    if block.get("fallback") is not None and not is_list(block["fallback"]):
        found.add(f"{pointer}/fallback", "must be an array")
