"""The Home tab in a real browser: asked, taken and closed there, and how it looks."""

import re

from playwright.async_api import Page, expect

from tests.browser.axe import check_axe
from tests.browser.conftest import Shoot
from tests.browser.desk import Desk
from tests.browser.hands import goes_to


async def home_of(desk: Desk, person: str) -> Page:
    """A window of this person on their Home tab, with what the bot has put there."""
    page = await desk.window(person, "home", height=940)
    await expect(page.get_by_role("main").get_by_text("Welcome to Frontdesk")).to_be_visible()
    return page


async def test_a_request_is_asked_taken_and_closed_on_two_home_tabs(desk: Desk, shoot: Shoot) -> None:
    ana = await home_of(desk, "ana")
    await ana.get_by_role("button", name="Got it").click()
    await expect(ana.get_by_role("main")).not_to_contain_text("Welcome to Frontdesk")
    await ana.get_by_role("button", name="Ask a team").click()
    form = ana.get_by_role("dialog")
    await form.get_by_label("Team", exact=True).select_option("Payments")
    await expect(form.get_by_label("Component")).to_be_visible()
    await form.get_by_label("Summary").fill("Refund stuck for order 123")
    await form.get_by_role("button", name="Send", exact=True).click()
    await expect(ana.get_by_role("main")).to_contain_text("You asked · 1 open")
    alice = await home_of(desk, "alice")
    await alice.get_by_role("button", name="Claim next").click()
    await expect(alice.get_by_role("dialog")).to_contain_text(re.compile("#1 is yours"))
    await alice.get_by_role("dialog").get_by_role("button", name="Close").first.click()
    await expect(alice.get_by_role("main")).to_contain_text("With you · 1")
    for wish in ("Which report shows chargebacks?", "The ledger export is empty"):
        await desk.box.person("ana").runs(f"/ask-team payments {wish}", in_="#ask-payments")
    await goes_to(alice, "general")
    await goes_to(alice, "Home")
    await expect(alice.get_by_role("main")).not_to_contain_text("Welcome to Frontdesk")
    await expect(alice.get_by_role("main")).to_contain_text("3 open · 2 not claimed")
    await alice.mouse.move(0, 0)
    await shoot(alice, "home")
    await check_axe(alice)
    await expect(ana.get_by_role("main")).to_contain_text("works on it")
    await alice.get_by_role("main").get_by_role("button", name="Resolve").first.click()
    await expect(ana.get_by_role("main")).to_contain_text("You asked · 2 open")
