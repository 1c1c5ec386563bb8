"""Every kind of field: how the create metadata describes it, what it takes, and what it refuses in words."""

from typing import Any

import pytest

from bot.sandbox.jira import JiraSite, fields, hands, seed
from bot.sandbox.jira.laboratory import KINDS, laboratory, many_projects, many_types, required, type_with
from bot.sandbox.jira.model import FieldSpec, Issue
from tests.sandbox.jira.conftest import Rest

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(30)]
NINA = {"cloud": {"accountId": seed.NINA.account_id}, "datacenter": {"name": "nina"}}
NOBODY = {"cloud": {"accountId": "nobody"}, "datacenter": {"name": "nobody"}}
# What each kind takes and what it keeps in words, and what it refuses; people are filled in by edition.
TAKEN: dict[str, tuple[Any, str, Any]] = {
    "text": ("ACME", "ACME", 5),
    "paragraph": ("Much", "Much", 5),
    "number": (12.5, "12.5", "12.5"),
    "date": ("2026-11-30", "2026-11-30", "30.11.2026"),
    "datetime": ("2026-11-30T10:00:00.000+0200", "2026-11-30T10:00:00.000+0200", "2026-11-30T10:00:00+02:00"),
    "select": ({"value": "Test"}, "Test", {"value": "Nowhere"}),
    "radio": ({"value": "Always"}, "Always", "Always"),
    "multiselect": ([{"value": "Chrome"}, {"value": "Safari"}], "Chrome, Safari", {"value": "Chrome"}),
    "checkboxes": ([{"value": "Logs"}], "Logs", [{"value": "Nothing"}]),
    "cascading": (
        {"value": "Payments", "child": {"value": "Cards"}},
        "Payments – Cards",
        {"value": "Accounts", "child": {"value": "Cards"}},
    ),
    "user": (NINA, "Nina Novak", NOBODY),
    "users": ([NINA], "Nina Novak", NINA),
    "group": ({"name": "payments-team"}, "payments-team", {"name": "nobody"}),
    "groups": ([{"name": "payments-team"}], "payments-team", [{"name": "nobody"}]),
    "version": ({"name": "1.0"}, "1.0", {"name": "9.0"}),
    "versions": ([{"id": "10301"}], "2.0", [{"id": "1"}]),
    "labels": (["red", "blue"], "red, blue", ["two words"]),
    "url": ("https://example.com/x", "https://example.com/x", "example"),
    "project": ({"key": "OPS"}, "Operations", {"key": "NOPE"}),
    "affected versions": ([{"name": "1.0"}], "1.0", [{"name": "9.0"}]),
    "fix versions": ([{"name": "2.0"}], "2.0", "2.0"),
    "sprint": (2, "Sprint 42", "2"),
    "parent": ({"key": "LAB-1"}, "LAB-1", {"key": "LAB-99"}),
    "epic link": ("LAB-1", "LAB-1", "LAB-99"),
}


def here(site: JiraSite, value: Any) -> Any:
    """A value with the people of the edition."""
    if isinstance(value, list):
        return [here(site, one) for one in value]
    return value[site.edition] if value in (NINA, NOBODY) else value


def text(rest: Rest, value: Any) -> Any:
    """A string as a document where REST takes documents."""
    if rest.version == "2" or not isinstance(value, str):
        return value
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": value}]}
    return {"type": "doc", "version": 1, "content": [paragraph]}


def in_laboratory(site: JiraSite, *specs: FieldSpec) -> None:
    """LAB with a type that has these fields."""
    project = laboratory(site)
    types = (*project.types, type_with(*specs))
    kept = [(one, site.stored[one]) for one in ("LAB-1", "LAB-2")]
    site.add_project("LAB", project.name, types=types, versions=project.versions)
    for key, issue in kept:
        site.stored[key] = issue


async def make(rest: Rest, **fields: Any) -> Any:
    return await rest.create(project={"key": "LAB"}, issuetype={"name": "Special"}, **fields)


@pytest.mark.parametrize("kind", sorted(TAKEN))
async def test_a_field_takes_its_kind_and_nothing_else(rest: Rest, site: JiraSite, kind: str) -> None:
    spec = required(KINDS[kind])
    in_laboratory(site, spec)
    right, words, wrong = (here(site, one) for one in TAKEN[kind])
    if kind == "paragraph":
        right, wrong = text(rest, right), 5
    refused = await make(rest, **{spec.field_id: wrong})
    missing = await make(rest)
    taken = await make(rest, **{spec.field_id: right})
    for answer in (refused, missing):
        assert (answer.status, list(answer.json["errors"])) == (400, [spec.field_id])
    assert taken.status == 201
    issue = site.stored[taken.json["key"]]
    assert value_in_words(site, issue, spec) == words


def value_in_words(site: JiraSite, issue: Issue, spec: FieldSpec) -> str:
    return fields.words_of(site.as_seen_by(seed.NINA), issue, spec.field_id)


async def test_every_kind_that_people_fill_in_is_tried() -> None:
    assert set(KINDS) - set(TAKEN) == {"unknown"}


async def test_everything_needs_all_kinds_and_strange_two_more(
    rest: Rest, site: JiraSite, edition: str
) -> None:
    laboratory(site)
    word = "fields" if edition == "cloud" else "values"
    elsewhere = "epic link" if edition == "cloud" else "parent"
    wanted: dict[str, set[str]] = {}
    for number in ("10021", "10022"):
        answer = await rest.call("GET", f"issue/createmeta/LAB/issuetypes/{number}")
        wanted[number] = {one["fieldId"] for one in answer.json[word] if one["required"]}
    strange = {KINDS["unknown"].field_id, KINDS["project"].field_id}
    known = {spec.field_id for name, spec in KINDS.items() if name != elsewhere} - strange
    assert wanted["10021"] >= known and wanted["10022"] - wanted["10021"] == strange


async def test_a_cascading_field_tells_its_second_choices(rest: Rest, site: JiraSite, edition: str) -> None:
    laboratory(site)
    answer = await rest.call("GET", "issue/createmeta/LAB/issuetypes/10021")
    described = {one["fieldId"]: one for one in answer.json["fields" if edition == "cloud" else "values"]}
    area = described[KINDS["cascading"].field_id]
    assert area["schema"]["type"] == "option-with-child"
    assert [one["value"] for one in area["allowedValues"][0]["children"]] == ["Cards", "Transfers"]
    assert "children" not in area["allowedValues"][2]


async def test_ids_of_options_are_never_the_same(rest: Rest, site: JiraSite, edition: str) -> None:
    laboratory(site)
    answer = await rest.call("GET", "issue/createmeta/LAB/issuetypes/10021")
    ids: list[str] = []
    for one in answer.json["fields" if edition == "cloud" else "values"]:
        if one["schema"].get("custom") and "version" not in one["schema"]["custom"]:
            for choice in one.get("allowedValues", []):
                ids += [choice["id"], *(child["id"] for child in choice.get("children", []))]
    assert len(ids) > 10 and len(set(ids)) == len(ids)


async def test_an_issue_is_read_with_people_whole(rest: Rest, site: JiraSite) -> None:
    in_laboratory(site, KINDS["users"])
    made = await make(rest, **{KINDS["users"].field_id: here(site, [NINA])})
    shown = await rest.call("GET", f"issue/{made.json['key']}")
    assert shown.json["fields"][KINDS["users"].field_id][0]["displayName"] == "Nina Novak"


async def test_a_closed_sprint_takes_nothing(rest: Rest, site: JiraSite) -> None:
    in_laboratory(site, KINDS["sprint"])
    answer = await make(rest, **{KINDS["sprint"].field_id: 1})
    assert "active or future" in answer.json["errors"][KINDS["sprint"].field_id]


async def test_a_parent_that_is_no_epic_is_refused(rest: Rest, site: JiraSite) -> None:
    in_laboratory(site, KINDS["parent"])
    task = hands.creates(
        site, seed.NINA, site.projects["LAB"], {"summary": "Task", "issuetype": {"name": "Task"}}
    )
    assert list((await make(rest, parent={"key": task.key})).json["errors"]) == ["parent"]


async def test_a_required_field_with_a_default_may_be_left_out(rest: Rest, site: JiraSite) -> None:
    stage = FieldSpec(
        field_id="customfield_10070",
        name="Stage",
        kind="option",
        custom=seed.CUSTOM + "select",
        required=True,
        options=("Test", "Production"),
        default={"id": "14100", "value": "Test"},
    )
    in_laboratory(site, stage)
    made = await make(rest)
    assert value_in_words(site, site.stored[made.json["key"]], stage) == "Test"


async def test_the_reporter_is_set_only_by_those_who_may(rest: Rest, site: JiraSite, edition: str) -> None:
    made = await rest.create(reporter=here(site, NINA))
    site.forbid(site.bot_account, "PAY", "MODIFY_REPORTER")
    refused = await rest.create(reporter=here(site, NINA))
    meta = await rest.call("GET", "issue/createmeta/PAY/issuetypes/10001")
    shown = {one["fieldId"] for one in meta.json["fields" if edition == "cloud" else "values"]}
    assert site.issue(made.json["key"]).reporter == "Nina Novak"
    assert list(refused.json["errors"]) == ["reporter"] and "reporter" not in shown


async def test_an_assignee_has_to_be_assignable(rest: Rest, site: JiraSite) -> None:
    made = await rest.create(assignee=here(site, NINA))
    site.forbid(seed.NINA, "PAY", "ASSIGNABLE_USER")
    refused = await rest.create(assignee=here(site, NINA))
    word = "query" if site.edition == "cloud" else "username"
    found = await rest.call("GET", "user/assignable/search", params={word: "nina", "project": "PAY"})
    assert site.issue(made.json["key"]).assignee == "Nina Novak"
    assert (list(refused.json["errors"]), found.json) == (["assignee"], [])


async def test_groups_are_found_by_a_part_of_their_name(rest: Rest, edition: str) -> None:
    answer = await rest.call("GET", "groups/picker", params={"query": "pay"})
    assert [one["name"] for one in answer.json["groups"]] == ["payments-team"]
    assert ("groupId" in answer.json["groups"][0]) == (edition == "cloud")


async def test_labels_are_suggested_and_quoted_where_jql_wants_it(rest: Rest) -> None:
    await rest.create(labels=["from-slack", "fr&nk", "other"])
    params = {"fieldName": "labels", "fieldValue": "fr"}
    answer = await rest.call("GET", "jql/autocompletedata/suggestions", params=params)
    assert answer.json["results"] == [
        {"value": '"fr&nk"', "displayName": "<b>fr</b>&amp;nk"},
        {"value": "from-slack", "displayName": "<b>fr</b>om-slack"},
    ]


async def test_sprints_are_on_scrum_boards_alone(rest: Rest, site: JiraSite) -> None:
    laboratory(site)
    boards = await agile(rest, "board", projectKeyOrId="LAB")
    kanban, scrum = boards.json["values"]
    refused = await agile(rest, f"board/{kanban['id']}/sprint")
    open_ones = await agile(rest, f"board/{scrum['id']}/sprint", state="active,future")
    assert (refused.status, refused.json["errorMessages"]) == (400, ["The board does not support sprints"])
    assert [one["name"] for one in open_ones.json["values"]] == ["Sprint 42", "Sprint 43"]


async def agile(rest: Rest, path: str, **params: str) -> Any:
    return await rest.call("GET", f"../../agile/1.0/{path}", params=params)


async def test_crowds_of_projects_and_types_are_cheap(rest: Rest, site: JiraSite, edition: str) -> None:
    many_projects(site, 150)
    site.add_project("WIDE", "Wide", types=many_types(120))
    site.allow(site.bot_account, "WIDE", *site.projects)
    params: dict[str, Any] = {"startAt": 100, "maxResults": 50}
    types = await rest.call("GET", "issue/createmeta/WIDE/issuetypes", params=params)
    projects = await rest.call("GET", "project")
    key = "issueTypes" if edition == "cloud" else "values"
    assert (types.json["total"], len(types.json[key])) == (120, 20)
    assert len([one for one in projects.json if one["key"].startswith("MANY")]) == 150
