"""The form, pure: what it carries, what it says, what is read back from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.features.tickets.domain import Wish
from bot.features.tickets.fields.reading import Writers
from bot.features.tickets.views import carried, form, sent
from bot.features.tickets.views.carried import Context
from bot.features.tickets.views.form import Filled, Offer
from bot.slack.calls import Submission, parse_submission
from tests.features.tickets.make import place
from tests.support.clock import MONDAY

SITE = "https://jira.example"
OFFER = Offer(site=SITE, project=("Payments (PAY)", "PAY"), issue_type="Task")
WRITERS = Writers(text=lambda text: text, person=lambda account: {"name": account})
CONTEXT = Context(place=place(), request_id=12, team_id=1)


def submission(**values: str) -> Submission:
    state = {name: {"x": {"type": "plain_text_input", "value": value}} for name, value in values.items()}
    view = {"id": "V1", "callback_id": form.CALLBACK, "state": {"values": state}}
    return parse_submission({"user": {"id": "U0ALICE001"}, "team": {"id": "T1"}, "view": view}, MONDAY)


def wish_of(call: Submission) -> Wish:
    return sent.wish_in(call, CONTEXT, site=SITE, type_id=None, writers=WRITERS)


@given(st.text(max_size=9000))
def test_what_a_form_carries_fits_and_comes_back(text: str) -> None:
    packed = carried.pack(Context(place=place(text=text), request_id=12, team_id=1))
    assert len(packed) <= 3000
    context = carried.unpack(packed)
    assert context is not None
    assert (context.request_id, context.team_id, context.place.thread) == (12, 1, place().thread)


def test_a_short_message_is_carried_whole() -> None:
    context = carried.unpack(
        carried.pack(Context(place=place(text="Refund “stuck”\nüber"), request_id=None, team_id=None))
    )
    assert context is not None
    assert context.place.text == "Refund “stuck”\nüber"
    assert (context.request_id, context.team_id) == (None, None)


@pytest.mark.parametrize("old", ["", "{}", "[]", "nonsense", '{"v": 1}'])
def test_a_form_of_another_time_carries_nothing(old: str) -> None:
    assert carried.unpack(old) is None


def test_what_was_entered_becomes_a_wish() -> None:
    call = submission(project="OPS", **{"issue_type:OPS": "Bug"}, summary="Disk full", description="db3")
    wish = wish_of(call)
    assert (wish.project, wish.issue_type, wish.summary, wish.description) == (
        "OPS",
        "Bug",
        "Disk full",
        "db3",
    )
    assert (wish.by, wish.sending, wish.request_id) == ("U0ALICE001", "V1:", 12)


def test_a_form_without_anything_is_an_empty_wish() -> None:
    wish = wish_of(submission())
    assert (wish.project, wish.issue_type, wish.summary, wish.description) == ("", "", "", "")


def test_a_long_text_is_cut_to_what_the_fields_hold() -> None:
    view = form.build(CONTEXT, OFFER, Filled(summary="s" * 999, description="d" * 9999))
    initial = [
        block["element"].get("initial_value", "") for block in view["blocks"] if block["type"] == "input"
    ]
    assert [len(text) for text in initial] == [0, 0, 255, 3000, 0]


@pytest.mark.parametrize(("private", "label"), [(False, "Create"), (True, "Share and create")])
def test_the_button_says_share_where_the_place_is_private(private: bool, label: str) -> None:
    context = Context(place=place(private=private), request_id=None, team_id=None)
    view = form.build(context, OFFER, Filled(summary="s", description=""))
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
    assert sent.number_in(value) == request_id
