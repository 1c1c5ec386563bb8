"""What comes again or late: reopening, emoji and taking them back, old and forged buttons, a removed team."""

import pytest

from tests.e2e.office import PAYMENTS, PLATFORM, Office
from tests.e2e.screen import error_of, form_of, said
from tests.e2e.steps import chooses, in_state, reads, receipt_of, shows

pytestmark = pytest.mark.by_turns


async def test_a_resolved_request_can_be_reopened_from_the_menu(office: Office) -> None:
    card = await in_state(office, "Resolved")
    await card.choose("Reopen", by=office.person("alice"))
    await shows(office, "State\nNew")
    await reads(office, "#1 is New again: it is open")


async def test_the_requesters_reply_opens_it_again(office: Office) -> None:
    card = await in_state(office, "Resolved")
    await office.person("ana").says("It is stuck again", thread=await receipt_of(office, "#1"))
    await shows(office, "State\nNew")
    await office.person("alice").waits_for("@ana reopened it with a reply", thread=card)


@pytest.mark.parametrize(
    ("text", "shown"), [("Thanks!", "Thanks!"), ("Thank you, works now :tada:", "works now"), ("👍", ":+1:")]
)
async def test_thanks_open_nothing_again(office: Office, text: str, shown: str) -> None:
    card = await in_state(office, "Resolved")
    await office.person("ana").says(text, thread=await receipt_of(office, "#1"))
    await office.person("alice").waits_for(shown, thread=card)
    await office.settled()
    assert "Resolved" in (await card.now()).text


async def test_the_teams_words_after_the_end_open_nothing(office: Office) -> None:
    card = await in_state(office, "Resolved")
    await office.person("alice").says("The cause was a full disk", thread=card)
    await reads(office, "The cause was a full disk")
    await office.settled()
    assert "Resolved" in (await card.now()).text


async def test_the_one_who_filed_it_for_somebody_opens_nothing_by_talking(office: Office) -> None:
    message = await office.person("ana").says("Refund stuck", in_="#general")
    await office.person("alice").reacts(message, ":ticket:")
    card = await office.card("#1")
    await card.click("Resolve", by=office.person("alice"))
    await office.person("alice").says("I restarted the ledger", thread=message)
    await office.person("bob").waits_for("I restarted the ledger", thread=card)
    await office.settled()
    assert "Resolved" in (await card.now()).text


async def test_the_requester_resolves_it_from_the_receipt(office: Office) -> None:
    await office.asks("Refund stuck")
    await (await receipt_of(office, "#1")).click("Resolve")
    await shows(office, "Resolved")


async def test_the_requester_reopens_it_from_the_notice(office: Office) -> None:
    await in_state(office, "Resolved")
    await (await reads(office, "#1 is Resolved")).click("Reopen")
    await shows(office, "State\nNew")


async def test_eyes_on_the_card_claim_and_taking_them_back_gives_it_back(office: Office) -> None:
    card, bob = await office.asks("Refund stuck"), office.person("bob")
    await bob.reacts(card, ":eyes:")
    await shows(office, "In progress", "@bob")
    await bob.unreacts(card, ":eyes:")
    await shows(office, "State\nNew", "nobody yet")


async def test_a_check_mark_on_the_card_resolves_and_taking_it_back_reopens(office: Office) -> None:
    card, bob = await office.asks("Refund stuck"), office.person("bob")
    await bob.reacts(card, ":white_check_mark:")
    await shows(office, "Resolved")
    await bob.unreacts(card, ":white_check_mark:")
    await shows(office, "State\nNew")


async def test_eyes_taken_back_after_more_has_happened_change_nothing(office: Office) -> None:
    card, bob = await office.asks("Refund stuck"), office.person("bob")
    await bob.reacts(card, ":eyes:")
    await shows(office, "In progress", "@bob")
    await (await card.now()).click("Resolve", by=office.person("alice"))
    await shows(office, "Resolved")
    await bob.unreacts(card, ":eyes:")
    await office.settled()
    assert "Resolved" in (await card.now()).text


async def test_the_slower_of_two_pairs_of_eyes_is_told_privately(office: Office) -> None:
    card = await office.asks("Refund stuck")
    await office.person("bob").reacts(card, ":eyes:")
    await shows(office, "In progress", "@bob")
    await office.person("carol").reacts(card, ":eyes:")
    told = await office.person("carol").waits_for("claimed already by @bob", in_="#triage-payments")
    assert told.only_for == "carol"


async def test_eyes_that_are_faster_than_our_note_of_the_card_are_not_lost(office: Office) -> None:
    office.box.faults.add(
        method="chat.postMessage", kind="hang_after", channel="C0TRIAGE01", times=1, seconds=1.0
    )
    said(await office.person("ana").runs("/ask-team payments Refund stuck"))
    card = await office.card("#1")
    await office.person("bob").reacts(card, ":eyes:")
    await shows(office, "In progress", "@bob")


async def test_eyes_below_the_card_claim_nothing(office: Office) -> None:
    card = await office.asks("Refund stuck")
    reply = await office.person("alice").says("Looking", thread=card)
    await office.person("bob").reacts(reply, ":eyes:")
    await office.settled()
    assert "State\nNew" in (await card.now()).text


@pytest.mark.parametrize("value", ["v0:1", "1", "v1:1:claim", "v1:4711", "v1:99999999999999999999"])
async def test_a_button_of_another_time_is_answered_in_words(office: Office, value: str) -> None:
    card = await office.asks("Refund stuck")
    action = {"action_id": "request.claim", "block_id": "request.actions", "value": value, "type": "button"}
    answer = said(await office.person("alice").act(card.message, action))
    assert "from another time" in answer or "does not exist" in answer
    assert "State\nNew" in (await card.now()).text


async def test_a_menu_entry_of_another_time_is_answered_in_words(office: Office) -> None:
    card = await office.asks("Refund stuck")
    option = {"text": {"type": "plain_text", "text": "Escalate"}, "value": "v1:1:escalate"}
    action = {
        "action_id": "request.menu",
        "block_id": "request.actions",
        "type": "overflow",
        "selected_option": option,
    }
    assert "from another time" in said(await office.person("alice").act(card.message, action))


async def test_a_button_with_the_number_of_another_teams_request_finds_nothing(office: Office) -> None:
    await office.apply(PAYMENTS, PLATFORM)
    said(await office.person("ana").runs("/ask-team platform Login broken"))
    await office.person("frank").waits_for("Login broken", in_="#triage-platform")
    await receipt_of(office, "#1")
    card = await office.asks("Refund stuck")
    action = {"action_id": "request.claim", "block_id": "request.actions", "value": "v1:1", "type": "button"}
    assert "does not exist" in said(await office.person("alice").act(card.message, action))


async def test_a_form_for_what_was_closed_meanwhile_says_so(office: Office) -> None:
    card = await office.asks("Refund stuck")
    form = await chooses(card, "Decline", office)
    await card.click("Resolve", by=office.person("bob"))
    form.fill("Why?", "Not ours")
    assert "#1 is Resolved" in await error_of(form, "Why?")


async def test_a_menu_that_is_older_than_the_card_answers_in_words(office: Office) -> None:
    card = await in_state(office, "Resolved")
    option = {"text": {"type": "plain_text", "text": "Snooze"}, "value": "v1:1:snooze"}
    action = {
        "action_id": "request.menu",
        "block_id": "request.actions",
        "type": "overflow",
        "selected_option": option,
    }
    assert "Reopen it first" in said(await office.person("alice").act(card.message, action))


async def test_a_form_sent_after_its_team_was_removed_keeps_the_words_and_says_so(office: Office) -> None:
    await office.apply(PAYMENTS, PLATFORM)
    form = form_of(await office.person("ana").runs("/ask-team platform"))
    form.fill("Summary", "Login broken")
    await office.apply(PAYMENTS)
    assert "takes no new requests any more" in await error_of(form, "Team")
    assert form.value("Summary") == "Login broken"


async def test_the_requests_of_a_removed_team_can_be_finished(office: Office) -> None:
    await office.apply(PLATFORM, PAYMENTS)
    card = await office.asks("Refund stuck")
    await office.apply(PLATFORM)
    await card.click("Claim", by=office.person("alice"))
    await shows(office, "In progress", "@alice")
    await (await card.now()).click("Resolve", by=office.person("alice"))
    await reads(office, "#1 is Resolved")


async def test_the_emoji_of_a_removed_team_files_nothing(office: Office) -> None:
    await office.apply({**PLATFORM, "ticket_emoji": "wrench"})
    message = await office.person("ana").says("Refund stuck", in_="#ask-payments")
    await office.person("bob").reacts(message, ":ticket:")
    assert await office.count() == 0
