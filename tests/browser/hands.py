"""What people do in every story: write, look for a message, press its buttons, ask, move the clock."""

import re

from playwright.async_api import Locator, Page, expect

from bot.sandbox.face.controls.timing import TEAM_ZONE, read_instant
from tests.browser.desk import Desk

LINE = "/ask-team payments Refund stuck for order 123"
# So many things may be scheduled before the one that somebody waits for.
LONGEST_WAY = 12


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


async def next_thing_until(desk: Desk, page: Page, time: str) -> None:
    """Press *To the next thing* in the side bar until it is this late, in Kyiv."""
    wanted = read_instant(time, TEAM_ZONE)
    await page.get_by_label("The stage's clock").click()
    for _ in range(LONGEST_WAY):
        # Each press is answered before the next one: only then is it known whether another is needed.
        async with page.expect_response("**/controls/clock"):
            await page.get_by_role("button", name="To the next thing").click()
        if desk.stage.now >= wanted:
            break
    assert desk.stage.now >= wanted
    await page.keyboard.press("Escape")


async def goes_to(page: Page, name: str) -> None:
    """Press this entry of the side bar."""
    # A sign may stand before the name, a number of new messages behind it; `frontdesk-alerts` is another channel.
    await page.locator(".side").get_by_role("link", name=re.compile(rf"^.?\s*{name}(?![\w-])")).click()
