"""The card through its moves: buttons and menu of each state, the forms behind them, and what the requester hears."""

from datetime import timedelta

import pytest

from bot.sandbox.screen import press
from tests.e2e.office import PAYMENTS, PLATFORM, Office
from tests.e2e.screen import error_of, form_of, said, sends
from tests.e2e.steps import (
    chooses,
    declined,
    in_state,
    marked_as_duplicate,
    reads,
    receipt_of,
    shows,
    snoozed,
)

pytestmark = pytest.mark.by_turns

OPEN = ["Assign", "Resolve", "Create Jira issue"]
HELD = ["Assign", "Resolve", "Give it back", "Create Jira issue"]
MENU = ["Change priority", "Wait for requester", "Snooze", "Decline", "Mark as duplicate"]


@pytest.mark.parametrize(
    ("state", "buttons", "menu"),
    [
        ("New", ["Claim", *OPEN], MENU),
        ("In progress", HELD, MENU),
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
    assert "#1 is with that person already" in await error_of(form, "Who takes it?")


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


async def test_a_decline_is_told_with_its_reason(office: Office) -> None:
    await declined(office, await office.asks("Refund stuck"), "Orders does refunds, ask there")
    await shows(office, "Declined", "Reason: Orders does refunds, ask there")
    assert "Orders does refunds, ask there" in (await reads(office, "#1 is Declined")).text


@pytest.mark.parametrize("reason", ["", "\u00a0"])
async def test_a_decline_without_a_reason_is_refused_beside_it(office: Office, reason: str) -> None:
    form = await chooses(await office.asks("Refund stuck"), "Decline", office)
    form.fill("Why?", reason)
    assert await error_of(form, "Why?")


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
