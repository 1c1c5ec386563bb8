"""The card through every state: its buttons and menu, its forms, races, emoji, and what the requester hears."""

from datetime import timedelta

import pytest

from bot.sandbox.screen import press
from bot.sandbox.story import Form, Seen
from tests.e2e.office import PAYMENTS, PLATFORM, Office
from tests.e2e.screen import error_of, form_of, said, sends

OPEN = ["Assign", "Resolve", "Create Jira issue"]
MENU = ["Change priority", "Wait for requester", "Snooze", "Decline", "Mark as duplicate"]


async def chooses(card: Seen, entry: str, office: Office, *, by: str = "alice") -> Form:
    """The form behind an entry of the menu."""
    return form_of(await card.choose(entry, by=office.person(by)))


async def receipt_of(office: Office, label: str, *, by: str = "ana") -> Seen:
    return await office.person(by).waits_for(f"{label} is with", in_="dm")


async def reads(office: Office, words: str, *, label: str = "#1", by: str = "ana") -> Seen:
    """The requester reads this below their receipt."""
    return await office.person(by).waits_for(words, thread=await receipt_of(office, label, by=by))


async def shows(office: Office, *words: str, label: str = "#1") -> Seen:
    """The card, once it shows all of this."""
    card = await office.card(words[0])
    assert label in card.text
    for more in words:
        assert more in card.text, more
    return card


async def snoozed(office: Office, card: Seen, preset: str = "In 3 hours") -> Seen:
    form = await chooses(card, "Snooze", office)
    form.pick("Until", preset)
    await sends(form)
    return await shows(office, "Snoozed until")


async def declined(office: Office, card: Seen, reason: str = "Not ours") -> Seen:
    form = await chooses(card, "Decline", office)
    form.fill("Why?", reason)
    await sends(form)
    return await shows(office, "Declined")


async def marked_as_duplicate(office: Office, card: Seen, of: str) -> None:
    form = await chooses(card, "Mark as duplicate", office)
    form.fill("Duplicate of which request?", of)
    await sends(form)


async def in_state(office: Office, state: str) -> Seen:
    """The card of request #1 in this state; the original of a duplicate is #2."""
    card = await office.asks("Refund stuck")
    alice = office.person("alice")
    match state:
        case "New":
            return card
        case "In progress":
            await card.click("Claim", by=alice)
        case "Waiting on requester":
            await card.choose("Wait for requester", by=alice)
        case "Snoozed":
            return await snoozed(office, card)
        case "Resolved":
            await card.click("Resolve", by=alice)
        case "Declined":
            return await declined(office, card)
        case _:
            await office.asks("The same as before", by="bob")
            await marked_as_duplicate(office, card, "#2")
    return await shows(office, state)


@pytest.mark.parametrize(
    ("state", "buttons", "menu"),
    [
        ("New", ["Claim", *OPEN], MENU),
        ("In progress", OPEN, MENU),
        (
            "Waiting on requester",
            ["Claim", *OPEN],
            [entry for entry in MENU if entry != "Wait for requester"],
        ),
        ("Snoozed", ["Claim", *OPEN], MENU),
        ("Resolved", ["Create Jira issue"], ["Change priority", "Reopen"]),
        ("Declined", ["Create Jira issue"], ["Change priority", "Reopen"]),
        ("Duplicate of #2", ["Create Jira issue"], ["Change priority", "Reopen"]),
    ],
)
async def test_the_card_offers_what_its_state_allows(
    office: Office, state: str, buttons: list[str], menu: list[str]
) -> None:
    card = await in_state(office, state)
    assert (card.buttons, card.menu) == (buttons, menu)


# Claim and assign


async def test_a_claim_shows_its_person_and_is_told(office: Office) -> None:
    card = await office.asks("Refund stuck")
    await card.click("Claim", by=office.person("bob"))
    await shows(office, "In progress", "@bob")
    assert "@bob works on it" in (await reads(office, "#1 is In progress")).text


async def test_the_slower_of_two_claims_reads_who_was_faster(office: Office) -> None:
    card = await office.asks("Refund stuck")
    button = press(card.blocks, "Claim")
    assert button
    await office.person("bob").act(card.message, button)
    refused = said(await office.person("carol").act(card.message, button))
    assert "#1 is claimed already by @bob" in refused and "Assign" in refused


async def test_the_thread_of_the_card_holds_who_did_what(office: Office) -> None:
    card = await office.asks("Refund stuck")
    await card.click("Claim", by=office.person("bob"))
    await office.person("alice").waits_for("@bob claimed it", thread=card)


async def test_it_is_assigned_by_a_form_and_the_requester_hears_to_whom(office: Office) -> None:
    card = await office.asks("Refund stuck")
    form = form_of(await card.click("Assign", by=office.person("alice")))
    form.pick("Who takes it?", "@carol")
    await sends(form)
    await shows(office, "In progress", "@carol")
    assert "@carol works on it" in (await reads(office, "#1 is In progress")).text


async def test_only_the_teams_people_can_be_assigned(office: Office) -> None:
    card = await office.asks("Refund stuck")
    form = form_of(await card.click("Assign", by=office.person("alice")))
    form.pick("Who takes it?", "@erin")
    assert "Only members of Payments can hold its requests" in await error_of(form, "Who takes it?")


async def test_somebody_who_has_left_cannot_be_assigned(office: Office) -> None:
    office.box.deactivate("carol")
    await office.settled()
    card = await office.asks("Refund stuck")
    form = form_of(await card.click("Assign", by=office.person("alice")))
    form.pick("Who takes it?", "@carol")
    assert "has left" in await error_of(form, "Who takes it?")


async def test_an_assignment_that_changes_nothing_is_refused_in_words(office: Office) -> None:
    card = await in_state(office, "In progress")
    form = form_of(await card.click("Assign", by=office.person("bob")))
    assert "@" in (await error_of(form, "Who takes it?"))


# Priority


async def test_a_changed_priority_is_on_the_card_and_no_rule_explains_it(office: Office) -> None:
    card = await office.asks("Refund stuck", by="boss")
    assert "Priority by rule: Anything from Management is High" in card.text
    form = await chooses(card, "Change priority", office)
    assert form.value("Priority") == "High"
    form.pick("Priority", "Low")
    await sends(form)
    changed = await shows(office, "Low", "Asked for as Normal")
    assert "by rule" not in changed.text


async def test_the_same_priority_is_refused_beside_the_field(office: Office) -> None:
    form = await chooses(await office.asks("Refund stuck"), "Change priority", office)
    assert "#1 is Normal already" in await error_of(form, "Priority")


# Waiting


async def test_the_requester_is_told_that_an_answer_is_needed(office: Office) -> None:
    await in_state(office, "Waiting on requester")
    assert "@alice needs an answer from you" in (await reads(office, "Waiting on requester")).text


async def test_the_requesters_reply_ends_the_waiting(office: Office) -> None:
    card = await in_state(office, "In progress")
    await card.choose("Wait for requester", by=office.person("alice"))
    await shows(office, "Waiting on requester", "@alice")
    await office.person("ana").says("It is order 123", thread=await receipt_of(office, "#1"))
    await shows(office, "In progress", "@alice")
    await office.person("alice").waits_for("answered: it is the team's move again", thread=card)
    await reads(office, "the team has your answer")


async def test_even_thanks_are_an_answer_to_a_waiting_team(office: Office) -> None:
    await in_state(office, "Waiting on requester")
    await office.person("ana").says("Thanks!", thread=await receipt_of(office, "#1"))
    await shows(office, "New")


# Snooze


async def test_a_snoozed_request_wakes_by_itself_and_says_so(office: Office) -> None:
    card = await in_state(office, "Snoozed")
    await reads(office, "The team comes back to it then")
    office.clock.advance(timedelta(hours=3, seconds=1))
    await shows(office, "State\nNew")
    await office.person("alice").waits_for("Its snooze is over", thread=card)
    await reads(office, "#1 is New again")


async def test_awake_it_is_with_the_one_who_had_it(office: Office) -> None:
    await snoozed(office, await in_state(office, "In progress"))
    office.clock.advance(timedelta(hours=3, seconds=1))
    await shows(office, "In progress", "@alice")


async def test_a_snooze_until_a_day_ends_in_the_teams_morning(office: Office) -> None:
    form = await chooses(await office.asks("Refund stuck"), "Snooze", office)
    day = (office.clock.now() + timedelta(days=9)).date()
    form.fill("Or until a day", day.isoformat())
    await sends(form)
    assert f"{day:%a %d %b} 09:00" in (await shows(office, "Snoozed until")).text


async def test_a_day_that_is_over_is_refused_beside_it(office: Office) -> None:
    form = await chooses(await office.asks("Refund stuck"), "Snooze", office)
    form.fill("Or until a day", "2020-01-01")
    assert "over already" in await error_of(form, "Or until a day")


async def test_a_snooze_without_any_time_is_refused_beside_its_choice(office: Office) -> None:
    form = await chooses(await office.asks("Refund stuck"), "Snooze", office)
    assert "Choose until when" in await error_of(form, "Until")


# Decline


async def test_a_decline_is_told_with_its_reason(office: Office) -> None:
    await declined(office, await office.asks("Refund stuck"), "Orders does refunds, ask there")
    await shows(office, "Declined", "Reason: Orders does refunds, ask there")
    assert "Orders does refunds, ask there" in (await reads(office, "#1 is Declined")).text


@pytest.mark.parametrize("reason", ["", "\u00a0"])
async def test_a_decline_without_a_reason_is_refused_beside_it(office: Office, reason: str) -> None:
    form = await chooses(await office.asks("Refund stuck"), "Decline", office)
    form.fill("Why?", reason)
    assert await error_of(form, "Why?")


# Duplicates


@pytest.mark.parametrize(
    ("typed", "words"),
    [("99", "There is no #99"), ("#1", "duplicate of itself"), ("the other", "Write the request's number")],
)
async def test_a_wrong_number_of_the_original_is_refused_beside_it(
    office: Office, typed: str, words: str
) -> None:
    form = await chooses(await office.asks("Refund stuck"), "Mark as duplicate", office)
    form.fill("Duplicate of which request?", typed)
    assert words in await error_of(form, "Duplicate of which request?")


async def test_the_asker_of_a_duplicate_hears_what_becomes_of_the_original(office: Office) -> None:
    original = await office.asks("Refund stuck", by="bob")
    await marked_as_duplicate(office, await office.asks("Refund stuck too"), "#1")
    await reads(office, "You will hear here what becomes of that one", label="#2")
    await original.click("Resolve", by=office.person("alice"))
    told = await reads(office, "#1, which asks for the same", label="#2")
    assert "Resolved" in told.text


async def test_a_private_original_of_another_team_is_as_good_as_not_there(office: Office) -> None:
    await office.apply(PAYMENTS, PLATFORM)
    hidden = office.box.add_channel("platform-private", private=True, members=("frank", "olga"))
    said(await office.person("frank").runs("/ask-team platform Secret plan", in_=hidden.id))
    form = await chooses(await office.asks("Refund stuck"), "Mark as duplicate", office)
    form.fill("Duplicate of which request?", "#1")
    assert "There is no #1 that you can see" in await error_of(form, "Duplicate of which request?")


# Resolve and reopen


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


# Emoji on the card


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


async def test_eyes_below_the_card_claim_nothing(office: Office) -> None:
    card = await office.asks("Refund stuck")
    reply = await office.person("alice").says("Looking", thread=card)
    await office.person("bob").reacts(reply, ":eyes:")
    await office.settled()
    assert "State\nNew" in (await card.now()).text


# Old and forged buttons


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


# A team that was taken out of the file


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
