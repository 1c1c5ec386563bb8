"""Where a form's fields stand in the teams file: their block ids are the keys there, so that problems find them."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from bot.core.errors import UserError
from bot.slack.blocks import Block
from bot.slack.calls import chosen

# The field's own short name, and its key in the teams file.
Places = Mapping[str, str]


def placed(fields: Sequence[Block], places: Places) -> list[Block]:
    """The same blocks under the ids of their places; one without a place keeps its own."""
    return [
        {**block, "block_id": places.get(block["block_id"], block["block_id"])}
        if "block_id" in block
        else block
        for block in fields
    ]


def entered(state: Mapping[str, Mapping[str, Mapping[str, Any]]], places: Places) -> dict[str, Any]:
    """What stands in those of the fields that the form has, by their short names."""
    return {
        name: chosen(next(iter(state[place].values()))) for name, place in places.items() if state.get(place)
    }


@contextmanager
def problems_beside(places: Places) -> Generator[None]:
    """A refusal that names a field by its short name is told beside its block."""
    try:
        yield
    except UserError as error:
        field = places.get(error.field or "", error.field)
        raise UserError(error.text, field=field) from error
