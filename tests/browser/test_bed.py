"""The bed that browser tests lie in: what is wrong with a page is noticed, and nothing waits for ever."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, Page
from playwright.async_api import TimeoutError as TooLate

from bot.sandbox.face.server import HEADERS
from tests.browser.axe import check_axe, violations_on
from tests.browser.conftest import Shoot
from tests.browser.desk import START, Desk
from tests.browser.windows import Complaints, Windows
from tests.support.waiting import until

PAGE = (
    '<!DOCTYPE html><html lang="en"><head><title>A page</title><link rel="icon" href="data:,"></head>'
    "<body><main><h1>A page</h1>{}</main></body></html>"
)
Draw = Callable[[str], Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="session")
async def windows(browser: Browser) -> AsyncIterator[Windows]:
    opened = Windows(browser)
    yield opened
    await opened.close()


@pytest_asyncio.fixture(loop_scope="session")
async def draw(windows: Windows) -> AsyncIterator[Draw]:
    """Opens a window on a page with this inside, under the demo's own policy."""
    inside = ""

    async def show(_: web.Request) -> web.Response:
        return web.Response(text=PAGE.format(inside), content_type="text/html", headers=HEADERS)

    async def script(_: web.Request) -> web.Response:
        return web.Response(text="throw new Error('it broke')", content_type="text/javascript")

    app = web.Application()
    app.router.add_get("/", show)
    app.router.add_get("/broken.js", script)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()

    async def open_on(html: str) -> Page:
        nonlocal inside
        inside = html
        return await windows.open(f"http://127.0.0.1:{runner.addresses[0][1]}/")

    yield open_on
    await windows.close()
    await runner.cleanup()


async def test_a_clean_page_has_nothing_to_complain_of(draw: Draw, windows: Windows) -> None:
    await check_axe(await draw("<p>Words</p>"))
    assert windows.complaints.wrong() == []


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<script>document.title = 'x'</script>", "Content Security Policy"),
        ("<button onclick=\"document.title = 'x'\" autofocus>Press</button>", "Content Security Policy"),
        ('<img src="/not-there.png" alt="">', "404"),
        ('<script src="/broken.js"></script>', "it broke"),
        ('<img src="http://127.0.0.1:9/a.png" alt="">', "Content Security Policy"),
    ],
    ids=["inline script", "inline event", "missing file", "broken script", "another origin"],
)
async def test_a_page_that_complains_is_noticed(draw: Draw, windows: Windows, html: str, words: str) -> None:
    page = await draw(html)
    if "onclick" in html:
        await page.click("button")
    # What the browser tells comes a moment after the page.
    await until(lambda: words in "\n".join(windows.complaints.wrong()), timeout=5)


@pytest.mark.parametrize(
    ("html", "rule"),
    [
        ('<p style="color: #999; background: #fff">Faint</p>', "color-contrast"),
        ("<input>", "label"),
        ("<h4>Far below</h4>", "heading-order"),
        ("<button></button>", "button-name"),
    ],
)
async def test_a_page_that_not_everybody_can_use_is_noticed(draw: Draw, html: str, rule: str) -> None:
    page = await draw(html)
    assert [line for line in await violations_on(page) if line.startswith(f"{rule} ")]
    with pytest.raises(AssertionError, match=rule):
        await check_axe(page)


async def test_what_does_not_come_is_not_waited_for_for_ever(draw: Draw) -> None:
    page = await draw("<p>Words</p>")
    page.set_default_timeout(200)
    with pytest.raises(TooLate):
        await page.locator("#never").wait_for()


def test_an_expected_complaint_is_no_fault_and_a_missing_one_is() -> None:
    complaints = Complaints(made=["/say: 409", "/say: 500"])
    complaints.expect("409")
    assert complaints.wrong() == ["/say: 500"]
    complaints.expect("418")
    assert complaints.wrong() == ["/say: 500", "expected, but nobody complained of: 418"]


async def test_a_desk_begins_at_its_own_time_with_a_bot_that_answers(desk: Desk) -> None:
    assert (desk.stage.now - START).total_seconds() < 30
    answer = await desk.box.person("ana").runs("/ask-team payments Refund stuck", in_="#general")
    assert "#1" in answer.text


async def test_a_picture_is_taken_of_what_a_window_shows(draw: Draw, shoot: Shoot) -> None:
    picture = await shoot(await draw("<p>Words</p>"), "a-page-of-the-bed")
    assert picture.read_bytes().startswith(b"\x89PNG")
