"""The whole tab: within Slack's blocks, and a welcome that fits whom it is for."""

import pytest

from bot.features.home import views
from bot.features.home.domain import Role
from bot.features.home.views import Welcome
from bot.sandbox.slack.blocks import check_blocks
from bot.slack import blocks


def test_more_than_a_hundred_blocks_are_cut_with_a_word() -> None:
    view = views.home([[blocks.section(str(number)) for number in range(60)] for _ in range(2)])
    assert len(view["blocks"]) == 100
    assert check_blocks(view["blocks"], "home") == []
    assert "more than fits" in str(view["blocks"][-1])


def test_a_tab_without_sections_says_what_there_is_to_do() -> None:
    assert "/ask-team" in str(views.home([[], []])["blocks"])


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("guest", "Write me a direct message"),
        ("member", "Claim next"),
        ("lead", "/triage stats"),
        ("lead", "/triage settings"),
        ("admin", "New team"),
    ],
)
def test_the_welcome_has_three_things_to_try(role: Role, words: str) -> None:
    shown = views.welcome(Welcome(role=role, teams=("Pay <b>", "Two", "Three", "Four")))
    assert check_blocks(shown, "home") == []
    text = str(shown)
    assert words in text and "3. " in text and "4. " not in text
    assert role in ("guest", "admin") or "Pay &lt;b&gt;" in text


def test_an_admin_who_works_in_a_team_reads_of_both() -> None:
    shown = views.welcome(Welcome(role="member", teams=("Payments",), is_admin=True))
    assert "Claim next" in str(shown) and "New team" in str(shown)


def test_the_buttons_of_a_section_are_told_apart() -> None:
    shown = views.turns("asked", [("Newer", "open.before.3"), ("Older", "open.after.9"), ("Done", "done")])
    assert check_blocks(shown, "home") == []
    assert [one["value"] for one in shown[0]["elements"]] == [
        "v1:asked:open.before.3", "v1:asked:open.after.9", "v1:asked:done",
    ]  # fmt: skip
    assert views.turns("asked", []) == []
