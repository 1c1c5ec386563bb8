"""Who may make an issue of a thread, checked when the form opens and again when it is sent."""

import json
from typing import Any

import pytest

from bot.sandbox.forms import Form
from bot.sandbox.story import Answer, Seen
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


async def test_a_form_that_was_changed_to_another_private_channel_finds_nothing_there(desk: Desk) -> None:
    secret = await desk.person("ana").says("Salaries are wrong", in_="#payments-private")
    desk.box.change_person("olga", is_admin=True)
    form = await desk.jira_form(await desk.person("ana").says("Lunch?", in_="#ask-payments"), by="olga")
    _point_at(form, secret)
    sent = await form.submit()
    assert isinstance(sent, Form)
    assert " ".join(sent.errors.values()) == "I cannot find that thread, or you cannot see it."
    assert await desk.open_entries() == []
    assert desk.box.journal.calls("conversations.replies") == []


async def test_a_changed_form_is_not_told_of_the_issue_that_a_private_thread_has(desk: Desk) -> None:
    secret = await desk.person("ana").says("Salaries are wrong", in_="#payments-private")
    assert await (await desk.jira_form(secret, by="alice")).submit() is None
    await desk.quiet()
    form = await desk.jira_form(await desk.person("ana").says("Lunch?", in_="#ask-payments"), by="olga")
    _point_at(form, secret, reachable=False)
    sent = await form.submit()
    assert isinstance(sent, Form)
    assert "already" not in sent.text + str(sent.errors)
    assert "you cannot see it" in str(sent.errors)
    assert len(desk.site.issues()) == 1


async def test_somebody_who_left_the_private_channel_meanwhile_is_refused(desk: Desk) -> None:
    secret = await desk.person("ana").says("Salaries are wrong", in_="#payments-private")
    form = await desk.jira_form(secret, by="alice")
    channel = desk.box.channel("#payments-private")
    channel.members.remove(desk.person("alice").id)
    sent = await form.submit()
    assert isinstance(sent, Form)
    assert "you cannot see it" in " ".join(sent.errors.values())
    assert await desk.open_entries() == []


async def test_a_member_on_a_later_page_of_a_large_private_channel_is_found(desk: Desk) -> None:
    names = [desk.box.add_person(f"person{number}").id for number in range(1500)]
    desk.box.add_channel("large", private=True, members=("ana", *names, "alice"))
    said = await desk.person("ana").says("Refund stuck", in_="#large")
    assert await (await desk.jira_form(said, by="alice")).submit() is None
    await desk.quiet()
    assert len(desk.site.issues()) == 1
    assert len(desk.box.journal.calls("conversations.members")) == 2


async def test_while_slack_does_not_tell_who_is_in_the_channel_nothing_is_stored(desk: Desk) -> None:
    secret = await desk.person("ana").says("Salaries are wrong", in_="#payments-private")
    form = await desk.jira_form(secret, by="alice")
    desk.box.faults.add(method="conversations.members", kind="status", times=1, status=503)
    sent = await form.submit()
    assert isinstance(sent, Form)
    assert "Slack does not tell me just now" in " ".join(sent.errors.values())
    assert await form.submit() is None


def _point_at(form: Form, secret: Seen, **more: Any) -> None:
    """What nobody can do in Slack: the form's hidden text names another thread."""
    kept = json.loads(form.view.body["private_metadata"])
    forged = {**kept, "channel": secret.channel, "thread": secret.ts, "message": secret.ts, **more}
    form.view.body["private_metadata"] = json.dumps(forged)


async def test_a_form_that_names_a_request_with_a_thread_of_another_place_finds_nothing(desk: Desk) -> None:
    await desk.request()
    other = await desk.person("ana").says("Lunch?", in_="#general")
    form = await desk.jira_form(other)
    _point_at(form, other, request=12)
    sent = await form.submit()
    assert isinstance(sent, Form)
    assert "I cannot find that thread" in " ".join(sent.errors.values())
    assert await desk.open_entries() == []
