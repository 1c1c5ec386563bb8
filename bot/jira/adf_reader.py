"""An Atlassian Document read into the tree: every word of it, whatever the nodes are called.

Documentation: https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.core.text import (
    BOLD,
    Block,
    BulletOrNumbers,
    CodeBlock,
    Document,
    Heading,
    Inline,
    LineBreak,
    Listing,
    Mark,
    Mention,
    Paragraph,
    Quote,
    Text,
    clean,
    link,
    merge,
)
from bot.jira.reading import inner, objects, words

_MARKS: Mapping[str, Mark] = {"strong": "bold", "em": "italic", "strike": "strike", "code": "code"}
_INLINE = frozenset(
    {"text", "hardBreak", "mention", "emoji", "status", "date", "inlineCard", "mediaInline", "placeholder",
     "inlineExtension"}
)  # fmt: skip
_CARDS = frozenset({"inlineCard", "blockCard", "embedCard"})
_MEDIA = frozenset({"media", "mediaInline"})
_LISTS: Mapping[str, BulletOrNumbers] = {
    "bulletList": "bullets",
    "orderedList": "numbers",
    "taskList": "bullets",
    "decisionList": "bullets",
}
_DEPTH = 24
_Node = Mapping[str, Any]


def read(document: Mapping[str, Any]) -> Document:
    """The document as a tree; never raises, and no word of it is lost."""
    return Document(blocks=_blocks(_children(document), 0))


def _children(node: _Node) -> list[_Node]:
    return objects(node.get("content"))


def _kind(node: _Node) -> str:
    return words(node, "type") or ""


def _blocks(nodes: Iterable[_Node], depth: int) -> tuple[Block, ...]:
    """Inline nodes that stand where blocks should become paragraphs."""
    found: list[Block] = []
    run: list[Inline] = []
    for node in nodes:
        if _kind(node) in _INLINE | _CARDS | _MEDIA:
            run += _inline(node, depth + 1)
            continue
        found += [*_paragraph(run), *_block(node, depth + 1)]
        run = []
    return (*found, *_paragraph(run))


def _block(node: _Node, depth: int) -> tuple[Block, ...]:
    kind, children = _kind(node), _children(node)
    if depth > _DEPTH:
        return _paragraph([Text(text=clean(" ".join(_all_words(node))))])
    match kind:
        case "codeBlock":
            text = clean("".join(_all_words(node)))
            found: tuple[Block | None, ...] = (CodeBlock(text=text) if text else None,)
        case "blockquote" | "panel":
            blocks = _blocks(children, depth)
            found = (Quote(blocks=blocks) if blocks else None,)
        case "heading":
            found = (_heading(node, depth),)
        case "bulletList" | "orderedList" | "taskList" | "decisionList":
            found = (_listing(_LISTS[kind], children, depth),)
        case "paragraph" | "decisionItem" | "caption":
            found = _paragraph(_run(children, depth))
        case "taskItem" | "blockTaskItem":
            found = _paragraph([_box(node), *_run(children, depth)])
        case "tableRow":
            found = _row(children, depth)
        case _:
            found = (*_title(node), *_blocks(children, depth))
    return tuple(block for block in found if block is not None)


def _heading(node: _Node, depth: int) -> Heading | None:
    level: object = inner(node, "attrs").get("level")
    children = merge(tuple(_run(_children(node), depth)))
    return Heading(children=children, level=level if isinstance(level, int) else 3) if children else None


def _listing(style: BulletOrNumbers, children: list[_Node], depth: int) -> Listing | None:
    items: list[tuple[Block, ...]] = []
    for child in children:
        is_item = _kind(child) == "listItem"
        blocks = _blocks(_children(child), depth) if is_item else _block(child, depth + 1)
        # Lists of tasks nest without an item around the inner one.
        if items and _kind(child) in _LISTS:
            items[-1] = (*items[-1], *blocks)
        elif blocks:
            items.append(blocks)
    return Listing(items=tuple(items), style=style) if items else None


def _box(task: _Node) -> Inline:
    return Text(text="☑ " if inner(task, "attrs").get("state") == "DONE" else "☐ ")


def _row(cells: list[_Node], depth: int) -> tuple[Block, ...]:
    """A row of a table in one line, its cells apart."""
    run: list[Inline] = []
    for at, cell in enumerate(cells):
        run += [Text(text=" | ")] if at else []
        run += _flat(_block(cell, depth + 1))
    return _paragraph(run)


def _title(node: _Node) -> tuple[Block, ...]:
    """What a block says in its attributes: the title of an expand, the words of something unknown."""
    said = clean(" ".join(_own_words(node)))
    return _paragraph([Text(text=said, marks=BOLD)])


def _paragraph(run: list[Inline]) -> tuple[Block, ...]:
    children = merge(tuple(run))
    return (Paragraph(children=children),) if children else ()


def _run(nodes: Iterable[_Node], depth: int) -> list[Inline]:
    return [one for node in nodes for one in _inline(node, depth)]


def _inline(node: _Node, depth: int) -> Iterable[Inline]:
    kind, attrs = _kind(node), inner(node, "attrs")
    if depth > _DEPTH or kind not in _INLINE | _CARDS | _MEDIA:
        return _flat(_block(node, depth + 1))
    match kind:
        case "text":
            found = _text(node)
        case "hardBreak":
            found = (LineBreak(),)
        case "mention":
            name = words(attrs, "text") or words(attrs, "id") or "?"
            found = (Mention(name=clean(name).removeprefix("@")),)
        case "date":
            found = (Text(text=_date(attrs)),)
        case "inlineCard" | "blockCard" | "embedCard":
            found = _card(attrs)
        case "media" | "mediaInline":
            found = _media(attrs)
        case _:
            found = (Text(text=clean(" ".join(_own_words(node)))),)
    return found if kind == "text" else (*found, *_run(_children(node), depth + 1))


def _text(node: _Node) -> Iterable[Inline]:
    text = clean(words(node, "text") or "")
    given = objects(node.get("marks"))
    marks: frozenset[Mark] = frozenset(
        _MARKS[kind] for one in given if (kind := words(one, "type") or "") in _MARKS
    )
    hrefs = [words(inner(one, "attrs"), "href") for one in given if _kind(one) == "link"]
    if hrefs and hrefs[0] and text:
        return link(hrefs[0], text, marks)
    return (Text(text=text, marks=marks),) if text else ()


def _card(attrs: _Node) -> Iterable[Inline]:
    data = inner(attrs, "data")
    url = words(attrs, "url") or words(data, "url")
    return link(url, words(data, "name") or "") if url else (Text(text=clean(words(data, "name") or "")),)


def _media(attrs: _Node) -> Iterable[Inline]:
    """Pictures and files stay in Jira; their names are told."""
    url, name = words(attrs, "url"), clean(words(attrs, "alt") or words(attrs, "__fileName") or "")
    if url:
        return link(url, name)
    return (Text(text=f"[{name or 'attachment'}]"),)


def _date(attrs: _Node) -> str:
    given = words(attrs, "timestamp") or ""
    try:
        return datetime.fromtimestamp(int(given) / 1000, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return clean(given)


def _flat(blocks: Iterable[Block]) -> list[Inline]:
    """Blocks where only a line may stand."""
    found: list[Inline] = []
    for block in blocks:
        match block:
            case Paragraph() | Heading():
                line = list(block.children)
            case CodeBlock():
                line: list[Inline] = [Text(text=block.text, marks=frozenset({"code"}))]
            case Quote():
                line = _flat(block.blocks)
            case Listing():
                line = _flat(inside for item in block.items for inside in item)
        found += [LineBreak(), *line] if found and line else line
    return found


def _own_words(node: _Node) -> Iterator[str]:
    """What a node says outside of its content."""
    attrs = inner(node, "attrs")
    for said in (words(node, "text"), *(words(attrs, name) for name in ("title", "text", "alt", "url"))):
        if said:
            yield said
    if not words(attrs, "text") and (name := words(attrs, "shortName")):
        yield name


def _all_words(node: _Node) -> Iterator[str]:
    """The words of a node and of all below it, however deep, in their order."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield from _own_words(one)
        waiting += reversed(_children(one))
