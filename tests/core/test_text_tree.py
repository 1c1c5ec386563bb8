"""The tree of people's text: links that are what they say, plain text, shortening."""

import pytest

from bot.core.text import (
    CodeBlock,
    Document,
    Emoji,
    LineBreak,
    Link,
    Listing,
    Mention,
    Quote,
    Text,
    from_plain,
    inlines,
    is_web,
    link,
    merge,
    paragraph,
    plain,
    plain_inline,
)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//evil.example",
        "https://",
        "https://a b",
        "http://[",
        "ftp://example.com",
        "",
    ],
)
def test_an_address_that_is_not_for_people_never_becomes_a_link(url: str) -> None:
    assert not is_web(url)
    assert not any(isinstance(node, Link) for node in link(url, "click"))


def test_an_unsafe_link_keeps_its_words() -> None:
    assert link("javascript:x", "click") == (Text(text="click (javascript:x)"),)


@pytest.mark.parametrize(
    "label", ["https://slack.com/login", "slack.com/login", "www.slack.com", "slack.com"]
)
def test_a_label_that_feigns_another_address_shows_the_true_one(label: str) -> None:
    nodes = link("https://evil.example/", label)
    assert [node for node in nodes if isinstance(node, Link)] == [
        Link(url="https://evil.example/", label="https://evil.example/")
    ]
    assert "".join(plain_inline(node) for node in nodes) == f"{label} (https://evil.example/)"


@pytest.mark.parametrize("label", ["example.com", "https://example.com", "the page"])
def test_an_honest_label_is_kept(label: str) -> None:
    assert link("https://example.com/", label) == (Link(url="https://example.com/", label=label),)


def test_bare_addresses_in_words_become_links() -> None:
    nodes = inlines("see https://example.com/a_b, and go")
    assert [type(node).__name__ for node in nodes] == ["Text", "Link", "Text"]
    assert "".join(plain_inline(node) for node in nodes) == "see https://example.com/a_b, and go"


def test_empty_lines_separate_paragraphs_of_plain_text() -> None:
    document = from_plain("one\ntwo\n\n \nthree")
    assert [plain(Document(blocks=(block,))) for block in document.blocks] == ["one\ntwo", "three"]


def test_plain_text_shows_every_kind_of_block() -> None:
    inner = Listing(items=((paragraph("b"),),))
    document = Document(
        blocks=(
            paragraph(
                "Hi ", Mention(name="Ana"), LineBreak(), Emoji(name="wave", character="👋"), Emoji(name="own")
            ),
            paragraph("second"),
            Listing(items=((paragraph("a"), inner), (paragraph("c"),)), style="numbers"),
            Quote(blocks=(paragraph("said"),)),
            CodeBlock(text="x = 1\ny = 2"),
        )
    )
    assert plain(document) == "Hi @Ana\n👋:own:\n\nsecond\n1. a\n   • b\n2. c\n> said\nx = 1\ny = 2"


def test_neighbouring_texts_with_the_same_marks_are_joined() -> None:
    assert merge((Text(text="a"), Text(text=""), Text(text="b"))) == (Text(text="ab"),)
