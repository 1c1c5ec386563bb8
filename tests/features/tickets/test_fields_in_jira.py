"""Each kind of field: the input that the form has for it, and what Jira gets, on both editions, over the wire."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from bot.sandbox.forms import Form
from bot.sandbox.jira import seed
from bot.sandbox.jira.laboratory import KINDS, required
from bot.sandbox.jira.model import FieldSpec
from tests.features.tickets.conftest import Desk
from tests.features.tickets.laboratory import lab_form, many, needs

Fill = Callable[[Form, str], Awaitable[None]]
NINA = {"cloud": {"accountId": seed.NINA.account_id}, "datacenter": {"name": "nina"}}


@dataclass(frozen=True, kw_only=True)
class Case:
    """A field, the input it gets, how a person fills it, and what Jira keeps."""

    spec: FieldSpec
    element: str
    fill: Fill
    kept: Any


def typed(text: str) -> Fill:
    async def fill(form: Form, label: str) -> None:
        await form.fill(label, text)

    return fill


def picked(*entries: str) -> Fill:
    async def fill(form: Form, label: str) -> None:
        await form.pick(label, *entries)

    return fill


def searched(letters: str, *entries: str) -> Fill:
    async def fill(form: Form, label: str) -> None:
        assert await form.suggestions(label, letters)
        await form.pick(label, *entries)

    return fill


def named(kind: str, element: str, fill: Fill, kept: Any) -> Case:
    return Case(spec=required(KINDS[kind]), element=element, fill=fill, kept=kept)


def system(field_id: str, element: str, fill: Fill, kept: Any) -> Case:
    spec = next(one for one in seed.BASE_FIELDS if one.field_id == field_id)
    return Case(spec=required(spec), element=element, fill=fill, kept=kept)


ONE = {"id": "10200", "name": "Engine"}
PARAGRAPH = {"type": "paragraph", "content": [{"type": "text", "text": "Nobody can pay"}]}
DOCUMENT = {"type": "doc", "version": 1, "content": [PARAGRAPH]}

CASES: Mapping[str, Case] = {
    "text": named("text", "plain_text_input", typed("ACME"), "ACME"),
    "paragraph": named(
        "paragraph",
        "plain_text_input",
        typed("Nobody can pay"),
        {"cloud": DOCUMENT, "datacenter": "Nobody can pay"},
    ),
    "number": named("number", "number_input", typed("12.5"), 12.5),
    "date": named("date", "datepicker", typed("2026-11-30"), "2026-11-30"),
    "date and time": named("datetime", "datetimepicker", typed("1795000000"), "2026-11-18T11:06:40.000+0000"),
    "address": named("url", "url_text_input", typed("https://example.com/x"), "https://example.com/x"),
    "select": named("select", "static_select", picked("Production"), "Production"),
    "select of many": Case(
        spec=many(required(KINDS["select"]), 130),
        element="external_select",
        fill=searched("entry 12", "Entry 129"),
        kept="Entry 129",
    ),
    "radio buttons": named("radio", "radio_buttons", picked("Always"), "Always"),
    "radio buttons of many": Case(
        spec=many(required(KINDS["radio"]), 11),
        element="static_select",
        fill=picked("Entry 11"),
        kept="Entry 11",
    ),
    "multi select": named(
        "multiselect", "multi_static_select", picked("Chrome", "Safari"), ["Chrome", "Safari"]
    ),
    "multi select of many": Case(
        spec=many(required(KINDS["multiselect"]), 130),
        element="multi_external_select",
        fill=searched("entry 1", "Entry 1", "Entry 130"),
        kept=["Entry 1", "Entry 130"],
    ),
    "checkboxes": named("checkboxes", "checkboxes", picked("Logs"), ["Logs"]),
    "checkboxes of many": Case(
        spec=many(required(KINDS["checkboxes"]), 11),
        element="multi_static_select",
        fill=picked("Entry 2"),
        kept=["Entry 2"],
    ),
    "cascading select": named(
        "cascading", "static_select", picked("Payments › Cards"), ("Payments", "Cards")
    ),
    "cascading select, the parent alone": named("cascading", "static_select", picked("Other"), "Other"),
    "person": named("user", "external_select", searched("nina", "Nina Novak"), NINA),
    "people": named(
        "users", "multi_external_select", searched("nina", "Nina Novak"), {k: [v] for k, v in NINA.items()}
    ),
    "group": named("group", "external_select", searched("pay", "payments-team"), {"name": "payments-team"}),
    "groups": named(
        "groups", "multi_external_select", searched("pay", "payments-team"), [{"name": "payments-team"}]
    ),
    "version": named("version", "static_select", picked("2.0"), {"id": "10301", "name": "2.0"}),
    "versions": named("versions", "multi_static_select", picked("1.0"), [{"id": "10300", "name": "1.0"}]),
    "affected versions": named(
        "affected versions", "multi_static_select", picked("1.0"), [{"id": "10300", "name": "1.0"}]
    ),
    "fix versions": named(
        "fix versions", "multi_static_select", picked("2.0"), [{"id": "10301", "name": "2.0"}]
    ),
    "components": system("components", "multi_static_select", picked("Engine"), [ONE]),
    "priority": system("priority", "static_select", picked("Low"), {"id": "4", "name": "Low"}),
    "due date": system("duedate", "datepicker", typed("2026-12-01"), "2026-12-01"),
    "labels": named("labels", "multi_external_select", searched("two words", "two words"), ["two-words"]),
    "sprint": named("sprint", "external_select", searched("42", "Sprint 42"), "Sprint 42"),
    "parent": named("parent", "external_select", searched("refunds", "LAB-1 Refunds work again"), "LAB-1"),
    "epic link": named(
        "epic link", "external_select", searched("settlement", "LAB-2 Faster settlement"), "LAB-2"
    ),
}


def in_words(kept: Any) -> Any:
    """Options by their words, which are what a person sees; other values as they are."""
    if isinstance(kept, list):
        words = [in_words(one) for one in kept]
        return words[0] if words and isinstance(kept[0], dict) and "state" in kept[0] else words
    if not isinstance(kept, dict):
        return kept
    if "state" in kept:
        return kept["name"]
    if "key" in kept:
        return kept["key"]
    if "child" in kept:
        return (kept["value"], kept["child"]["value"])
    return kept.get("value", kept)


@pytest.mark.parametrize("kind", list(CASES))
async def test_a_required_field_has_its_input_and_jira_gets_its_value(desk: Desk, kind: str) -> None:
    case = CASES[kind]
    needs(desk.site, case.spec)
    form = await lab_form(desk)
    placed = next(one for one in form.fields if one.block["block_id"].endswith(f":{case.spec.field_id}"))
    assert placed.element["type"] == case.element
    assert not form.optional(case.spec.name)
    await case.fill(form, case.spec.name)
    assert await form.submit() is None
    await desk.quiet()
    issue = next(one for one in desk.site.stored.values() if one.summary == "Refund stuck")
    kept = case.kept[desk.site.edition] if isinstance(case.kept, dict) and "cloud" in case.kept else case.kept
    assert in_words(issue.fields[case.spec.field_id]) == kept
