"""The form, pure: what it carries, what it says, what is read back from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.features.tickets.views import form
from bot.features.tickets.views.form import Context, Offer
from bot.slack.calls import Submission, parse_submission
from tests.features.tickets.make import place
from tests.support.clock import MONDAY

OFFER = Offer(projects=[("Payments (PAY)", "PAY"), ("OPS", "OPS")], project="PAY", types=["Task", "Bug"])
CONTEXT = Context(place=place(), request_id=12, team_id=1)


def sent(**values: str) -> Submission:
    state = {name: {"x": {"type": "plain_text_input", "value": value}} for name, value in values.items()}
    view = {"id": "V1", "callback_id": form.CALLBACK, "state": {"values": state}}
    return parse_submission({"user": {"id": "U0ALICE001"}, "team": {"id": "T1"}, "view": view}, MONDAY)


@given(st.text(max_size=9000))
def test_what_a_form_carries_fits_and_comes_back(text: str) -> None:
    packed = form.pack(Context(place=place(text=text), request_id=12, team_id=1))
    assert len(packed) <= 3000
    context = form.unpack(packed)
    assert context is not None
    assert (context.request_id, context.team_id, context.place.thread) == (12, 1, place().thread)


def test_a_short_message_is_carried_whole() -> None:
    context = form.unpack(
        form.pack(Context(place=place(text="Refund “stuck”\nüber"), request_id=None, team_id=None))
    )
    assert context is not None
    assert context.place.text == "Refund “stuck”\nüber"
    assert (context.request_id, context.team_id) == (None, None)


@pytest.mark.parametrize("old", ["", "{}", "[]", "nonsense", '{"v": 1}'])
def test_a_form_of_another_time_carries_nothing(old: str) -> None:
    assert form.unpack(old) is None


def test_what_was_entered_becomes_a_wish() -> None:
    call = sent(project="OPS", **{"issue_type:OPS": "Bug"}, summary="Disk full", description="db3")
    wish = form.wish_in(call, CONTEXT)
    assert (wish.project, wish.issue_type, wish.summary, wish.description) == (
        "OPS",
        "Bug",
        "Disk full",
        "db3",
    )
    assert (wish.by, wish.view_id, wish.request_id) == ("U0ALICE001", "V1", 12)


def test_a_form_without_anything_is_an_empty_wish() -> None:
    wish = form.wish_in(sent(), CONTEXT)
    assert (wish.project, wish.issue_type, wish.summary, wish.description) == ("", "", "", "")


def test_a_long_text_is_cut_to_what_the_fields_hold() -> None:
    view = form.build(CONTEXT, OFFER, summary="s" * 999, description="d" * 9999)
    initial = [
        block["element"].get("initial_value", "") for block in view["blocks"] if block["type"] == "input"
    ]
    assert [len(text) for text in initial] == [0, 0, 255, 3000]


@pytest.mark.parametrize(("private", "label"), [(False, "Create"), (True, "Share and create")])
def test_the_button_says_share_where_the_place_is_private(private: bool, label: str) -> None:
    context = Context(place=place(private=private), request_id=None, team_id=None)
    view = form.build(context, OFFER, summary="s", description="")
    assert view["submit"]["text"] == label


@pytest.mark.parametrize(
    ("value", "request_id"),
    [
        ("v1:12", 12),
        ("v2:12", None),
        ("12", None),
        ("", None),
        ("v1:", None),
        ("v1:-1", None),
        ("v1:١٢", None),
    ],
)
def test_only_a_value_of_this_release_names_a_request(value: str, request_id: int | None) -> None:
    assert form.request_of(value) == request_id
