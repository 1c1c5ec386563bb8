"""A person as Slack's user object tells it."""

import json
from pathlib import Path

from bot.teams.people import Person, person_from_slack, person_of


def test_slacks_own_example_is_read(specs: Path) -> None:
    answer = json.loads((specs / "slack/responses/examples/users.info.ok.json").read_text("utf-8"))
    person = person_from_slack(answer["user"])
    assert person == Person(
        id="W012A3CDE",
        name="spengler",
        real_name="Egon Spengler",
        email="spengler@ghostbusters.example.com",
        tz="America/Los_Angeles",
        is_admin=True,
        company="T012AB3C4",
    )


def test_a_guest_an_owner_and_a_bot_are_told_apart() -> None:
    assert person_from_slack({"id": "U1", "is_ultra_restricted": True}).is_guest
    assert person_from_slack({"id": "U1", "is_restricted": True}).is_guest
    assert person_from_slack({"id": "U1", "is_primary_owner": True}).is_admin
    assert person_from_slack({"id": "U1", "is_bot": True}).is_bot
    assert person_from_slack({"id": "USLACKBOT", "is_bot": False}).is_bot
    assert person_from_slack({"id": "U1", "deleted": True}).deleted


def test_a_person_without_any_name_is_called_by_the_id() -> None:
    assert person_from_slack({"id": "U1", "tz": None, "profile": {"display_name": ""}}) == Person(
        id="U1", name="U1"
    )


def test_a_display_name_comes_before_the_real_name() -> None:
    user = {"id": "U1", "name": "ana", "real_name": "Ana Lima", "profile": {"display_name": "ana l"}}
    assert person_from_slack(user).name == "ana l"
    assert person_from_slack({**user, "profile": {}}).name == "Ana Lima"


def test_people_of_another_workspace_are_external() -> None:
    assert Person(id="U1", name="x", company="T0OTHER").is_external("T0OURS")
    assert not Person(id="U1", name="x", company="T0OURS").is_external("T0OURS")
    assert not Person.unknown("U1").is_external("T0OURS")


def test_a_profile_of_another_release_is_still_read() -> None:
    assert person_of({"id": "U1", "name": "Ana", "shoe_size": 39}) == Person(id="U1", name="Ana")
