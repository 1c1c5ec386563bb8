"""What people do in the demo, in a real browser with the real bot, and what can go wrong with it."""

import asyncio
import re

from playwright.async_api import Locator, Page, expect

from tests.browser.axe import check_axe
from tests.browser.conftest import Shoot
from tests.browser.desk import Desk
from tests.browser.hands import ask, card, press, say
from tests.support.waiting import until


async def test_a_form_says_beside_its_fields_what_is_missing(desk: Desk, shoot: Shoot) -> None:
    ana = await desk.window("ana", "#ask-payments")
    await say(ana, "/ask-team")
    form = ana.get_by_role("dialog")
    await expect(form).to_be_visible()
    await form.get_by_role("button", name="Send").click()
    complaint = form.locator(".complaint").first
    await expect(complaint).to_contain_text("required")
    await check_axe(ana)
    await shoot(ana, "form-with-errors")
    await form.get_by_label("Summary").fill("Refund stuck")
    await form.get_by_role("button", name="Send").click()
    await expect(form).to_have_count(0)
    bob = await desk.window("bob", "#triage-payments")
    await expect(card(bob)).to_be_visible()


async def test_what_was_typed_stays_when_the_form_changes(desk: Desk) -> None:
    ana = await desk.window("ana", "#ask-payments")
    await say(ana, "/ask-team")
    form = ana.get_by_role("dialog")
    summary = form.get_by_label("Summary")
    await summary.fill("Half a sent")
    view = desk.box.workspace.views.top(desk.box.person("ana").id)
    assert view is not None
    desk.box.workspace.views.replace(view, view.body)
    await summary.press_sequentially("ence")
    await expect(summary).to_have_value("Half a sentence")


async def test_a_form_is_put_away_with_escape(desk: Desk) -> None:
    ana = await desk.window("ana", "#ask-payments")
    await say(ana, "/ask-team")
    await expect(ana.get_by_role("dialog")).to_be_visible()
    await ana.keyboard.press("Escape")
    await expect(ana.get_by_role("dialog")).to_have_count(0)
    assert desk.box.workspace.views.stack(desk.box.person("ana").id) == []


async def test_two_people_claim_at_once_and_one_is_told_who_was_faster(desk: Desk, shoot: Shoot) -> None:
    await ask(desk)
    alice = await desk.window("alice", "#triage-payments")
    bob = await desk.window("bob", "#triage-payments")
    await expect(card(alice)).to_be_visible()
    await expect(card(bob)).to_be_visible()
    # Both buttons are there until both are pressed: the card changes a moment later.
    desk.box.faults.add(method="chat.update", kind="hang", seconds=1.0, times=1)
    await asyncio.gather(press(card(alice), "Claim"), press(card(bob), "Claim"))
    await expect(card(alice)).to_contain_text("In progress")
    await expect(card(bob)).to_contain_text("In progress")
    told = alice.locator(".only-you"), bob.locator(".only-you")

    async def one_is_told() -> bool:
        return sorted([await said.count() for said in told]) == [0, 1]

    # The card changes for both, and the answer to the slower one comes on its own way.
    await until(one_is_told)
    loser = bob if await told[1].count() else alice
    await shoot(loser, "two-claims")


async def test_the_keyboard_alone_is_enough(desk: Desk) -> None:
    """From a channel by command into the form, out of it, to the card, its thread and back."""
    ana = await desk.window("ana", "#ask-payments")
    await ana.get_by_role("textbox", name="Message #ask-payments").focus()
    await ana.keyboard.type("/ask")
    await expect(ana.get_by_role("option", name=re.compile("ask-team"))).to_be_visible()
    await ana.keyboard.press("Tab")
    await ana.keyboard.press("Enter")
    form = ana.get_by_role("dialog")
    await expect(form).to_be_visible()
    await _tab_to(ana, form.get_by_label("Summary"))
    await ana.keyboard.type("Refund stuck")
    await _tab_to(ana, form.get_by_role("button", name="Send"))
    await ana.keyboard.press("Enter")
    await expect(form).to_have_count(0)

    alice = await desk.window("alice", "#triage-payments")
    await expect(card(alice)).to_be_visible()
    await _tab_to(alice, card(alice).get_by_role("button", name="Claim", exact=True))
    await alice.keyboard.press("Enter")
    await expect(card(alice)).to_contain_text("In progress")
    await _tab_to(alice, card(alice).locator(".replies a"))
    await alice.keyboard.press("Enter")
    await expect(alice.get_by_role("textbox", name="Reply")).to_be_focused()
    await alice.keyboard.type("On it")
    await alice.keyboard.press("Enter")
    await expect(alice.locator("#thread-feed")).to_contain_text("On it")
    await _tab_to(alice, alice.get_by_role("link", name="Close the thread"), back=True)
    await alice.keyboard.press("Enter")
    await expect(alice.locator("#thread")).to_be_hidden()


async def _tab_to(page: Page, wanted: Locator, *, back: bool = False) -> None:
    """Press Tab until this has the focus, at most 90 times."""
    for _ in range(90):
        if await wanted.evaluate("one => one === document.activeElement"):
            return
        await page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"the Tab key does not reach {wanted}")


async def test_a_message_menu_has_reactions_shortcuts_and_own_changes(desk: Desk) -> None:
    ana = await desk.window("ana", "#general")
    await say(ana, "Refund stuck, who can @alice help?")
    mine = card(ana)
    await mine.hover()
    await mine.get_by_role("button", name="React with eyes").click()
    await expect(mine.locator(".reactions")).to_contain_text("1")
    await mine.get_by_label("More about this message").click()
    await mine.get_by_role("button", name="Edit message").click()
    await mine.get_by_label("Change your message").fill("Refund stuck, still")
    await mine.get_by_role("button", name="Save").click()
    await expect(card(ana, "still")).to_contain_text("(edited)")
    await card(ana, "still").get_by_label("More about this message").click()
    await card(ana, "still").get_by_role("button", name=re.compile("Send to triage")).click()
    await expect(ana.get_by_role("dialog").get_by_label("Summary")).to_have_value(
        re.compile("Refund stuck, still")
    )
    await ana.keyboard.press("Escape")


async def test_a_long_channel_scrolls_back_to_its_beginning(desk: Desk) -> None:
    for number in range(400):
        await desk.box.person("bob").says(f"Message {number} of the past", in_="#general")
    ana = await desk.window("ana", "#general")
    await expect(ana.locator("#feed > .line")).to_have_count(60)
    for _ in range(8):
        # Scrolling up is what a person does; the button is for the keyboard.
        await ana.locator(".feed").first.evaluate("one => { one.scrollTop = 1; }")
        await ana.wait_for_timeout(250)
    await expect(ana.locator("#feed > .line", has_text="of the past")).to_have_count(400)
    await expect(ana.locator("#older")).to_have_count(0)


async def test_a_fault_is_seen_and_what_the_bot_owes_arrives_afterwards(desk: Desk, shoot: Shoot) -> None:
    controls = await desk.window(place="/controls")
    switch = controls.get_by_role("switch", name=re.compile("Slack down|Slack is down"))
    ana = await ask(desk)
    alice = await desk.window("alice", "#triage-payments")
    await expect(card(alice)).to_be_visible()
    await switch.click()
    await expect(switch).to_have_attribute("aria-checked", "true")
    await expect(alice.locator(".fault")).to_be_visible()
    await expect(controls.get_by_role("main")).to_contain_text("Slack", timeout=10_000)
    await shoot(controls, "controls")
    await switch.click()
    await expect(switch).to_have_attribute("aria-checked", "false")
    await desk.box.socket_connected(15)
    await press(card(alice), "Claim")
    await expect(card(alice)).to_contain_text("In progress", timeout=15_000)
    await expect(ana.locator(".side .badge").first).to_be_visible()


async def test_pages_of_a_person_can_be_used_by_everybody(desk: Desk, shoot: Shoot) -> None:
    await (await ask(desk)).close()
    for width, dark in ((1280, False), (1280, True), (390, False), (390, True)):
        alice = await desk.window("alice", "#triage-payments", width=width, dark=dark)
        await expect(card(alice)).to_be_visible()
        await check_axe(alice)
        await card(alice).locator(".replies a").click()
        await expect(alice.locator("#thread-feed .line").first).to_be_visible()
        await check_axe(alice)
        await shoot(alice, f"triage-{'narrow' if width < 500 else 'wide'}-{'dark' if dark else 'light'}")
        threads = await desk.window("alice", "threads", width=width, dark=dark)
        await check_axe(threads)
