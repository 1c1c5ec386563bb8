"""A lead looks at the settings and changes them; an admin sets up a team: in the browser, as people do."""

from playwright.async_api import expect

from tests.browser.conftest import Shoot
from tests.browser.desk import Desk
from tests.browser.hands import say


async def test_a_lead_changes_the_hours_of_the_team(desk: Desk, shoot: Shoot) -> None:
    page = await desk.window("lead", "#triage-payments")
    await say(page, "/triage settings")
    screen = page.get_by_role("dialog", name="Team settings")
    await expect(screen).to_be_visible()
    await shoot(page, "team-settings")
    await screen.get_by_role("button", name="Edit: Hours and holidays").click()
    hours = page.get_by_role("dialog", name="Hours and holidays")
    await expect(hours.get_by_label("The day begins")).to_be_visible()
    await hours.get_by_label("The day ends").fill("08:00")
    await hours.get_by_role("button", name="Save").click()
    await expect(hours.get_by_text("08:00 is not after 09:00")).to_be_visible()
    await hours.get_by_label("The day ends").fill("17:30")
    await hours.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved. It counts from now on.")).to_be_visible()


async def test_an_admin_sets_up_a_team_from_the_home_tab(desk: Desk) -> None:
    page = await desk.window("olga", "home")
    await page.get_by_role("button", name="New team").click()
    shown = page.get_by_role("dialog", name="New team")
    await expect(shown.get_by_label("Triage channel")).to_be_visible()
