"""Slack's rich text blocks: read into the tree, and written so that nothing in them acts."""

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.text import CodeBlock, Document, Emoji, Link, Listing, Mention, Quote, Text, paragraph, plain
from bot.slack.rich_text import read, write
from tests.jira.trees import documents, letters, spoken

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "elements", "text", "style", "indent", "name", "url"]), inner
        )
    ),
    max_leaves=20,
)


def block(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "rich_text", "block_id": "b", "elements": list(elements)}]


def section(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(elements)}


def words(text: str, **style: bool) -> dict[str, Any]:
    return {"type": "text", "text": text} | ({"style": style} if style else {})


@pytest.mark.parametrize(
    ("element", "shown"),
    [
        ({"type": "user", "user_id": "U1"}, "@Ana"),
        ({"type": "user", "user_id": "U9"}, "@U9"),
        ({"type": "usergroup", "usergroup_id": "S1"}, "@oncall"),
        ({"type": "channel", "channel_id": "C1"}, "#general"),
        ({"type": "broadcast", "range": "here"}, "@here"),
        ({"type": "emoji", "name": "wave", "unicode": "1f44b-1f3fd"}, "👋🏽"),
        ({"type": "emoji", "name": "party_parrot"}, ":party_parrot:"),
        ({"type": "link", "url": "https://example.com", "text": "page"}, "page (https://example.com)"),
        ({"type": "date", "timestamp": 1720710212, "format": "{date}", "fallback": "July 11"}, "July 11"),
        ({"type": "date", "timestamp": 1720710212, "format": "{date}"}, "2024-07-11 15:03 UTC"),
        ({"type": "color", "value": "#F405B3"}, "#F405B3"),
        ({"type": "from_the_future", "text": "hello"}, "hello"),
        ({"type": "from_the_future", "elements": [{"type": "text", "text": "deep"}]}, "deep"),
    ],
)
def test_every_element_reads_as_a_person_sees_it(element: dict[str, Any], shown: str) -> None:
    names = {"U1": "Ana", "C1": "general", "S1": "oncall"}
    assert plain(read(block(section(element)), names)) == shown


def test_styles_become_marks() -> None:
    document = read(block(section(words("a", bold=True, italic=True), words("b", code=True))))
    assert document.blocks[0] == paragraph(
        Text(text="a", marks=frozenset({"bold", "italic"})), Text(text="b", marks=frozenset({"code"}))
    )


def test_lists_that_follow_each_other_nest_by_indent() -> None:
    def listing(indent: int, *items: str, style: str = "bullet") -> dict[str, Any]:
        elements = [section(words(item)) for item in items]
        return {"type": "rich_text_list", "style": style, "indent": indent, "elements": elements}

    document = read(
        block(listing(0, "a"), listing(1, "b", "c"), listing(0, "d"), listing(0, "e", style="ordered"))
    )
    assert plain(document) == "• a\n  • b\n  • c\n• d\n1. e"


def test_a_list_in_numbers_below_a_list_with_bullets_keeps_its_numbers() -> None:
    def listing(indent: int, style: str, *items: str) -> dict[str, Any]:
        elements = [section(words(item)) for item in items]
        return {"type": "rich_text_list", "style": style, "indent": indent, "elements": elements}

    document = read(
        block(listing(0, "bullet", "a"), listing(1, "ordered", "b", "c"), listing(0, "bullet", "d"))
    )
    assert plain(document) == "• a\n  1. b\n  2. c\n• d"


def test_what_has_a_border_at_its_side_is_quoted() -> None:
    code = {"type": "rich_text_preformatted", "border": 1, "elements": [words("x = 1")]}
    quote = {"type": "rich_text_quote", "border": 1, "elements": [words("said")]}
    assert read(block(code, quote)).blocks == (
        Quote(blocks=(CodeBlock(text="x = 1"),)),
        Quote(blocks=(paragraph("said"),)),
    )


def test_quotes_and_code_are_blocks() -> None:
    document = read(
        block(
            {"type": "rich_text_quote", "elements": [words("said")]},
            {"type": "rich_text_preformatted", "elements": [words("x = 1")]},
        )
    )
    assert document.blocks == (Quote(blocks=(paragraph("said"),)), CodeBlock(text="x = 1"))


def test_other_blocks_are_left_to_the_messages_text() -> None:
    assert read([{"type": "section", "text": {"type": "mrkdwn", "text": "x"}}]).blocks == ()


@settings(deadline=None)
@given(JSON)
def test_no_json_breaks_the_reader(value: object) -> None:
    assert isinstance(read(value), Document)
    read([{"type": "rich_text", "elements": value}])
    read([{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": value}]}])
    read([{"type": "rich_text", "elements": [{"type": "rich_text_list", "elements": value}]}])


def test_deep_nesting_does_not_break_the_reader() -> None:
    value: dict[str, Any] = {"type": "x"}
    for _ in range(900):
        value = {"type": "x", "elements": [value]}
    assert isinstance(read(block(value)), Document)


def test_peoples_markup_is_written_as_plain_words() -> None:
    document = Document(blocks=(paragraph("<!channel> *x* :tada: <@U1> ", Mention(name="Ana")),))
    assert write(document)["elements"] == [section(words("<!channel> *x* :tada: <@U1> "), words("@Ana"))]


def test_only_addresses_for_people_are_written_as_links() -> None:
    good, bad = Link(url="https://example.com", label="page"), Link(url="javascript:x", label="page")
    (written,) = write(Document(blocks=(paragraph(good, bad),)))["elements"]
    assert written["elements"] == [
        {"type": "link", "url": "https://example.com", "text": "page"},
        words("page (javascript:x)"),
    ]


def test_an_emoji_with_a_strange_name_is_words() -> None:
    (written,) = write(Document(blocks=(paragraph(Emoji(name="a b")),)))["elements"]
    assert written["elements"] == [words(":a b:")]


def test_nested_lists_are_written_by_indent() -> None:
    inner = Listing(items=((paragraph("b"),),))
    document = Document(blocks=(Listing(items=((paragraph("a"), inner), (paragraph("c"),))),))
    assert [(one["indent"], len(one["elements"])) for one in write(document)["elements"]] == [
        (0, 1),
        (1, 1),
        (0, 1),
    ]


def test_an_empty_document_is_still_a_block() -> None:
    assert write(Document())["elements"]


@settings(deadline=None)
@given(documents(links=False))
def test_every_letter_is_written(document: Document) -> None:
    written = json.loads(json.dumps(write(document)))
    missing = Counter(letters(spoken(document, addresses=False))) - Counter(letters("".join(_texts(written))))
    assert not missing


@settings(deadline=None)
@given(documents())
def test_only_the_elements_that_slack_knows_are_written(document: Document) -> None:
    kinds = {element["type"] for element in write(document)["elements"]}
    assert kinds <= {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}


def _texts(node: Any) -> list[str]:
    if node.get("type") == "emoji":
        return [node["name"], str(node.get("skin_tone", ""))]
    own = [node["text"]] if node.get("type") in ("text", "link") else []
    return own + [text for child in node.get("elements", []) for text in _texts(child)]
