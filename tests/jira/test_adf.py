"""Documents for Jira Cloud are valid, complete and inert."""

import json
from typing import Any

import pytest
from hypothesis import given, settings

from bot.core.text import CodeBlock, Document, Heading, Link, Listing, Mention, Quote, Text, paragraph
from bot.jira.adf import write
from bot.sandbox.jira import adf as site
from tests.jira.adf_schema import problems
from tests.jira.trees import EXAMPLES, HOSTILE, documents, letters, spoken


def nodes(node: Any) -> list[Any]:
    return [node, *(one for child in node.get("content", []) for one in nodes(child))]


def text_of(document: Document) -> str:
    return "".join(one["text"] for one in nodes(write(document)) if one["type"] == "text")


@settings(deadline=None, max_examples=EXAMPLES)
@given(documents())
def test_every_document_is_valid(document: Document) -> None:
    written = json.loads(json.dumps(write(document), ensure_ascii=False))
    assert site.problem(written) is None


@settings(deadline=None, max_examples=EXAMPLES)
@given(document=documents())
def test_every_document_is_valid_by_atlassians_own_schema(schema: Any, document: Document) -> None:
    assert problems(schema, json.loads(json.dumps(write(document)))) == []


@pytest.mark.parametrize(
    "broken",
    [
        {"content": [{"type": "listItem"}]},
        {"content": [{"type": "paragraph", "content": [{"type": "text", "text": ""}]}]},
    ],
)
def test_the_schema_refuses_what_is_not_valid(schema: Any, broken: Any) -> None:
    assert problems(schema, {"type": "doc", "version": 1, **broken})


@settings(deadline=None, max_examples=EXAMPLES)
@given(documents())
def test_no_letter_is_lost(document: Document) -> None:
    assert letters(text_of(document)) == letters(spoken(document, addresses=False))


@settings(deadline=None, max_examples=EXAMPLES)
@given(documents())
def test_only_harmless_nodes_and_safe_links_are_written(document: Document) -> None:
    found = nodes(write(document))
    hrefs = [
        mark["attrs"]["href"] for one in found for mark in one.get("marks", []) if mark["type"] == "link"
    ]
    assert not {one["type"] for one in found} & {"mention", "inlineCard", "emoji", "media", "extension"}
    assert all(href.startswith(("https://", "http://", "mailto:")) for href in hrefs)


def test_hostile_text_is_text() -> None:
    for text in HOSTILE[:12]:
        (block,) = write(Document(blocks=(paragraph(text),)))["content"]
        assert block["content"] == [{"type": "text", "text": text}]


def test_a_mention_is_a_name() -> None:
    (block,) = write(Document(blocks=(paragraph(Mention(name="Ana")),)))["content"]
    assert block["content"] == [{"type": "text", "text": "@Ana"}]


def test_a_link_keeps_label_and_address() -> None:
    (block,) = write(Document(blocks=(paragraph(Link(url="https://example.com", label="page")),)))["content"]
    link = {"type": "link", "attrs": {"href": "https://example.com"}}
    assert block["content"] == [{"type": "text", "text": "page", "marks": [link]}]


def test_code_takes_no_other_mark() -> None:
    (block,) = write(Document(blocks=(paragraph(Text(text="x", marks=frozenset({"bold", "code"}))),)))[
        "content"
    ]
    assert block["content"] == [{"type": "text", "text": "x", "marks": [{"type": "code"}]}]


def test_a_list_that_begins_with_a_list_gets_an_empty_line() -> None:
    inner = Listing(items=((paragraph("b"),),))
    written = write(Document(blocks=(Listing(items=((inner,),)),)))
    assert [one["type"] for one in written["content"][0]["content"][0]["content"]] == [
        "paragraph",
        "bulletList",
    ]


def test_a_heading_in_a_quote_becomes_bold() -> None:
    quote = Quote(blocks=(Heading(children=paragraph("Title").children), CodeBlock(text="x")))
    (written,) = write(Document(blocks=(quote,)))["content"]
    assert [one["type"] for one in written["content"]] == ["paragraph", "codeBlock"]
    assert written["content"][0]["content"][0]["marks"] == [{"type": "strong"}]


def test_newlines_in_words_are_line_breaks() -> None:
    (block,) = write(Document(blocks=(paragraph("a\nb"),)))["content"]
    assert [one["type"] for one in block["content"]] == ["text", "hardBreak", "text"]
