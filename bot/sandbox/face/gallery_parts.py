"""What the examples of the gallery are made of: short ways to write Slack's objects."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.world import World

# Nothing answers there; the demo loads no picture of others anyway.
PICTURE = "https://pictures.example.com/lighthouse.png"


@dataclass(frozen=True, kw_only=True)
class Example:
    """Blocks to look at. `kind` is the block or element that they show, `surface` where Slack takes them.

    A `refused` one is of a kind that no bot can send.
    """

    kind: str
    words: str
    blocks: list[Json]
    surface: str = "message"
    refused: bool = False


def plain(words: str) -> Json:
    """A plain text object."""
    return {"type": "plain_text", "text": words}


def mrkdwn(words: str) -> Json:
    """A text object with Slack's marks."""
    return {"type": "mrkdwn", "text": words}


def option(words: str, **more: Any) -> Json:
    """An option; its value is its first word in small letters."""
    return {"text": plain(words), "value": words.lower().split()[0], **more}


def options(*words: str) -> list[Json]:
    """Several options."""
    return [option(one) for one in words]


def section(words: str, **more: Any) -> Json:
    """A section with marks in its text."""
    return {"type": "section", "text": mrkdwn(words), **more}


def button(words: str, action_id: str, **more: Any) -> Json:
    """A button."""
    return {"type": "button", "text": plain(words), "action_id": action_id, **more}


def actions(*elements: Json) -> Json:
    """A row of elements."""
    return {"type": "actions", "elements": list(elements)}


def field(label: str, element: Json, **more: Any) -> Json:
    """An input of a form with its label."""
    return {"type": "input", "label": plain(label), "element": element, **more}


def image(words: str) -> Json:
    """An image element."""
    return {"type": "image", "image_url": PICTURE, "alt_text": words}


def rich(*pieces: Json) -> Json:
    """A rich text of one section."""
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(pieces)}]}


def text(words: str, **style: bool) -> Json:
    """A piece of rich text."""
    return {"type": "text", "text": words, **({"style": style} if style else {})}


def raw(words: str) -> Json:
    """A cell of a table."""
    return {"type": "raw_text", "text": words}


def number(value: float) -> Json:
    """A cell of a table with a number."""
    return {"type": "raw_number", "value": value, "text": f"{value:g}"}


def person(world: World, name: str) -> str:
    """The id of somebody."""
    return world.account(name).id
