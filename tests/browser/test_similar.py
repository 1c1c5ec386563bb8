"""What others asked before, read and joined in a real browser, letter by letter."""

from playwright.async_api import expect

from tests.browser.axe import check_axe
from tests.browser.conftest import Shoot
from tests.browser.desk import Desk
from tests.browser.hands import ask, card, press, say


async def test_somebody_joins_what_was_asked_before_while_they_type(desk: Desk, shoot: Shoot) -> None:
    await ask(desk)
    erin = await desk.window("erin", "#general")
    await say(erin, "/ask-team")
    form = erin.get_by_role("dialog")
    summary = form.get_by_label("Summary")
    await summary.press_sequentially("My refund is stuck")
    await expect(form.get_by_text("Refund stuck for order 123")).to_be_visible()
    # Typing goes on where it was, and nothing of it is lost.
    await summary.press_sequentially(" again")
    await expect(summary).to_have_value("My refund is stuck again")
    await expect(summary).to_be_focused()
    await shoot(erin, "similar")
    await check_axe(erin)
    await form.get_by_role("button", name="Me too", exact=True).click()
    await expect(form.get_by_text("2 people do now")).to_be_visible()
    alice = await desk.window("alice", "#triage-payments")
    await expect(card(alice)).to_contain_text("and 1 more")
    await press(card(alice), "Claim")
    await expect(card(alice)).to_contain_text("In progress")
