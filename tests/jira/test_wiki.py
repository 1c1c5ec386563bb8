"""Wiki markup for Jira Data Center: people's text stays words, and none of it is lost."""

from collections import Counter

import pytest
from hypothesis import given, settings

from bot.core.text import CodeBlock, Document, Link, Listing, Mention, Quote, Text, paragraph
from bot.jira.wiki import escape, write
from bot.sandbox.jira import wiki as site
from tests.jira.trees import EXAMPLES, HOSTILE, documents, letters, spoken


def written(*parts: object) -> str:
    return write(Document(blocks=(paragraph(*parts),)))  # type: ignore[arg-type]


@settings(deadline=None, max_examples=EXAMPLES)
@given(documents(links=False))
def test_nothing_in_peoples_text_acts(document: Document) -> None:
    assert site.active(write(document)) == []


@settings(deadline=None, max_examples=EXAMPLES)
@given(documents())
def test_no_letter_is_lost(document: Document) -> None:
    shown = Counter(letters(site.readable(write(document))))
    assert not Counter(letters(spoken(document, addresses=True))) - shown


@pytest.mark.parametrize("text", HOSTILE[:-1])
def test_hostile_text_shows_as_it_was_typed(text: str) -> None:
    markup = written(text)
    assert site.active(markup) == []
    assert letters(site.readable(markup)) == letters(text)


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("{code}", "\\{code\\}"),
        ("[~bob]", "\\[\\~bob\\]"),
        ("!http://x.example/y.png!", "\\!http://x.example/y.png!"),
        ("h1. big", "&#104;1. big"),
        ("bq. said", "&#98;q. said"),
        ("# one", "\\# one"),
        ("- one", "\\- one"),
        ("a\\b", "a&#92;b"),
        ("&#123;", "&amp;#123;"),
        ("(x) :)", "&#40;x) &#58;)"),
        ("what??", "what\\?\\?"),
    ],
)
def test_what_would_act_is_escaped(text: str, markup: str) -> None:
    assert written(text) == markup


@pytest.mark.parametrize(
    "text", ["Hello! How are you?", "snake_case and e-mail", "a (b) c", "PAY-12, 50% & more", "#12"[1:]]
)
def test_ordinary_text_stays_readable(text: str) -> None:
    assert escape(text) == text


def test_marks_are_signs_around_words() -> None:
    assert written("a ", Text(text="b ", marks=frozenset({"bold"})), "c") == "a *b* c"


def test_marks_next_to_letters_are_braced() -> None:
    assert written("a", Text(text="b", marks=frozenset({"bold"})), "c") == "a{*}b{*}c"


def test_a_mention_is_a_name() -> None:
    assert written(Mention(name="Ana")) == "@Ana"


def test_a_link_keeps_label_and_address() -> None:
    assert written(Link(url="https://example.com/a|b", label="x|y")) == "x\\|y (https://example.com/a\\|b)"
    assert written(Link(url="https://example.com/[a]", label="x|y")) == "[x\\|y|https://example.com/%5Ba%5D]"


def test_code_stays_code() -> None:
    assert write(Document(blocks=(CodeBlock(text="a [b] {c}"),))) == "{code}\na [b] {c}\n{code}"


def test_code_that_contains_the_macro_is_kept_in_another_way() -> None:
    assert write(Document(blocks=(CodeBlock(text="{code}"),))) == "{noformat}\n{code}\n{noformat}"
    assert write(Document(blocks=(CodeBlock(text="{code}{noformat}"),))) == "\\{code\\}\\{noformat\\}"


def test_lists_nest_by_repeating_the_sign() -> None:
    inner = Listing(items=((paragraph("b"),),), style="numbers")
    document = Document(blocks=(Listing(items=((paragraph("a"), inner), (paragraph("c"),))),))
    assert write(document) == "* a\n*# b\n* c"


def test_a_quote_is_fenced_and_cannot_be_ended_from_inside() -> None:
    document = Document(blocks=(Quote(blocks=(paragraph("a {quote} b"), CodeBlock(text="{quote}"))),))
    assert write(document) == "{quote}\na \\{quote\\} b\n\n\\{quote\\}\n{quote}"
