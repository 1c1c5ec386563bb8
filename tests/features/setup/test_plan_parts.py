"""Parts of plans: what is sent becomes the file's keys, nothing else is lost, and every problem finds its field."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

import pytest

from bot.core.errors import UserError
from bot.features.setup import Ahead, Entered, Part, plan_parts
from bot.features.setup.part import NoSuchItem
from bot.sandbox.slack.state import values
from bot.slack.blocks import Block
from bot.teams.beside import checked
from bot.teams.file import TEAM_KEYS
from bot.teams.what_if import WhatIf
from tests.features.setup.make import as_in_file

MORNING, EVENING = range(2)
NOBODY = Ahead(
    priorities=lambda *_: WhatIf(looked_at=0, changed=()), shifts=lambda *_: [], checkins=lambda *_: []
)


PARTS = {part.key: part for part in plan_parts(NOBODY)}


def _form(part: str, said: Mapping[str, Any], item: str = "") -> Sequence[Block]:
    return PARTS[part].fields(said, item)


def _send(part: str, said: Mapping[str, Any], item: str = "", **typed: object) -> Mapping[str, Any]:
    """The form as it opens, with these things typed or chosen: by the last word of a field's key."""
    state: dict[str, Any] = deepcopy(values([dict(block) for block in _form(part, said, item)], {}))
    for name, value in typed.items():
        (place,) = [block for block in state if block == name or block.endswith(f".{name}")]
        (element,) = state[place].values()
        element |= _holding(element["type"], value)
    return PARTS[part].read(Entered(state), said, item)


def _holding(kind: str, value: object) -> dict[str, Any]:
    match kind:
        case "static_select" | "radio_buttons":
            return {"selected_option": {"value": value}}
        case "checkboxes":
            return {"selected_options": [{"value": one} for one in value]}  # pyright: ignore[reportGeneralTypeIssues, reportUnknownVariableType]
        case "multi_users_select":
            return {"selected_users": value}
        case "users_select":
            return {"selected_user": value}
        case "datepicker":
            return {"selected_date": value}
        case "conversations_select":
            return {"selected_conversation": value}
        case _:
            return {"value": value}


def _problems(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    _, problems = checked({key: value for key, value in said.items() if value is not None}, beside=())
    return [(problem.path, problem.words) for problem in problems]


@pytest.mark.parametrize(
    ("part", "item"),
    [
        ("rotation", ""), ("jira", ""), ("rules", "0"), ("rules", "1"), ("checkins", "0"), ("checkins", "1"),
        ("people", "U0BOB00001"), ("rules", ""), ("checkins", ""), ("people", ""),
    ],
)  # fmt: skip
def test_a_part_sent_as_it_opens_changes_nothing(part: str, item: str) -> None:
    said = as_in_file(people={"U0BOB00001": {"holidays": "PL"}})
    before, _ = checked(said, beside=())
    after, problems = checked({**said, **_send(part, said, item)}, beside=())
    assert problems == []
    assert after == before


def test_a_new_rule_comes_last_and_may_be_put_first() -> None:
    said = as_in_file()
    new = {"when": {"type": "incident"}, "priority": "urgent"}
    typed = {"type": "is:incident", "priority": "urgent"}
    assert _send("rules", said, "new", **typed)["priority_rules"] == [*said["priority_rules"], new]
    assert _send("rules", said, "new", **typed, place="1")["priority_rules"] == [new, *said["priority_rules"]]


def test_the_last_rule_taken_away_takes_the_key_away() -> None:
    said = as_in_file(priority_rules=[{"when": {"type": "bug"}, "priority": "high"}])
    assert _send("rules", said, "0:remove") == {"priority_rules": None}


def test_a_rule_that_says_nothing_is_refused_beside_its_first_field() -> None:
    with pytest.raises(UserError) as error:
        _send("rules", as_in_file(), "new", priority="high")
    assert error.value.field == "priority_rules[2].when.type"


def test_a_new_check_in_is_added_and_an_old_one_is_changed_in_its_place() -> None:
    said = as_in_file()
    added = _send(
        "checkins", said, "new", name="Friday", days=["fri"], channel="C0STANDUP1", questions="A?\n\nB?"
    )
    assert added["standups"][:2] == said["standups"]
    assert added["standups"][2]["questions"] == ["A?", "B?"]
    changed = _send("checkins", said, str(MORNING), name="Early")["standups"]
    assert [one["name"] for one in changed] == ["Early", "Evening"]
    assert _send("checkins", said, f"{EVENING}:remove")["standups"] == said["standups"][:1]


def test_the_rotation_and_jira_are_taken_away() -> None:
    assert _send("rotation", as_in_file(), ":remove") == {"rotation": None}
    assert _send("jira", as_in_file(), ":remove") == {"jira": None}


def test_a_weekday_left_in_the_form_does_no_harm_to_turns_of_a_day() -> None:
    sent = _send("rotation", as_in_file(), every="day", **{"rotation.handoff": "08:00, 16:00"})
    assert sent["rotation"]["handoff"] == {"every": "day", "slots": ["08:00", "16:00"]}


def test_somebodys_own_holidays_are_added_changed_and_taken_away() -> None:
    said = as_in_file(people={"U0BOB00001": {"holidays": ["PL"]}})
    added = _send("people", said, "new", who="U0CAROL001", people="ua, de-by")
    assert added["people"] == {
        "U0BOB00001": {"holidays": ["PL"]},
        "U0CAROL001": {"holidays": ["ua", "de-by"]},
    }
    assert _send("people", said, "U0BOB00001:remove") == {"people": None}


@pytest.mark.parametrize(
    ("part", "item", "typed", "beside", "told"),
    [
        ("rotation", "", {"members": []}, "rotation.members", "is missing"),
        ("rotation", "", {"members": ["U0STRANGE1"]}, "rotation.members", "is not a member of the team"),
        ("rotation", "", {"rotation.handoff": "25:00"}, "rotation.handoff", "is not a time"),
        ("rotation", "", {"rotation.handoff": ""}, "rotation.handoff", "is missing"),
        ("rotation", "", {"every": "week", "rotation.handoff": "8:00, 9:00"}, "rotation.handoff", "goes with every: day"),
        ("rotation", "", {"every": "month"}, "rotation.handoff.on", "is not a day of the month"),
        ("rotation", "", {"starts": None}, "rotation.starts", "is missing"),
        ("rotation", "", {"days": "someday"}, "rotation.days", "are not weekdays"),
        ("rotation", "", {"timezone": "Kyiv"}, "rotation.timezone", "is not a time zone"),
        ("rotation", "", {"user_group": "@oncall"}, "rotation.user_group", "is not the id of a user group"),
        ("checkins", "0", {"name": ""}, "standups[0].name", "is missing"),
        ("checkins", "1", {"name": "morning"}, "standups[1].name", "is also"),
        ("checkins", "0", {"open_for": "3d"}, "standups[0].open_for", "is too long"),
        ("checkins", "0", {"remind_before": "soon"}, "standups[0].remind_before", "is not a length of time"),
        ("checkins", "new", {"name": "New"}, "standups[2].channel", "is missing"),
        ("checkins", "0", {"questions": ""}, "standups[0].questions", "is missing"),
        ("checkins", "0", {"blocker_question": "9"}, "standups[0].blocker_question", "write a number from 1 to 3"),
        ("checkins", "0", {"standups[0]": "every: 13 weeks"}, "standups[0]", "is not a number of weeks"),
        ("checkins", "0", {"standups[0]": "follow_ups: [{after: 9, ask: Why?}]"}, "standups[0]", "write a number"),
        ("checkins", "0", {"standups[0]": "monthly: first monday"}, "standups[0].days", "stands beside monthly"),
        ("jira", "", {"project": "pay"}, "jira.project", "is not a project's key"),
        ("jira", "", {"project": ""}, "jira.project", "is missing"),
        ("jira", "", {"fields": "summary: x"}, "jira.fields", "is filled from elsewhere"),
        ("people", "new", {"who": "U0BOB00001", "people": "XX"}, "people", "is not a country"),
    ],
)  # fmt: skip
def test_a_problem_stands_beside_its_field_in_the_file_readers_words(
    part: str, item: str, typed: dict[str, object], beside: str, told: str
) -> None:
    said = as_in_file()
    ids = {str(block["block_id"]) for block in _form(part, said, item) if "block_id" in block}
    problems = _problems({**said, **_send(part, said, item, **typed)})
    assert problems
    # The nearest field above a key is the one that says it.
    found = {max((one for one in ids if path == one or path.startswith((f"{one}.", f"{one}["))), key=len, default=""): words
             for path, words in problems}  # fmt: skip
    assert told in found[beside], found


@pytest.mark.parametrize(
    ("part", "item"), [("rules", "7"), ("checkins", "2"), ("people", "U0NOBODY01"), ("rules", "x")]
)
def test_an_entry_that_is_gone_is_told(part: str, item: str) -> None:
    with pytest.raises(NoSuchItem):
        _form(part, as_in_file(), item)
    with pytest.raises(NoSuchItem):
        PARTS[part].read(Entered({}), as_in_file(), item)


def test_a_list_longer_than_a_form_says_how_many_are_not_shown() -> None:
    rule = {"when": {"type": "bug"}, "priority": "high"}
    shown = _form("rules", as_in_file(priority_rules=[rule] * 300))
    assert len(shown) < 95
    assert "210 more stay as they are" in str(shown)


def test_the_parts_say_what_is_there_in_a_few_words() -> None:
    said = as_in_file()
    words = [part.summary(said) for part in PARTS.values()]
    assert words[:4] == ["2 rules", "3 people, every week at 10:00", "2 check-ins", "PAY, Task"]
    bare = as_in_file(priority_rules=None, rotation=None, standups=None, jira=None)
    assert [part.summary(bare) for part in PARTS.values()][1] == "No rotation"


def test_every_part_says_keys_that_the_file_has() -> None:
    said: list[Part] = [*PARTS.values()]
    assert {key for part in said for key in part.keys} <= {*TEAM_KEYS}
