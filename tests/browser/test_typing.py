"""What people type and look at is theirs: nothing is lost, doubled or moved by what happens meanwhile."""

import asyncio

from playwright.async_api import Locator, Page, Route, expect

from tests.browser.desk import Desk


def field(page: Page) -> Locator:
    return page.locator("#composer")


async def says(page: Page, words: str) -> Locator:
    """Write it, and return its line."""
    await field(page).fill(words)
    await page.keyboard.press("Enter")
    line = page.locator("#feed > .line", has_text=words).last
    await expect(line).to_be_visible()
    return line


async def edits(line: Locator, page: Page) -> Locator:
    """Begin to change a message by its menu."""
    await line.get_by_label("More about this message").click()
    await line.get_by_role("button", name="Edit message").click()
    return line.get_by_label("Change your message")


async def slowly(page: Page) -> None:
    """From now on what the page sends takes half a second."""

    async def later(route: Route) -> None:
        await asyncio.sleep(0.5)
        await route.continue_()

    await page.route("**/say", later)


async def test_a_change_of_one_message_leaves_the_others_alone(desk: Desk) -> None:
    page = await desk.window("ana", "#general")
    await says(page, "the first")
    second = await says(page, "the second")
    first = page.locator("#feed > .line", has_text="the first").last
    await (await edits(first, page)).fill("the first, changed")
    await page.keyboard.press("Enter")
    await expect(page.locator("#feed > .line", has_text="the first, changed")).to_have_count(1)
    await expect(await edits(second, page)).to_have_value("the second")
    await page.keyboard.press("Escape")
    await expect(field(page)).to_be_focused()
    await expect(page.locator("#feed > .line", has_text="the second").last).to_be_visible()


async def test_a_key_held_too_long_sends_once_and_what_follows_stays(desk: Desk) -> None:
    page = await desk.window("ana", "#random")
    await slowly(page)
    await field(page).fill("only once")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await page.keyboard.type("and more")
    await expect(page.locator("#feed > .line", has_text="only once")).to_have_count(1)
    await page.wait_for_timeout(700)
    await expect(page.locator("#feed > .line", has_text="only once")).to_have_count(1)
    await expect(field(page)).to_have_value("and more")


async def test_what_could_not_be_sent_comes_back_into_the_field(desk: Desk) -> None:
    page = await desk.window("ana", "#random")
    await field(page).fill("/nothing-like-it please")
    await page.keyboard.press("Enter")
    await expect(page.locator("#says")).to_contain_text("is not a command here")
    await expect(field(page)).to_have_value("/nothing-like-it please")


async def test_a_draft_waits_where_it_was_written(desk: Desk) -> None:
    page = await desk.window("ana", "#general")
    await field(page).press_sequentially("half a sent")
    await page.locator(".side").get_by_role("link", name="random").click()
    await expect(field(page)).to_have_value("")
    await page.locator(".side").get_by_role("link", name="general").click()
    await expect(field(page)).to_have_value("half a sent")


async def test_an_open_edit_and_its_words_outlive_a_reaction(desk: Desk) -> None:
    page = await desk.window("ana", "#general")
    line = await says(page, "Look at this")
    text = await edits(line, page)
    await text.fill("Look at this inst")
    seen = (await desk.box.person("bob").sees(in_="#general"))[-1]
    await desk.box.person("bob").reacts(seen, "eyes")
    await expect(page.locator("#feed > .line").last.locator(".reactions")).to_be_visible()
    await page.keyboard.type("ead")
    await expect(text).to_have_value("Look at this instead")
    await page.keyboard.press("Enter")
    await expect(page.locator("#feed > .line").last).to_contain_text("instead")


async def test_the_menu_of_the_last_message_lies_inside_the_window(desk: Desk) -> None:
    for width in (1280, 390):
        page = await desk.window("ana", "#general", width=width)
        for number in range(3):
            await says(page, f"line {number} at {width}")
        line = page.locator("#feed > .line").last
        await line.hover()
        await line.get_by_label("More about this message").click()
        box = await line.get_by_role("button", name="Delete message").bounding_box()
        assert box is not None
        assert box["y"] >= 0 and box["y"] + box["height"] <= 800
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
        await page.keyboard.press("Escape")
        await expect(line.get_by_role("button", name="Delete message")).to_be_hidden()


async def test_ones_own_message_is_seen_and_others_do_not_move_what_is_read(desk: Desk) -> None:
    bob = desk.box.person("bob")
    for number in range(40):
        await bob.says(f"earlier {number}", in_="#general")
    page = await desk.window("ana", "#general")
    scroller = page.locator(".feed").first
    await expect(page.locator("#feed > .line").last).to_be_in_viewport()
    await scroller.evaluate("one => { one.scrollTop = one.scrollHeight - one.clientHeight - 500; }")
    await page.wait_for_timeout(100)
    before = await scroller.evaluate("one => one.scrollTop")
    await bob.says("news from Bob", in_="#general")
    await expect(page.get_by_role("button", name="New messages")).to_be_visible()
    assert await scroller.evaluate("one => one.scrollTop") == before
    line = await says(page, "here I am")
    await expect(line).to_be_in_viewport()
    await expect(page.get_by_role("button", name="New messages")).to_have_count(0)


async def test_the_focus_stays_where_one_works(desk: Desk) -> None:
    page = await desk.window("ana", "#general")
    line = await says(page, "press me")
    await line.get_by_label("More about this message").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Escape")
    await expect(line.get_by_label("More about this message")).to_be_focused()
    await desk.box.person("bob").says("hello there", in_="#random")
    await page.wait_for_timeout(700)
    await expect(line.get_by_label("More about this message")).to_be_focused()
    await line.get_by_label("More about this message").click()
    await line.get_by_role("button", name="Delete message").click()
    await page.get_by_role("dialog").get_by_role("button", name="Yes").click()
    await expect(line).to_have_count(0)
    await expect(field(page)).to_be_focused()


async def test_escape_closes_the_thread(desk: Desk) -> None:
    root = await desk.box.person("bob").says("Who knows?", in_="#general")
    await desk.box.person("ana").says("I do", thread=root)
    page = await desk.window("ana", "#general")
    await page.locator("#feed > .line", has_text="Who knows?").last.locator(".replies a").click()
    await expect(page.locator("#reply")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.locator("#thread")).to_be_hidden()
    await page.go_back()
    await expect(page.locator("#thread-feed")).to_contain_text("I do")


async def test_a_window_that_nobody_sees_gives_its_connection_back(desk: Desk) -> None:
    page = await desk.window("ana", "#general")
    await page.evaluate(
        "Object.defineProperty(document, 'hidden', { value: true, configurable: true });"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    await desk.box.person("bob").says("said meanwhile", in_="#general")
    await page.wait_for_timeout(700)
    await expect(page.locator("#feed > .line", has_text="said meanwhile")).to_have_count(0)
    await page.evaluate(
        "Object.defineProperty(document, 'hidden', { value: false, configurable: true });"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    await expect(page.locator("#feed > .line", has_text="said meanwhile")).to_have_count(1)


async def test_whoever_simply_begins_to_type_writes_into_the_conversation(desk: Desk) -> None:
    page = await desk.window("ana", "#general")
    await page.keyboard.type("hello all")
    await expect(field(page)).to_have_value("hello all")
