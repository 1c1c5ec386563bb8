"""Fields, pure: which input a field gets, which are asked for, what is read back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.features.tickets.fields.inputs import blocks_of, shown_for
from bot.features.tickets.fields.kinds import (
    MOST_ASKED,
    Asked,
    Kind,
    asked_of,
    choices_of,
    kind_of,
    not_askable,
)
from bot.features.tickets.fields.reading import Writers, parts_of, read, restored, standing
from bot.features.tickets.views import elsewhere
from bot.jira.shapes import CreateField, Option

CUSTOM = "com.atlassian.jira.plugin.system.customfieldtypes:"
WRITERS = Writers(text=lambda text: {"doc": text}, person=lambda account: {"accountId": account})


def field(**more: Any) -> CreateField:
    values: dict[str, Any] = {
        "id": "customfield_1", "name": "Severity", "required": True, "has_default": False, "kind": "string",
    } | more  # fmt: skip
    return CreateField(**values)


def options(number: int) -> tuple[Option, ...]:
    return tuple(Option(id=str(one), name=f"Entry {one}") for one in range(1, number + 1))


@pytest.mark.parametrize(
    "more",
    [
        {"kind": "array", "items": "attachment", "system": "attachment"},
        {"kind": "array", "items": "issuelinks", "system": "issuelinks"},
        {"kind": "timetracking", "system": "timetracking"},
        {"kind": "any", "custom": "com.example:scorecard"},
        {"kind": "string", "custom": CUSTOM + "readonlyfield"},
        {"kind": "array", "items": "string", "custom": "com.example:things"},
        {"kind": "option", "custom": CUSTOM + "select"},
        {"kind": "version", "system": "fixVersions"},
    ],
)
def test_what_no_input_can_hold_is_not_asked_for(more: dict[str, Any]) -> None:
    one = field(**more)
    assert kind_of(one) is None
    assert not_askable([one]) == [one]
    assert asked_of([one], {"Severity": ("Major",)}) == []


def test_more_required_fields_than_a_form_has_room_for_are_left_to_jiras_own() -> None:
    many = [field(id=f"customfield_{number}", name=f"Field {number}") for number in range(100)]
    assert not_askable(many) == many[MOST_ASKED:]
    assert len(asked_of(many, {})) == MOST_ASKED


def test_what_is_required_comes_before_what_a_team_names() -> None:
    named = field(id="customfield_9", name="Team", required=False)
    many = [named, *(field(id=f"customfield_1{number}") for number in range(MOST_ASKED))]
    asked = asked_of(many, {"Team": ("Red",)})
    assert [one.optional for one in asked] == [False] * MOST_ASKED


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"kind": "number", "custom": "com.example:points"}, Kind.NUMBER),
        ({"kind": "string", "custom": "com.example:line"}, Kind.TEXT),
        ({"kind": "string", "system": "environment", "id": "environment"}, Kind.PARAGRAPH),
        ({"kind": "array", "items": "json", "custom": "com.pyxis.greenhopper.jira:gh-sprint"}, Kind.SPRINT),
        ({"kind": "array", "items": "string", "custom": "com.pyxis.greenhopper.jira:gh-sprint"}, Kind.SPRINT),
        ({"kind": "securitylevel", "system": "security", "options": options(2)}, Kind.SELECT),
        ({"kind": "option", "custom": CUSTOM + "radiobuttons", "options": options(10)}, Kind.RADIO),
        ({"kind": "option", "custom": CUSTOM + "radiobuttons", "options": options(11)}, Kind.SELECT),
        ({"kind": "array", "items": "option", "custom": CUSTOM + "multicheckboxes", "options": options(11)}, Kind.MULTI),
    ],
)  # fmt: skip
def test_a_field_of_another_make_is_known_by_its_type(more: dict[str, Any], kind: Kind) -> None:
    assert kind_of(field(**more)) is kind


def test_a_field_is_asked_for_when_required_without_default_or_named_or_refused() -> None:
    fields = [
        field(id="a", name="Required"),
        field(id="b", name="Default", has_default=True),
        field(id="c", name="Named", required=False),
        field(id="d", name="Refused", required=False),
        field(id="e", name="Optional", required=False),
        field(id="summary", name="Summary", system="summary"),
        field(id="reporter", name="Reporter", system="reporter", kind="user"),
        field(id="labels", name="Labels", system="labels", kind="array", items="string"),
    ]
    asked = asked_of(fields, {"named": ("x",), "SUMMARY": ("x",)}, {"d", "reporter"})
    assert [(one.field.id, one.optional) for one in asked] == [("a", False), ("c", True), ("d", True)]


def test_a_cascade_is_one_list_of_parents_and_their_children() -> None:
    cards = Option(id="11", name="Cards")
    area = field(
        kind="option-with-child",
        custom=CUSTOM + "cascadingselect",
        options=(Option(id="1", name="Payments", children=(cards,)), Option(id="2", name="Other")),
    )
    assert choices_of(area, Kind.CASCADE) == [
        ("Payments", "1"), ("Payments › Cards", "1:11"), ("Other", "2"),
    ]  # fmt: skip
    asked = Asked(field=area, kind=Kind.CASCADE, optional=False)
    assert shown_for(asked, ["payments > cards"]) == (("Payments › Cards", "1:11"),)
    assert shown_for(asked, ["Nowhere"]) == ()


@pytest.mark.parametrize(
    ("block", "element", "value"),
    [
        ("number", {"type": "number_input", "value": "7"}, 7),
        ("number", {"type": "number_input", "value": "-0.5"}, -0.5),
        ("number", {"type": "number_input", "value": "1e999"}, "1e999"),
        ("number", {"type": "number_input", "value": "nan"}, "nan"),
        ("number", {"type": "number_input", "value": "9" * 5000}, "9" * 5000),
        ("text", {"type": "plain_text_input", "value": " a\n b "}, "a b"),
        ("paragraph", {"type": "plain_text_input", "value": "a\nb"}, {"doc": "a\nb"}),
        ("moment", {"type": "datetimepicker", "selected_date_time": 0}, "1970-01-01T00:00:00.000+0000"),
        ("date", {"type": "datepicker", "selected_date": "2026-11-30"}, "2026-11-30"),
        ("user", {"type": "external_select", "selected_option": {"text": {"text": "N"}, "value": "5b"}}, {"accountId": "5b"}),
        ("checkboxes", {"type": "checkboxes", "selected_options": [{"text": {"text": "L"}, "value": "4"}]}, [{"id": "4"}]),
        ("labels", {"type": "multi_external_select", "selected_options": [{"text": {"text": "a b"}, "value": "a-b"}]}, ["a-b"]),
    ],
)  # fmt: skip
def test_what_stands_in_a_field_is_read_as_jira_takes_it(
    block: str, element: dict[str, Any], value: Any
) -> None:
    state = {f"field:PAY:10001:{block}:customfield_1": {"ticket.field": element}}
    entered = read(state, "PAY", "10001", WRITERS)
    assert entered.values == {"customfield_1": value}
    assert restored({"customfield_1": entered.shown["customfield_1"]}) == standing(state)
    assert read(state, "OPS", None, WRITERS).values == {}
    assert read(state, "PAY", "10002", WRITERS).values == {}


@pytest.mark.parametrize(
    "element",
    [
        {"type": "plain_text_input", "value": None},
        {"type": "static_select", "selected_option": None},
        {"type": "checkboxes", "selected_options": []},
        {"type": "datetimepicker", "selected_date_time": None},
    ],
)
def test_an_empty_field_is_not_sent(element: dict[str, Any]) -> None:
    state = {"field:PAY:10001:text:customfield_1": {"ticket.field": element}}
    assert read(state, "PAY", "10001", WRITERS).values == {}


@pytest.mark.parametrize(
    "block_id", ["summary", "field", "field:PAY:1:text", "field:PAY:1:nonsense:x", "field:PAY:1:text:x:y"]
)
def test_a_block_of_another_sort_is_no_field(block_id: str) -> None:
    assert parts_of(block_id) is None


@given(st.text(max_size=300), st.sampled_from(["NUMBER", "DATE", "MOMENT", "URL", "TEXT", "PARAGRAPH"]))
def test_whatever_a_team_has_written_makes_no_broken_input(words: str, kind: str) -> None:
    asked = Asked(field=field(), kind=Kind[kind], optional=False)
    block = blocks_of(asked, "PAY:1", shown_for(asked, [words]), "")[0]
    initial = block["element"].get("initial_date_time", block["element"].get("initial_value", ""))
    assert isinstance(initial, int) == (kind == "MOMENT" and initial != "")


@given(st.text(max_size=3000), st.text(max_size=255), st.text(max_size=2500))
def test_an_address_of_jiras_form_is_never_too_long(description: str, summary: str, other: str) -> None:
    url = elsewhere.create_form("https://jira.example", "10100", "10001", summary, description, {"x": other})
    assert len(url) < 2000
    assert url.startswith(
        "https://jira.example/secure/CreateIssueDetails!init.jspa?pid=10100&issuetype=10001"
    )
