"""Slack's mrkdwn: read into the tree, and people's text escaped for use inside it.

Documentation: https://docs.slack.dev/messaging/formatting-message-text. Rich text blocks are read elsewhere.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping

from bot.core.text import (
    Block,
    CodeBlock,
    Document,
    Inline,
    LineBreak,
    Link,
    Listing,
    Mark,
    Mention,
    Paragraph,
    Quote,
    Text,
    clean,
    inlines,
    link,
    merge,
    plain_inline,
)

_ANGLE = re.compile(r"<([^<>\n]+)>")
_BULLET = re.compile(r"^([ \t]*)[•◦▪‣-][ \t]+(?=\S)")
_QUOTE = re.compile(r"^(?:&gt;|>)(?!&gt;|>)[ \t]?")
_REST_IS_QUOTE = re.compile(r"^(?:(?:&gt;){3}|>{3})")
_MARKS: Mapping[str, Mark] = {"*": "bold", "_": "italic", "~": "strike", "`": "code"}
CODE: frozenset[Mark] = frozenset({"code"})
_DEPTH = 8
_Cell = str | Inline


def escape(text: str) -> str:
    """People's text for use inside mrkdwn: no mention, no link, no channel comes out of it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """The three characters that Slack escapes, decoded once."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def read(text: str, names: Mapping[str, str] | None = None) -> Document:
    """The tree of a message's text; `names` says what users, channels and groups are called, by id.

    Never raises and never drops a word: what is not understood stays as it was written.
    """
    known = names or {}
    blocks: list[Block] = []
    for index, piece in enumerate(_fences(clean(text))):
        if index % 2:
            code = "".join(plain_inline(_shown(cell)) for cell in _cells(piece, known))
            blocks.append(CodeBlock(text=code.strip("\n")))
        else:
            blocks.extend(_blocks(piece.split("\n"), known))
    return Document(blocks=tuple(blocks))


def _fences(text: str) -> list[str]:
    """Text and code in turns; a fence that is never closed is text."""
    pieces = text.split("```")
    if len(pieces) % 2 == 0:
        last = pieces.pop()
        pieces[-1] = f"{pieces[-1]}```{last}"
    return pieces


def _blocks(lines: list[str], names: Mapping[str, str]) -> list[Block]:
    blocks: list[Block] = []
    at = 0
    while at < len(lines):
        if _REST_IS_QUOTE.match(lines[at]):
            inner = [_REST_IS_QUOTE.sub("", lines[at]), *lines[at + 1 :]]
            return [*blocks, Quote(blocks=tuple(_plain_blocks(inner, names)))] if any(inner) else blocks
        end = at + 1
        kind = _kind(lines[at])
        while end < len(lines) and _kind(lines[end]) == kind and not _REST_IS_QUOTE.match(lines[end]):
            end += 1
        blocks.extend(_run(kind, lines[at:end], names))
        at = end
    return blocks


def _kind(line: str) -> str:
    if not line.strip():
        return "empty"
    if _QUOTE.match(line):
        return "quote"
    return "bullet" if _BULLET.match(line) else "text"


def _run(kind: str, lines: list[str], names: Mapping[str, str]) -> list[Block]:
    """The blocks of neighbouring lines of one kind."""
    if kind == "empty":
        return []
    if kind == "quote":
        inner = _plain_blocks([_QUOTE.sub("", line) for line in lines], names)
        return [Quote(blocks=tuple(inner))] if inner else []
    if kind == "bullet":
        hits = [(line, _BULLET.match(line)) for line in lines]
        items = [(_level(hit.group(1)), _inline(line[hit.end() :], names)) for line, hit in hits if hit]
        return [nested(items)]
    return _plain_blocks(lines, names)


def _plain_blocks(lines: list[str], names: Mapping[str, str]) -> list[Block]:
    blocks: list[Block] = []
    run: list[Inline] = []
    for line in [*lines, ""]:
        if line.strip():
            run += [LineBreak()] if run else []
            run += _inline(line, names)
        elif run:
            blocks.append(Paragraph(children=tuple(run)))
            run = []
    return blocks


def _level(indent: str) -> int:
    return min(len(indent.replace("\t", "    ")) // 2, _DEPTH)


def nested(items: list[tuple[int, tuple[Inline, ...]]]) -> Listing:
    """One list of items with their depths; deeper ones hang below the item before them."""
    top = min(level for level, _ in items)
    built: list[tuple[Block, ...]] = []
    at = 0
    while at < len(items):
        end = at + 1
        while end < len(items) and items[end][0] > top:
            end += 1
        first: tuple[Block, ...] = (Paragraph(children=items[at][1]),)
        below: tuple[Block, ...] = (nested(items[at + 1 : end]),) if end > at + 1 else ()
        built.append(first + below)
        at = end
    return Listing(items=tuple(built))


def _inline(line: str, names: Mapping[str, str]) -> tuple[Inline, ...]:
    return merge(tuple(_marked(_cells(line, names), frozenset())))


def _cells(line: str, names: Mapping[str, str]) -> list[_Cell]:
    """The line as single characters, with what stood in angle brackets as nodes between them."""
    cells: list[_Cell] = []
    end = 0
    for hit in _ANGLE.finditer(line):
        cells += unescape(line[end : hit.start()])
        cells += _token(hit.group(1), names)
        end = hit.end()
    return [*cells, *unescape(line[end:])]


def _token(token: str, names: Mapping[str, str]) -> tuple[Inline, ...]:
    """What `<token>` means; an address is a link, anything unknown is words."""
    target, bar, label = token.partition("|")
    words = unescape(label)
    if target.startswith("@"):
        return (Mention(name=words or names.get(target[1:]) or target[1:]),)
    if target.startswith("#"):
        return (Text(text=f"#{(words or names.get(target[1:]) or target[1:]).removeprefix('#')}"),)
    if target.startswith("!"):
        return (Text(text=_special(target[1:], words, names)),)
    if ":" in target:
        return link(unescape(target), words)
    return (Text(text=unescape(f"<{token}>") if bar or target else "<>"),)


def _special(target: str, label: str, names: Mapping[str, str]) -> str:
    kind, _, rest = target.partition("^")
    if kind == "subteam":
        return f"@{(label or names.get(rest) or rest).removeprefix('@')}"
    if kind == "date":
        return label or rest
    return label or f"@{target}"


def _marked(cells: list[_Cell], marks: frozenset[Mark]) -> list[Inline]:
    """Inline nodes of the cells, marks found by their signs at the edges of words."""
    closing = _closing(cells)
    nodes: list[Inline] = []
    words: list[str] = []
    at = 0
    while at < len(cells):
        end = _span_end(cells, at, closing, marks)
        if end is None:
            cell = cells[at]
            if isinstance(cell, str):
                words.append(cell)
            else:
                nodes += [*inlines("".join(words), marks), _with_marks(cell, marks)]
                words = []
            at += 1
            continue
        nodes += inlines("".join(words), marks)
        words = []
        nodes += _span(str(cells[at]), cells[at + 1 : end], marks)
        at = end + 1
    return [*nodes, *inlines("".join(words), marks)]


def _span(sign: str, inner: list[_Cell], marks: frozenset[Mark]) -> list[Inline]:
    if sign != "`":
        return _marked(inner, marks | frozenset((_MARKS[sign],)))
    code = "".join(plain_inline(_shown(cell)) for cell in inner)
    return [Text(text=code, marks=marks | CODE)]


def _closing(cells: list[_Cell]) -> dict[str, list[int]]:
    """Where each sign can close: after something that is no space, before something that is no word."""
    found: dict[str, list[int]] = {sign: [] for sign in _MARKS}
    for at, cell in enumerate(cells):
        if isinstance(cell, str) and cell in _MARKS and at > 0 and _closes(cells, at):
            found[cell].append(at)
    return found


def _closes(cells: list[_Cell], at: int) -> bool:
    before, after = cells[at - 1], cells[at + 1] if at + 1 < len(cells) else " "
    if cells[at] == "`":
        return "`" not in (before, after)
    return not _is(before, str.isspace) and not _is(after, str.isalnum)


def _opens(cells: list[_Cell], at: int) -> bool:
    before, after = cells[at - 1] if at else " ", cells[at + 1]
    if cells[at] == "`":
        return "`" not in (before, after)
    return not _is(before, str.isalnum) and not _is(after, str.isspace)


def _span_end(
    cells: list[_Cell], at: int, closing: Mapping[str, list[int]], marks: frozenset[Mark]
) -> int | None:
    """Where the mark that opens here closes; None when nothing opens here."""
    sign = cells[at]
    if not isinstance(sign, str) or sign not in _MARKS or _MARKS[sign] in marks or at + 2 >= len(cells):
        return None
    places = closing[sign]
    index = bisect_left(places, at + 2)
    return places[index] if index < len(places) and _opens(cells, at) else None


def _is(cell: _Cell, test: Callable[[str], bool]) -> bool:
    return isinstance(cell, str) and test(cell)


def _with_marks(cell: Inline, marks: frozenset[Mark]) -> Inline:
    if isinstance(cell, Text):
        return Text(text=cell.text, marks=cell.marks | marks)
    return Link(url=cell.url, label=cell.label, marks=marks) if isinstance(cell, Link) else cell


def _shown(cell: _Cell) -> Inline:
    return Text(text=cell) if isinstance(cell, str) else cell
