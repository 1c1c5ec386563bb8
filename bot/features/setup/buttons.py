"""Buttons that a part may put among its fields: they lead to its entries, or change something at once."""

from bot.core.text import cut
from bot.features.setup import ids
from bot.slack.blocks import Block, button, plain

# Slack, "Button element".
LONGEST_SPOKEN = 75


def opens(part: str, label: str, item: str, *, about: str = "") -> Block:
    """Shows this entry of the part, in the place of what is shown. What was typed there and not saved is lost.

    `about`: what the entry is, for whoever hears the page.
    """
    return spoken(button(label, ids.EDIT, ids.value(part, item)), about)


def spoken(made: Block, about: str) -> Block:
    """The button with its words and what it is about: whoever hears the page hears many buttons of one name."""
    label = f"{made['text']['text']}: {' '.join(about.split())}"
    return made | {"accessibility_label": cut(label, LONGEST_SPOKEN)} if about else made


def applies(part: str, label: str, item: str, *, sure: str = "") -> Block:
    """Saves at once what the part's `read` returns for this item. `sure`: what is asked before, in plain words."""
    made = button(label, ids.APPLY, ids.value(part, item))
    return made | ({"confirm": confirm(label, sure), "style": "danger"} if sure else {})


def confirm(label: str, sure: str) -> Block:
    """Slack's own question before a press counts."""
    return {
        "title": plain("Are you sure?", 100),
        "text": plain(sure, 300),
        "confirm": plain(label, 30),
        "deny": plain("No", 30),
    }
