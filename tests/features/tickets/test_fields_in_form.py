"""The form knows the project: what can be searched, what is asked for, what it begins with, what it cannot ask."""

import asyncio
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.sandbox.forms import Form
from bot.sandbox.jira import seed
from bot.sandbox.jira.laboratory import KINDS, laboratory, many_projects, many_types, required
from bot.sandbox.slack.state import elements
from bot.teams.apply import apply
from bot.teams.file import read_text
from tests.features.tickets.conftest import Desk
from tests.features.tickets.laboratory import choose, know_projects, lab_form, many, needs
from tests.teams.make import changed

USUAL = ["Project", "Issue type", "Summary", "Description"]
LINK = "Link an existing issue"


async def test_of_hundreds_of_projects_and_types_each_is_found_by_its_letters(desk: Desk) -> None:
    many_projects(desk.site, 120)
    desk.site.add_project("MANY77", "Refund archive", types=many_types(120))
    await know_projects(desk)
    form = await desk.jira_form(await desk.person("ana").says("Refund stuck", in_="#ask-payments"))
    for _ in range(100):
        first = await form.suggestions("Project", "")
        if len(first) == 100:
            break
    assert (len(first), first[0]) == (100, "Payments (PAY)")
    assert await form.suggestions("Project", "archive") == ["Refund archive (MANY77)"]
    await form.pick("Project", "Refund archive (MANY77)")
    assert len(await form.suggestions("Issue type", "")) == 100
    assert await form.suggestions("Issue type", "kind 117") == ["Kind 117"]
    await form.pick("Issue type", "Kind 117")
    assert await form.submit() is None
    await desk.quiet()
    assert desk.site.issue("MANY77-1").type == "Kind 117"


async def test_only_what_is_required_and_has_no_default_is_asked_for(desk: Desk) -> None:
    severity = required(KINDS["select"])
    with_default = replace(required(KINDS["radio"]), default={"id": "1"})
    needs(desk.site, severity, with_default, KINDS["text"])
    form = await lab_form(desk)
    assert form.labels == [*USUAL, severity.name, LINK]


async def test_a_project_that_requires_every_kind_gets_its_issue(desk: Desk) -> None:
    project = laboratory(desk.site)
    form = await lab_form(desk, "Everything")
    kind = next(one for one in project.types if one.name == "Everything")
    filled = {"summary", "description", "project", "issuetype", "labels", "reporter"}
    asked = {spec.name for spec in kind.fields if spec.required and spec.default is None}
    asked -= {spec.name for spec in kind.fields if spec.field_id in filled}
    assert set(form.labels) == {*USUAL, *asked, LINK}
    assert form.submit_label == "Create"


async def test_what_was_typed_stays_when_project_or_type_are_changed(desk: Desk) -> None:
    needs(desk.site, required(KINDS["text"]), required(KINDS["select"]))
    form = await lab_form(desk)
    form.fill("Summary", "Disk full")
    form.fill("Description", "on db3")
    form.fill("Customer", "ACME")
    form.pick("Stage", "Test")
    await form.suggestions("Issue type", "Everything")
    await form.pick("Issue type", "Everything")
    assert [form.value(label) for label in ("Summary", "Description", "Customer", "Stage")] == [
        "Disk full", "on db3", "ACME", "Test",
    ]  # fmt: skip
    await choose(form, "PAY", "Task")
    assert form.labels == [*USUAL, LINK]
    assert [form.value(label) for label in ("Summary", "Description")] == ["Disk full", "on db3"]


async def test_the_teams_words_stand_in_the_fields_when_the_form_opens(desk: Desk) -> None:
    specs = (
        required(KINDS["select"]), KINDS["text"], required(KINDS["multiselect"]), required(KINDS["cascading"]),
        required(KINDS["labels"]), required(KINDS["radio"]),
    )  # fmt: skip
    needs(desk.site, *specs)
    fields = (
        "{stage: production, customfield_10040: ACME, Browsers: [Chrome, Safari], Area: Payments > Cards,"
        " Tags: [red], Reproducible: Never}"
    )
    settings = changed(
        "jira: {project: PAY, issue_type: Task,",
        f"jira: {{project: LAB, fields: {fields}, issue_type: Special,",
    )
    await desk.deps.transactions.database.write(apply, read_text(settings, "teams.yml"), desk.clock.now())
    form = await desk.jira_form(await desk.person("ana").says("Refund stuck", in_="#ask-payments"))
    shown = {label: form.value(label) for label in form.labels}
    assert shown["Stage"] == "Production"
    assert shown["Customer"] == "ACME"
    assert form.optional("Customer")
    assert shown["Browsers"] == ["Chrome", "Safari"]
    assert shown["Area"] == "Payments › Cards"
    assert shown["Tags"] == ["red"]
    # A word that is none of the entries is passed over.
    assert shown["Reproducible"] is None


async def test_a_requests_priority_and_component_stand_in_the_fields_that_require_them(desk: Desk) -> None:
    usual = {one.field_id: one for one in seed.BASE_FIELDS}
    needs(desk.site, required(usual["priority"]), required(usual["components"]))
    await know_projects(desk)
    card, _ = await desk.request(component="Engine", priority_label="Urgent")
    form = await card.click("Create Jira issue", by=desk.person("alice"))
    assert isinstance(form, Form)
    await choose(form, "LAB", "Special")
    assert (form.value("Priority"), form.value("Components")) == ("Highest", ["Engine"])
    assert await form.submit() is None
    await desk.quiet()
    issue = desk.site.find("LAB-3")
    assert issue is not None
    assert issue.fields["components"] == [{"id": "10200", "name": "Engine"}]


async def test_a_field_that_cannot_be_asked_for_leads_to_jiras_own_form_with_what_was_typed(
    desk: Desk,
) -> None:
    needs(desk.site, required(KINDS["unknown"]), required(KINDS["select"]))
    form = await lab_form(desk, text="Refund stuck & lost")
    assert "requires Scorecard" in form.text.replace("*", "")
    assert (form.submit_label, form.labels) == ("Link", [*USUAL, LINK])
    assert form.buttons == ["Open Jira's own form"]
    url = _address(form)
    asked = parse_qs(urlsplit(url).query)
    assert url.startswith(f"{desk.jira.url}/secure/CreateIssueDetails!init.jspa?")
    assert asked["pid"] == [desk.site.projects["LAB"].project_id]
    assert (asked["issuetype"], asked["summary"]) == (["10020"], ["Refund stuck & lost"])
    told = await form.submit()
    assert isinstance(told, Form)
    assert "Jira's own form" in told.errors[LINK]
    assert await desk.open_entries() == []


def _address(form: Form) -> str:
    return next(one.element["url"] for one in elements(form.view.blocks) if one.element.get("url"))


async def test_the_address_of_jiras_own_form_stays_below_two_thousand_characters(desk: Desk) -> None:
    needs(desk.site, required(KINDS["unknown"]))
    form = await lab_form(desk, text="Поломка " * 300)
    url = _address(form)
    assert len(url) < 2000
    assert "description=" in url


async def test_while_jira_is_slow_the_form_opens_and_says_that_fields_may_be_missing(desk: Desk) -> None:
    desk.site.faults.add(operation="createmeta_fields", kind="hang", times=None, seconds=20)
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    async with asyncio.timeout(3):
        form = await desk.jira_form(root)
    assert "Jira does not tell just now which fields it wants." in form.text
    assert form.submit_label == "Create"


async def test_the_fields_of_a_type_are_asked_for_once(desk: Desk) -> None:
    needs(desk.site, required(KINDS["select"]))
    form = await lab_form(desk)
    asked = _asked(desk)
    await choose(form, "PAY", "Task")
    await choose(form, "LAB", "Special")
    assert form.labels == [*USUAL, "Stage", LINK]
    assert _asked(desk) - asked <= 2


def _asked(desk: Desk) -> int:
    return sum(record.operation == "createmeta_fields" for record in desk.site.journal)


async def test_a_select_that_is_searched_keeps_to_its_letters(desk: Desk) -> None:
    needs(desk.site, many(required(KINDS["select"]), 150))
    form = await lab_form(desk)
    assert len(await form.suggestions("Stage", "")) == 100
    assert await form.suggestions("Stage", "ENTRY 150") == ["Entry 150"]
    assert await form.suggestions("Stage", "nowhere") == []


@pytest.mark.parametrize("kind", ["user", "labels", "sprint"])
async def test_while_jira_is_down_a_search_offers_nothing_and_breaks_nothing(desk: Desk, kind: str) -> None:
    needs(desk.site, required(KINDS[kind]))
    form = await lab_form(desk)
    desk.site.down = True
    expected = ["green"] if kind == "labels" else []
    assert await form.suggestions(KINDS[kind].name, "green") == expected
