"""Wiki markup is read as it shows: no word is lost, nothing raises, and no text makes it slow."""

import json
import re
import time
from collections import Counter

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
from bot.jira.wiki_reader import read
from bot.sandbox.jira import adf as site
from tests.jira.trees import EXAMPLES, HOSTILE, documents, letters, spoken

SIGNS = [
    "*", "_", "-", "+", "^", "~", "??", "{{", "}}", "{*}", "{_}", "[", "]", "|", "||", "!", "\\", "\\\\", "\n", "\n\n",
    "\n* ", "\n** ", "\n# ", "\n#* ", "\n- ", "\nh1. ", "\nbq. ", "\n----\n", "{code}", "{code:java}", "{noformat}",
    "{quote}", "{panel}", "{panel:title=x}", "{color:red}", "{color}", "{anchor:x}", "[~", "[^", "https://x.example/",
    "|https://x.example]", "&#123;", "&amp;", " ", ":", ".", "(/)",
]  # fmt: skip
PIECES = st.lists(st.sampled_from(SIGNS) | st.just("\0"), max_size=24)


def bold(text: str) -> Text:
    return Text(text=text, marks=frozenset({"bold"}))


def numbered(pieces: list[str]) -> str:
    """The markup, with a word of its own wherever one belongs."""
    return "".join(f"w{at}x" if piece == "\0" else piece for at, piece in enumerate(pieces))


@settings(deadline=None, max_examples=EXAMPLES)
@given(PIECES)
def test_no_word_of_any_markup_is_lost(pieces: list[str]) -> None:
    shown = plain(read(numbered(pieces)))
    assert [at for at, piece in enumerate(pieces) if piece == "\0" and f"w{at}x" not in shown] == []


@settings(deadline=None, max_examples=EXAMPLES)
@given(st.lists(st.sampled_from(SIGNS + HOSTILE) | st.text(max_size=5), max_size=12).map("".join))
def test_any_markup_is_read_and_written_validly(markup: str) -> None:
    found = read(markup)
    assert site.problem(json.loads(json.dumps(adf.write(found)))) is None
    wiki.write(found)


@settings(deadline=None, max_examples=EXAMPLES)
@given(documents())
def test_what_we_wrote_reads_as_it_was_meant(document: Document) -> None:
    shown = Counter(letters(plain(read(wiki.write(document)))))
    assert not Counter(letters(spoken(document, addresses=True))) - shown


@pytest.mark.parametrize(
    "text",
    [one for one in HOSTILE if not re.search("[\x00\ud800-\udfff\u202e]", one) and one != "e\u0301" * 3],
)
def test_text_that_we_escaped_comes_back_as_it_was(text: str) -> None:
    assert plain(read(wiki.write(Document(blocks=(paragraph(f"say {text} now"),))))) == f"say {text} now"


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("a *b* c", (Text(text="a "), bold("b"), Text(text=" c"))),
        ("a{*}b{*}c", (Text(text="a"), bold("b"), Text(text="c"))),
        ("snake_case_name", (Text(text="snake_case_name"),)),
        ("2 * 3 * 4", (Text(text="2 * 3 * 4"),)),
        ("+new+ ^up^", (Text(text="new up"),)),
        ("{{x*y*z}}", (Text(text="x*y*z", marks=frozenset({"code"})),)),
        ("[~nina] [~accountid:5b10]", (Mention(name="nina"), Text(text=" "), Mention(name="5b10"))),
        ("[page|https://x.example]", (Link(url="https://x.example", label="page"),)),
        (
            "[https://x.example|https://x.example|smart-link]",
            (Link(url="https://x.example", label="https://x.example"),),
        ),
        ("[page|javascript:alert(1)]", (Text(text="page (javascript:alert(1))"),)),
        (
            "[page|https://x.example|hover words]",
            (Link(url="https://x.example", label="page"), Text(text=" (hover words)")),
        ),
        ("[see above]", (Text(text="[see above]"),)),
        ("[^log.txt]", (Text(text="[log.txt]"),)),
        ("!screen.png|width=300!", (Text(text="[screen.png]"),)),
        ("Great! Wow!", (Text(text="Great! Wow!"),)),
        ("{color:red}hot{color}", (Text(text="hot"),)),
        ("{toc} stays", (Text(text="{toc} stays"),)),
        ("a\\\\b", (Text(text="a"), LineBreak(), Text(text="b"))),
        ("\\{code\\} &#91; &amp;", (Text(text="{code} [ &"),)),
        ("https://x.example/a_b_c", (Link(url="https://x.example/a_b_c", label="https://x.example/a_b_c"),)),
    ],
)
def test_a_line_reads_as_it_shows(markup: str, shown: object) -> None:
    (block,) = read(markup).blocks
    assert isinstance(block, Paragraph)
    assert block.children == shown


def test_blocks_are_told_apart() -> None:
    markup = "h2. Title\nfirst\nsecond\n\n{code:title=a.py|borderStyle=solid}\nx = *1*\n{code}\nbq. said\n----\nend"
    assert read(markup).blocks == (
        Heading(children=paragraph("Title").children, level=2),
        paragraph("first\nsecond"),
        Paragraph(children=(bold("a.py"),)),
        CodeBlock(text="x = *1*"),
        Quote(blocks=(paragraph("said"),)),
        paragraph("end"),
    )


def test_a_quote_and_a_panel_hold_blocks() -> None:
    markup = "{quote}\na\n\n* b\n{quote}{panel:title=Note}c{panel}"
    assert read(markup).blocks == (
        Quote(blocks=(paragraph("a"), Listing(items=((paragraph("b"),),)))),
        Quote(blocks=(Paragraph(children=(bold("Note"),)), paragraph("c"))),
    )


def test_lists_nest_by_the_length_of_their_signs() -> None:
    inner = Listing(items=((paragraph("b"),), (paragraph("c"),)), style="numbers")
    assert read("* a\n*# b\n*# c\n* d\nmore").blocks == (
        Listing(items=((paragraph("a"), inner), (paragraph("d\nmore"),))),
    )


def test_a_list_that_begins_deep_is_kept() -> None:
    assert plain(read("*** a\n* b")) == "• • • a\n• b"


def test_a_row_of_a_table_is_a_line() -> None:
    assert plain(read("||a||b||\n|c|[d|https://x.example]|")) == "a | b\n\nc | d (https://x.example)"


def test_macros_that_cross_tell_no_word_twice() -> None:
    shown = plain(read("{quote}one {code}two{quote} three{code} four"))
    assert re.findall(r"one|two|three|four", shown) == ["one", "two", "three", "four"]


def test_a_macro_that_does_not_end_is_words() -> None:
    assert plain(read("{code}\nx = 1")) == "{code}\nx = 1"


@pytest.mark.parametrize(
    "piece",
    [
        "*a ",
        "{{a",
        "{*}a",
        "[a|",
        "[\\",
        "|",
        "!a|",
        "\\",
        "{code:a}",
        "* a\n",
        "??a",
        "-a-",
        "https://a.",
        "[",
    ],
)
def test_no_text_makes_it_slow(piece: str) -> None:
    began = time.monotonic()
    read(piece * (32_767 // len(piece)))
    assert time.monotonic() - began < 5
