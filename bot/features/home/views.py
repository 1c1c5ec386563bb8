"""The Home tab: sections below each other, within Slack's hundred blocks."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.slack import blocks
from bot.slack.blocks import Block

MOST_BLOCKS = 100
EMPTY = (
    "Nothing of yours is here yet. `/ask-team` asks a team for something; `/standup` answers a check-in; "
    "a message to me says the rest."
)


def home(sections: Sequence[Sequence[Block]]) -> Mapping[str, Any]:
    """The view of these sections; a friendly word where they are all empty."""
    shown = [block for section in sections for block in section]
    if not shown:
        shown = [blocks.section(EMPTY)]
    if len(shown) > MOST_BLOCKS:
        shown = [*shown[: MOST_BLOCKS - 1], blocks.context("There is more than fits here.")]
    return {"type": "home", "blocks": shown}
