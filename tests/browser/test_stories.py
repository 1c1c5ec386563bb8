"""What a newcomer does in the demo, in a real browser with the real bot: each first step, and what can go wrong with it."""

import asyncio
import re

from playwright.async_api import Locator, Page, expect

from tests.browser.axe import check_axe
from tests.browser.conftest import Shoot
from tests.browser.desk import Desk

LINE = "/ask-team payments Refund stuck for order 123"
# So many things may be scheduled before the summary of the next check-in is due.
LONGEST_WAY = 10


async def say(page: Page, words: str, label: str = "Message") -> None:
    """Write and send, as people do."""
    await page.get_by_role("textbox", name=re.compile(label)).fill(words)
    await page.keyboard.press("Enter")


def card(page: Page, words: str = "Refund stuck") -> Locator:
    """The message in the open conversation that has these words."""
    return page.locator("#feed > .line", has_text=words).last


async def press(line: Locator, label: str) -> None:
    """Press a button of a message."""
    await line.get_by_role("button", name=label, exact=True).click()


async def ask(desk: Desk, line: str = LINE) -> Page:
    """Ana asks and sees her answer."""
    ana = await desk.window("ana", "#ask-payments")
    await say(ana, line)
    await expect(ana.locator(".only-you", has_text="#1").last).to_be_visible()
    return ana


async def steps_done(page: Page) -> int:
    """How many first steps the side bar shows as done."""
    return int((await page.locator(".tasks .count").inner_text()).split("/")[0])


async def test_every_first_step_can_be_done_and_is_ticked(desk: Desk, shoot: Shoot) -> None:
    ana = await ask(desk)
    await expect(ana.locator(".tasks .count")).to_have_text(re.compile("^1/"))
    await shoot(ana, "ask")

    alice = await desk.window("alice", "#triage-payments")
    await press(card(alice), "Claim")
    await expect(card(alice)).to_contain_text("In progress")
    await expect(alice.locator(".tasks .count")).to_have_text(re.compile("^2/"))

    await _talk(desk, ana, alice, shoot)
    jira = await _to_jira(desk, alice, shoot)
    await _back_from_jira(jira, alice)

    await press(card(alice), "Resolve")
    await expect(card(alice)).to_contain_text("Resolved")
    await expect(alice.locator(".tasks .count")).to_have_text(re.compile("^6/"))
    await _move_along(jira, alice, shoot)
    await _check_in(desk)


async def _talk(desk: Desk, ana: Page, alice: Page, shoot: Shoot) -> None:
    await ana.locator(".side").get_by_role("link", name=re.compile("frontdesk")).click()
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
    await expect(alice.locator(".tasks .count")).to_have_text(re.compile("^3/"))


async def _to_jira(desk: Desk, alice: Page, shoot: Shoot) -> Page:
    await press(card(alice), "Create Jira issue")
    form = alice.get_by_role("dialog")
    await expect(form).to_be_visible()
    await check_axe(alice)
    await shoot(alice, "jira-form")
    await form.locator("footer button.primary").click()
    await expect(card(alice)).to_contain_text("PAY-1", timeout=15_000)
    await expect(form).to_have_count(0)
    await expect(alice.locator(".tasks .count")).to_have_text(re.compile("^4/"))
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
    await expect(pane).to_contain_text("Nina Novak in Jira:", timeout=15_000)
    await expect(pane).to_contain_text("The bank has it.")
    await expect(alice.locator(".tasks .count")).to_have_text(re.compile("^5/"))
    await say(alice, "Then I tell Ana so.", "Reply")
    await expect(jira.get_by_role("main")).to_contain_text("Then I tell Ana so.", timeout=15_000)


async def _move_along(jira: Page, alice: Page, shoot: Shoot) -> None:
    pane = alice.locator("#thread-feed")
    await expect(pane).to_contain_text("is still To Do in Jira", timeout=15_000)
    await shoot(alice, "move-along")
    await pane.get_by_role("button", name="Done").click()
    await expect(pane.get_by_role("button", name="Leave it")).to_have_count(0)
    await expect(card(alice)).to_contain_text("PAY-1 (Done)", timeout=15_000)
    await expect(jira.get_by_role("main")).to_contain_text("Done", timeout=15_000)


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
    await expect(alice.locator(".tasks .count")).to_have_text(re.compile("^7/"))
    await alice.get_by_label("The stage's clock").click()
    for _ in range(LONGEST_WAY):
        await alice.get_by_role("button", name="To the next thing").click()
        await alice.wait_for_timeout(500)
        if await steps_done(alice) == 8:
            break
    await expect(card(alice, "1 of 3 answered")).to_contain_text("The bank is down")
    await expect(alice.locator(".tasks .count")).to_have_text(re.compile("^8/"))


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
    await asyncio.gather(press(card(alice), "Claim"), press(card(bob), "Claim"))
    await expect(card(alice)).to_contain_text("In progress")
    await expect(card(bob)).to_contain_text("In progress")
    told = [await page.locator(".only-you").count() for page in (alice, bob)]
    assert sorted(told) == [0, 1]
    loser = bob if told[1] else alice
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
