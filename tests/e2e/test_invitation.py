"""The bot is invited to a channel: whoever brought it is asked what for, and their choice counts."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.slack import membership
from bot.sandbox.story import Seen
from bot.teams import edit
from bot.teams.roster import Teams
from tests.e2e.conftest import assert_calls_agree
from tests.e2e.office import PAYMENTS, PLATFORM, Office, Transport, open_office
from tests.e2e.screen import said

pytestmark = pytest.mark.by_turns

PLAN = {"days": "mon-fri", "open_for": "2h", "channel": "C0STANDUP1", "questions": ["Done?", "Next?"]}
MORNING, EVENING = PLAN | {"name": "Morning", "at": "09:30"}, PLAN | {"name": "Evening", "at": "17:00"}


@pytest.fixture
async def office(
    database_url: str, tmp_path: Path, transport: Transport, specs: Path
) -> AsyncIterator[Office]:
    """Payments and Platform are set up in Slack, and there are two channels more."""
    payments = PAYMENTS | {"standups": [MORNING, EVENING]}
    opening = open_office(
        database_url, tmp_path, transport=transport, with_jira=False, teams=(payments, PLATFORM)
    )
    async with opening as opened:
        for name, private in (("new-home", False), ("quiet-corner", True)):
            members = ("lead", "ana", "olga", "alice")
            opened.box.add_channel(name, members=members, private=private, with_bot=False)
        for team in ("payments", "platform"):
            await opened.product.database.write(edit.release, team, opened.clock.now())
        yield opened
    assert_calls_agree(opened)


async def asked(office: Office, who: str, channel: str = "#new-home") -> Seen:
    """What somebody reads who has invited the bot."""
    await office.person(who).invites_bot(channel)
    found = await office.person(who).waits_for("Thank you for inviting me", in_=channel)
    assert found.only_for == who
    return found


async def teams(office: Office) -> Teams:
    await office.settled()
    await office.product.deps.directory.refresh_groups(office.clock.now())
    return await office.product.deps.directory.teams()


async def team(office: Office, key: str = "payments") -> Any:
    return (await teams(office)).by_word(key)


async def by_lead(office: Office, channel: str) -> list[str]:
    """The lines in which a channel reads what its lead has changed."""
    await office.settled()
    seen = await office.person("lead").sees(in_=channel)
    return [one.text for one in seen if not one.only_for and "@lead" in one.text]


async def test_a_lead_makes_the_channel_an_intake_channel_and_the_team_reads_it(office: Office) -> None:
    question = await asked(office, "lead")
    assert question.buttons == ["Triage channel", "Intake channel", "Check-ins", "Nothing of these"]
    assert "for Payments?" in question.text
    asks = await question.click("Intake channel")
    assert "every message that somebody writes here would become a request to Payments" in said(asks)
    assert "private" not in said(asks)
    assert "Done. This is an intake channel of Payments" in said(await asks.click("Yes, please"))
    await office.person("alice").waits_for("as @lead has set it", in_="#triage-payments")
    assert len((await team(office)).intake_channels) == 2
    assert len(await by_lead(office, "#triage-payments")) == 1
    message = await office.person("ana").says("Refund stuck", in_="#new-home")
    await office.person("ana").waits_for("#1 is with Payments", thread=message)


async def test_cards_move_only_after_a_yes_and_a_private_channel_says_who_reads(office: Office) -> None:
    question = await asked(office, "lead", "#quiet-corner")
    asks = await question.click("Triage channel")
    assert "Everybody in it will read every request to Payments" in said(asks)
    kept = await asks.click("No, leave it")
    assert "I keep quiet here" in said(kept)
    assert (await team(office)).triage_channel == "C0TRIAGE01"
    office.box.remove_bot("quiet-corner")
    again = await (await asked(office, "lead", "#quiet-corner")).click("Triage channel")
    said(await again.click("Yes, please"))
    await office.person("lead").waits_for("New cards of this team come here", in_="#quiet-corner")
    await office.person("alice").waits_for(
        "New cards of this team come to #quiet-corner", in_="#triage-payments"
    )
    assert (await team(office)).triage_channel != "C0TRIAGE01"
    assert [len(await by_lead(office, one)) for one in ("#quiet-corner", "#triage-payments")] == [1, 1]


async def test_of_several_check_ins_one_is_chosen(office: Office) -> None:
    question = await asked(office, "lead")
    which = await question.click("Check-ins")
    assert which.buttons == ["All of them", "Morning", "Evening"]
    said(await which.click("Evening"))
    channels = {plan.name: plan.channel for plan in (await team(office)).standups}
    assert channels["Morning"] == "C0STANDUP1" and channels["Evening"] != "C0STANDUP1"


async def test_an_admin_is_asked_for_which_team(office: Office) -> None:
    question = await asked(office, "olga")
    which = await question.click("Intake channel")
    assert which.buttons == ["Payments", "Platform"]
    asks = await which.click("Platform")
    said(await asks.click("Yes, please"))
    assert (await team(office, "platform")).intake_channels


async def test_a_team_that_a_file_pins_stays_as_it_is_and_the_line_for_the_file_is_told(
    office: Office,
) -> None:
    await office.apply(PAYMENTS, PLATFORM)
    question = await asked(office, "lead")
    told = said(await question.click("Intake channel"))
    assert "set up by a file" in told and "intake_channels: [C0ASKPAY01, C" in told
    assert (await team(office)).intake_channels == ("C0ASKPAY01",)


async def test_whoever_leads_no_team_reads_whom_to_ask(office: Office) -> None:
    question = await asked(office, "ana")
    assert "@lead (Payments)" in question.text and question.buttons == []


async def test_a_guest_who_invites_the_bot_reads_no_team_and_no_name(office: Office) -> None:
    office.box.add_channel("visitors", members=("gina",), with_bot=False)
    question = await asked(office, "gina", "#visitors")
    assert "Ask whoever you work with here" in question.text and question.buttons == []
    assert "Payments" not in question.text and "@lead" not in question.text


async def test_a_channel_that_has_its_use_is_greeted_in_one_line(office: Office) -> None:
    office.box.remove_bot("ask-payments")
    question = await asked(office, "ana", "#ask-payments")
    assert "This is an intake channel of Payments" in question.text and question.buttons == []


async def test_a_button_of_somebody_who_leads_no_more_changes_nothing(office: Office) -> None:
    question = await asked(office, "lead")
    asks = await question.click("Intake channel")
    await office.apply(PAYMENTS | {"lead": "U0ALICE001"}, PLATFORM)
    await office.product.database.write(edit.release, "payments", office.clock.now())
    await teams(office)
    assert "Only the lead of a team" in said(await asks.click("Yes, please"))
    assert len((await team(office)).intake_channels) == 1


async def test_an_invitation_that_comes_twice_is_asked_about_once_and_one_by_nobody_not_at_all(
    office: Office,
) -> None:
    office.box.deliver_twice()
    await asked(office, "lead")
    world = office.box.workspace.world
    membership.join(world, world.channel("quiet-corner"), world.bot_user_id)
    await office.person("ana").leaves("#new-home")
    await office.person("ana").joins("#new-home")
    await office.settled()
    asks = [
        one
        for name in ("lead", "ana", "olga")
        for one in await office.person(name).sees()
        if "inviting" in one.text
    ]
    assert len(asks) == 1
