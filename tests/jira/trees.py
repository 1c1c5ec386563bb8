"""Any document, for properties: every kind of node, and text chosen to do harm."""

import os
from typing import Any

from hypothesis import strategies as st

from bot.core.text import (
    Block,
    CodeBlock,
    Document,
    Emoji,
    Heading,
    Inline,
    LineBreak,
    Listing,
    Mention,
    Paragraph,
    Quote,
    Text,
    link,
    merge,
)

# Trees for each property; FRONTDESK_EXAMPLES asks for more.
EXAMPLES = int(os.environ.get("FRONTDESK_EXAMPLES", "300"))
HOSTILE = [
    "{code}",
    "{noformat}",
    "{quote}",
    "{html}",
    "{color:red}",
    "{code:title=x}",
    "[~accountid:5b10]",
    "[~bob]",
    "!http://x.example/y.png!",
    "!x.png|width=9!",
    "[click|javascript:alert(1)]",
    "[^secret.pdf]",
    "<!channel>",
    "<@U1>",
    "h1. x",
    "bq. x",
    "# x",
    "* x",
    "- x",
    "----",
    "||a||",
    "|b|",
    "\\\\",
    "\\{code}",
    "*a*",
    "_b_",
    "-c-",
    "+d+",
    "^e^",
    "~f~",
    "??g??",
    "{{h}}",
    "(x)",
    ":)",
    "&#123;code&#125;",
    "&lt;",
    "javascript:alert(1)",
    "\u202ertl",
    "e\u0301" * 3,
    "👩\u200d👧",
    "\x00",
    "\ud800",
]

MARKS: Any = st.frozensets(st.sampled_from(["bold", "italic", "strike", "code"]))
WORDS = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=6), max_size=4).map("".join)
TEXTS: Any = st.builds(lambda text, marks: Text(text=text, marks=marks), WORDS, MARKS)
PLAIN_INLINES: Any = st.one_of(
    TEXTS,
    st.builds(lambda name: Mention(name=name), WORDS),
    st.builds(lambda name: Emoji(name=name), WORDS),
    st.just(LineBreak()),
)
LINKS: Any = st.builds(
    link,
    st.sampled_from(
        ["https://example.com/a_b(c)?d=[1]", "http://x.example", "javascript:x", "mailto:a@b.example"]
    ),
    WORDS,
)


def inline_runs(*, links: bool = True) -> st.SearchStrategy[tuple[Inline, ...]]:
    """Some inline nodes in a row."""
    nodes = PLAIN_INLINES.map(lambda node: (node,))
    runs: Any = st.lists(nodes | LINKS if links else nodes, max_size=4)
    return runs.map(lambda parts: merge(tuple(node for part in parts for node in part)))


def documents(*, links: bool = True) -> st.SearchStrategy[Document]:
    """Documents of a few blocks, lists and quotes nested."""
    leaves: Any = st.one_of(
        st.builds(lambda run: Paragraph(children=run), inline_runs(links=links)),
        st.builds(
            lambda run, level: Heading(children=run, level=level), inline_runs(links=links), st.integers(0, 7)
        ),
        st.builds(lambda text: CodeBlock(text=text), WORDS),
    )
    blocks: st.SearchStrategy[Block] = st.recursive(leaves, _around, max_leaves=8)
    return st.lists(blocks, max_size=4).map(lambda some: Document(blocks=tuple(some)))


def _around(inner: Any) -> Any:
    some = st.lists(inner, max_size=3).map(tuple)
    return st.one_of(
        st.builds(lambda blocks: Quote(blocks=blocks), some),
        st.builds(
            lambda items, style: Listing(items=tuple(items), style=style),
            st.lists(some, max_size=3),
            st.sampled_from(["bullets", "numbers"]),
        ),
    )


def letters(text: str) -> list[str]:
    """The letters and digits of a text, sorted: what must not be lost, wherever it moves."""
    return sorted(character for character in text if character.isalnum())


def spoken(document: Document, *, addresses: bool) -> str:
    """Everything that people said in a document; with the links' addresses or without."""
    return "".join(_block(block, addresses) for block in document.blocks)


def _block(block: Block, addresses: bool) -> str:
    match block:
        case Paragraph() | Heading():
            return "".join(_node(child, addresses) for child in block.children)
        case CodeBlock():
            return block.text
        case Quote():
            return "".join(_block(inner, addresses) for inner in block.blocks)
        case Listing():
            return "".join(_block(inner, addresses) for item in block.items for inner in item)


def _node(node: Inline, addresses: bool) -> str:
    match node:
        case Text():
            return node.text
        case Mention() | Emoji():
            return node.name
        case LineBreak():
            return ""
        case _:
            bare = node.url.removeprefix("mailto:")
            return node.label + (node.url if addresses and node.label not in (bare, node.url) else "")
