"""An answer of several teams: what Slack takes, and a word where that is not all."""

import pytest

from bot.features.questions import views
from bot.features.questions.domain import About
from bot.sandbox.slack.limits import check_message
from bot.slack import blocks
from bot.slack.blocks import Message

LINES = [f"/rotation team-{number} list next week" for number in range(5)]


@pytest.mark.parametrize(("sections", "length"), [(1, 3000), (3, 2900), (20, 40)])
def test_five_long_answers_fit_into_one_message_that_says_so(sections: int, length: int) -> None:
    long = Message(text="x" * length, blocks=[blocks.section("x" * length) for _ in range(sections)])
    shown = views.answer(About.DUTY, LINES, [long] * 5, near=None, buttons=False)
    check_message(shown.text, list(shown.blocks))
    assert "Ask me about one team" in str(shown.blocks)
    whole = views.with_below(shown, [blocks.actions(blocks.button("Send it", "x", "v1"))])
    check_message(whole.text, list(whole.blocks))


def test_what_fits_is_told_whole() -> None:
    short = Message(text="who", blocks=[blocks.section("who")])
    shown = views.answer(About.DUTY, LINES, [short] * 5, near=None, buttons=False)
    assert "Ask me about one team" not in str(shown.blocks) and len(shown.blocks) == 6
