"""Duty passes on in a real browser: by hand, by *Find cover*, by the clock; where it is seen, and what is handed over."""

import re

from playwright.async_api import Page, expect

from tests.browser.axe import check_axe
from tests.browser.conftest import Shoot
from tests.browser.desk import Desk
from tests.browser.hands import ask, card, goes_to, next_thing_until, press, say
from tests.browser.test_check_ins import it_is

# What Slack's own marks for people and dates look like before anybody has drawn them.
RAW = re.compile(r"<[@!]|&lt;|U0[A-Z]{3,}|\{date")


async def on_duty(desk: Desk, page: Page, person: str) -> None:
    """The topic that this page shows names them, and the user group holds exactly them."""
    await expect(page.locator(".topic")).to_contain_text(f"On duty: @{person} until")
    group = desk.box.workspace.world.groups["S0ONDUTY01"]
    assert group.users == [desk.box.person(person).id]


async def test_a_shift_is_given_away_and_the_clock_hands_it_over(desk: Desk, shoot: Shoot) -> None:
    ana = await ask(desk)
    await say(ana, "/ask-team payments The invoice page is blank")
    alice = await desk.window("alice", "#triage-payments", height=900)
    await press(card(alice, "Refund stuck"), "Claim")
    await expect(card(alice, "Refund stuck")).to_contain_text("In progress")
    await on_duty(desk, alice, "bob")
    await say(alice, "/rotation override @lead tomorrow")
    await expect(card(alice, "is on duty from")).to_contain_text(
        "@lead is on duty from tomorrow at 00:00 until Nov 30, 2026 at 10:00, in place of @bob (changed by @alice)."
    )
    await say(alice, "/rotation note The refund job is paused until Thursday.")
    await expect(alice.locator(".only-you").last).to_contain_text("Kept for whoever is on duty next.")
    await on_duty(desk, alice, "bob")
    await next_thing_until(desk, alice, "2026-11-25T00:00")
    await expect(card(alice, "On duty now")).to_contain_text("@lead until")
    await on_duty(desk, alice, "lead")
    await expect(alice.locator("#feed")).not_to_contain_text(RAW)
    await check_axe(alice)
    await _is_accepted(desk, shoot)


async def _is_accepted(desk: Desk, shoot: Shoot) -> None:
    lead = await desk.window("lead", "#triage-payments")
    await goes_to(lead, "frontdesk")
    pack = card(lead, "You are on duty for Payments")
    await expect(pack).to_contain_text("2 requests are open; nobody has taken 1 of them.")
    await expect(pack).to_contain_text("#1 Refund stuck for order 123 (Normal), with @alice")
    await expect(pack).to_contain_text("The refund job is paused until Thursday.")
    await expect(lead.locator("#feed")).not_to_contain_text(RAW)
    await lead.mouse.move(0, 0)
    await shoot(lead, "rotation")
    await check_axe(lead)
    await press(pack, "Accept")
    await expect(pack.get_by_role("button", name="Accept")).to_have_count(0)
    await expect(pack).to_contain_text("Thank you.")
    bob = await desk.window("bob", "#triage-payments")
    await goes_to(bob, "frontdesk")
    await expect(card(bob, "has accepted the handover")).to_contain_text("@lead")


async def test_whoever_takes_a_shift_first_has_it_at_once(desk: Desk) -> None:
    bob = await desk.window("bob", "#triage-payments")
    await say(bob, "/rotation")
    answer = bob.locator(".only-you").last
    await expect(answer).to_contain_text("@bob is on duty until")
    await answer.get_by_role("button", name="Find cover").click()
    question = card(bob, "Who can cover for @bob")
    alice = await desk.window("alice", "#triage-payments")
    await press(card(alice, "Who can cover for @bob"), "I take it")
    await expect(question).to_have_count(0)
    await expect(card(bob, "@alice covers for @bob")).to_be_visible()
    await on_duty(desk, alice, "alice")
    await say(bob, "/rotation list")
    await expect(bob.locator(".only-you").last).to_contain_text("@alice (for @bob)")
    await expect(bob.locator("#feed")).not_to_contain_text(RAW)
    await goes_to(alice, "frontdesk")
    await press(card(alice, "You are on duty for Payments"), "Accept")
    await expect(alice.locator(".tasks li.done")).to_have_text(re.compile("Hand the duty over"))


async def test_a_handover_by_the_plan_alone_ticks_no_first_step(desk: Desk) -> None:
    controls = await desk.window(place="/controls")
    carol = await desk.window("carol", "#triage-payments")
    await it_is(controls, "2026-11-30T10:00")
    await expect(card(carol, "On duty now")).to_contain_text("@carol")
    await goes_to(carol, "frontdesk")
    pack = card(carol, "You are on duty for Payments")
    await press(pack, "Accept")
    await expect(pack).to_contain_text("Thank you.")
    await expect(carol.locator(".tasks .count")).to_have_text("0/13")
