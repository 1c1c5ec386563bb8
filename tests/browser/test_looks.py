"""How a person's pages look in windows of every size, and whether everybody can use what opens in them."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.axe import check_axe
from tests.browser.desk import Desk
from tests.support.waiting import until

# Width, height, dark. The last is a window of 1280 by 800 at twice the size.
LOOKS = [(1280, 800, False), (768, 800, True), (390, 800, False), (640, 400, False)]
in_every_look = pytest.mark.parametrize(("width", "height", "dark"), LOOKS)
LONG = "A line of words that is long enough to reach the other side of every window. " * 3
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


def last(page: Page) -> Locator:
    """The newest message of the open conversation."""
    return page.locator("#feed > .line").last


async def box_of(wanted: Locator) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of what is seen of this in the window."""
    box = await wanted.bounding_box()
    assert box is not None
    return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]


async def is_inside(wanted: Locator) -> bool:
    """Whether all of it lies in the window, on top of everything else."""
    return await wanted.evaluate(
        """one => { const at = one.getBoundingClientRect();
        const seen = document.elementFromPoint((at.left + at.right) / 2, (at.top + at.bottom) / 2);
        return at.top >= 0 && at.left >= 0 && at.bottom <= innerHeight && at.right <= innerWidth && one.contains(seen); }"""
    )


async def with_a_thread(desk: Desk) -> None:
    """#triage-payments has a card of the bot with a reply."""
    await desk.box.person("ana").runs("/ask-team payments Refund stuck", in_="#ask-payments")


async def open_thread(page: Page) -> None:
    await last(page).locator(".replies a").click()
    await expect(page.locator("#thread-feed .line").first).to_be_visible()


@in_every_look
async def test_what_opens_on_a_message_can_be_used_by_everybody(
    desk: Desk, width: int, height: int, dark: bool
) -> None:
    await with_a_thread(desk)
    page = await desk.window("alice", "#triage-payments", width=width, height=height, dark=dark)
    menu = last(page).get_by_label("More about this message")
    await last(page).hover()
    await menu.click()
    first = last(page).locator(".menu[open] .entries button").first
    await expect(first).to_be_visible()
    await until(lambda: is_inside(first))
    await check_axe(page)
    await last(page).locator(".within > summary").click()
    await expect(last(page).locator(".within").get_by_label("Emoji's name")).to_be_visible()
    await check_axe(page)
    await page.keyboard.press("Escape")
    await expect(first).to_be_hidden()
    await open_thread(page)
    await check_axe(page)


@in_every_look
async def test_what_opens_while_writing_can_be_used_by_everybody(
    desk: Desk, width: int, height: int, dark: bool
) -> None:
    page = await desk.window("ana", "#ask-payments", width=width, height=height, dark=dark)
    field = page.get_by_role("textbox", name="Message #ask-payments")
    await field.press_sequentially("/")
    await expect(page.get_by_role("listbox").get_by_role("option").first).to_be_visible()
    await until(lambda: is_inside(page.get_by_role("listbox").get_by_role("option").first))
    await check_axe(page)
    await field.fill("/ask-team")
    await page.keyboard.press("Enter")
    form = page.get_by_role("dialog")
    await form.get_by_role("button", name="Send").click()
    await expect(form.get_by_role("alert").first).to_contain_text("required")
    await until(lambda: is_inside(form.get_by_role("button", name="Send")))
    await check_axe(page)


async def test_the_emoji_beside_a_message_can_be_used_by_everybody(desk: Desk) -> None:
    page = await desk.window("ana", "#general", dark=True)
    await last(page).hover()
    await last(page).get_by_label("Another emoji").click()
    await expect(last(page).locator(".menu[open]").get_by_label("Emoji's name").first).to_be_visible()
    await check_axe(page)
    sizes = (
        await last(page)
        .locator(".menu[open] .picks button")
        .evaluate_all("all => all.map(one => Math.min(one.offsetWidth, one.offsetHeight))")
    )
    assert min(sizes) >= 24


@pytest.mark.parametrize("place", ["#general", "#triage-payments", "threads", "home", "/inspector/outbox"])
async def test_the_narrowest_window_spills_over_no_edge(desk: Desk, place: str) -> None:
    await with_a_thread(desk)
    await desk.box.person("bob").says(f"{LONG} {'w' * 300}", in_="#general")
    page = await desk.window("alice", place, width=320, height=640)
    assert await page.evaluate("document.documentElement.scrollWidth") == 320
    assert await page.locator("main").evaluate("one => one.scrollWidth - one.clientWidth") == 0


@pytest.mark.parametrize("width", [1050, 900, 768])
async def test_a_thread_lies_over_the_channel_where_both_have_no_room(desk: Desk, width: int) -> None:
    await with_a_thread(desk)
    page = await desk.window("alice", "#triage-payments", width=width)
    main = await box_of(page.get_by_role("main"))
    await open_thread(page)
    assert await box_of(page.locator("#thread")) == main
    await until(lambda: is_inside(page.locator("#thread").get_by_role("button", name="Send")))
    await expect(page.get_by_role("textbox", name="Message")).to_have_count(0)
    await page.get_by_role("link", name="Close the thread").click()
    await expect(page.get_by_role("textbox", name="Message")).to_be_focused()


async def test_a_wide_window_shows_a_thread_beside_the_channel(desk: Desk) -> None:
    await with_a_thread(desk)
    page = await desk.window("alice", "#triage-payments")
    await open_thread(page)
    assert (await box_of(page.get_by_role("main")))[2] <= (await box_of(page.locator("#thread")))[0]
    await until(lambda: is_inside(last(page).get_by_role("button", name="Claim", exact=True)))


@pytest.mark.parametrize("height", [800, 400])
async def test_the_parts_of_a_narrow_window_begin_where_the_rail_ends(desk: Desk, height: int) -> None:
    await with_a_thread(desk)
    page = await desk.window("alice", "#triage-payments", width=390, height=height)
    rail = await box_of(page.locator(".rail"))
    await open_thread(page)
    assert (await box_of(page.locator("#thread")))[1] == rail[3]
    await page.get_by_role("button", name="Channels").click()
    assert (await box_of(page.locator("#side")))[1] == rail[3]
    await expect(page.get_by_role("textbox")).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 1199, 768, 390])
async def test_the_buttons_of_a_message_lie_on_no_words(desk: Desk, width: int) -> None:
    for _ in range(2):
        await desk.box.person("bob").says(LONG, in_="#general")
    page = await desk.window("ana", "#general", width=width)
    for number in (-2, -1):
        line = page.locator("#feed > .line").nth(number)
        await line.hover()
        left, top, *_ = await box_of(line.locator(".hover"))
        assert left >= (await box_of(line.locator(".text")))[2]
        if await line.locator(".day").count():
            assert top >= (await box_of(line.locator(".day span")))[3] - 1


async def test_each_message_is_one_stop_of_the_tab_key(desk: Desk) -> None:
    for number in range(3):
        await desk.box.person("bob").says(f"Message {number}", in_="#random")
    page = await desk.window("ana", "#random")
    await page.locator("#feed > .line").nth(-3).get_by_label("More about this message").focus()
    for number in (-2, -1):
        await page.keyboard.press("Tab")
        await expect(
            page.locator("#feed > .line").nth(number).get_by_label("More about this message")
        ).to_be_focused()
    await page.keyboard.press("Enter")
    entries = last(page).locator(".menu[open] .entries")
    await expect(entries).to_contain_text("React with eyes")
    await expect(entries).to_contain_text("Reply in a thread")
    await entries.get_by_role("button", name="React with eyes").press("Enter")
    await expect(last(page).locator(".reactions")).to_contain_text("1")


async def test_a_picture_keeps_its_place_before_it_is_there(desk: Desk) -> None:
    for width in (1280, 320):
        page = await desk.window("ana", "#general", width=width)
        await page.route("**/files/*", lambda route: route.abort())
        desk.complaints.expect("ERR_FAILED")
        await page.locator(".composer input[type=file]").set_input_files(
            {"name": "pixel.png", "mimeType": "image/png", "buffer": PIXEL}
        )
        await page.get_by_role("button", name="Send").click()
        picture = last(page).get_by_role("img", name="pixel.png")
        await expect(picture).to_be_attached()
        left, top, right, bottom = await box_of(picture)
        assert (right - left) / (bottom - top) == pytest.approx(4 / 3, abs=0.02)  # pyright: ignore[reportUnknownMemberType]


async def test_words_run_the_way_they_are_written(desk: Desk) -> None:
    await desk.box.person("bob").says("שלום, all", in_="#general")
    page = await desk.window("ana", "#general")
    assert await last(page).locator(".text").evaluate("one => getComputedStyle(one).direction") == "rtl"
    field = page.get_by_role("textbox", name="Message #general")
    await field.fill("שלום")
    assert await field.evaluate("one => getComputedStyle(one).direction") == "rtl"


async def test_a_chosen_theme_is_there_before_the_page_is_drawn(desk: Desk) -> None:
    page = await desk.window("ana", "#general")
    await page.get_by_role("button", name="Light or dark").press("Enter")
    # Without the face's own script: what is dark now was dark from the first picture on.
    await page.route("**/face.js", lambda route: route.abort())
    desk.complaints.expect("ERR_FAILED")
    await page.reload()
    assert await page.evaluate("getComputedStyle(document.body).colorScheme") == "dark"


async def test_a_long_topic_leaves_room_for_messages(desk: Desk) -> None:
    channel = desk.box.channel("#general")
    channel.topic = "All about everything. " * 40
    for width, height in ((1280, 800), (640, 400), (320, 640)):
        page = await desk.window("ana", "#general", width=width, height=height)
        header = await box_of(page.locator("main > .place"))
        assert header[3] - header[1] < height / 4
        await expect(page.locator(".topic")).to_have_attribute("title", re.compile("everything"))
