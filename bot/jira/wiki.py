"""The tree written as wiki markup, the form of text of Jira Data Center. People's text does nothing in it.

Documentation: https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all.
"""

import re
from typing import assert_never
from urllib.parse import quote

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
    clean,
    is_web,
    plain_inline,
)

_ALWAYS = re.compile(r"[{}\[\]|*^~]")
_ENTITY = re.compile(r"&(?=#?\w{1,10};)")
_EMOTICON = re.compile(r"\((?=(?:[/x!?+*ynid-]|on|off|\\?\*[rgby]?)\))|[:;](?=[()DPpd](?!\w))")
_LINE_START = re.compile(r"^([ \t]*)(?:(h)(?=[1-6]\.)|(b)(?=q\.)|(#))", re.MULTILINE)
_SIGNS: tuple[tuple[Mark, str], ...] = (("strike", "-"), ("italic", "_"), ("bold", "*"))
_BREAK = r" \\ "
_DEPTH = 12


def write(document: Document) -> str:
    """Wiki markup with every word of the tree; macros, mentions and links in people's text stay words."""
    return "\n\n".join(written for block in document.blocks if (written := _block(block)))


def escape(text: str, before: str = "", after: str = "") -> str:
    """Text that the renderer shows as it is, given the characters it will stand between."""
    text = clean(text)
    around = f"{before[-1:] or ' '}{text}{after[:1] or ' '}"
    escaped = "".join(_character(around, at) for at in range(1, len(text) + 1))
    return _EMOTICON.sub(lambda hit: f"&#{ord(hit.group())};", escaped)


def _character(around: str, at: int) -> str:
    character, before, after = around[at], around[at - 1], around[at + 1]
    if character == "\\":
        return "&#92;"
    if character == "&":
        return "&amp;" if _ENTITY.match(around, at) else "&"
    inside = before.isalnum() and after.isalnum()
    risky = (
        bool(_ALWAYS.match(character))
        or (character in "-_+" and not inside)
        or (character == "!" and not after.isspace())
        or (character == "?" and "?" in (before, after))
    )
    return f"\\{character}" if risky else character


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            return _line_starts(_inline(block.children))
        case Heading():
            return f"h{min(max(block.level, 1), 6)}. {_on_one_line(_inline(block.children))}"
        case CodeBlock():
            return _code(clean(block.text))
        case Quote():
            return _quote(block)
        case Listing():
            return "\n".join(_items(block, ""))
        case _:
            assert_never(block)


def _quote(block: Quote) -> str:
    """A quote inside a quote would end the outer one, so it follows it."""
    own = [_in_quote(one) for one in block.blocks if not isinstance(one, Quote)]
    nested = [_quote(one) for one in block.blocks if isinstance(one, Quote)]
    inner = "\n\n".join(own)
    quoted = [f"{{quote}}\n{inner}\n{{quote}}"] if inner.strip() else []
    return "\n\n".join(quoted + nested)


def _in_quote(block: Block) -> str:
    if isinstance(block, CodeBlock) and "{quote" in block.text.lower():
        return _line_starts(escape(block.text))
    return _block(block)


def _items(listing: Listing, above: str) -> list[str]:
    sign = (above + ("#" if listing.style == "numbers" else "*"))[:_DEPTH]
    lines: list[str] = []
    for item in listing.items:
        own = [_on_one_line(_in_item(block)) for block in item if not isinstance(block, Listing)]
        lines.append(f"{sign} {_BREAK.join(own)}")
        lines += [line for block in item if isinstance(block, Listing) for line in _items(block, sign)]
    return lines


def _in_item(block: Block) -> str:
    """A block where only one line of markup may stand."""
    match block:
        case Paragraph() | Heading():
            return _line_starts(_inline(block.children))
        case CodeBlock():
            return escape(block.text)
        case Quote():
            return "\n".join(_in_item(one) for one in block.blocks)
        case Listing():
            return "\n".join(_in_item(one) for item in block.items for one in item)
        case _:
            assert_never(block)


def _on_one_line(markup: str) -> str:
    return _BREAK.join(line.strip() for line in markup.split("\n"))


def _line_starts(markup: str) -> str:
    """Headings, quotes and numbers begin at the start of a line, where a person's words may stand too."""
    return _LINE_START.sub(_start, markup)


def _start(hit: re.Match[str]) -> str:
    letter = hit.group(2) or hit.group(3)
    return hit.group(1) + (f"&#{ord(letter)};" if letter else "\\#")


def _code(text: str) -> str:
    for name in ("code", "noformat"):
        if f"{{{name}" not in text.lower():
            return f"{{{name}}}\n{text}\n{{{name}}}"
    return _line_starts(escape(text))


def _inline(children: tuple[Inline, ...]) -> str:
    shown = [plain_inline(child) for child in children]
    return "".join(
        _node(child, shown[at - 1] if at else "", shown[at + 1] if at + 1 < len(shown) else "")
        for at, child in enumerate(children)
    )


def _node(node: Inline, before: str, after: str) -> str:
    match node:
        case Text():
            return "\n".join(_words(line, node.marks, before, after) for line in node.text.split("\n"))
        case Link() if is_web(node.url):
            return _link(node)
        case Link() | Emoji() | Mention():
            return escape(plain_inline(node), before, after)
        case LineBreak():
            return "\n"
        case _:
            assert_never(node)


def _words(text: str, marks: frozenset[Mark], before: str, after: str) -> str:
    bare = text.strip()
    if not marks or not bare:
        return escape(text, before, after)
    lead, _, tail = text.partition(bare)
    # Braces make a sign work next to letters too.
    apart = not (before[-1:].isalnum() and not lead) and not (after[:1].isalnum() and not tail)
    markup = escape(bare)
    if "code" in marks:
        markup = f"{{{{{markup}}}}}"
    for mark, sign in _SIGNS:
        if mark in marks:
            markup = f"{sign}{markup}{sign}" if apart else f"{{{sign}}}{markup}{{{sign}}}"
    return f"{lead}{markup}{tail}"


def _link(node: Link) -> str:
    url = quote(node.url, safe=":/?#@$&'()*+,;=%~._-", errors="replace")
    label = " ".join(node.label.split())
    bare = node.url.removeprefix("mailto:")
    return f"[{url}]" if label in ("", bare, node.url) else f"[{escape(label)}|{url}]"
