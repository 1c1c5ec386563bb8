"""Rules of rich text: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block."""

from bot.sandbox.slack.checks import Complaints
from bot.sandbox.slack.wire import Json

PARTS = ("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote")
# Each piece of a line, and the field that it cannot do without.
PIECES = {
    "text": "text",
    "link": "url",
    "emoji": "name",
    "user": "user_id",
    "usergroup": "usergroup_id",
    "channel": "channel_id",
    "broadcast": "range",
    "date": "timestamp",
    "color": "value",
    "team": "team_id",
}


def check_rich_text(found: Complaints, block: Json, pointer: str) -> None:
    """Complain about a rich_text object, a block or a field of one."""
    found.unknown(block, pointer, ("type", "block_id", "elements"))
    for index, element in enumerate(found.items(block, "elements", pointer, most=1000)):
        _part(found, element, f"{pointer}/elements/{index}")


def _part(found: Complaints, element: Json, pointer: str) -> None:
    kind = element.get("type")
    if kind not in PARTS:
        found.add(f"{pointer}/type", f"unsupported type: {kind}")
        return
    for index, inside in enumerate(found.items(element, "elements", pointer, most=10000, least=0)):
        here = f"{pointer}/elements/{index}"
        if kind == "rich_text_list":
            _part(found, inside, here)
        else:
            _piece(found, inside, here)
    if kind == "rich_text_list":
        found.one_of(element, "style", pointer, ("bullet", "ordered"))
        found.number(element, "indent", pointer, least=0, most=8)
        found.number(element, "offset", pointer, least=0, most=10**6)


def _piece(found: Complaints, piece: Json, pointer: str) -> None:
    kind = str(piece.get("type"))
    if kind not in PIECES:
        found.add(f"{pointer}/type", f"unsupported type: {kind}")
    elif kind == "text":
        found.string(piece, "text", pointer, most=40000, least=1, needed=True)
    elif piece.get(PIECES[kind]) is None:
        found.add(pointer, f"missing required field: {PIECES[kind]}")
