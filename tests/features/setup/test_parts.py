"""Each part shows what the file says, and a form that nobody touched says the same again."""

from typing import Any

import pytest

from bot.ahead import PLANS
from bot.core.errors import UserError
from bot.features.setup import ids, plan_parts
from bot.features.setup.part import Entered, NoSuchItem, Part
from bot.features.setup.parts import FIRST, LAST
from bot.features.setup.parts.basics import key_of
from bot.features.setup.parts.places import triage_field
from bot.features.setup.views import form, screen, words
from bot.sandbox.slack.limits import check_view
from bot.sandbox.slack.state import values
from bot.teams.beside import Problem, checked
from bot.teams.edit import Kept
from bot.teams.export import as_in_file
from bot.teams.file import TEAM_KEYS
from bot.teams.settings import team_of
from tests.teams.make import two_teams

OWN = (*FIRST, *LAST)
PAYMENTS, ORDERS = (as_in_file(settings) for settings in two_teams().settings)
FULL = {**PAYMENTS, "ticket_emoji_channels": ["C0GENERAL1"], "holidays": ["UA", "DE-BY"], "max_open": 5}
PARTS = pytest.mark.parametrize("part", OWN, ids=lambda part: part.key)


def kept(said: dict[str, Any], pinned_by: str | None = None) -> Kept:
    settings, problems = checked(said, beside=[])
    assert not problems, problems
    return Kept(id=7, key=said["key"], team=team_of(settings, id=7), said=said, seen="x", pinned_by=pinned_by)


def filled(part: Part, said: dict[str, Any], item: str = "", **typed: Any) -> Entered:
    """The form's state as Slack sends it, untouched but for these fields."""
    shown = dict(form.form(kept(said), part, item))
    check_view(shown, ("modal",))
    state = values(shown["blocks"], {})
    for block_id, value in typed.items():
        (element,) = state[block_id].values()
        name = next(name for name in element if name != "type")
        element[name] = {"value": value} if name == "selected_option" else value
    return Entered(state)


def same(said: dict[str, Any], changed: dict[str, Any]) -> bool:
    """Whether the file would mean the same with these keys in the place of its own."""
    again = {key: value for key, value in {**said, **changed}.items() if value is not None}
    return checked(again, beside=[]) == checked(said, beside=[])


def test_every_key_of_the_teams_file_is_reached_by_one_part() -> None:
    keys = [key for part in (*OWN, *plan_parts(PLANS)) for key in part.keys]
    assert sorted(keys) == sorted(TEAM_KEYS)


@PARTS
@pytest.mark.parametrize("said", [FULL, ORDERS], ids=["full", "bare"])
def test_an_untouched_form_changes_nothing(part: Part, said: dict[str, Any]) -> None:
    fields = part.fields(said, "")
    if any(block["type"] == "input" for block in fields):
        changed = part.read(filled(part, said), said, "")
        assert set(changed) == set(part.keys)
        assert same(said, dict(changed))


@PARTS
def test_a_part_says_what_it_holds_in_one_line(part: Part) -> None:
    for said in (FULL, ORDERS):
        summary = part.summary(said)
        assert summary and "\n" not in summary


@pytest.mark.parametrize("pinned_by", [None, "teams.yml"])
def test_the_screen_is_one_that_slack_takes(pinned_by: str | None) -> None:
    shown = dict(screen.screen(kept(FULL, pinned_by), OWN, note="Saved.", is_admin=True))
    check_view(shown, ("modal",))
    edits = [block for block in shown["blocks"] if "accessory" in block]
    assert len(edits) == (0 if pinned_by else len(OWN))


def part_of(key: str) -> Part:
    return next(part for part in OWN if part.key == key)


def test_a_key_is_made_of_the_name_where_none_is_typed() -> None:
    assert key_of("  Data & Search! ") == "data-search"
    changed = part_of("basics").read(filled(part_of("basics"), FULL, key=None), FULL, "")
    assert changed["key"] == "payments"


def test_a_name_of_other_letters_needs_a_key_of_its_own() -> None:
    changed = part_of("basics").read(filled(part_of("basics"), FULL, key=None, name="Оплата"), FULL, "")
    assert changed["key"] is None


def test_members_give_way_to_a_user_group() -> None:
    part = part_of("members")
    changed = part.read(filled(part, FULL, members=[], user_group=" S0PAYMENTS "), FULL, "")
    assert changed == {"members": None, "user_group": "S0PAYMENTS"}


def test_the_emoji_works_nowhere_where_no_channel_is_chosen() -> None:
    part = part_of("channels")
    typed = filled(part, ORDERS, ticket_emoji_where="only")
    assert part.read(typed, ORDERS, "")["ticket_emoji_channels"] == []
    anywhere = filled(part, FULL, ticket_emoji_where="anywhere")
    assert part.read(anywhere, FULL, "")["ticket_emoji_channels"] is None


def test_components_are_lines() -> None:
    part = part_of("components")
    typed = filled(part, FULL, components=" Billing \n\n Tax, and more\n")
    assert part.read(typed, FULL, "") == {"components": ["Billing", "Tax, and more"]}
    assert part.read(filled(part, FULL, components=None), FULL, "") == {"components": None}


def test_what_is_too_long_for_a_form_is_not_lost() -> None:
    many = [f"Component number {number} of a long list of them" for number in range(90)]
    groups = [f"S{number:030}" for number in range(100)]
    rules = {"management": {"users": ["U0A"], "user_groups": groups}}
    said = {**ORDERS, "components": many, "sources": rules}
    part = part_of("components")
    assert part.read(filled(part, said), said, "") == {}
    assert "stay as they are" in str(form.form(kept(said), part, "")["blocks"])
    part = part_of("sources")
    assert part.read(filled(part, said, "management"), said, "management") == {"sources": rules}


def test_a_source_is_added_changed_moved_and_removed() -> None:
    part = part_of("sources")
    assert list(FULL["sources"]) == ["management", "partner", "support"]
    typed = filled(
        part, FULL, "other", **{"sources.other.users": ["U0A"], "sources.other.user_groups": "S0A, S0B"}
    )
    added = part.read(typed, FULL, "other")["sources"]
    assert list(added)[-1] == "other"
    assert added["other"] == {"users": ["U0A"], "user_groups": ["S0A", "S0B"]}
    moved = part.read(Entered({}), FULL, "support:up")["sources"]
    assert list(moved) == ["management", "support", "partner"]
    assert list(part.read(Entered({}), FULL, "partner:drop")["sources"]) == ["management", "support"]
    untouched = part.read(filled(part, FULL, "partner"), FULL, "partner")
    assert untouched == {"sources": FULL["sources"]}


@pytest.mark.parametrize("item", ["nobody", "other:drop"])
def test_a_source_that_is_not_there_is_told(item: str) -> None:
    with pytest.raises(NoSuchItem):
        part_of("sources").read(Entered({}), FULL, item)


def test_a_problem_stands_beside_the_nearest_field() -> None:
    problems = [
        Problem(path="working_hours.to", words="09:00 is not after 18:00: write a later time"),
        Problem(path="holidays[1]", words="is wrong"),
        Problem(path="holidays", words="is long"),
        Problem(path="priority_rules[0].when.component", words="“X” is not among the team's components"),
        Problem(path="name", words='"A" is also team payments.key: each team needs its own'),
    ]
    fields = ["working_hours.days", "working_hours.to", "holidays", "name"]
    assert form.beside_fields(problems, fields, ["working_hours", "holidays", "name"]) == {
        "working_hours.to": "09:00 is not after 18:00: write a later time.",
        "holidays": "Is wrong. Is long.",
        "working_hours.days": "Priority rules: “X” is not among the team's components.",
        "name": '"A" is also the key of team payments: each team needs its own.',
    }


def test_every_key_has_words_for_people() -> None:
    assert [key for key in TEAM_KEYS if "_" in words.spoken(key)] == []


def test_what_stands_in_inputs_is_read_whatever_they_are() -> None:
    state = {
        "text": {"x": {"type": "plain_text_input", "value": "  two\n\n lines "}},
        "empty": {"x": {"type": "plain_text_input", "value": None}},
        "option": {"x": {"type": "static_select", "selected_option": {"value": "a"}}},
        "options": {"x": {"type": "checkboxes", "selected_options": [{"value": "a"}, {"value": "b"}]}},
        "people": {"x": {"type": "multi_users_select", "selected_users": ["U1", "U2"]}},
        "places": {"x": {"type": "multi_conversations_select", "selected_conversations": []}},
    }
    entered = Entered(state)
    assert entered.lines("text") == ["two", "lines"]
    assert (entered.one("empty"), entered.one("option"), entered.one("none")) == (None, "a", None)
    assert (entered.several("options"), entered.several("people"), entered.several("places")) == (
        ["a", "b"],
        ["U1", "U2"],
        [],
    )


def test_an_old_or_foreign_button_is_answered() -> None:
    for value in ("", "2|7", "1|x", "1|7|more|"):
        with pytest.raises(UserError):
            ids.team_of_value(value)
    for memory in ("", "[]", "{}", '{"v": "2"}', '{"v": "1", "team": 1, "colour": 2}'):
        with pytest.raises(UserError):
            ids.place_of(memory)
    place = ids.Place(team=3, part="sources", item="other", seen="abc")
    assert ids.place_of(place.packed()) == place


def test_of_cards_that_are_there_only_a_team_that_has_a_channel_reads() -> None:
    new, old = (triage_field(said)["hint"]["text"] for said in ({}, PAYMENTS))
    assert "already" not in new
    assert "Cards that are there already stay where they are." in old
