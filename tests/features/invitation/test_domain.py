"""What a channel may become for a team, and the keys of the teams file that say so."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.errors import UserError
from bot.features.invitation import views
from bot.features.invitation.domain import (
    Done,
    Place,
    Use,
    is_colleague,
    keys_for,
    led_by,
    line_in_file,
    uses_of,
)
from bot.slack import blocks
from bot.teams.people import Person
from bot.teams.roster import Teams
from tests.teams.make import two_teams

PAYMENTS, ORDERS = two_teams().teams
TEAMS = Teams(all=(PAYMENTS, ORDERS), groups={})
HERE = "C0HERE0001"
SAID: dict[str, Any] = {
    "name": "Payments", "intake_channels": ["C0ASKPAY01"],
    "standups": [{"name": "Morning", "channel": "C0OLD00001"}, {"name": "Evening", "channel": "C0OLD00001"}],
}  # fmt: skip


def test_names_are_for_colleagues_alone() -> None:
    known = Person(id="U1", name="ana", company="T1")
    assert is_colleague(known, "T1") and not is_colleague(known, "T2")
    assert not is_colleague(replace(known, is_guest=True), "T1")
    assert not is_colleague(Person.unknown("U1"), "T1")


def test_what_a_channel_serves_can_be_told_without_a_name() -> None:
    told = views.serves_nameless([(PAYMENTS, Use.INTAKE), (ORDERS, Use.INTAKE), (ORDERS, Use.CHECK_INS)]).text
    assert told.count("an intake channel of a team") == 1 and "check-ins of a team" in told
    assert PAYMENTS.name not in told and ORDERS.name not in told


@pytest.mark.parametrize(
    ("use", "said", "which", "keys"),
    [
        (Use.TRIAGE, SAID, "all", {"triage_channel": HERE}),
        (
            Use.TRIAGE,
            {"intake_channels": [HERE]},
            "all",
            {"triage_channel": HERE, "intake_channels": None},
        ),
        (Use.INTAKE, SAID, "all", {"intake_channels": ["C0ASKPAY01", HERE]}),
        (Use.INTAKE, {}, "all", {"intake_channels": [HERE]}),
    ],
)
def test_a_channel_becomes_what_was_chosen(
    use: Use, said: dict[str, Any], which: str, keys: dict[str, Any]
) -> None:
    assert keys_for(use, said, HERE, which) == keys


def test_of_several_check_ins_only_the_chosen_one_moves() -> None:
    channels = [plan["channel"] for plan in keys_for(Use.CHECK_INS, SAID, HERE, "1")["standups"]]
    assert channels == ["C0OLD00001", HERE]
    every = [plan["channel"] for plan in keys_for(Use.CHECK_INS, SAID, HERE)["standups"]]
    assert every == [HERE, HERE] and SAID["standups"][0]["channel"] == "C0OLD00001"


@pytest.mark.parametrize(
    ("said", "which", "words"),
    [
        ({"name": "Payments"}, "all", "no check-in yet"),
        (SAID, "7", "have changed"),
        (SAID, "x", "have changed"),
    ],
)
def test_a_check_in_that_is_not_there_is_told(said: dict[str, Any], which: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        keys_for(Use.CHECK_INS, said, HERE, which)


def test_the_line_for_the_file_is_what_the_file_would_say() -> None:
    assert line_in_file(Use.TRIAGE, SAID, HERE) == f"triage_channel: {HERE}"
    assert line_in_file(Use.INTAKE, SAID, HERE) == f"intake_channels: [C0ASKPAY01, {HERE}]"
    assert line_in_file(Use.CHECK_INS, SAID, HERE) == f"channel: {HERE}"


def test_what_a_channel_is_already_is_known_and_who_may_say_so() -> None:
    assert uses_of(TEAMS, PAYMENTS.triage_channel) == [(PAYMENTS, Use.TRIAGE)]
    assert uses_of(TEAMS, PAYMENTS.intake_channels[0]) == [(PAYMENTS, Use.INTAKE)]
    assert uses_of(TEAMS, HERE) == []
    assert led_by(TEAMS, PAYMENTS.lead, admin=False) == [PAYMENTS]
    assert led_by(TEAMS, "U0ANA00001", admin=False) == []
    assert led_by(TEAMS, "U0ANA00001", admin=True) == [PAYMENTS, ORDERS]


@pytest.mark.parametrize(
    "value", ["", "v1", "v2:C0HERE0001:0:triage", "v1:C0HERE0001:2:triage", "v1:C:0:a:b"]
)
def test_a_button_of_another_time_is_answered_in_words(value: str) -> None:
    with pytest.raises(UserError, match="another time"):
        views.parts_of(value, 1)


@pytest.mark.parametrize("text", ["", "every", "nothing_"])
def test_a_use_or_a_team_that_is_not_known_is_answered_in_words(text: str) -> None:
    with pytest.raises(UserError, match="another time"):
        views.use_in(text)
    with pytest.raises(UserError, match="another time"):
        views.team_in(text)


def test_many_teams_are_a_menu_and_few_are_buttons() -> None:
    many = [replace(PAYMENTS, id=number, name=f"Team {number}") for number in range(120)]
    menu = views.choose_team(Place(HERE, True), Use.INTAKE, many).blocks[1]["elements"]
    assert [element["type"] for element in menu] == ["static_select"] and len(menu[0]["options"]) == 100
    few = views.choose_team(Place(HERE, True), Use.INTAKE, many[:3]).blocks[1]["elements"]
    assert [element["value"] for element in few] == [f"v1:{HERE}:1:intake:{number}" for number in range(3)]


def test_names_that_people_chose_are_no_markup() -> None:
    odd = replace(PAYMENTS, name="<!here>")
    place = Place(HERE, True)
    outcome = Done(changed=False, file="`<!channel>`", line="x: y")
    shown = [
        views.ask(place, [odd]), views.serves([(odd, Use.TRIAGE)]), views.whom_to_ask([odd] * 9),
        views.agree(place, Use.INTAKE, odd), views.choose_check_in(place, odd),
        views.done(Use.CHECK_INS, odd, outcome),
    ]  # fmt: skip
    for message in shown:
        assert "<!" not in message.text and "<!" not in str(message.blocks)
        assert len(message.text) <= blocks.SECTION
