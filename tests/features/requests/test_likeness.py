"""Which words of a text count, how much is shared, and what the form shows of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.features.requests.domain import Door, Origin, State
from bot.features.requests.likeness import (
    ALIKE,
    MOST_TERMS,
    Found,
    LookAlikes,
    best,
    likeness,
    terms,
    together,
)
from bot.features.requests.views import ask_form, similar
from bot.features.requests.views.similar import Answered, Around
from bot.sandbox.slack.limits import check_view
from tests.features.requests.make import ANA, BOB, team
from tests.support.clock import MONDAY


def found(number: int = 12, summary: str = "Refund stuck for order 123", **changes: object) -> Found:
    plain = Found(
        id=number, number=number, team_id=1, summary=summary, details="", state=State.NEW, requester=ANA, assignee=None,
        created_at=MONDAY, closed_at=None, is_mine=False, concerns_me=False,
    )  # fmt: skip
    return replace(plain, **changes)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("Refunds are stuck", ["refun", "stuc"]),
        ("the VPN of order 991", ["991", "orde", "vpn"]),
        ("退款卡住了", ["退款"]),
        ("a b c", []),
        ("", []),
    ],
)
def test_words_that_say_something_count_without_their_endings(text: str, stems: list[str]) -> None:
    assert sorted(term.stem for term in terms(text)) == sorted(stems)


@given(st.text(max_size=300))
def test_whatever_is_typed_becomes_a_few_terms_of_letters_and_digits(text: str) -> None:
    wanted = terms(text)
    assert len(wanted) <= MOST_TERMS
    assert all(sign.isalnum() for term in wanted for sign in term.stem)
    assert len(together(wanted)) <= 15


@given(st.text(max_size=100), st.text(max_size=100), st.text(max_size=100))
def test_likeness_lies_between_nothing_and_all(typed: str, summary: str, details: str) -> None:
    assert 0 <= likeness(terms(typed), summary, details) <= 1


@pytest.mark.parametrize(
    ("typed", "summary", "alike"),
    [
        ("Refund stuck", "Refund stuck for order 123", True),
        ("Hello, my refund is stuck since Monday and the bank says nothing", "Refund stuck", True),
        ("Refund form has a typo", "Refund stuck for order 123", False),
        ("Über die Gebühren", "uber gebuhren", True),
        ("order 12", "order 123", False),
    ],
)
def test_half_of_the_shorter_ones_words_make_two_alike(typed: str, summary: str, alike: bool) -> None:
    assert (likeness(terms(typed), summary) >= ALIKE) is alike


def test_of_equals_the_chosen_team_and_then_the_newest_come_first() -> None:
    rows = [found(n, team_id=2 if n == 3 else 1) for n in range(9, 0, -1)]
    assert [one.number for one in best(terms("refund stuck"), rows, 2).open] == [3, 9, 8]


def _fullest() -> tuple[LookAlikes, Around]:
    long = "W" * 250
    solved = {"state": State.RESOLVED, "closed_at": MONDAY, "assignee": BOB}
    shown = LookAlikes(
        open=tuple(found(n, long) for n in (1, 2, 3)), solved=tuple(found(n, long, **solved) for n in (4, 5))
    )
    answers = {n: Answered(author=BOB, text="<&*" * 5000) for n in (4, 5)}
    return shown, Around(teams={1: "T" * 200}, answers=answers)


def test_the_longest_texts_fit_into_the_form() -> None:
    shown, around = _fullest()
    blocks = similar.look_alikes(shown, around, MONDAY + timedelta(days=3))
    draft = ask_form.Draft(origin=Origin(door=Door.FORM), requester=ANA, team_id=1)
    check_view(dict(ask_form.ask_form(draft, [team()], blocks)), ("modal",))
    assert similar.ids_in(blocks) == {1, 2, 3, 4, 5}


def test_where_nothing_looks_alike_the_form_shows_nothing() -> None:
    assert similar.look_alikes(LookAlikes(), Around(teams={}), MONDAY) == []
