"""Forms of plans: sent as they open they change nothing, and every key of the file can be said in them."""

import itertools
from typing import Any

import pytest

from bot.core.errors import ConfigError, UserError
from bot.features.setup.views.plans import checkins, jira, own_words, people, rotation, rules
from bot.slack.blocks import modal
from bot.teams import file_rotation, file_standups
from bot.teams.domain import Priority
from bot.teams.what_if import Repriced, WhatIf
from tests.features.setup.make import as_in_file, settings_of, untouched

QUESTIONS = ["What did you finish?", "What is next?", "Anything in your way?"]
MORNING = {"name": "Morning", "at": "09:30", "channel": "C0STANDUP1", "questions": QUESTIONS}

ROTATIONS: list[dict[str, Any]] = [
    {"handoff": {"every": "week", "on": "monday", "at": "10:00"}},
    {"handoff": {"every": "2 weeks", "on": "Fri", "at": "9:05"}, "topic": "false", "days": "mon-fri"},
    {"handoff": {"every": "12 weeks", "on": "sunday", "at": "00:00"}, "timezone": "America/New_York"},
    {"handoff": {"every": "month", "on": "31", "at": "10:00"}, "user_group": "S0ONDUTY01"},
    {"handoff": {"every": "day", "at": "10:00"}},
    {"handoff": {"every": "day", "slots": ["00:00", "08:00", "16:00"]}, "topic": "true"},
]
CHECKINS: list[dict[str, Any]] = [
    {},
    {
        "days": "mon,wed-fri",
        "timezone": "team",
        "open_for": "4h",
        "remind_before": "30m",
        "blocker_question": "3",
    },
    {"remind_before": "never", "done_question": "2", "plan_question": "1"},
    {"every": "2 weeks", "starts": "2026-11-02", "days": "fri", "summary": "weekly", "digest": "true"},
    {"monthly": ["first monday", "last friday"], "anonymous": "true"},
    {"opens": "day before", "at": "17:00", "open_for": "16h"},
    {"follow_ups": [{"after": "3", "ask": "Whom do you need?", "when": ["yes", "blocked: by somebody"]}]},
    {
        "kind": "meeting",
        "questions": None,
        "agenda": ["News", "#1 thing"],
        "call": "https://meet.example/a?b=c",
    },
    {"kind": "meeting", "questions": None, "monthly": "last friday", "remind_before": "15m"},
]
JIRAS: list[dict[str, Any]] = [
    {"project": "PAY"},
    {"project": "PAY", "issue_type": "Bug", "labels": ["from-slack", "a,b", "c"], "unfurl": "true"},
    {
        "project": "PAY",
        "components": ["Web shop", "- dashed"],
        "fields": {"Severity": "Major", "customfield_10031": ["Web", "no"]},
    },
]


@pytest.mark.parametrize("more", ROTATIONS)
def test_a_rotation_sent_as_it_opens_is_the_same(more: dict[str, Any]) -> None:
    plan = {"members": ["U0BOB00001", "U0ALICE001"], "starts": "2026-11-02", **more}
    sent = rotation.read(untouched(rotation.fields(plan)), plan)
    assert settings_of(as_in_file(rotation=sent)) == settings_of(as_in_file(rotation=plan))


@pytest.mark.parametrize("more", CHECKINS)
def test_a_check_in_sent_as_it_opens_is_the_same(more: dict[str, Any]) -> None:
    plan = own_words.without_empty(MORNING | more)
    sent = checkins.read(untouched(checkins.fields(plan)), plan)
    assert settings_of(as_in_file(standups=[sent])) == settings_of(as_in_file(standups=[plan]))


@pytest.mark.parametrize("place", JIRAS)
def test_a_place_in_jira_sent_as_it_opens_is_the_same(place: dict[str, Any]) -> None:
    sent = jira.read(untouched(jira.fields(place)), place)
    assert settings_of(as_in_file(jira=sent)) == settings_of(as_in_file(jira=place))


@pytest.mark.parametrize(
    "when",
    [
        dict(zip(("type", "component", "source", "urgency"), values, strict=True))
        for values in itertools.product([None, "bug"], [None, "billing"], [None, "management"], [None, "low"])
        if any(values)
    ],
)
def test_a_rule_sent_as_it_opens_is_the_same(when: dict[str, str | None]) -> None:
    rule = {"when": {key: value for key, value in when.items() if value}, "priority": "high"}
    sent = rules.read(untouched(rules.fields(as_in_file(), rule)), rule)
    assert settings_of(as_in_file(priority_rules=[sent])) == settings_of(as_in_file(priority_rules=[rule]))


@pytest.mark.parametrize("places", ["PL", ["PL", "DE-BY"]])
def test_holidays_of_a_person_sent_as_they_open_are_the_same(places: object) -> None:
    person = {"holidays": places}
    sent = people.read(untouched(people.fields("U0BOB00001", person)), person)
    assert settings_of(as_in_file(people={"U0BOB00001": sent})) == settings_of(
        as_in_file(people={"U0BOB00001": person})
    )


def test_an_empty_form_asks_for_what_is_missing_in_the_file_readers_words() -> None:
    empty = dict.fromkeys(untouched(rotation.fields({})))
    with pytest.raises(ConfigError) as told:
        settings_of(as_in_file(rotation=rotation.read(empty, {})))
    lines = [line.split(": ", 1)[1] for line in told.value.lines]
    assert "teams[0].rotation.members: is missing: write who takes turns, in their order" in lines
    assert [line.split(": ")[0].rpartition(".")[2] for line in lines] == ["members", "starts", "handoff"]


def test_every_key_of_a_check_in_and_of_a_rotation_has_a_place_in_the_form() -> None:
    assert {*checkins.SHOWN, *checkins.RARE} == {*file_standups.KEYS}
    keys = {path.split(".")[1] for path in rotation.PLACES.values()}
    assert keys == {*file_rotation.KEYS}
    assert {block["block_id"] for block in rotation.fields({})} == rotation.PLACES.keys()


def test_labels_may_have_commas_between_them() -> None:
    assert jira.read(untouched(jira.fields({}), labels="a, b c,d"), {})["labels"] == ["a", "b", "c,d"]


def test_what_does_not_fit_into_a_field_is_not_shown_and_not_lost() -> None:
    long = {
        **MORNING,
        "follow_ups": [{"after": "1", "ask": "x" * 200, "when": [f"{n} {'y' * 60}" for n in range(5)]}] * 9,
    }
    assert "more" not in untouched(checkins.fields(long))
    sent = checkins.read(untouched(checkins.fields(long), name="Early"), long)
    assert sent["follow_ups"] == long["follow_ups"]
    assert sent["name"] == "Early"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("every: [", "is not YAML"),
        ("just words", "Write one key with its value on each line"),
        ("every: week\nevery: 2 weeks", "every stands twice"),
        ("name: Late", "name has a field of its own above"),
        ("evry: week", "evry: this key is not known. Allowed are kind, every"),
        ("every: !!int 3", "tags such as"),
    ],
)
def test_more_words_that_cannot_be_read_are_told_beside_their_field(text: str, told: str) -> None:
    with pytest.raises(UserError) as error:
        checkins.read(untouched(checkins.fields(MORNING), more=text), MORNING)
    assert told in error.value.text
    assert error.value.field == "more"


def test_a_check_in_on_no_day_is_refused_instead_of_asking_on_weekdays() -> None:
    with pytest.raises(UserError) as error:
        checkins.read(untouched(checkins.fields(MORNING), days=[]), MORNING)
    assert error.value.field == "days"


def test_a_dry_run_lists_numbers_with_both_priorities_and_says_how_many_more() -> None:
    changed = tuple(
        Repriced(number=number, before=Priority.NORMAL, after=Priority.URGENT, rule=None)
        for number in range(100, 60, -1)
    )
    text = str(rules.outcome(WhatIf(looked_at=100, changed=changed)))
    assert "Of the last 100 requests 40 would get another priority" in text
    assert "#100 Normal → Urgent" in text
    assert "and 10 more" in text


def test_peoples_words_are_no_markup_in_the_lists() -> None:
    assert "<!channel>" not in checkins.line({**MORNING, "name": "<!channel>", "monthly": "<!here>"})
    assert "<!channel>" not in rules.line({"when": {"component": "<!channel>"}, "priority": "low"})
    assert "<!channel>" not in jira.line({"project": "<!channel>"})
    assert "<!channel>" not in people.line("U0BOB00001", {"holidays": "<!channel>"})


def test_the_longest_form_keeps_slacks_limits() -> None:
    components = [f"{number:03d}{'c' * 72}" for number in range(100)]
    view = modal(callback_id="x", title="x", blocks=rules.fields(as_in_file(components=components), {}))
    assert len(view["blocks"]) <= 100
    menu = next(block for block in view["blocks"] if block.get("block_id") == "component")["element"]
    _, named = menu["option_groups"]
    assert len(named["options"]) == 100
    assert all(len(option["value"]) <= 150 for option in named["options"])
