"""People's text as a small tree between the two worlds, made harmless and cut to limits.

Readers and writers of Slack's and Jira's own forms live with their gateways; here: the tree, plain text.
"""

import re
from dataclasses import dataclass, replace
from typing import Literal, assert_never
from urllib.parse import urlsplit

from bot.core.text_hygiene import boundary, clean, cut

__all__ = [
    "BOLD",
    "Block",
    "BulletOrNumbers",
    "CodeBlock",
    "Document",
    "Emoji",
    "Heading",
    "Inline",
    "LineBreak",
    "Link",
    "Listing",
    "Mark",
    "Mention",
    "Paragraph",
    "Quote",
    "Text",
    "bold",
    "boundary",
    "clean",
    "cut",
    "from_plain",
    "inlines",
    "is_web",
    "link",
    "merge",
    "paragraph",
    "pieces",
    "plain",
    "plain_inline",
]

Mark = Literal["bold", "italic", "strike", "code"]
BulletOrNumbers = Literal["bullets", "numbers"]

BOLD: frozenset[Mark] = frozenset({"bold"})
_SCHEMES = frozenset({"http", "https", "mailto"})
_BARE_LINK = re.compile(r"\bhttps?://[^\s<>\"'`|]+[^\s<>\"'`|.,;:!?)\]}*_~]")
_LOOKS_LIKE_ADDRESS = re.compile(
    r"^\s*(?:[a-z][a-z0-9+.-]*:\S|www\.)|^\s*[\w-]+(?:\.[\w-]+)+(?:[/?#:]|\s*$)", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class Text:
    """Words with marks; a newline inside means a line break."""

    text: str
    marks: frozenset[Mark] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link; build it with `link`, which lets no address pass that is not for people."""

    url: str
    label: str = ""
    marks: frozenset[Mark] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Emoji:
    """An emoji by its name in Slack, with the character itself where there is one."""

    name: str
    character: str = ""


@dataclass(frozen=True, kw_only=True)
class Mention:
    """Somebody's name; nobody is called by it."""

    name: str


@dataclass(frozen=True)
class LineBreak:
    """A new line within a paragraph."""


Inline = Text | Link | Emoji | Mention | LineBreak


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """Running text."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A heading of level 1 to 6."""

    children: tuple[Inline, ...]
    level: int = 3


@dataclass(frozen=True, kw_only=True)
class CodeBlock:
    """Text kept as it is, line by line."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Quote:
    """What somebody else said."""

    blocks: "tuple[Block, ...]"


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A list; each item is a few blocks, lists among them."""

    items: "tuple[tuple[Block, ...], ...]"
    style: BulletOrNumbers = "bullets"


Block = Paragraph | Heading | CodeBlock | Quote | Listing


@dataclass(frozen=True, kw_only=True)
class Document:
    """A text from its first block to its last."""

    blocks: tuple[Block, ...] = ()

    def __add__(self, other: "Document") -> "Document":
        return Document(blocks=self.blocks + other.blocks)


def is_web(url: str) -> bool:
    """Whether an address may become a link: http, https or mailto, and nothing hidden in it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    there = parts.path if parts.scheme == "mailto" else parts.netloc
    return parts.scheme in _SCHEMES and bool(there) and not re.search(r"[\s<>\"|]", url)


def link(url: str, label: str = "", marks: frozenset[Mark] = frozenset()) -> tuple[Inline, ...]:
    """A link where the address is for people and the label does not feign another; else all in words."""
    url, label = clean(url), clean(label)
    if not is_web(url):
        words = f"{label} ({url})" if label and label != url else url
        return (Text(text=words, marks=marks),)
    bare = url.removeprefix("mailto:")
    honest = {shown.rstrip("/") for shown in (url, bare, bare.partition("://")[2])}
    if not _LOOKS_LIKE_ADDRESS.match(label) or label.strip().rstrip("/") in honest:
        return (Link(url=url, label=label if label.strip() else bare, marks=marks),)
    before, after = Text(text=f"{label} (", marks=marks), Text(text=")", marks=marks)
    return (before, Link(url=url, label=bare, marks=marks), after)


def inlines(text: str, marks: frozenset[Mark] = frozenset()) -> tuple[Inline, ...]:
    """Plain words, web addresses among them as links."""
    parts: list[Inline] = []
    end = 0
    for hit in _BARE_LINK.finditer(text):
        if hit.start() > end:
            parts.append(Text(text=text[end : hit.start()], marks=marks))
        parts.extend(link(hit.group(), marks=marks))
        end = hit.end()
    rest = text[end:]
    return (*parts, Text(text=rest, marks=marks)) if rest else tuple(parts)


def bold(node: Inline) -> Inline:
    """The same node in bold, where it has words of its own."""
    return replace(node, marks=node.marks | BOLD) if isinstance(node, Text | Link) else node


def paragraph(*parts: str | Inline) -> Paragraph:
    """A paragraph of plain strings and inline nodes."""
    children = tuple(Text(text=clean(part)) if isinstance(part, str) else part for part in parts)
    return Paragraph(children=merge(children))


def from_plain(text: str) -> Document:
    """Plain text as a document: an empty line ends a paragraph, web addresses become links."""
    pieces = (piece.strip("\n") for piece in re.split(r"\n(?:[ \t]*\n)+", clean(text)))
    return Document(blocks=tuple(Paragraph(children=inlines(piece)) for piece in pieces if piece.strip()))


def merge(children: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """The same inline nodes with neighbouring texts of the same marks joined, and empty ones dropped."""
    merged: list[Inline] = []
    for child in children:
        last = merged[-1] if merged else None
        if isinstance(child, Text) and isinstance(last, Text) and child.marks == last.marks:
            merged[-1] = replace(last, text=last.text + child.text)
        elif not (isinstance(child, Text) and not child.text):
            merged.append(child)
    return tuple(merged)


def plain_inline(node: Inline) -> str:
    """An inline node in words: mentions as @name, links as label and address."""
    match node:
        case Text():
            return node.text
        case Link():
            bare = node.url.removeprefix("mailto:")
            return bare if node.label in ("", bare, node.url) else f"{node.label} ({node.url})"
        case Emoji():
            return node.character or f":{node.name}:"
        case Mention():
            return f"@{node.name.removeprefix('@')}"
        case LineBreak():
            return "\n"
        case _:
            assert_never(node)


def plain(document: Document) -> str:
    """The document in plain text: lists with bullets, quotes behind `> `."""
    parts: list[str] = []
    for index, block in enumerate(document.blocks):
        both = index and isinstance(block, Paragraph) and isinstance(document.blocks[index - 1], Paragraph)
        parts += ["\n\n" if both else "\n"] if index else []
        parts.append("\n".join(_lines(block)))
    return "".join(parts)


def _lines(block: Block) -> list[str]:
    match block:
        case Paragraph() | Heading():
            return "".join(plain_inline(child) for child in block.children).split("\n")
        case CodeBlock():
            return block.text.split("\n")
        case Quote():
            return [f"> {line}" for inner in block.blocks for line in _lines(inner)]
        case Listing():
            return [
                line
                for number, item in enumerate(block.items, start=1)
                for line in _item(block, number, item)
            ]
        case _:
            assert_never(block)


def _item(listing: Listing, number: int, item: tuple[Block, ...]) -> list[str]:
    sign = "• " if listing.style == "bullets" else f"{number}. "
    lines = [line for block in item for line in _lines(block)] or [""]
    return [(sign if index == 0 else " " * len(sign)) + line for index, line in enumerate(lines)]


def pieces(text: str, size: int) -> list[str]:
    """The text in pieces of at most `size` characters; nothing that a reader takes for one character is split."""
    found: list[str] = []
    while len(text) > size:
        end = boundary(text, size) or size
        found.append(text[:end])
        text = text[end:]
    return [*found, text] if text else found
