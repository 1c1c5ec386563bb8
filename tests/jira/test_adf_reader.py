"""Documents of Jira Cloud are read whatever they are made of: no word is lost, and nothing raises."""

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.text import (
    CodeBlock,
    Document,
    Heading,
    LineBreak,
    Link,
    Listing,
    Mention,
    Paragraph,
    Quote,
    Text,
    paragraph,
    plain,
)
from bot.jira import adf, wiki
from bot.jira.adf_reader import read
from bot.sandbox.jira import adf as site
from tests.jira.trees import EXAMPLES, documents, letters, spoken


def node(kind: str, *content: Any, **attrs: Any) -> dict[str, Any]:
    return {"type": kind, "content": list(content)} | ({"attrs": attrs} if attrs else {})


def text(words: str, *marks: str) -> dict[str, Any]:
    return {"type": "text", "text": words, "marks": [{"type": one} for one in marks]}


def doc(*content: Any) -> Document:
    return read(node("doc", *content))


def words_of(*content: Any) -> str:
    return plain(doc(*content))


def p(*content: Any) -> dict[str, Any]:
    return node("paragraph", *content)


KINDS = [
    "paragraph", "heading", "bulletList", "orderedList", "listItem", "codeBlock", "blockquote", "panel", "table",
    "tableRow", "tableCell", "taskList", "taskItem", "blockTaskItem", "decisionList", "decisionItem", "expand",
    "mediaSingle", "media", "caption", "layoutSection", "status", "inlineExtension", "placeholder", "mention",
    "emoji", "inlineCard", "blockCard", "hologram", "text",
]  # fmt: skip
ODD: Any = st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.just([]) | st.just({})


@st.composite
def counted_trees(draw: st.DrawFn) -> tuple[dict[str, Any], int]:
    """A tree of nodes of any kind in any order; each text in it is a word of its own."""
    count = 0

    def leaf() -> dict[str, Any]:
        nonlocal count
        count += 1
        return text(f"w{count}x", *draw(st.lists(st.sampled_from(["strong", "code", "glow"]), max_size=2)))

    def tree(depth: int) -> dict[str, Any]:
        if depth == 0 or draw(st.booleans()):
            return leaf()
        children = [tree(depth - 1) for _ in range(draw(st.integers(0, 3)))]
        return node(draw(st.sampled_from(KINDS[:-1])), *children)

    return node("doc", *(tree(4) for _ in range(draw(st.integers(0, 3))))), count


JSON: Any = st.recursive(
    ODD | st.sampled_from(KINDS),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.fixed_dictionaries(
            {},
            optional={
                "type": st.sampled_from(KINDS) | inner,
                "content": st.lists(inner, max_size=3) | inner,
                "text": inner,
                "attrs": inner,
                "marks": inner,
                "level": inner,
                "timestamp": inner,
                "url": inner,
            },
        )
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=EXAMPLES)
@given(counted_trees())
def test_no_word_is_lost_whatever_the_nodes_are_called(tree: tuple[dict[str, Any], int]) -> None:
    document, count = tree
    shown = plain(read(document))
    assert [n for n in range(1, count + 1) if f"w{n}x" not in shown] == []


@settings(deadline=None, max_examples=EXAMPLES)
@given(JSON)
def test_odd_json_never_raises_and_is_written_validly(given: Any) -> None:
    found = read({"type": "doc", "content": given})
    assert site.problem(json.loads(json.dumps(adf.write(found)))) is None
    wiki.write(found)


@settings(deadline=None, max_examples=EXAMPLES)
@given(documents())
def test_what_we_wrote_reads_as_it_was_meant(document: Document) -> None:
    shown = Counter(letters(plain(read(adf.write(document)))))
    assert not Counter(letters(spoken(document, addresses=True))) - shown


def test_a_tree_of_any_depth_is_read() -> None:
    deep = p(text("end"))
    for _ in range(5_000):
        deep = node("blockquote", deep)
    assert "end" in words_of(deep)


def test_marks_are_kept_where_we_have_them() -> None:
    assert doc(p(text("a", "strong", "underline"), text("b", "code"))).blocks == (
        Paragraph(
            children=(
                Text(text="a", marks=frozenset({"bold"})),
                Text(text="b", marks=frozenset({"code"})),
            )
        ),
    )


def test_a_link_keeps_its_words_and_its_address() -> None:
    linked = text("page") | {"marks": [{"type": "link", "attrs": {"href": "https://example.com"}}]}
    assert doc(p(linked)).blocks == (paragraph(Link(url="https://example.com", label="page")),)


def test_a_link_that_is_not_for_people_is_words() -> None:
    linked = text("page") | {"marks": [{"type": "link", "attrs": {"href": "javascript:alert(1)"}}]}
    assert doc(p(linked)).blocks == (paragraph("page (javascript:alert(1))"),)


def test_a_mention_is_a_name() -> None:
    mention = {"type": "mention", "attrs": {"id": "5b10", "text": "@Nina"}}
    assert doc(p(mention)).blocks == (paragraph(Mention(name="Nina")),)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"type": "emoji", "attrs": {"shortName": ":smile:", "text": "😄"}}, "😄"),
        ({"type": "emoji", "attrs": {"shortName": ":check_mark:"}}, ":check_mark:"),
        ({"type": "status", "attrs": {"text": "BLOCKED", "color": "red"}}, "BLOCKED"),
        ({"type": "date", "attrs": {"timestamp": "1793577600000"}}, "2026-11-02"),
        ({"type": "date", "attrs": {"timestamp": "soon"}}, "soon"),
        ({"type": "inlineCard", "attrs": {"url": "https://x.example/PAY-1"}}, "https://x.example/PAY-1"),
        ({"type": "media", "attrs": {"id": "1", "alt": "screen.png"}}, "[screen.png]"),
        ({"type": "media", "attrs": {"id": "1"}}, "[attachment]"),
        ({"type": "hologram", "attrs": {"title": "Figure"}, "content": [text("one")]}, "Figure\none"),
    ],
)
def test_what_the_tree_has_no_node_for_is_told_in_words(given: Any, shown: str) -> None:
    assert words_of(p(given)) == shown


def test_a_line_break_is_a_line_break() -> None:
    assert doc(p(text("a"), {"type": "hardBreak"}, text("b"))).blocks == (
        Paragraph(children=(Text(text="a"), LineBreak(), Text(text="b"))),
    )


def test_lists_nest_and_keep_their_style() -> None:
    inner = node("orderedList", node("listItem", p(text("b"))))
    assert doc(node("bulletList", node("listItem", p(text("a")), inner))).blocks == (
        Listing(items=((paragraph("a"), Listing(items=((paragraph("b"),),), style="numbers")),)),
    )


def test_tasks_show_what_is_done() -> None:
    done, open_ = node("taskItem", text("a"), state="DONE"), node("taskItem", text("b"), state="TODO")
    assert words_of(node("taskList", done, open_, node("taskList", open_))) == "• ☑ a\n• ☐ b\n  • ☐ b"


def test_a_row_of_a_table_is_a_line() -> None:
    row = node("tableRow", node("tableHeader", p(text("a"))), node("tableCell", p(text("b")), p(text("c"))))
    assert words_of(node("table", row)) == "a | b\nc"


def test_a_panel_is_a_quote_and_an_expand_shows_its_title() -> None:
    panel = node("panel", p(text("mind")), panelType="info")
    expand = node("expand", p(text("more")), title="Details")
    assert doc(panel, expand).blocks == (
        Quote(blocks=(paragraph("mind"),)),
        Paragraph(children=(Text(text="Details", marks=frozenset({"bold"})),)),
        paragraph("more"),
    )


def test_headings_and_code_are_kept() -> None:
    heading, code = (
        node("heading", text("Title"), level=2),
        node("codeBlock", text("x = 1"), language="python"),
    )
    assert doc(heading, code).blocks == (
        Heading(children=paragraph("Title").children, level=2),
        CodeBlock(text="x = 1"),
    )
