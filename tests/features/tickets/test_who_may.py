"""Who may make an issue of a thread, checked when the form opens and again when it is sent."""

import pytest

from bot.sandbox.forms import Form
from bot.sandbox.story import Answer
from tests.features.tickets.conftest import Desk


@pytest.fixture
def edition() -> str:
    """Rights do not depend on Jira's edition."""
    return "cloud"


@pytest.mark.parametrize("name", ["alice", "lead", "olga"])
async def test_a_member_the_lead_and_a_workspace_admin_get_the_form(desk: Desk, name: str) -> None:
    _, asker = await desk.request()
    assert (await desk.jira_form(asker, by=name)).title == "Create Jira issue"


async def test_others_are_told_who_can_make_an_issue_of_a_request(desk: Desk) -> None:
    card, asker = await desk.request()
    told = await desk.refusal(asker, by="frank")
    assert told == (
        "Only members of Payments can make a Jira issue of #12. Ask for it in the request's thread: the team reads it."
    )
    pressed = await card.click("Create Jira issue", by=desk.person("frank"))
    assert isinstance(pressed, Answer)
    assert pressed.text == told


async def test_the_asker_alone_cannot_make_an_issue(desk: Desk) -> None:
    _, asker = await desk.request()
    assert "Only members of Payments" in await desk.refusal(asker, by="ana")


async def test_on_another_thread_those_who_work_no_queue_are_told_what_to_do(desk: Desk) -> None:
    said = await desk.person("ana").says("The office is cold", in_="#general")
    told = await desk.refusal(said, by="frank")
    assert "Only people who work a team's queue" in told
    assert "Send to triage" in told


async def test_a_guest_is_refused(desk: Desk) -> None:
    said = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    assert "Only people who work a team's queue" in await desk.refusal(said, by="gina")


async def test_an_admin_of_another_company_is_refused(desk: Desk) -> None:
    desk.box.change_person("xena", is_admin=True)
    said = await desk.person("alice").says("Refund stuck", in_="#partner-acme")
    assert "Only people who work a team's queue" in await desk.refusal(said, by="xena")


async def test_somebody_who_lost_the_right_meanwhile_is_refused_when_the_form_is_sent(desk: Desk) -> None:
    said = await desk.person("ana").says("Refund stuck", in_="#general")
    form = await desk.jira_form(said, by="olga")
    desk.box.change_person("olga", is_admin=False)
    await desk.deps.directory.forget_person(desk.person("olga").id)
    sent = await form.submit()
    assert isinstance(sent, Form)
    assert "Only people who work a team's queue" in " ".join(sent.errors.values())
    assert await desk.open_entries() == []


async def test_in_a_channel_without_the_bot_the_person_is_asked_to_invite_it(desk: Desk) -> None:
    said = await desk.person("alice").says("Refund stuck", in_="#random")
    told = await desk.refusal(said, by="alice")
    assert "/invite @Frontdesk" in told
    assert desk.box.journal.calls("conversations.replies") == []


async def test_a_button_of_a_request_that_is_not_there_says_so(desk: Desk) -> None:
    card = await desk.card(number=99)
    pressed = await card.click("Create Jira issue", by=desk.person("alice"))
    assert isinstance(pressed, Answer)
    assert "does not exist" in pressed.text


async def test_a_request_whose_card_is_not_there_yet_can_be_made_an_issue(desk: Desk) -> None:
    card, _ = await desk.request()
    assert desk.known.request is not None
    desk.known.request = type(desk.known.request)(**{**vars(desk.known.request), "card": None, "asker": None})
    form = await card.click("Create Jira issue", by=desk.person("alice"))
    assert isinstance(form, Form)
    assert await form.submit() is None
    await desk.quiet()
    assert len(desk.site.issues()) == 1
