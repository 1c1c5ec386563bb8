"""What a browser sends of an element becomes what Slack would send."""

from typing import Any

import pytest

from bot.sandbox.face.blocks.picking import action_of, find_placed, read_key, state_of
from bot.sandbox.face.blocks.surface import key_of
from bot.sandbox.screen import NotVisible
from bot.sandbox.slack.state import KINDS, Placed, initial_state


def option(value: str) -> dict[str, Any]:
    return {"text": {"type": "plain_text", "text": value.upper()}, "value": value}


def placed(kind: str, **more: Any) -> Placed:
    return Placed(block={"type": "input", "block_id": "b"}, element={"type": kind, "action_id": "a", **more})


CASES = [
    ("plain_text_input", ["two\r\nlines"], "two\nlines"),
    ("email_text_input", ["a@b.example"], "a@b.example"),
    ("number_input", ["12"], "12"),
    ("static_select", ["x"], option("x")),
    ("radio_buttons", ["y"], option("y")),
    ("multi_static_select", ["x", "y"], [option("x"), option("y")]),
    ("checkboxes", [], []),
    ("users_select", ["U1"], "U1"),
    ("multi_users_select", ["U1", "U2"], ["U1", "U2"]),
    ("conversations_select", ["C1"], "C1"),
    ("datepicker", ["2026-11-30"], "2026-11-30"),
    ("timepicker", ["09:30"], "09:30"),
    ("datetimepicker", ["2026-11-30T09:30"], 1796023800),
]


@pytest.mark.parametrize(("kind", "chosen", "expected"), CASES)
def test_values_become_the_state_of_their_kind(kind: str, chosen: list[str], expected: Any) -> None:
    state = state_of(placed(kind, options=[option("x"), option("y")]), chosen, "Europe/Kyiv")
    assert state == {"type": kind, KINDS[kind][0]: expected}


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"file_input"}))
def test_nothing_chosen_is_the_state_of_an_untouched_element(kind: str) -> None:
    assert state_of(placed(kind, options=[option("x")]), [""], "UTC") == initial_state(placed(kind).element)


def test_a_choice_that_is_not_offered_is_said_in_words() -> None:
    with pytest.raises(NotVisible, match="not offered any more"):
        state_of(placed("static_select", options=[option("x")]), ["z"], "UTC")


def test_a_choice_of_an_earlier_search_stays_known() -> None:
    held = {"type": "external_select", "selected_option": option("old")}
    state = state_of(placed("external_select", options=[option("new")]), ["old"], "UTC", held)
    assert state["selected_option"] == option("old")


def test_a_wrong_time_is_said_in_words() -> None:
    with pytest.raises(NotVisible, match="no date and time"):
        state_of(placed("datetimepicker"), ["tomorrow"], "UTC")


def test_a_pressed_button_carries_its_value() -> None:
    button = placed("button", text={"type": "plain_text", "text": "Claim"}, value="v1:7", style="primary")
    action = action_of(button, ["something else"], "UTC")
    assert action == {
        "type": "button",
        "action_id": "a",
        "block_id": "b",
        "text": {"type": "plain_text", "text": "Claim"},
        "value": "v1:7",
        "style": "primary",
    }


def test_an_entry_of_a_menu_is_its_option() -> None:
    action = action_of(placed("overflow", options=[option("x"), option("y")]), ["y"], "UTC")
    assert action["selected_option"] == option("y")


@pytest.mark.parametrize("ids", [("b0001", "a/b"), ("weird / id?", "ü&=<>"), ("", "x")])
def test_the_name_of_an_element_can_be_read_again(ids: tuple[str, str]) -> None:
    block, element = {"type": "actions", "block_id": ids[0]}, {"action_id": ids[1]}
    assert read_key(key_of(block, element)) == ids


def test_a_button_that_has_gone_is_said_in_words() -> None:
    with pytest.raises(NotVisible, match="not there any more"):
        find_placed([{"type": "actions", "block_id": "b", "elements": []}], "b/a")
