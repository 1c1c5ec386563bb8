"""People's text made harmless and cut: whatever goes in, what comes out can be stored, shown and sent."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.text_hygiene import MARKS_IN_A_ROW, boundary, clean, cut

ANY = st.text(st.characters())
FAMILY = "👩\u200d👩\u200d👧"
FLAGS = "🇺🇦🇳🇱"
WAVE = "👋🏽"
E_ACUTE = "e\u0301"


@pytest.mark.parametrize(
    "character",
    [
        "\x00",
        "\x07",
        "\x1b",
        "\x7f",
        "\x9b",
        "\u202e",
        "\u2066",
        "\u200b",
        "\u200e",
        "\ufeff",
        "\u2060",
        "\U000e0041",
    ],
)
def test_invisible_and_controlling_characters_are_removed(character: str) -> None:
    assert clean(f"a{character}b") == "ab"


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n", "\u2028", "\x85", "\v"])
def test_every_newline_becomes_the_same(newline: str) -> None:
    assert clean(f"a{newline}b") == "a\nb"


@pytest.mark.parametrize(
    "text",
    [FAMILY, FLAGS, WAVE, "❤️‍🔥", "می\u200cخواهم", "क्\u200dष", "a\tb", "🏴\U000e0067\U000e0062\U000e007f"],
)
def test_emoji_and_scripts_keep_what_they_are_spelled_with(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize("joiner", ["\u200c", "\u200d"])
def test_joiners_between_other_letters_are_removed(joiner: str) -> None:
    assert clean(f"pay{joiner}pal") == "paypal"


def test_a_long_row_of_combining_marks_is_capped() -> None:
    assert clean("a" + "\u0301" * 10_000) == "a" + "\u0301" * MARKS_IN_A_ROW


def test_a_lone_surrogate_is_replaced() -> None:
    assert clean("a\ud800b") == "a\ufffdb"


@settings(deadline=None)
@given(ANY)
def test_clean_text_can_be_encoded_and_stays_clean(text: str) -> None:
    once = clean(text)
    assert once.encode("utf-8").decode("utf-8") == once
    assert clean(once) == once


@settings(deadline=None)
@given(ANY)
def test_cleaning_drops_no_letter_or_digit(text: str) -> None:
    def letters(one: str) -> list[str]:
        return [character for character in one if unicodedata.category(character)[0] in "LN"]

    assert letters(clean(text)) == letters(text)


@settings(deadline=None)
@given(ANY, st.integers(0, 60))
def test_cut_text_is_never_longer_than_the_limit(text: str, limit: int) -> None:
    assert len(cut(text, limit)) <= limit


def test_a_short_text_is_left_alone() -> None:
    assert cut("Refund stuck", 12) == "Refund stuck"


def test_the_cut_tells_exactly_how_many_characters_are_missing() -> None:
    shown = cut("x" * 500, 100)
    kept = shown.count("x")
    assert shown == "x" * kept + f"… ({500 - kept} more)"


@pytest.mark.parametrize("whole", [FAMILY, FLAGS[:2], WAVE, E_ACUTE, "\u1100\u1161\u11a8", "❤️"])
def test_no_visible_character_is_split(whole: str) -> None:
    text = "a" + whole
    assert {boundary(text, at) for at in range(1, len(text))} == {1}


def test_two_flags_are_split_only_between_them() -> None:
    assert [boundary(FLAGS, at) for at in range(5)] == [0, 0, 2, 2, 4]
