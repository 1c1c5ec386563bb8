"""Who may ask, who may work the queue, and what those hear who may not."""

import pytest

from bot.sandbox.screen import press
from bot.sandbox.slack.wire import Json
from bot.sandbox.story import Seen
from tests.e2e.office import PAYMENTS, PLATFORM, Office
from tests.e2e.screen import error_of, form_of, said, sends

pytestmark = pytest.mark.by_turns

NOT_HERE = "You cannot ask from here"
ONLY = "Only members of Payments can do that with #1"


def menu_action(value: str) -> Json:
    option = {"text": {"type": "plain_text", "text": "An entry"}, "value": value}
    return {
        "action_id": "request.menu",
        "block_id": "request.actions",
        "type": "overflow",
        "selected_option": option,
    }


async def unchanged(office: Office, card: Seen) -> bool:
    await office.settled()
    return (await card.now()).text == card.text


@pytest.mark.parametrize("who", ["ana", "erin", "frank"])
@pytest.mark.parametrize("button", ["Claim", "Assign"])
async def test_others_press_the_buttons_in_vain_and_are_told_why(
    office: Office, who: str, button: str
) -> None:
    card = await office.asks("Refund stuck")
    refused = said(await card.click(button, by=office.person(who)))
    assert refused.startswith(ONLY)
    assert await unchanged(office, card)


@pytest.mark.parametrize("entry", ["wait", "snooze", "decline", "duplicate", "priority"])
async def test_others_use_the_menu_in_vain_and_are_told_why(office: Office, entry: str) -> None:
    card = await office.asks("Refund stuck")
    refused = said(await office.person("erin").act(card.message, menu_action(f"v1:1:{entry}")))
    assert refused.startswith(ONLY)
    assert await unchanged(office, card)


async def test_the_requester_resolves_and_reopens_their_own_on_the_card(office: Office) -> None:
    card, ana = await office.asks("Refund stuck"), office.person("ana")
    await card.click("Resolve", by=ana)
    card = await office.card("Resolved")
    await card.choose("Reopen", by=ana)
    await office.card("State\nNew")


async def test_a_stranger_does_not_resolve_what_is_not_theirs(office: Office) -> None:
    card = await office.asks("Refund stuck")
    assert said(await card.click("Resolve", by=office.person("erin"))).startswith(ONLY)
    assert await unchanged(office, card)


@pytest.mark.parametrize("who", ["lead", "olga"])
async def test_the_lead_and_admins_work_the_queue_like_members(office: Office, who: str) -> None:
    card = await office.asks("Refund stuck")
    await card.click("Claim", by=office.person(who))
    assert f"@{who}" in (await office.card("In progress")).text


async def test_a_member_who_was_taken_out_of_the_file_works_the_queue_no_more(office: Office) -> None:
    card = await office.asks("Refund stuck")
    await office.apply({**PAYMENTS, "members": ["U0ALICE001"], "rotation": None})
    office.box.clock.advance(2)
    assert said(await card.click("Claim", by=office.person("bob"))).startswith(ONLY)


async def test_a_form_is_checked_again_when_it_is_sent(office: Office) -> None:
    card = await office.asks("Refund stuck")
    form = form_of(await card.choose("Decline", by=office.person("olga")))
    office.box.change_person("olga", is_admin=False)
    await office.settled()
    form.fill("Why?", "Not ours")
    assert (await error_of(form, "Why?")).startswith(ONLY)
    assert await unchanged(office, card)


async def test_eyes_and_check_marks_of_others_change_nothing_and_are_answered_privately(
    office: Office,
) -> None:
    card, erin = await office.asks("Refund stuck"), office.person("erin")
    await erin.joins("#triage-payments")
    await erin.reacts(card, ":eyes:")
    told = await erin.waits_for(ONLY, in_="#triage-payments")
    assert told.only_for == "erin"
    assert await unchanged(office, card)


async def test_the_check_mark_of_the_requester_resolves(office: Office) -> None:
    card, ana = await office.asks("Refund stuck"), office.person("ana")
    await ana.joins("#triage-payments")
    await ana.reacts(card, ":white_check_mark:")
    await office.card("Resolved")


async def test_next_is_for_those_who_work_the_queue(office: Office) -> None:
    await office.asks("Refund stuck")
    answer = said(await office.person("erin").runs("/triage next", in_="#general"))
    assert "Only members of" in answer
    assert "#1 is yours" in said(await office.person("olga").runs("/triage payments next"))


async def test_a_private_request_is_hidden_from_outsiders_everywhere(office: Office) -> None:
    await office.asks("Salaries leaked", in_="#payments-private")
    await office.asks("Refund stuck")
    erin = office.person("erin")
    listed = said(await erin.runs("/triage payments"))
    assert "#2" in listed and "#1" not in listed and "Salaries" not in listed
    assert "1 in all" in listed
    assert "Came in: 1" in said(await erin.runs("/triage payments stats"))
    assert "Salaries" not in said(await erin.runs("/triage payments all"))


async def test_a_hidden_request_is_answered_like_one_that_is_not_there(office: Office) -> None:
    await office.asks("Salaries leaked", in_="#payments-private")
    erin = office.person("erin")
    hidden, missing = said(await erin.runs("/triage 1")), said(await erin.runs("/triage 4711"))
    assert hidden == missing
    assert "does not exist, or you cannot see it" in hidden


@pytest.mark.parametrize("who", ["ana", "alice", "olga"])
async def test_a_private_request_is_shown_to_those_concerned(office: Office, who: str) -> None:
    await office.asks("Salaries leaked", in_="#payments-private")
    assert "Salaries leaked" in said(await office.person(who).runs("/triage 1", in_="#general"))
    assert "#1" in said(await office.person(who).runs("/triage payments"))


async def test_a_guest_asks_in_an_intake_channel(office: Office) -> None:
    await office.person("gina").says("Refund stuck", in_="#ask-payments")
    assert "@gina" in (await office.card("#1")).text


async def test_a_guest_asks_by_a_line_in_an_intake_channel(office: Office) -> None:
    assert said(await office.person("gina").runs("/ask-team Refund stuck", in_="#ask-payments")).startswith(
        "#1"
    )


async def test_a_guest_asks_nowhere_else(office: Office) -> None:
    side = office.box.add_channel("side", members=("gina", "alice"))
    assert NOT_HERE in said(await office.person("gina").runs("/ask-team payments Refund stuck", in_=side.id))
    assert await office.count() == 0


async def test_a_guests_form_from_elsewhere_is_refused_with_the_words_kept(office: Office) -> None:
    side = office.box.add_channel("side", members=("gina", "alice"))
    form = form_of(await office.person("gina").runs("/ask-team", in_=side.id))
    form.fill("Summary", "Refund stuck")
    result = await form.submit()
    assert result is not None and NOT_HERE in str(result.errors)
    assert form.value("Summary") == "Refund stuck"


async def test_somebody_of_a_partner_company_asks_in_the_channel_shared_with_them(office: Office) -> None:
    answer = said(await office.person("xena").runs("/ask-team payments Refund stuck", in_="#partner-acme"))
    assert answer.startswith("#1")
    assert "Partner team" in (await office.card("#1")).text


async def test_somebody_of_a_partner_company_sends_a_message_of_that_channel(office: Office) -> None:
    message = await office.person("xena").says("Refund stuck", in_="#partner-acme")
    form = form_of(await office.person("xena").message_shortcut("Send to triage", message))
    await sends(form)
    assert "@xena" in (await office.card("#1")).text


async def test_somebody_of_another_company_asks_nowhere_else(office: Office) -> None:
    shared = office.box.add_channel("other-shared", members=("xena", "alice"), shared=True)
    assert NOT_HERE in said(
        await office.person("xena").runs("/ask-team payments Refund stuck", in_=shared.id)
    )
    assert await office.count() == 0


async def test_the_emoji_of_a_guest_elsewhere_files_nothing_and_is_answered_privately(office: Office) -> None:
    side = office.box.add_channel("side", members=("gina", "alice"))
    message = await office.person("alice").says("Refund stuck", in_=side.id)
    await office.person("gina").reacts(message, ":ticket:")
    told = await office.person("gina").waits_for(NOT_HERE, in_=side.id)
    assert told.only_for == "gina"
    assert await office.count() == 0


async def test_somebody_who_was_deactivated_is_refused_with_the_same_words(office: Office) -> None:
    ana = office.person("ana")
    channel = office.box.channel("#general")
    sent = office.box.workspace.interactions.command(
        ana.account, channel, "/ask-team", "payments Refund stuck"
    )
    office.box.deactivate("ana")
    await office.settled()
    reply = await office.box.workspace.courier.ask("slash_command", sent.payload)
    assert NOT_HERE in reply.content["text"]
    assert await office.count() == 0


async def test_a_request_whose_asker_has_left_is_told_to_the_team(office: Office) -> None:
    card = await office.asks("Refund stuck")
    office.box.deactivate("ana")
    await card.click("Resolve", by=office.person("alice"))
    await office.card("Resolved")
    await office.settled()


async def test_a_message_of_somebody_who_left_is_filed_by_whoever_marks_it(office: Office) -> None:
    message = await office.person("ana").says("Refund stuck", in_="#general")
    office.box.deactivate("ana")
    await office.person("bob").reacts(message, ":ticket:")
    card = await office.card("#1")
    assert "@ana" in card.text and "Filed by @bob" in card.text


async def test_members_of_one_team_do_not_work_the_queue_of_another(office: Office) -> None:
    await office.apply(PAYMENTS, PLATFORM)
    card = await office.asks("Refund stuck")
    button = press(card.blocks, "Claim")
    assert button
    assert said(await office.person("frank").act(card.message, button)).startswith(ONLY)
