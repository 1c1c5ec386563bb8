"""The tree written as an Atlassian Document, Jira Cloud's own form of text. Text and links only, no mentions.

Documentation: https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/.
"""

from typing import Any, assert_never

from bot.core.text import (
    Block,
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
    plain_inline,
)

_MARKS: tuple[tuple[Mark, str], ...] = (("bold", "strong"), ("italic", "em"), ("strike", "strike"))
_DEPTH = 12
_Node = dict[str, Any]


def write(document: Document) -> _Node:
    """A valid document with every word of the tree; people's text is text in it and nothing else."""
    content = [node for block in document.blocks for node in _block(block, 0)]
    return {"type": "doc", "version": 1, "content": content}


def _block(block: Block, depth: int) -> list[_Node]:
    match block:
        case Paragraph():
            return [_paragraph(block.children)]
        case Heading():
            level = min(max(block.level, 1), 6)
            return [{"type": "heading", "attrs": {"level": level}, "content": _inline(block.children)}]
        case CodeBlock():
            text = clean(block.text)
            return [{"type": "codeBlock", "content": [{"type": "text", "text": text}] if text else []}]
        case Quote():
            inner = [node for one in block.blocks for node in _inside(one, depth + 1)]
            return [{"type": "blockquote", "content": inner}] if inner else []
        case Listing():
            return _listing(block, depth)
        case _:
            assert_never(block)


def _inside(block: Block, depth: int) -> list[_Node]:
    """A block where no heading and no quote may stand: in a quote or in a list."""
    if isinstance(block, Heading):
        return [_paragraph(tuple(bold(child) for child in block.children))]
    if isinstance(block, Quote):
        return [node for one in block.blocks for node in _inside(one, depth)]
    return _block(block, depth)


def _listing(listing: Listing, depth: int) -> list[_Node]:
    items = [_item(item, depth) for item in listing.items]
    if depth >= _DEPTH:
        return [node for item in items for node in item]
    kind = "orderedList" if listing.style == "numbers" else "bulletList"
    content = [{"type": "listItem", "content": item} for item in items]
    return [{"type": kind, "content": content}] if content else []


def _item(item: tuple[Block, ...], depth: int) -> list[_Node]:
    content = [node for block in item for node in _inside(block, depth + 1)]
    begins_well = bool(content) and content[0]["type"] in ("paragraph", "codeBlock")
    return content if begins_well else [_paragraph(()), *content]


def _paragraph(children: tuple[Inline, ...]) -> _Node:
    return {"type": "paragraph", "content": _inline(children)}


def _inline(children: tuple[Inline, ...]) -> list[_Node]:
    return [node for child in children for node in _node(child)]


def _node(node: Inline) -> list[_Node]:
    match node:
        case Text():
            return _text(node.text, _marks(node.marks))
        case Link() if is_web(node.url):
            href = {"type": "link", "attrs": {"href": clean(node.url)}}
            return _text(_label(node), [href, *_marks(node.marks)])
        case Link() | Emoji() | Mention():
            return _text(plain_inline(node), [])
        case LineBreak():
            return [{"type": "hardBreak"}]
        case _:
            assert_never(node)


def _label(node: Link) -> str:
    return " ".join(node.label.split()) or node.url


def _text(text: str, marks: list[_Node]) -> list[_Node]:
    nodes: list[_Node] = []
    for index, line in enumerate(clean(text).split("\n")):
        nodes += [{"type": "hardBreak"}] if index else []
        nodes += [{"type": "text", "text": line} | ({"marks": marks} if marks else {})] if line else []
    return nodes


def _marks(marks: frozenset[Mark]) -> list[_Node]:
    if "code" in marks:
        # Jira refuses code together with any other mark than a link.
        return [{"type": "code"}]
    return [{"type": name} for mark, name in _MARKS if mark in marks]
