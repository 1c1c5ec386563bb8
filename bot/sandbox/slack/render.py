"""Blocks and mrkdwn as a person reads them: names for ids, entities decoded, marks of formatting gone.

Labels of buttons and menus are not part of the text; `buttons` and `menu` give them.
"""

import re
from collections.abc import Callable

from bot.sandbox.slack.state import elements
from bot.sandbox.slack.wire import Json, is_list, object_in, objects_in
from bot.sandbox.slack.world import World

_TAG = re.compile(r"<([^<>\n]+)>")
_CODE = re.compile(r"```([\s\S]+?)```|`([^`\n]+)`")
_MARKS = [re.compile(rf"(?<![\w{m}]){m}(?=\S)([^{m}\n]*\S){m}(?![\w{m}])") for m in (r"\*", "_", "~")]
_HIDDEN = "\x00{}\x00"


def read_message(world: World, text: str, blocks: list[Json], attachments: list[Json]) -> str:
    """All readable words of a message; its blocks when it has any, else its text."""
    parts = [read_blocks(world, blocks) if blocks else mrkdwn(world, text)]
    for attachment in attachments:
        inner = objects_in(attachment.get("blocks"))
        words = (
            read_blocks(world, inner)
            if inner
            else str(attachment.get("text") or attachment.get("fallback") or "")
        )
        parts.append(words)
    return "\n".join(part for part in parts if part)


def read_blocks(world: World, blocks: list[Json]) -> str:
    """All readable words of these blocks, a line or more for each."""
    return "\n".join(line for block in blocks if (line := _block(world, block)))


def mrkdwn(world: World, text: str) -> str:
    """Slack's mrkdwn as it appears on the screen."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[1] or found[2])
        return _HIDDEN.format(len(kept) - 1)

    shown = _CODE.sub(keep, text)
    for mark in _MARKS:
        shown = mark.sub(r"\1", shown)
    for index, code in enumerate(kept):
        shown = shown.replace(_HIDDEN.format(index), code)
    shown = _TAG.sub(lambda found: _tag(world, found[1]), shown)
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def buttons(blocks: list[Json]) -> list[str]:
    """The labels of the buttons, in reading order."""
    return [_text(placed.element) for placed in elements(blocks) if placed.element.get("type") == "button"]


def menu(blocks: list[Json]) -> list[str]:
    """The entries of the overflow menus."""
    found = [placed.element for placed in elements(blocks) if placed.element.get("type") == "overflow"]
    return [_text(option) for element in found for option in objects_in(element.get("options"))]


def _block(world: World, block: Json) -> str:
    reader = _READERS.get(str(block.get("type")))
    return reader(world, block) if reader else ""


def _section(world: World, block: Json) -> str:
    texts = objects_in([block.get("text")]) + objects_in(block.get("fields"))
    return "\n".join(_object(world, text) for text in texts)


def _titled(world: World, block: Json) -> str:
    words = _object(world, object_in(block.get("title"))) or _object(world, object_in(block.get("text")))
    return words or str(block.get("alt_text", ""))


def _context(world: World, block: Json) -> str:
    shown = objects_in(block.get("elements"))
    return " ".join(
        str(e.get("alt_text", "")) if e.get("type") == "image" else _object(world, e) for e in shown
    )


def _rich_text(world: World, block: Json) -> str:
    return "\n".join(_rich(world, element) for element in objects_in(block.get("elements")))


def _input(world: World, block: Json) -> str:
    return "\n".join(_object(world, object_in(block[name])) for name in ("label", "hint") if block.get(name))


def _table(world: World, block: Json) -> str:
    rows = block.get("rows")
    lines = [str(block["caption"])] if block.get("caption") else []
    for row in rows if is_list(rows) else []:
        lines.append(" | ".join(_cell(world, cell) for cell in objects_in(row)))
    return "\n".join(lines)


def _cell(world: World, cell: Json) -> str:
    if cell.get("type") == "rich_text":
        return _block(world, cell)
    if cell.get("type") == "action":
        return _text(object_in(cell.get("element")))
    return str(cell.get("text") or cell.get("value", ""))


def _card(world: World, block: Json) -> str:
    shown = [_object(world, object_in(block.get(name))) for name in ("title", "subtitle", "body")]
    pictures = [str(object_in(block.get(name)).get("alt_text", "")) for name in ("hero_image", "icon")]
    return "\n".join(line for line in [*pictures, *shown] if line)


def _container(world: World, block: Json) -> str:
    title = object_in(block.get("rich_text_title"))
    head = _rich_text(world, title) if title else _object(world, object_in(block.get("title")))
    subtitle = _object(world, object_in(block.get("subtitle")))
    inside = read_blocks(world, objects_in(block.get("child_blocks")))
    return "\n".join(line for line in (head, subtitle, inside) if line)


def _task(world: World, block: Json) -> str:
    texts = [_rich_text(world, object_in(block.get(name))) for name in ("details", "output")]
    sources = [str(source.get("text", "")) for source in objects_in(block.get("sources"))]
    return "\n".join(line for line in [str(block.get("title", "")), *texts, *sources] if line)


def _plan(world: World, block: Json) -> str:
    tasks = (_task(world, task) for task in objects_in(block.get("tasks")))
    return "\n".join([str(block.get("title", "")), *tasks])


def _chart(world: World, block: Json) -> str:
    given = object_in(block.get("chart"))
    lines = [str(block.get("title", ""))]
    lines += [f"{part.get('label')}: {part.get('value')}" for part in objects_in(given.get("segments"))]
    for series in objects_in(given.get("series")):
        points = (f"{point.get('label')} {point.get('value')}" for point in objects_in(series.get("data")))
        lines.append(f"{series.get('name')}: {', '.join(points)}")
    return "\n".join(lines)


def _provider(world: World, block: Json) -> str:
    names = ("name", "description", "connected_identity", "connected_context")
    return "\n".join(line for name in names if (line := _object(world, object_in(block.get(name)))))


_READERS: dict[str, Callable[[World, Json], str]] = {
    "section": _section,
    "header": _titled,
    "alert": _titled,
    "image": _titled,
    "video": _titled,
    "context": _context,
    "rich_text": _rich_text,
    "input": _input,
    "table": _table,
    "data_table": _table,
    "data_visualization": _chart,
    "card": _card,
    "carousel": lambda world, block: read_blocks(world, objects_in(block.get("elements"))),
    "plan": _plan,
    "task_card": _task,
    "auth_provider": _provider,
    "markdown": lambda _, block: str(block.get("text", "")),
    "container": _container,
}


def _object(world: World, text: Json) -> str:
    words = str(text.get("text", ""))
    return mrkdwn(world, words) if text.get("type") == "mrkdwn" else words


def _text(owner: Json) -> str:
    return str(object_in(owner.get("text")).get("text", ""))


def _rich(world: World, element: Json) -> str:
    inside = objects_in(element.get("elements"))
    if element.get("type") == "rich_text_list":
        ordered = element.get("style") == "ordered"
        marks = (f"{index}. " if ordered else "• " for index in range(1, len(inside) + 1))
        return "\n".join(mark + _rich(world, item) for mark, item in zip(marks, inside, strict=True))
    return "".join(_piece(world, piece) for piece in inside)


def _piece(world: World, piece: Json) -> str:
    kind = piece.get("type")
    if kind in _IDS:
        field, name = _IDS[str(kind)]
        return name(world, str(piece.get(field)))
    if kind == "emoji":
        return f":{piece.get('name')}:"
    if kind == "broadcast":
        return f"@{piece.get('range')}"
    return str(piece.get("text") or piece.get("url") or piece.get("fallback") or "")


def _tag(world: World, inside: str) -> str:
    target, _, words = inside.partition("|")
    if target.startswith("@"):
        return _user(world, target[1:])
    if target.startswith("#"):
        return _channel(world, target[1:])
    if target.startswith("!subteam^"):
        return _group(world, target.removeprefix("!subteam^"))
    if target.startswith("!date^"):
        return words
    if target.startswith("!"):
        return f"@{target[1:]}"
    return words or target.removeprefix("mailto:")


def _user(world: World, user_id: str) -> str:
    account = world.people.get(user_id)
    return f"@{account.display_name}" if account else f"@{user_id}"


def _channel(world: World, channel_id: str) -> str:
    channel = world.channels.get(channel_id)
    return f"#{channel.name}" if channel and channel.name else f"#{channel_id}"


def _group(world: World, group_id: str) -> str:
    group = world.groups.get(group_id)
    return f"@{group.handle}" if group else f"@{group_id}"


_IDS: dict[str, tuple[str, Callable[[World, str], str]]] = {
    "user": ("user_id", _user),
    "channel": ("channel_id", _channel),
    "usergroup": ("usergroup_id", _group),
}
