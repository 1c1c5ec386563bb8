"""Check-ins in a real browser: asked, reminded, answered, left out, summed up, and what is in the way made a request."""

import re

from playwright.async_api import Locator, Page, expect

from tests.browser.axe import check_axe
from tests.browser.conftest import Shoot
from tests.browser.desk import Desk
from tests.browser.hands import card, goes_to, press, say

# A Wednesday in Kyiv, by whose clock the demo's team checks in, and the day after it.
OPENS, REMINDS, NEXT_DAY = "2026-11-25T09:30", "2026-11-25T10:00", "2026-11-26T09:30"


async def it_is(controls: Page, when: str) -> None:
    """The stage's clock goes there."""
    await controls.get_by_label(re.compile("^Another time")).fill(when)
    await controls.get_by_role("button", name="Go there").click()


async def talk(desk: Desk, person: str) -> Page:
    """A window of this person on their talk with the bot."""
    page = await desk.window(person, "#standup-payments")
    await goes_to(page, "frontdesk")
    return page


def form_of(page: Page) -> Locator:
    """The form that is open."""
    return page.get_by_role("dialog")


async def send(page: Page, button: str = "Send") -> None:
    """Send the form, and see it go."""
    await form_of(page).get_by_role("button", name=button, exact=True).click()
    await expect(form_of(page)).to_have_count(0)


async def test_a_morning_from_the_question_to_the_summary_and_the_day_after(desk: Desk, shoot: Shoot) -> None:
    controls = await desk.window(place="/controls")
    await it_is(controls, OPENS)
    alice, bob, carol = [await talk(desk, name) for name in ("alice", "bob", "carol")]
    await _fills_in(alice)
    await _skips(bob)
    await it_is(controls, REMINDS)
    await _is_reminded_and_answers(carol)
    await _is_summed_up(desk, shoot)
    await it_is(controls, NEXT_DAY)
    await _says_the_same(alice)
    await _looks_ahead(bob)


async def _fills_in(alice: Page) -> None:
    asked = card(alice, "Morning")
    await expect(asked).to_contain_text("Open until 10:30.")
    await press(asked, "Fill in")
    await form_of(alice).get_by_label("What did you finish?").fill("The refunds of last week")
    await form_of(alice).get_by_label("What is next?").fill("Payouts")
    await form_of(alice).get_by_label("Anything in your way?").fill("The bank's test system is down")
    await send(alice)
    await expect(asked).to_contain_text("Recorded, thank you.")


async def _skips(bob: Page) -> None:
    asked = card(bob, "Morning")
    # New York: half past ten in Kyiv is half past three there.
    await expect(asked).to_contain_text("Open until 03:30.")
    await press(asked, "Skip today")
    await form_of(bob).get_by_label("Reason").fill("at the dentist")
    await send(bob, "Skip")
    await expect(asked).to_contain_text("You skip this one (at the dentist).")


async def _is_reminded_and_answers(carol: Page) -> None:
    reminder = card(carol, "I have no word from you yet")
    await expect(reminder).to_contain_text("Morning is open until 14:00")
    await say(carol, "The ledger report")
    await card(carol, "The ledger report").locator(".replies a").click()
    thread = carol.locator("#thread-feed")
    await expect(thread).to_contain_text("What is next?")
    await say(carol, "Its tests", "Reply")
    await expect(thread).to_contain_text("Anything in your way?")
    await say(carol, "Nothing", "Reply")
    await expect(thread).to_contain_text("Thank you. Your answers to Morning are recorded.")


async def _is_summed_up(desk: Desk, shoot: Shoot) -> None:
    lead = await desk.window("lead", "#standup-payments", height=940)
    summary = card(lead, "answered.")
    await expect(summary).to_contain_text("2 of 3 answered.")
    await expect(summary).to_contain_text("Skipped: bob (at the dentist)")
    await summary.locator(".replies a").click()
    await expect(lead.locator("#thread-feed")).to_contain_text("The ledger report")
    await lead.mouse.move(0, 0)
    await shoot(lead, "check-in")
    await press(summary, "Make it a request")
    await expect(lead.locator(".only-you")).to_contain_text("#1 is in the queue")
    await expect(summary).to_contain_text("#1 New")
    await expect(summary.get_by_role("button", name="Make it a request")).to_have_count(0)
    await goes_to(lead, "triage-payments")
    await expect(card(lead, "#1")).to_contain_text("The bank's test system is down")


async def _says_the_same(alice: Page) -> None:
    asked = card(alice, "Thu 26 Nov")
    await expect(asked).to_contain_text("Still in your way")
    await press(asked, "Same as yesterday")
    await expect(asked).to_contain_text("Recorded, thank you.")
    await expect(alice.locator(".only-you")).to_contain_text("the same as last time")


async def _looks_ahead(bob: Page) -> None:
    await goes_to(bob, "standup-payments")
    await say(bob, "/standup when")
    await expect(bob.locator(".only-you")).to_contain_text("Morning: tomorrow, 02:30")
    await say(bob, "/standup status")
    await expect(bob.locator(".only-you").last).to_contain_text("1 of 3 answered")
    await goes_to(bob, "Home")
    await expect(bob.get_by_role("main")).to_contain_text("Morning is open until 03:30.")
    await expect(bob.get_by_role("main")).to_contain_text("Morning: tomorrow, 02:30")
    await check_axe(bob)


async def test_a_form_that_comes_back_with_a_complaint_ticks_no_first_step(desk: Desk) -> None:
    alice = await desk.window("alice", "#standup-payments")
    await say(alice, "/standup")
    await expect(form_of(alice)).to_contain_text("This one opens tomorrow at 09:30.")
    await form_of(alice).get_by_role("button", name="Send").click()
    await expect(form_of(alice).locator(".complaint").first).to_contain_text("at least one question")
    await expect(alice.locator(".tasks .count")).to_have_text("0/13")
    await form_of(alice).get_by_label("What is next?").fill("Payouts")
    await send(alice)
    await expect(alice.locator(".tasks .count")).to_have_text("1/13")
