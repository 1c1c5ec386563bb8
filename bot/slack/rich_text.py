"""Slack's rich text blocks: read into the tree, and written so that people's text does nothing.

Documentation: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block. No other blocks here.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, assert_never, cast

from bot.core.text import (
    Block,
    BulletOrNumbers,
    CodeBlock,
    Document,
    Emoji,
    Heading,
    Inline,
    LineBreak,
    Link,
    Listing,
    Mark,
    Mention,
    Paragraph,
    Quote,
    Text,
    bold,
    clean,
    is_web,
    link,
    merge,
    plain,
    plain_inline,
)

_STYLES: tuple[Mark, ...] = ("bold", "italic", "strike", "code")
_EMOJI_NAME = re.compile(r"[a-z0-9_+'-]{1,100}(?:::skin-tone-[2-6])?")
_DEPTH = 8
_Json = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class _Item:
    depth: int
    style: BulletOrNumbers
    children: tuple[Inline, ...]


def read(blocks: object, names: Mapping[str, str] | None = None) -> Document:
    """The tree of the rich text among a message's blocks; `names` says what ids are called.

    Never raises; an element of an unknown kind gives the words in it.
    """
    found: list[Block] = []
    for block in _mappings(blocks):
        if block.get("type") == "rich_text":
            found.extend(_elements(_mappings(block.get("elements")), names or {}, _DEPTH))
    return Document(blocks=tuple(found))


def _elements(elements: list[_Json], names: Mapping[str, str], depth: int) -> list[Block]:
    blocks: list[Block] = []
    at = 0
    while at < len(elements):
        end = at + 1
        if elements[at].get("type") == "rich_text_list":
            while end < len(elements) and _continues(elements[at], elements[end]):
                end += 1
            found = _listing(elements[at:end], names)
        else:
            found = _element(elements[at], names, depth)
        blocks.extend(_in_quote(found) if elements[at].get("border") == 1 else found)
        at = end
    return blocks


def _in_quote(blocks: list[Block]) -> list[Block]:
    """Lists and code with a border at their side stand in a quote."""
    is_one = all(isinstance(block, Quote) for block in blocks)
    return blocks if is_one else [Quote(blocks=tuple(blocks))]


def _continues(first: _Json, after: _Json) -> bool:
    """Whether a list goes on: a deeper one, or one of the same kind at the same depth."""
    if after.get("type") != "rich_text_list":
        return False
    deeper = _whole(after.get("indent")) > _whole(first.get("indent"))
    return deeper or after.get("style") == first.get("style")


def _listing(lists: list[_Json], names: Mapping[str, str]) -> list[Block]:
    items = [
        _Item(
            depth=min(_whole(one.get("indent")), _DEPTH),
            style="numbers" if one.get("style") == "ordered" else "bullets",
            children=_inline(_mappings(section.get("elements")), names),
        )
        for one in lists
        for section in _mappings(one.get("elements"))
    ]
    return list(_nested(items)) if items else []


def _nested(items: list[_Item]) -> tuple[Listing, ...]:
    """The items as lists, one for each run of a style; deeper ones hang below the item before them."""
    top = min(item.depth for item in items)
    starts = [at for at, item in enumerate(items) if item.depth == top or at == 0]
    built: list[Listing] = []
    for at, end in zip(starts, [*starts[1:], len(items)], strict=True):
        item = items[at]
        below = _nested(items[at + 1 : end]) if end > at + 1 else ()
        entry: tuple[Block, ...] = (Paragraph(children=item.children), *below)
        if built and built[-1].style == item.style:
            built[-1] = Listing(items=(*built[-1].items, entry), style=item.style)
        else:
            built.append(Listing(items=(entry,), style=item.style))
    return tuple(built)


def _element(element: _Json, names: Mapping[str, str], depth: int) -> list[Block]:
    children = _inline(_mappings(element.get("elements")), names, depth)
    match element.get("type"):
        case "rich_text_preformatted":
            return [CodeBlock(text="".join(plain_inline(child) for child in children))]
        case "rich_text_quote":
            return [Quote(blocks=tuple(_paragraphs(children)))] if children else []
        case "rich_text_section":
            return list(_paragraphs(children))
        case _:
            return list(_paragraphs(_inline([element], names, depth)))


def _paragraphs(children: tuple[Inline, ...]) -> Iterable[Block]:
    """A section's children; newlines at its end separate it from the next and are not text."""
    kept = list(children)
    while kept and isinstance(kept[-1], Text) and not kept[-1].text.rstrip("\n"):
        kept.pop()
    if kept and isinstance(kept[-1], Text):
        kept[-1] = Text(text=kept[-1].text.rstrip("\n"), marks=kept[-1].marks)
    return [Paragraph(children=tuple(kept))] if kept else []


def _inline(elements: list[_Json], names: Mapping[str, str], depth: int = _DEPTH) -> tuple[Inline, ...]:
    return merge(tuple(node for element in elements for node in _node(element, names, depth)))


def _node(element: _Json, names: Mapping[str, str], depth: int) -> tuple[Inline, ...]:
    marks = _marks(element.get("style"))
    match element.get("type"):
        case "text":
            return (Text(text=_word(element, "text"), marks=marks),)
        case "link":
            return link(_word(element, "url"), _word(element, "text"), marks)
        case "user" | "usergroup":
            somebody = _word(element, "user_id") or _word(element, "usergroup_id")
            return (Mention(name=_called(somebody, names)),)
        case "channel":
            return (Text(text=f"#{_called(_word(element, 'channel_id'), names)}", marks=marks),)
        case "broadcast":
            return (Text(text=f"@{_word(element, 'range')}", marks=marks),)
        case "emoji":
            return (_emoji(element),)
        case "date":
            return (Text(text=_date(element), marks=marks),)
        case _:
            return _unknown(element, names, depth)


def _unknown(element: _Json, names: Mapping[str, str], depth: int) -> tuple[Inline, ...]:
    inner = _mappings(element.get("elements"))
    if inner and depth > 0:
        return _inline(inner, names, depth - 1)
    words = [_word(element, key) for key in ("text", "fallback", "value", "name", "url") if element.get(key)]
    return (Text(text=" ".join(words)),) if any(words) else ()


def _emoji(element: _Json) -> Emoji:
    tone = _whole(element.get("skin_tone"))
    name = _word(element, "name") + (f"::skin-tone-{tone}" if tone else "")
    points = [
        point for point in _word(element, "unicode").split("-") if re.fullmatch(r"[0-9a-f]{2,6}", point)
    ]
    characters = "".join(chr(int(point, 16)) for point in points if int(point, 16) <= 0x10FFFF)
    return Emoji(name=name, character=clean(characters))


def _date(element: _Json) -> str:
    fallback = _word(element, "fallback")
    stamp = _whole(element.get("timestamp"))
    if fallback or not 0 < stamp < 253_402_300_800:
        return fallback or _word(element, "timestamp")
    return datetime.fromtimestamp(stamp, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _marks(style: object) -> frozenset[Mark]:
    if not isinstance(style, Mapping):
        return frozenset()
    given = cast(_Json, style)
    return frozenset(mark for mark in _STYLES if given.get(mark) is True)


def _called(identifier: str, names: Mapping[str, str]) -> str:
    return clean(names.get(identifier) or identifier)


def _word(element: _Json, key: str) -> str:
    value = element.get(key)
    return clean(str(value)) if isinstance(value, str | int | float) else ""


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _mappings(value: object) -> list[_Json]:
    if isinstance(value, Mapping):
        return [cast(_Json, value)]
    if not isinstance(value, list | tuple):
        return []
    return [cast(_Json, one) for one in cast(list[object], value) if isinstance(one, Mapping)]


def write(document: Document) -> dict[str, Any]:
    """A `rich_text` block of the document; nothing in it calls anybody or links elsewhere than it says."""
    elements = [element for block in document.blocks for element in _written(block, 0)]
    return {"type": "rich_text", "elements": elements or [_section([{"type": "text", "text": " "}])]}


def _written(block: Block, indent: int) -> list[dict[str, Any]]:
    match block:
        case Paragraph():
            inner = _write_inline(block.children)
            return [_section(inner)] if inner else []
        case Heading():
            inner = _write_inline(tuple(bold(child) for child in block.children))
            return [_section(inner)] if inner else []
        case CodeBlock():
            text = clean(block.text) or " "
            return [{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}]
        case Quote():
            inner = _write_inline(_flat(block.blocks))
            return [{"type": "rich_text_quote", "elements": inner}] if inner else []
        case Listing():
            return _write_listing(block, min(indent, _DEPTH))
        case _:
            assert_never(block)


def _write_listing(listing: Listing, indent: int) -> list[dict[str, Any]]:
    style = "ordered" if listing.style == "numbers" else "bullet"
    elements: list[dict[str, Any]] = []
    for number, item in enumerate(listing.items):
        own = _flat(tuple(block for block in item if not isinstance(block, Listing)))
        section = _section(_write_inline(own) or [{"type": "text", "text": " "}])
        last = elements[-1] if elements else None
        if last and last["type"] == "rich_text_list" and last["indent"] == indent:
            last["elements"].append(section)
        else:
            fresh = {"type": "rich_text_list", "style": style, "indent": indent, "elements": [section]}
            elements.append(fresh | ({"offset": number} if number and style == "ordered" else {}))
        elements += [
            one for block in item if isinstance(block, Listing) for one in _written(block, indent + 1)
        ]
    return elements


def _flat(blocks: tuple[Block, ...]) -> tuple[Inline, ...]:
    """Blocks as one run of inline nodes, a line break between them."""
    run: list[Inline] = []
    for block in blocks:
        run += [LineBreak()] if run else []
        if isinstance(block, Paragraph | Heading):
            run += block.children
        else:
            run.append(Text(text=plain(Document(blocks=(block,)))))
    return tuple(run)


def _section(elements: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": elements}


def _write_inline(children: tuple[Inline, ...]) -> list[dict[str, Any]]:
    return [written for child in children for written in _write_node(child)]


def _write_node(node: Inline) -> list[dict[str, Any]]:
    match node:
        case Link() if is_web(node.url):
            label = {"text": clean(node.label)} if node.label.strip() else {}
            return [{"type": "link", "url": node.url} | label | _style(node.marks)]
        case Emoji() if _EMOJI_NAME.fullmatch(node.name):
            name, _, tone = node.name.partition("::skin-tone-")
            return [{"type": "emoji", "name": name} | ({"skin_tone": int(tone)} if tone else {})]
        case Text() | Link() | Emoji() | Mention() | LineBreak():
            text = clean(plain_inline(node))
            marks: frozenset[Mark] = node.marks if isinstance(node, Text | Link) else frozenset()
            return [{"type": "text", "text": text} | _style(marks)] if text else []
        case _:
            assert_never(node)


def _style(marks: frozenset[Mark]) -> dict[str, Any]:
    return {"style": {mark: True for mark in _STYLES if mark in marks}} if marks else {}
