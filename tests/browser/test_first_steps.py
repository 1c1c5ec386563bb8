"""The first steps of the side bar, done one after the other as they are told there, in a real browser with the real bot."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.axe import check_axe
from tests.browser.conftest import Shoot
from tests.browser.desk import Desk
from tests.browser.hands import ask, card, goes_to, next_thing_until, press, say
from tests.browser.windows import PATIENCE
from tests.support.waiting import until

# A dozen steps one after the other.
pytestmark = pytest.mark.timeout(240)


async def ticked(page: Page, count: int) -> None:
    """So many first steps are shown as done in the side bar, as soon as the bot has done its part."""
    await expect(page.locator(".tasks .count")).to_have_text(f"{count}/13", timeout=PATIENCE)


async def test_every_first_step_can_be_done_and_is_ticked(desk: Desk, shoot: Shoot) -> None:
    ana = await ask(desk)
    await ticked(ana, 1)
    await shoot(ana, "ask")

    alice = await desk.window("alice", "#triage-payments")
    await press(card(alice), "Claim")
    await expect(card(alice)).to_contain_text("In progress")
    await ticked(alice, 2)

    await _talk(desk, ana, alice, shoot)
    jira = await _to_jira(desk, alice, shoot)
    await _back_from_jira(jira, alice)

    await press(card(alice), "Resolve")
    await expect(card(alice)).to_contain_text("Resolved")
    await ticked(alice, 6)
    await _move_along(jira, alice, shoot)
    await _see_how_it_went(alice, shoot)
    await _hand_over(desk, alice)
    await _check_in(desk)
    await _ask_the_bot(desk, shoot)
    await _set_up_a_team(desk, shoot)
    await _break_something(desk)


async def _talk(desk: Desk, ana: Page, alice: Page, shoot: Shoot) -> None:
    await goes_to(ana, "frontdesk")
    receipt = card(ana, "#1")
    await receipt.locator(".replies a").click()
    await say(ana, "It was paid on Monday.", "Reply")
    await card(alice).locator(".replies a").click()
    pane = alice.locator("#thread-feed")
    await expect(pane).to_contain_text("It was paid on Monday.")
    await say(alice, "// ask the bank first", "Reply")
    await expect(pane).to_contain_text("// ask the bank first")
    await say(alice, "Thanks, I am looking at the ledger.", "Reply")
    await expect(ana.locator("#thread-feed")).to_contain_text("looking at the ledger")
    await expect(ana.locator("#thread-feed")).not_to_contain_text("ask the bank")
    await shoot(alice, "thread")
    await ticked(alice, 3)


async def _to_jira(desk: Desk, alice: Page, shoot: Shoot) -> Page:
    await press(card(alice), "Create Jira issue")
    form = alice.get_by_role("dialog")
    await expect(form).to_be_visible()
    await check_axe(alice)
    await shoot(alice, "jira-form")
    await form.locator("footer button.primary").click()
    await expect(card(alice)).to_contain_text("PAY-1", timeout=30_000)
    await expect(form).to_have_count(0)
    await ticked(alice, 4)
    jira = await desk.window(place="/jira/browse/PAY-1")
    await expect(jira.get_by_role("main")).to_contain_text("It was paid on Monday.")
    await expect(jira.get_by_role("main")).not_to_contain_text("ask the bank")
    await shoot(jira, "jira")
    await check_axe(jira)
    return jira


async def _back_from_jira(jira: Page, alice: Page) -> None:
    await jira.get_by_label(re.compile("^Comment as Nina")).fill("The bank has it. *Tomorrow*, I think.")
    await jira.get_by_role("button", name="Comment", exact=True).click()
    pane = alice.locator("#thread-feed")
    await expect(pane).to_contain_text("Nina Novak in Jira:", timeout=30_000)
    await expect(pane).to_contain_text("The bank has it.")
    await ticked(alice, 5)
    await say(alice, "Then I tell Ana so.", "Reply")
    await expect(jira.get_by_role("main")).to_contain_text("Then I tell Ana so.", timeout=30_000)


async def _move_along(jira: Page, alice: Page, shoot: Shoot) -> None:
    pane = alice.locator("#thread-feed")
    await expect(pane).to_contain_text("is still To Do in Jira", timeout=30_000)
    await shoot(alice, "move-along")
    await pane.get_by_role("button", name="Done").click()
    await expect(pane.get_by_role("button", name="Leave it")).to_have_count(0)
    await expect(card(alice)).to_contain_text("PAY-1 (Done)", timeout=30_000)
    await expect(jira.get_by_role("main")).to_contain_text("Done", timeout=30_000)


async def _see_how_it_went(alice: Page, shoot: Shoot) -> None:
    await card(alice).get_by_role("combobox", name="What was it?").select_option("Missing doc")
    await say(alice, "/triage stats")
    stats = alice.locator(".only-you", has_text="the last 4 weeks").last
    await expect(stats).to_contain_text("What they were: Missing doc 1")
    await expect(stats).to_contain_text("Came in, by week")
    await shoot(alice, "stats")
    await press(stats, "Get it as CSV")
    await ticked(alice, 7)


async def _hand_over(desk: Desk, alice: Page) -> None:
    await say(alice, "/rotation override @lead tomorrow")
    await expect(card(alice, "is on duty from")).to_contain_text("in place of @bob (changed by @alice)")
    await next_thing_until(desk, alice, "2026-11-25T00:00")
    await expect(card(alice, "On duty now")).to_contain_text("@lead")
    lead = await desk.window("lead", "#triage-payments")
    await goes_to(lead, "frontdesk")
    pack = card(lead, "You are on duty for Payments")
    await press(pack, "Accept")
    await expect(pack).to_contain_text("Thank you.")
    await ticked(lead, 8)


async def _check_in(desk: Desk) -> None:
    alice = await desk.window("alice", "#standup-payments")
    await say(alice, "/standup")
    form = alice.get_by_role("dialog")
    await expect(form).to_contain_text("What is next?")
    await form.get_by_label("What is next?").fill("Payouts")
    await form.get_by_label("Anything in your way?").fill("The bank is down")
    await check_axe(alice)
    await form.get_by_role("button", name="Send").click()
    await expect(form).to_have_count(0)
    await ticked(alice, 9)
    await next_thing_until(desk, alice, "2026-11-25T10:30")
    await expect(card(alice, "1 of 3 answered")).to_contain_text("The bank is down")
    await ticked(alice, 10)


async def _ask_the_bot(desk: Desk, shoot: Shoot) -> None:
    ana = await desk.window("ana", "#ask-payments")
    await goes_to(ana, "frontdesk")
    await say(ana, "who is on duty?")
    await card(ana, "who is on duty?").locator(".replies a").click()
    pane = ana.locator("#thread-feed")
    await expect(pane).to_contain_text("is on duty until")
    await expect(pane.get_by_role("button", name="Send it to a team")).to_be_visible()
    await shoot(ana, "question")
    await goes_to(ana, "Home")
    await ticked(ana, 11)
    await shoot(ana, "home-of-ana")


async def _set_up_a_team(desk: Desk, shoot: Shoot) -> None:
    olga = await desk.window("olga", "#random")
    await say(olga, "/triage new-team")
    form = olga.get_by_role("dialog")
    await form.get_by_label("Name").fill("Legal")
    await form.get_by_label("Triage channel").select_option(label="#random")
    await check_axe(olga)
    await form.get_by_role("button", name="Set up").click()
    await expect(form).to_contain_text("The team is set up.")
    await shoot(olga, "new-team")
    await form.get_by_role("button", name="Close the form").click()
    await expect(form).to_have_count(0)
    await olga.get_by_role("button", name="Invite frontdesk").click()
    await expect(card(olga, "Thank you for inviting me")).to_contain_text("the triage channel of Legal")
    await ticked(olga, 12)
    await shoot(olga, "invited")


async def _break_something(desk: Desk) -> None:
    controls = await desk.window(place="/controls")
    switch = controls.get_by_role("switch", name="Slack: too many requests")
    await switch.click()
    await expect(switch).to_have_attribute("aria-checked", "true")
    bob = await desk.window("bob", "#ask-payments")
    await say(bob, "/ask-team payments The invoice page is blank")
    await expect(bob.locator(".only-you", has_text="#2").last).to_be_visible()
    # The answer may be there before the bot has posted anything that could be sent away.
    await until(lambda: any(post.status == 429 for post in desk.box.journal.calls("chat.postMessage")))
    await switch.click()
    await expect(switch).to_have_attribute("aria-checked", "false")
    await ticked(bob, 13)
    await expect(bob.locator(".tasks")).to_contain_text("All done.")
