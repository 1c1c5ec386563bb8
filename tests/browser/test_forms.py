"""Forms, the Home tab and elements that the product does not use yet, in a real browser with a small bot."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.sandbox.face.face import Face
from bot.sandbox.face.server import FaceServer
from bot.sandbox.face.stage import Stage
from bot.sandbox.jira.server import JiraServer
from bot.sandbox.jira.site import JiraSite
from bot.sandbox.story import Sandbox
from tests.browser.axe import check_axe
from tests.browser.form_bot import form_bot, manifest, sent
from tests.browser.windows import Windows
from tests.sandbox.slack.listener import Listener


@dataclass(frozen=True, kw_only=True)
class Play:
    """The face over a sandbox with the small bot."""

    box: Sandbox
    bot: Listener
    address: str
    windows: Windows

    async def window(self, path: str) -> Page:
        return await self.windows.open(self.address + path)


@pytest_asyncio.fixture(loop_scope="session")
async def play(browser: Browser) -> AsyncIterator[Play]:
    windows = Windows(browser)
    async with Sandbox.start(manifest=manifest(), settle=0.2) as box, form_bot(box) as bot:
        jira = await JiraServer.start(JiraSite(clock=box.clock.now))
        server = await FaceServer.start(Face(Stage(box=box, jira=jira)))
        yield Play(box=box, bot=bot, address=server.address, windows=windows)
        await windows.close()
        await server.stop()
        await jira.stop()
    assert windows.complaints.wrong() == []


async def opened(play: Play) -> Page:
    page = await play.window("/as/ana/c/C0GENERAL1")
    await page.get_by_role("textbox", name="Message #general").fill("/form")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="Form 1")).to_be_visible()
    return page


async def test_forms_lie_on_forms_three_deep_and_come_back_one_by_one(play: Play) -> None:
    page = await opened(play)
    for number in (2, 3):
        await page.get_by_role("button", name=f"Open form {number}").last.click()
        await expect(page.get_by_role("dialog", name=f"Form {number}")).to_be_visible()
    await check_axe(page)
    # Slack takes no fourth; the bot's call is refused and the third form stays.
    await page.get_by_role("button", name="Open form 4").last.click()
    await expect(page.locator("dialog")).to_have_count(3)
    for number in (3, 2, 1):
        await page.keyboard.press("Escape")
        await expect(page.locator("dialog")).to_have_count(number - 1)


async def test_an_external_select_is_chosen_by_keyboard(play: Play) -> None:
    page = await opened(play)
    field = page.get_by_role("combobox", name="City")
    await field.focus()
    await page.keyboard.type("li")
    await expect(page.locator("dialog").get_by_role("option")).to_have_text(["Lisbon", "Lima"])
    await check_axe(page)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(field).to_have_value("Lima")
    await page.get_by_role("dialog").get_by_role("button", name="Send").click()
    await expect(page.locator("dialog")).to_have_count(0)
    values = sent(play.bot, "view_submission")["view"]["state"]["values"]
    assert values["city"]["city"]["selected_option"]["value"] == "lima"


async def test_what_is_chosen_in_every_field_reaches_the_bot(play: Play, tmp_path: Path) -> None:
    proof = tmp_path / "proof.txt"
    proof.write_text("seen")
    page = await opened(play)
    await page.get_by_role("combobox", name="City").press_sequentially("ky")
    await page.get_by_role("option", name="Kyiv").click()
    await page.locator("details.many summary").click()
    await page.get_by_role("checkbox", name="Friday").check()
    await page.keyboard.press("Escape")
    await page.get_by_role("checkbox", name="Tea").check()
    await page.get_by_label("When").fill("2026-11-30T09:30")
    await page.get_by_label("Proof").set_input_files(proof)
    await page.get_by_role("dialog").get_by_role("button", name="Send").click()
    await expect(page.locator("dialog")).to_have_count(0)
    values = sent(play.bot, "view_submission")["view"]["state"]["values"]
    assert [one["value"] for one in values["days"]["days"]["selected_options"]] == ["friday"]
    assert [one["value"] for one in values["extras"]["extras"]["selected_options"]] == ["tea"]
    assert values["when"]["when"]["selected_date_time"] == 1796027400  # 09:30 in Paris, where Ana is
    assert [one["name"] for one in values["proof"]["proof"]["files"]] == ["proof.txt"]


async def test_what_is_missing_is_said_beside_a_search_field(play: Play) -> None:
    page = await opened(play)
    await page.get_by_role("dialog").get_by_role("button", name="Send").click()
    await expect(page.locator(".complaint")).to_have_text("Please complete this required field.")
    await expect(page.get_by_role("combobox", name="City")).to_have_attribute("aria-invalid", "true")


async def test_the_home_tab_is_published_and_its_buttons_ask_first(play: Play) -> None:
    page = await play.window("/as/ana/home")
    await expect(page.get_by_role("main")).to_contain_text("Pressed 0 times")
    await check_axe(page)
    await page.get_by_role("button", name="Count up").click()
    question = page.get_by_role("dialog")
    await expect(question).to_contain_text("This counts one up.")
    await check_axe(page)
    await question.get_by_role("button", name="Not now").click()
    await page.get_by_role("button", name="Count up").click()
    await question.get_by_role("button", name="Count", exact=True).click()
    await expect(page.get_by_role("main")).to_contain_text("Pressed 1 times")


async def test_a_bot_that_does_not_answer_is_spoken_of_in_the_form(play: Play) -> None:
    page = await opened(play)
    await page.get_by_role("combobox", name="City").press_sequentially("ky")
    await page.get_by_role("option", name="Kyiv").click()
    play.box.deliver_by_http("http://127.0.0.1:9/slack/events")
    await page.get_by_role("dialog").get_by_role("button", name="Send").click()
    await expect(page.locator(".banner")).to_contain_text("did not answer")
    await expect(page.get_by_role("combobox", name="City")).to_have_value("Kyiv")


async def test_files_and_mentions_are_written_and_seen(play: Play, tmp_path: Path) -> None:
    picture = tmp_path / "pixel.png"
    picture.write_bytes(
        bytes.fromhex(
            "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
            "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
        )
    )
    page = await play.window("/as/ana/c/C0GENERAL1")
    field = page.get_by_role("textbox", name="Message #general")
    await field.press_sequentially("Look here @bo")
    await expect(page.locator("#completions").get_by_role("option").first).to_contain_text("bob")
    await page.keyboard.press("Enter")
    await page.locator(".composer input[type=file]").set_input_files(picture)
    await page.get_by_role("button", name="Send").click()
    line = page.locator("#feed > .line").last
    await expect(line.locator(".mention")).to_have_text("@bob")
    await expect(line.get_by_role("img", name="pixel.png")).to_be_visible()
    await check_axe(page)
