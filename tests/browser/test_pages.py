"""Every page of the demo: it complains of nothing, everybody can use it, and the keyboard alone is enough."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from bot.sandbox.launcher import Demo, Wishes
from tests.browser.axe import violations_on
from tests.browser.desk import Desk, looking_at, open_demo

PAGES = [
    "/",
    "/as/alice/threads",
    "/jira",
    "/jira/projects/PAY",
    "/jira/webhooks",
    "/controls",
    "/inspector",
    "/inspector/outbox",
    "/gallery",
]
LOOKS = [(width, dark) for width in (1280, 390) for dark in (False, True)]
STOPS = ["Skip to the content", "Slack", "Jira", "Controls", "Inspector", "Blocks"]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def demo() -> AsyncIterator[Demo]:
    """One for all: here everybody only looks."""
    async with open_demo(Wishes(port=0)) as begun:
        yield begun


@pytest_asyncio.fixture(loop_scope="session")
async def desk(demo: Demo, browser: Browser) -> AsyncIterator[Desk]:
    """Each test's own windows on it."""
    async with looking_at(demo, browser) as opened:
        yield opened


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_can_be_used_by_everybody_in_every_look(desk: Desk, path: str) -> None:
    found: list[str] = []
    for width, dark in LOOKS:
        page = await desk.window(place=path, width=width, dark=dark)
        look = f"{path}, {width} px, {'dark' if dark else 'light'}"
        found += [f"{look}: {line}" for line in await violations_on(page)]
    assert not found, "\n".join(found)


async def test_a_narrow_page_does_not_spill_over_its_edge(desk: Desk) -> None:
    wide: dict[str, int] = {}
    for path in PAGES:
        page = await desk.window(place=path, width=390)
        wide[path] = await page.evaluate("document.documentElement.scrollWidth")
    assert {path: width for path, width in wide.items() if width > 390} == {}


@pytest.mark.parametrize("width", [1280, 390])
async def test_the_keyboard_reaches_the_content_first_and_then_the_rail(desk: Desk, width: int) -> None:
    for path in PAGES:
        page = await desk.window(place=path, width=width)
        await page.evaluate("document.activeElement.blur()")
        reached = [await _next_stop(page, path) for _ in STOPS]
        assert reached == STOPS, path


async def _next_stop(page: Page, path: str) -> str:
    """The words of what the next Tab leads to; it has to lie inside the window and to have an outline."""
    await page.keyboard.press("Tab")
    words, shown = await page.evaluate(
        """() => { const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
        const inside = box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth;
        const outlined = parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== 'none';
        return [one.lastChild?.textContent.trim() ?? '', inside && outlined]; }"""
    )
    assert shown, f"{path}: it cannot be seen that {words} has the focus"
    return words


async def test_the_skip_link_leads_past_the_rail(desk: Desk) -> None:
    page = await desk.window(place="/jira")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "main"


async def test_the_theme_is_kept_from_page_to_page(desk: Desk) -> None:
    page = await desk.window(place="/jira")
    await page.get_by_role("button", name="Light or dark").press("Enter")
    await page.get_by_role("link", name="Controls").press("Enter")
    await page.wait_for_url("**/controls")
    await page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    assert await page.evaluate("getComputedStyle(document.body).colorScheme") == "dark"


async def test_a_page_that_is_not_there_says_so_and_leads_on(desk: Desk) -> None:
    desk.complaints.expect("404")
    page = await desk.window(place="/nowhere")
    assert await page.get_by_role("main").inner_text() != ""
    assert await violations_on(page) == []
