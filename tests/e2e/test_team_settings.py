"""A team is set up, changed, released and removed without leaving Slack."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.outbox.models import outbox
from bot.sandbox.story import Form
from bot.teams import edit, store
from bot.teams.domain import SplitOfWork, Team
from tests.e2e.conftest import assert_calls_agree
from tests.e2e.office import PAYMENTS, PLATFORM, Edition, Office, Transport, open_office
from tests.e2e.screen import error_of, form_of, said
from tests.support.waiting import PATIENT

pytestmark = pytest.mark.by_turns


@pytest.fixture
async def office(
    database_url: str, tmp_path: Path, transport: Transport, edition: Edition, specs: Path
) -> AsyncIterator[Office]:
    """An office whose Payments team is set up in Slack; Platform, which Olga leads, is pinned by a file."""
    teams = (PAYMENTS, PLATFORM)
    opening = open_office(database_url, tmp_path, transport=transport, edition=edition, teams=teams)
    async with opening as opened:
        await opened.product.database.write(edit.release, "payments", opened.clock.now())
        opened.box.add_channel("triage-search", members=("frank", "olga"), id="C0SEARCH01", with_bot=False)
        yield opened
    assert_calls_agree(opened)


async def team(office: Office, key: str) -> Team:
    return {team.key: team for team in await office.product.database.read(store.all_teams)}[key]


async def settings_of(office: Office, who: str, line: str = "/triage settings payments") -> Form:
    return form_of(await office.person(who).runs(line))


async def wishes_for_tabs(office: Office) -> int | None:
    """How often the tabs of a whole team were to be made anew."""
    wishes = select(func.count()).select_from(outbox).where(outbox.c.kind == "home.team")
    return await office.product.database.read(lambda connection: connection.scalar(wishes))


async def part(office: Office, who: str, title: str) -> Form:
    """The form of a part of Payments."""
    return form_of(await press_beside(await settings_of(office, who), title))


async def press_beside(form: Form, text: str) -> Any:
    """The button beside the line that begins with this text."""
    for block in form.view.blocks:
        if block.get("type") == "section" and text in str(block.get("text", {}).get("text")):
            button = block["accessory"]
            action = {"action_id": button["action_id"], "block_id": block["block_id"], "type": "button"}
            return await form.person.act_in_view(
                form.view, {**action, "value": button["value"], "text": button["text"]}
            )
    raise AssertionError(f"no line {text!r} in\n{form.text}")


async def saved(form: Form) -> Form:
    """What is shown after the form was saved."""
    shown = form_of(await form.submit())
    assert not shown.errors, shown.errors
    return shown


async def test_an_admin_sets_up_a_team_and_it_works_at_once(office: Office) -> None:
    olga = office.person("olga")
    form = form_of(await olga.runs("/triage new-team"))
    form.fill("Name", "Search & Find")
    form.pick("Lead", "frank")
    form.pick("People", "frank", "erin")
    await form.suggestions("Time zone", "warsaw")
    form.pick("Time zone", "Europe/Warsaw")
    form.pick("Triage channel", "#triage-platform")
    # The channel of another team: told beside its field, and nothing is lost.
    wrong = form_of(await form.submit())
    assert wrong.errors == {
        "Triage channel": '"C0PLATFOR1" is also the triage channel of team platform: a channel belongs to one team.'
    }
    wrong.pick("Triage channel", "#triage-search")
    screen = await saved(wrong)
    assert screen.title == "Team settings"
    assert "/invite @frontdesk" in screen.text
    found = await team(office, "search-find")
    assert (found.name, found.timezone, found.triage_channel) == (
        "Search & Find",
        "Europe/Warsaw",
        "C0SEARCH01",
    )
    # The bot is not in the channel yet: it says so, and what it had to say there waits.
    await office.settled()
    told = await olga.waits_for("I cannot work in all of its channels yet", in_="dm", timeout=PATIENT)
    assert "/invite" in told.text
    await olga.invites_bot("#triage-search")
    await olga.waits_for("set up the team Search & Find", in_="#triage-search", timeout=PATIENT)
    answer = await office.person("ana").runs("/ask-team search-find Where is the index?")
    assert "is with Search & Find" in said(answer)
    await office.person("frank").waits_for("Where is the index?", in_="#triage-search", timeout=PATIENT)


async def test_a_lead_changes_the_team_and_its_channel_reads_who_did(office: Office) -> None:
    form = await part(office, "lead", "Hours and holidays")
    form.fill("The day ends", "08:00")
    await form.click("Preview")
    assert "08:00 is not after 09:00" in form.text
    form.fill("The day ends", "16:00")
    await form.click("Preview")
    assert "Normal: Tue 24 Nov, 16:00" not in form.text and "(so far Tue 24 Nov, 16:00)" in form.text
    assert form.value("The day ends") == "16:00"
    form.fill("The day ends", "08:00")
    wrong = form_of(await form.submit())
    assert list(wrong.errors) == ["The day ends"]
    assert "08:00 is not after 09:00" in wrong.errors["The day ends"]
    wrong.fill("The day ends", "17:30")
    wrong.fill("Holidays of", "UA, DE-BY")
    screen = await saved(wrong)
    assert "Saved" in screen.text
    assert "09:00 to 17:30" in screen.text
    found = await team(office, "payments")
    assert (found.working_hours.to.isoformat(), found.holidays) == ("17:30:00", ("UA", "DE-BY"))
    line = await office.person("bob").waits_for(
        "changed this team's settings", in_="#triage-payments", timeout=PATIENT
    )
    assert line.text == "@lead changed this team's settings: working hours, holidays."


async def test_who_looks_for_the_queue_where_it_was_reads_where_it_is(office: Office) -> None:
    form = await part(office, "lead", "Channels")
    form.pick("Triage channel", "#triage-search")
    await saved(form)
    line = await office.person("bob").waits_for("moved the queue", in_="#triage-payments", timeout=PATIENT)
    assert line.text.startswith("@lead moved the queue of Payments: its new requests go to #triage-search.")


async def test_who_asks_as_what_is_a_list_with_entries_of_its_own(office: Office) -> None:
    rules = await part(office, "lead", "Who asks as what")
    assert rules.submit_label == ""
    entry = form_of(await press_beside(rules, "Other"))
    entry.pick("People", "ana")
    rules = await saved(entry)
    assert "*Other*" not in rules.text and "Other: @ana" in rules.text
    moved = form_of(await rules.click("Move up"))
    assert "Saved" in moved.text
    entry = form_of(await press_beside(moved, "Other"))
    screen = form_of(await (form_of(await entry.click("Remove"))).click("Back"))
    assert screen.title == "Team settings"
    sources = [rule.source for rule in (await team(office, "payments")).sources]
    assert sources == ["partner", "management", "support"]


async def test_what_is_left_out_of_a_form_stays(office: Office) -> None:
    before = await team(office, "payments")
    form = await part(office, "lead", "Components")
    form.fill("Components", "Checkout\nBilling\nRefunds")
    await saved(form)
    after = await team(office, "payments")
    assert after.components == ("Checkout", "Billing", "Refunds")
    assert after.priority_rules == before.priority_rules and after.rotation == before.rotation


async def test_a_component_that_a_rule_needs_is_not_taken_away(office: Office) -> None:
    form = await part(office, "lead", "Components")
    form.fill("Components", "Checkout")
    assert await error_of(form, "Components") == (
        'Priority rules: "Billing" is not among the team\'s components: Checkout.'
    )


async def test_two_who_change_at_once_do_not_overwrite_each_other(office: Office) -> None:
    first, second = await part(office, "lead", "Components"), await part(office, "olga", "Who gets new")
    first.fill("Components", "Billing\nRefunds")
    await saved(first)
    second.pick("Who gets a new request", "One after the other")
    assert "Somebody has changed this team's settings" in await error_of(second, "Who gets a new request")
    screen = form_of(await second.click("Back"))
    assert "Billing, Refunds" in screen.text
    again = form_of(await press_beside(screen, "Who gets new"))
    again.pick("Who gets a new request", "One after the other")
    await saved(again)
    assert (await team(office, "payments")).split_of_work is SplitOfWork.ROUND_ROBIN


async def test_others_are_told_whom_to_ask(office: Office) -> None:
    for who in ("bob", "ana"):
        words = said(await office.person(who).runs("/triage settings payments"))
        assert words == (
            "The settings of Payments are for lead, who leads it, and for workspace admins. Ask one of them."
        )
    assert "workspace admin" in said(await office.person("lead").runs("/triage new-team"))
    assert "and you lead none" in said(await office.person("ana").runs("/triage settings"))


async def test_whoever_loses_the_lead_cannot_save_any_more(office: Office) -> None:
    form = await part(office, "lead", "Components")
    basics = await part(office, "olga", "Name, lead")
    basics.pick("Lead", "alice")
    await saved(basics)
    form.fill("Components", "Refunds")
    assert "for alice, who leads it" in await error_of(form, "Components")
    assert (await team(office, "payments")).components == ("Billing", "Checkout")


async def test_a_pinned_team_is_shown_with_its_file_until_an_admin_releases_it(office: Office) -> None:
    await office.person("olga").opens_home()
    screen = await settings_of(office, "olga", "/triage settings platform")
    assert "teams.yml" in screen.text and "frontdesk export teams" in screen.text
    assert screen.buttons == ["Change it in Slack from now on"]
    released = form_of(await screen.click("Change it in Slack from now on"))
    assert "Released" in released.text and released.buttons.count("Edit") > 5
    await office.person("frank").waits_for("released this team from", in_="#triage-platform", timeout=PATIENT)
    assert await wishes_for_tabs(office) == 1


async def test_a_removed_team_takes_nothing_new(office: Office) -> None:
    lead = office.person("lead")
    await lead.opens_home()
    await lead.home(shows="Payments")
    screen = await settings_of(office, "olga")
    assert "Remove this team" not in (await settings_of(office, "lead")).buttons
    gone = form_of(await screen.click("Remove this team"))
    assert "Payments is removed" in gone.text
    assert not (await team(office, "payments")).active
    await office.person("bob").waits_for("removed the team Payments", in_="#triage-payments", timeout=PATIENT)
    # The tabs of its members follow a little later than the lead's.
    assert await wishes_for_tabs(office) == 1
    office.clock.advance(2)
    await office.settled()
    assert "Settings" not in (await lead.home()).buttons


async def test_the_home_tab_leads_to_the_settings(office: Office) -> None:
    lead, olga = office.person("lead"), office.person("olga")
    await lead.opens_home()
    home = await lead.home(shows="Teams")
    assert "Settings" in home.buttons and "New team" not in home.buttons
    assert form_of(await home.click("Settings")).title == "Team settings"
    await olga.opens_home()
    home = await olga.home(shows="Teams")
    assert home.buttons[-3:] == ["Settings", "New team", "All teams"]
    assert form_of(await home.click("New team")).submit_label == "Set up"
    teams = form_of(await home.click("All teams"))
    assert form_of(await press_beside(teams, "Payments")).title == "Team settings"
