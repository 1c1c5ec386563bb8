"""Where blocks are drawn: a message, a form or a Home tab, and whose screen it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from bot.sandbox.slack.people import Account
from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.world import World


def _no_state() -> Mapping[tuple[str, str], Json]:
    return {}


def _no_words() -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Surface:
    """What drawing a block needs to know beside the block.

    `kind` is message, modal or home; `prefix` makes ids unique on the page; `typed` holds what stands in the inputs
    (as in `View.typed`), `complaints` what is wrong, by block id.
    """

    kind: str
    world: World
    me: Account
    prefix: str
    typed: Mapping[tuple[str, str], Json] = field(default_factory=_no_state)
    complaints: Mapping[str, str] = field(default_factory=_no_words)


def key_of(block: Json, element: Json) -> str:
    """The name of an element inside its surface, for inputs and `data-send`; `read_key` is its inverse."""
    return f"{quote(str(block.get('block_id', '')), safe='')}/{quote(str(element.get('action_id', '')), safe='')}"
