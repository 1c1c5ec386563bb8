"""From Slack's JSON to frozen values; anything of another kind is said to be malformed."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.slack.calls import (
    Malformed,
    chosen,
    is_private_place,
    parse_action,
    parse_command,
    parse_event,
    parse_shortcut,
    parse_submission,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PERSON = {"team": {"id": "T1"}, "user": {"id": "U1", "team_id": "T1"}}


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ({"type": "plain_text_input", "value": "x"}, "x"),
        ({"type": "plain_text_input", "value": None}, None),
        ({"selected_option": {"value": "a"}}, "a"),
        ({"selected_option": None}, None),
        ({"selected_options": [{"value": "a"}, {"value": "b"}]}, ["a", "b"]),
        ({"selected_options": []}, []),
        ({"selected_users": ["U0BOB00001", "U0ALICE001"]}, ["U0BOB00001", "U0ALICE001"]),
        ({"selected_users": None}, []),
        ({"selected_channels": []}, []),
        ({"selected_user": "U1"}, "U1"),
        ({"selected_date": "2026-11-23"}, "2026-11-23"),
        ({"selected_date_time": 1700000000}, 1700000000),
        ({}, None),
    ],
)
def test_what_was_chosen_is_read_from_every_kind_of_element(element: dict[str, Any], value: Any) -> None:
    assert chosen(element) == value


@pytest.mark.parametrize(
    "element",
    [
        {"value": 7},
        {"selected_option": {"value": []}},
        {"selected_options": [{"value": {}}]},
        {"selected_users": [{}]},
        {"selected_users": "U0BOB00001"},
    ],
)
def test_a_choice_of_another_kind_is_malformed(element: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        chosen(element)


@pytest.mark.parametrize(
    ("channel", "name", "private"),
    [
        ("C1", "general", False),
        ("C1", "privategroup", True),
        ("G1", "", True),
        ("D1", "directmessage", True),
        ("C1", "mpdm-ana--bob-1", True),
    ],
)
def test_a_place_is_private_as_slack_names_it(channel: str, name: str, private: bool) -> None:
    assert is_private_place(channel, name) is private


def test_a_person_of_another_company_keeps_its_company() -> None:
    body = {"team": {"id": "T1"}, "user": {"id": "U1", "team_id": "T2"}, "callback_id": "x"}
    call = parse_shortcut(body, NOW)
    assert (call.workspace_id, call.user_company) == ("T1", "T2")


@pytest.mark.parametrize("missing", ["command", "team_id", "user_id"])
def test_a_command_without_an_essential_piece_is_malformed(missing: str) -> None:
    body = {"command": "/triage", "team_id": "T1", "user_id": "U1"}
    assert parse_command(body, NOW).name == "/triage"
    with pytest.raises(Malformed, match=missing):
        parse_command({**body, missing: ""}, NOW)


def test_a_click_in_an_ephemeral_message_has_its_place_from_the_container() -> None:
    container = {"type": "message", "message_ts": "1.1", "channel_id": "C1", "is_ephemeral": True}
    call = parse_action(
        {**PERSON, "container": container, "actions": [{"action_id": "a", "value": "v"}]}, NOW
    )
    assert (call.channel_id, call.message_ts, call.is_ephemeral) == ("C1", "1.1", True)
    assert (call.action_id, call.value) == ("a", "v")


def test_a_form_keeps_what_was_entered_by_block() -> None:
    state = {"values": {"summary": {"input": {"type": "plain_text_input", "value": "Refund"}}}}
    call = parse_submission({**PERSON, "view": {"id": "V1", "callback_id": "f", "state": state}}, NOW)
    assert call.value("summary") == "Refund"
    assert call.value("nothing") is None


def test_a_changed_profile_names_its_person() -> None:
    body = {"team_id": "T1", "event_id": "Ev1", "event": {"type": "user_change", "user": {"id": "U1"}}}
    assert parse_event(body, NOW).user_id == "U1"


@pytest.mark.parametrize(
    "event", [{"type": 7}, {"type": "message", "ts": 7}, {"type": "message", "user": ["U1"]}]
)
def test_an_event_of_other_kinds_of_pieces_is_malformed(event: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        parse_event({"team_id": "T1", "event_id": "Ev1", "event": event}, NOW)
