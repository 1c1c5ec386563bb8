"""Slack's mrkdwn is read into the tree: what Slack means by it, and every word of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.text import CodeBlock, Document, Link, Listing, Mention, Paragraph, Quote, Text, clean, plain
from bot.slack.mrkdwn import escape, read, unescape

NAMES = {"U1": "Ana", "C1": "general", "S1": "oncall"}
SIGNS = st.text(st.sampled_from(list("ab1 \n*_~`>-•&;:/.#@|!")), max_size=80)
ANY = st.text(st.characters() | st.sampled_from(list("<>|*_~`&@#!^\n")), max_size=80)


def shown(text: str) -> str:
    return plain(read(text, NAMES))


def inline(text: str) -> tuple[object, ...]:
    (block,) = read(text, NAMES).blocks
    assert isinstance(block, Paragraph)
    return block.children


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hi <@U1>", "hi @Ana"),
        ("hi <@U9>", "hi @U9"),
        ("hi <@U1|ana.b>", "hi @ana.b"),
        ("in <#C1|general> or <#C1>", "in #general or #general"),
        ("<!here> <!channel> <!everyone>", "@here @channel @everyone"),
        ("<!subteam^S1|@oncall> <!subteam^S1>", "@oncall @oncall"),
        ("due <!date^1392734382^{date_short}|18 Feb 2014>", "due 18 Feb 2014"),
        ("<https://example.com|the page>", "the page (https://example.com)"),
        ("<https://example.com?a=1&amp;b=2>", "https://example.com?a=1&b=2"),
        ("<mailto:a@example.com|a@example.com>", "a@example.com"),
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("&amp;lt;", "&lt;"),
        ("<>", "<>"),
        ("<nonsense>", "<nonsense>"),
        ("1 < 2", "1 < 2"),
    ],
)
def test_tokens_and_entities_read_as_a_person_sees_them(text: str, words: str) -> None:
    assert shown(text) == words


@pytest.mark.parametrize(
    ("text", "mark"), [("*word*", "bold"), ("_word_", "italic"), ("~word~", "strike"), ("`word`", "code")]
)
def test_signs_around_a_word_are_marks(text: str, mark: str) -> None:
    assert inline(text) == (Text(text="word", marks=frozenset({mark})),)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["snake_case_name", "2*3*4", "* not bold *", "~", "a*b", "**", "_ _"])
def test_signs_inside_words_and_among_spaces_stay_as_they_are(text: str) -> None:
    assert inline(text) == (Text(text=text),)


def test_marks_nest_and_go_around_mentions() -> None:
    children = inline("*bold _both_ <@U1>*")
    assert children[0] == Text(text="bold ", marks=frozenset({"bold"}))
    assert children[1] == Text(text="both", marks=frozenset({"bold", "italic"}))
    assert children[-1] == Mention(name="Ana")


def test_code_keeps_the_signs_in_it() -> None:
    assert inline("`a *b* _c_`") == (Text(text="a *b* _c_", marks=frozenset({"code"})),)


def test_a_fence_is_a_code_block() -> None:
    assert read("see\n```\nx = &lt;1&gt;\n```\ndone").blocks[1] == CodeBlock(text="x = <1>")


def test_a_fence_that_is_never_closed_stays_text() -> None:
    assert shown("a ```b") == "a ```b"


def test_quoted_lines_become_one_quote() -> None:
    (quote, rest) = read("&gt; one\n&gt; two\nrest").blocks
    assert isinstance(quote, Quote)
    assert plain(Document(blocks=(quote, rest))) == "> one\n> two\nrest"


def test_three_arrows_quote_all_that_follows() -> None:
    (quote,) = read("&gt;&gt;&gt; one\n\ntwo").blocks
    assert isinstance(quote, Quote)


def test_bullets_become_a_list_with_lists_below() -> None:
    (listing,) = read("• a\n    ◦ b\n• c").blocks
    assert isinstance(listing, Listing)
    assert plain(Document(blocks=(listing,))) == "• a\n  • b\n• c"


def test_a_dangerous_link_is_words() -> None:
    assert not any(isinstance(node, Link) for node in inline("<javascript:alert(1)|click>"))
    assert shown("<javascript:alert(1)|click>") == "click (javascript:alert(1))"


def test_escaping_leaves_nothing_that_slack_would_act_on() -> None:
    assert escape("<!channel> <@U1> &") == "&lt;!channel&gt; &lt;@U1&gt; &amp;"


@settings(deadline=None)
@given(ANY)
def test_escaped_text_reads_back_as_it_was(text: str) -> None:
    assert unescape(escape(text)) == text


@settings(deadline=None)
@given(ANY)
def test_no_text_breaks_the_reader(text: str) -> None:
    assert isinstance(read(text, NAMES), Document)


@settings(deadline=None)
@given(SIGNS)
def test_every_letter_survives_in_order(text: str) -> None:
    def letters(one: str) -> list[str]:
        return [character for character in one if character.isalnum()]

    assert letters(shown(text)) == letters(unescape(clean(text)))


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "unit", ["*", "* ", "_a*~", "`", "<@", "• a\n  ", "&gt;&gt;&gt;", "```", "http://", "a\n\n"]
)
def test_forty_thousand_characters_are_read_without_trouble(unit: str) -> None:
    text = (unit * 40_000)[:40_000]
    assert read(text).blocks
