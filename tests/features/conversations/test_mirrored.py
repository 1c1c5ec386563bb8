"""What the other thread shows of a message."""

import json
from typing import Any

import pytest

from bot.core.messages import SharedFile
from bot.features.conversations.views import mirrored as views
from bot.sandbox.slack.limits import check_message
from bot.slack.blocks import FALLBACK, Message
from tests.features.conversations.make import REPORT, kept

WHOLE = "https://sandbox.slack.com/archives/C1/p1"


def shown(text: str, names: dict[str, str] | None = None, whole: str | None = None, **more: Any) -> Message:
    message = views.mirrored(kept(text, **more), "Ana Ivanova", names or {}, whole)
    check_message(message.text, list(message.blocks))
    return message


def elements(message: Message) -> list[dict[str, Any]]:
    """Every inline element of the rich text."""
    return [inner for outer in message.blocks[0]["elements"] for inner in outer["elements"]]


def test_the_speaker_stands_in_bold_before_the_words() -> None:
    message = shown("the text")
    assert message.text == "Ana Ivanova: the text"
    assert elements(message)[0] == {"type": "text", "text": "Ana Ivanova:", "style": {"bold": True}}


def test_the_marks_that_people_set_stay() -> None:
    styled = [one.get("style") for one in elements(shown("a *bold* word"))]
    assert {"bold": True} in styled[1:]


def test_code_stays_code_below_the_name() -> None:
    kinds = [element["type"] for element in shown("```x = 1```").blocks[0]["elements"]]
    assert kinds == ["rich_text_section", "rich_text_preformatted"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<!channel> look", "@channel look"),
        ("<!here> look", "@here look"),
        ("<!everyone> look", "@everyone look"),
        ("<@U0BOB00001> look", "@Bob look"),
        ("<!subteam^S1> look", "@payments look"),
        ("<!subteam^S1|@pay> look", "@pay look"),
        ("in <#C1>", "in #general"),
        ("&lt;!channel&gt; &amp;amp;", "<!channel> &amp;"),
        ("@channel <", "@channel <"),
    ],
)
def test_whatever_could_call_somebody_becomes_words(text: str, words: str) -> None:
    message = shown(text, {"U0BOB00001": "Bob", "S1": "payments", "C1": "general"})
    read = "".join(one.get("text", "") for one in elements(message))
    assert read == f"Ana Ivanova: {words}"
    assert {one["type"] for one in elements(message)} <= {"text", "link"}
    assert "<" not in message.text


def test_links_lead_where_they_say() -> None:
    good = elements(shown("<https://x.example/a|the docs>"))[-1]
    assert good == {"type": "link", "url": "https://x.example/a", "text": "the docs"}
    feigned = elements(shown("<https://evil.example|https://slack.com/login>"))
    assert [one["text"] for one in feigned if one["type"] == "link"] == ["https://evil.example"]
    assert all(one["type"] == "text" for one in elements(shown("<javascript:alert(1)|click>")))


def test_the_speakers_name_is_as_harmless_as_their_words() -> None:
    message = views.mirrored(kept("hi"), "<!channel>\u202e", {}, None)
    assert message.text == "&lt;!channel&gt;: hi"
    assert "\u202e" not in json.dumps(message.blocks[0], ensure_ascii=False)


def test_an_edited_message_says_so() -> None:
    assert shown("the text", edited_at="300.000000").text == "Ana Ivanova: the text (edited)"
    assert shown("```x```", edited_at="300.000000").text.endswith("(edited)")


def test_files_follow_as_links_with_names_and_sizes() -> None:
    message = shown("see", files=(REPORT,))
    assert {"type": "link", "url": REPORT.permalink, "text": "report.pdf"} in elements(message)
    assert message.text == f"Ana Ivanova: see\n\nFile: report.pdf ({REPORT.permalink}) (92 KB)"


def test_a_file_without_an_address_is_named_only() -> None:
    file = SharedFile(name="x<b>.txt", permalink="javascript:alert(1)", size=0, mimetype="")
    message = shown("", files=(file,))
    assert all(one["type"] == "text" for one in elements(message))
    assert message.text == "Ana Ivanova:\n\nFile: x&lt;b&gt;.txt"


def test_many_files_are_counted() -> None:
    message = shown("", files=(REPORT,) * 23)
    assert message.text.count("File:") == 10
    assert "… (13 more files)" in json.dumps(message.blocks[0], ensure_ascii=False)


def test_a_message_without_words_is_mentioned() -> None:
    assert shown("").text == "Ana Ivanova: something that cannot be shown here"


@pytest.mark.parametrize(
    "text",
    [
        "x" * 40_000,
        "word " * 8_000,
        "```" + "code\n" * 8_000 + "```",
        "&gt; quoted\n" * 3_000,
        "a\n\n" * 13_000,
        "• point\n" * 5_000,
        "👩‍👩‍👧‍👦" * 5_000,
        "*b* " * 10_000,
        "&amp;" * 10_000,
    ],
    ids=["one word", "words", "code", "quotes", "paragraphs", "points", "families", "marks", "escapes"],
)
def test_a_long_message_is_cut_with_a_count_and_fits(text: str) -> None:
    message = shown(text, whole=WHOLE, files=(REPORT,) * 10)
    assert views.is_cut(kept(text), {})
    rich = json.dumps(message.blocks[0], ensure_ascii=False)
    assert " more)" in rich and WHOLE in rich
    assert len(message.text) <= FALLBACK


def test_the_whole_message_is_not_offered_where_it_may_not_be_read() -> None:
    rich = json.dumps(shown("x" * 9_000).blocks[0], ensure_ascii=False)
    assert "… (1000 more)" in rich and "link" not in rich


def test_a_message_that_fits_is_not_cut() -> None:
    assert not views.is_cut(kept("x" * 8_000), {})
    assert "x" * 8_000 in json.dumps(shown("x" * 8_000).blocks[0])


def test_hundreds_of_short_paragraphs_lose_no_word() -> None:
    rich = json.dumps(shown("a1\n\n" * 1_500).blocks[0])
    assert rich.count("a1") == 1_500


def test_a_tombstone_holds_no_word_of_the_message() -> None:
    message = views.tombstone("Ana Ivanova")
    assert message.text == "Ana Ivanova deleted this message."
    check_message(message.text, list(message.blocks))


@pytest.mark.parametrize(
    ("size", "words"),
    [(1, "1 byte"), (999, "999 bytes"), (1_400, "1 KB"), (92_400, "92 KB"), (1_440_000, "1.4 MB")],
)
def test_sizes_are_told_in_words(size: int, words: str) -> None:
    assert views.size_words(size) == words
