"""A list in a team's settings, one line with its button for each entry."""

from collections.abc import Callable, Sequence
from typing import Any

from bot.slack import blocks, inputs
from bot.slack.blocks import Block

# A form holds a hundred blocks: https://docs.slack.dev/reference/views/modal-views
MOST_SHOWN = 90
NEW = "new"
# A button that opens an entry: its words, which entry, and what is said of it to whoever hears the page.
OpensItem = Callable[[str, str, str], Block]


def listed(lines: Sequence[tuple[str, str]], opens: OpensItem, *, add: str, empty: str) -> list[Block]:
    """`lines` are mrkdwn with the item that they open; `add` is written on the button for a new one."""
    shown = [
        blocks.section(line, accessory=opens("Edit", item, f"{place} of {len(lines)}"))
        for place, (line, item) in enumerate(lines[:MOST_SHOWN], 1)
    ]
    left = len(lines) - len(shown)
    if left > 0:
        shown.append(
            blocks.context(f"{left} more stay as they are. `frontdesk export teams` shows all of them.")
        )
    return [*(shown or [blocks.section(empty)]), blocks.actions(opens(add, NEW, ""))]


def order(number: int | None, count: int) -> list[Block]:
    """The field for an entry's place among `count` (None: a new one comes last); none where there is no choice."""
    last = count if number is not None else count + 1
    if last < 2 or last > inputs.MOST_CHOICES:
        return []
    places = [(str(place), str(place)) for place in range(1, last + 1)]
    menu = blocks.select("place", places, initial=str(last if number is None else number + 1))
    return [blocks.input_block("Place in the list", menu, "place", hint="The first one that matches counts.")]


def put(entries: Sequence[Any], number: int | None, entry: Any | None, place: object = None) -> list[Any]:
    """The list with this entry in the place of that number (None: added), moved to `place`; None takes it away."""
    rest = [one for index, one in enumerate(entries) if index != number]
    if entry is None:
        return rest
    usual = len(rest) if number is None else number
    index = int(place) - 1 if isinstance(place, str) and place.isdecimal() else usual
    index = min(max(index, 0), len(rest))
    return [*rest[:index], entry, *rest[index:]]
