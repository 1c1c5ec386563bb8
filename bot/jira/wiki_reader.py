"""Wiki markup read into the tree: as much of it as shows, and the rest as the words that it is.

Documentation: https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import groupby

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
    Paragraph,
    Quote,
    Text,
    clean,
    merge,
)
from bot.jira.wiki_inline import read_inline

_FENCE = re.compile(r"(?<!\\)\{(code|noformat|quote|panel)(?::([^}\n]*))?\}")
_TITLE = re.compile(r"(?:^|\|)title=([^|]*)")
_HEADING = re.compile(r"[ \t]*h([1-6])\.(?:[ \t]+(.*))?")
_QUOTED = re.compile(r"[ \t]*bq\.(?:[ \t]+(.*))?")
_ITEM = re.compile(r"[ \t]*([*#]{1,12}|-)[ \t]+(.*)")
_RULE = re.compile(r"[ \t]*-{4,}[ \t]*")
# A bar within a link's brackets parts label and address.
_BAR = re.compile(r"(?<!\\)\|{1,2}(?![^\[\]\n]{0,500}\])")
_Line = tuple[str, str]
# Its style, its own text, the lines below it.
_Item = tuple[BulletOrNumbers, list[Block], list[_Line]]


def read(markup: str) -> Document:
    """The markup as a tree; never raises, and no word of it is lost."""
    return Document(blocks=tuple(_blocks(clean(markup))))


def _blocks(markup: str) -> Iterator[Block]:
    closers: dict[str, list[int]] = {}
    for hit in _FENCE.finditer(markup):
        if hit.group(2) is None:
            closers.setdefault(hit.group(1), []).append(hit.start())
    at = 0
    for hit in _FENCE.finditer(markup):
        places = closers.get(hit.group(1), [])
        nearest = bisect_left(places, hit.end())
        if hit.start() < at or nearest == len(places):
            continue
        yield from _lines(markup[at : hit.start()])
        yield from _fenced(hit.group(1), hit.group(2) or "", markup[hit.end() : places[nearest]])
        at = places[nearest] + len(hit.group(1)) + 2
    yield from _lines(markup[at:])


def _fenced(name: str, given: str, inside: str) -> Iterator[Block]:
    title = _TITLE.search(given)
    titled = [Paragraph(children=_bold(title.group(1)))] if title and title.group(1).strip() else []
    if name in ("code", "noformat"):
        yield from titled
        if inside.strip("\n"):
            yield CodeBlock(text=inside.strip("\n"))
    elif blocks := (*titled, *_blocks(inside)):
        # A quote that is inside of its own kind cannot be: its end would have ended the outer one.
        yield Quote(blocks=blocks)


def _bold(text: str) -> tuple[Inline, ...]:
    return merge(read_inline(text.strip(), BOLD))


def _lines(text: str) -> Iterator[Block]:
    """Blocks of consecutive lines of a kind; an empty line ends each."""
    for kind, group in groupby(_sorted_lines(text), key=lambda line: line[0]):
        lines = [line for _, line in group]
        if kind == "item":
            yield from _listings(_items(lines), 0)
        elif kind == "text":
            children = merge(read_inline("\n".join(lines)))
            yield from [Paragraph(children=children)] if children else []
        elif kind:
            yield from (block for line in lines for block in _line(kind, line))


def _sorted_lines(text: str) -> Iterator[tuple[str, str]]:
    """Each line with its kind, "" of one without words; what follows an item's line belongs to the item."""
    kind = ""
    for line in text.split("\n"):
        if not line.strip() or _RULE.fullmatch(line):
            kind = ""
        elif _HEADING.fullmatch(line):
            kind = "heading"
        elif _QUOTED.fullmatch(line):
            kind = "quote"
        elif line.lstrip(" \t").startswith("|"):
            kind = "row"
        elif _ITEM.fullmatch(line) or kind == "item":
            kind = "item"
        else:
            kind = "text"
        yield kind, line


def _line(kind: str, line: str) -> Iterator[Block]:
    if kind == "heading" and (hit := _HEADING.fullmatch(line)):
        children = merge(read_inline(hit.group(2) or ""))
        yield from [Heading(children=children, level=int(hit.group(1)))] if children else []
    elif kind == "quote" and (hit := _QUOTED.fullmatch(line)):
        children = merge(read_inline(hit.group(1) or ""))
        yield from [Quote(blocks=(Paragraph(children=children),))] if children else []
    else:
        yield from _row(line.strip())


def _row(line: str) -> Iterator[Block]:
    marks = BOLD if line.startswith("||") else frozenset[Mark]()
    cells = [read_inline(cell.strip(), marks) for cell in _BAR.split(line) if cell.strip()]
    apart = Text(text=" | ")
    children = merge(tuple(one for at, cell in enumerate(cells) for one in ((apart, *cell) if at else cell)))
    yield from [Paragraph(children=children)] if children else []


def _items(lines: list[str]) -> list[_Line]:
    """The sign and the text of each item; lines without a sign go to the item before them."""
    found: list[_Line] = []
    for line in lines:
        hit = _ITEM.fullmatch(line)
        if hit:
            found.append((hit.group(1), hit.group(2)))
        else:
            sign, text = found[-1]
            found[-1] = (sign, f"{text}\n{line}")
    return found


def _listings(lines: list[_Line], level: int) -> tuple[Block, ...]:
    """Lists of one level, a new one wherever the style changes."""
    items: list[_Item] = []
    for sign, text in lines:
        if len(sign) > level + 1 and items:
            items[-1][2].append((sign, text))
            continue
        style: BulletOrNumbers = "numbers" if sign[min(level, len(sign) - 1)] == "#" else "bullets"
        is_deeper = len(sign) > level + 1
        own: list[Block] = (
            [] if is_deeper else [Paragraph(children=merge(read_inline(text)) or (LineBreak(),))]
        )
        items.append((style, own, [(sign, text)] if is_deeper else []))
    return tuple(
        Listing(items=tuple((*own, *_listings(deeper, level + 1)) for _, own, deeper in group), style=style)
        for style, group in groupby(items, key=_style_of)
    )


def _style_of(item: _Item) -> BulletOrNumbers:
    return item[0]
