"""A lead plans rules, turns, check-ins and Jira in Slack: what the preview says is what happens."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.story import Form
from bot.teams import edit
from bot.teams.domain import Priority
from bot.teams.plans import Every, NthWeekday
from tests.e2e.conftest import assert_calls_agree
from tests.e2e.office import PAYMENTS, Edition, Office, Transport, open_office
from tests.e2e.screen import form_of, sends
from tests.e2e.test_team_settings import part, press_beside, saved, team
from tests.support.waiting import PATIENT, until

pytestmark = pytest.mark.by_turns


@pytest.fixture
async def office(
    database_url: str, tmp_path: Path, transport: Transport, edition: Edition, specs: Path
) -> AsyncIterator[Office]:
    """An office whose Payments team is set up in Slack and has no rules yet."""
    plain = {key: value for key, value in PAYMENTS.items() if key != "priority_rules"}
    opening = open_office(database_url, tmp_path, transport=transport, edition=edition, teams=(plain,))
    async with opening as opened:
        await opened.product.database.write(edit.release, "payments", opened.clock.now())
        yield opened
    assert_calls_agree(opened)


async def click(form: Form, label: str) -> Form:
    return form_of(await form.click(label))


async def knows_rules(office: Office) -> bool:
    """Whether the bot knows of rules: it looks each second."""
    return bool((await office.product.deps.directory.teams()).active[0].priority_rules)


async def asks_by_form(office: Office, summary: str) -> str:
    """The card of a bug in Billing that Ana files by the form."""
    form = form_of(await office.person("ana").runs("/ask-team payments", in_="#general"))
    form.fill("Summary", summary)
    form.pick("Type", "Bug")
    form.pick("Component", "Billing")
    await sends(form)
    await office.settled()
    found = await office.person("alice").waits_for(summary, in_="#triage-payments", timeout=PATIENT)
    return found.text


async def test_a_rule_is_tried_on_what_was_asked_before_it_counts(office: Office) -> None:
    before = await asks_by_form(office, "The refund page is blank")
    assert "Normal" in before
    await office.asks("Who owns refunds?")

    form = await part(office, "lead", "Priority rules")
    assert "No rules yet" in form.text
    form = await click(form, "Add a rule")
    form.pick("Type", "Bug")
    form.pick("Component", "Billing")
    form.pick("Gets this priority", "Urgent")
    form = await click(form, "Preview")
    assert "Of the last 2 requests 1 would get another priority" in form.text
    assert "#1 Normal → Urgent" in form.text
    # What was chosen is still there, and nothing is saved yet.
    assert form.value("Type") == "Bug"
    assert (await team(office, "payments")).priority_rules == ()

    listed = await saved(form)
    assert "1. Bug of component Billing → Urgent" in listed.text
    await until(lambda: knows_rules(office))
    after = await asks_by_form(office, "The invoice page is blank")
    assert "Urgent" in after
    assert "Normal" not in after

    gone = await click(form_of(await press_beside(listed, "1. Bug")), "Take this rule away")
    assert "No rules yet" in gone.text
    assert (await team(office, "payments")).priority_rules == ()


async def test_turns_are_planned_with_a_look_at_who_comes(office: Office) -> None:
    form = await part(office, "lead", "Rotation")
    form.pick("Who takes turns", "carol", "bob")
    form.pick("Handed on", "Every day")
    form.fill("At", "08:00, 16:00")
    shown = await click(form, "Preview")
    assert "Next shifts" in shown.text
    # The names come as Slack shows them: whoever reads it sees who is on duty.
    assert "carol" in shown.text.lower()
    assert "bob" in shown.text.lower()
    await saved(shown)
    plan = (await team(office, "payments")).rotation
    assert plan is not None
    assert (plan.every, len(plan.slots), plan.members) == (Every.DAY, 2, ("U0CAROL001", "U0BOB00001"))

    form = await part(office, "lead", "Rotation")
    form.fill("At", "25:00")
    wrong = form_of(await form.submit())
    assert "is not a time" in wrong.errors["At"]
    form = await click(await part(office, "lead", "Rotation"), "No rotation any more")
    assert (await team(office, "payments")).rotation is None


async def test_a_check_in_is_added_with_rare_words_changed_and_taken_away(office: Office) -> None:
    office.box.add_channel("standup-payments", members=("alice", "bob", "lead"), id="C0STANDUP1")
    form = await click(await part(office, "lead", "Check-ins"), "Add a check-in")
    form.fill("Name", "Retro")
    form.pick("Summary in", "#standup-payments")
    form.fill("Questions", "What was good?\nWhat was not?")
    form.pick("On")
    form.fill("More", "monthly: last someday\nanonymous: true")
    wrong = form_of(await form.submit())
    assert "is not a day of the month" in wrong.errors["More"]
    wrong.fill("More", "monthly: last friday\nanonymous: true")
    shown = await click(wrong, "Preview")
    assert "Next times of Retro" in shown.text
    listed = await saved(shown)
    assert "Retro" in listed.text
    (retro,) = (await team(office, "payments")).standups
    assert (retro.monthly, retro.anonymous, retro.questions) == (
        (NthWeekday(nth=-1, weekday=4),),
        True,
        ("What was good?", "What was not?"),
    )

    form = form_of(await press_beside(listed, "Retro"))
    form.fill("Open for", "4h")
    listed = await saved(form)
    (changed,) = (await team(office, "payments")).standups
    assert (changed.monthly, changed.anonymous) == (retro.monthly, True)
    gone = await click(form_of(await press_beside(listed, "Retro")), "Take this check-in away")
    assert "No check-ins yet" in gone.text


async def test_jira_and_somebodys_holidays_are_set(office: Office) -> None:
    form = await part(office, "lead", "Jira")
    form.fill("Labels", "from-slack, paying")
    form.fill("Fields", "Severity: Major")
    await saved(form)
    target = (await team(office, "payments")).jira
    assert target is not None
    assert (target.labels, target.fields) == (("from-slack", "paying"), {"Severity": ("Major",)})

    form = await click(await part(office, "lead", "People's holidays"), "Add a person")
    form.pick("Who", "bob")
    form.fill("Public holidays", "XX")
    wrong = form_of(await form.submit())
    assert "is not a country" in wrong.errors["Public holidays"]
    wrong.fill("Public holidays", "pl")
    assert "holidays of PL" in (await saved(wrong)).text
    assert (await team(office, "payments")).people["U0BOB00001"].holidays == ("PL",)


async def test_of_a_lead_and_an_admin_at_once_the_second_is_told_and_loses_nothing_of_the_first(
    office: Office,
) -> None:
    forms: list[Form] = []
    for who in ("lead", "olga"):
        form = await click(await part(office, who, "Priority rules"), "Add a rule")
        form.pick("Asked for as", "Urgent")
        form.pick("Gets this priority", "High" if not forms else "Low")
        forms.append(form)
    await saved(forms[0])
    late = form_of(await forms[1].submit())
    assert "Somebody has changed this team's settings" in str(late.errors)
    (rule,) = (await team(office, "payments")).priority_rules
    assert rule.priority is Priority.HIGH
