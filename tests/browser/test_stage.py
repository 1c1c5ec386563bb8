"""The stage in the browser: its clock, its faults, a new beginning; what the real bot does about each."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.axe import check_axe
from tests.browser.conftest import Shoot
from tests.browser.desk import Desk
from tests.browser.hands import ask, card, press, say


async def turn(page: Page, name: str, on: bool) -> None:
    """Press a switch on the Controls page, and see it turned."""
    switch = page.get_by_role("switch", name=name)
    await switch.click()
    await expect(switch).to_have_attribute("aria-checked", "true" if on else "false")


async def some_things_on(controls: Page) -> None:
    """Whatever is tried again is, by the clock of the stage."""
    for _ in range(4):
        async with controls.expect_response("**/controls/clock"):
            await controls.get_by_role("button", name="To the next thing").click()


async def to_jira(alice: Page) -> None:
    """Create the issue of the card by its form."""
    await press(card(alice), "Create Jira issue")
    form = alice.get_by_role("dialog")
    await form.locator("footer button.primary").click()
    await expect(form).to_have_count(0)


async def test_the_clock_goes_to_the_next_thing_and_a_snoozed_request_wakes(desk: Desk) -> None:
    await ask(desk)
    alice = await desk.window("alice", "#triage-payments")
    await card(alice).get_by_label("More actions").click()
    await card(alice).get_by_role("button", name="Snooze").click()
    form = alice.get_by_role("dialog")
    await form.get_by_label(re.compile("^Until")).select_option(index=1)
    await form.locator("footer button.primary").click()
    await expect(card(alice)).to_contain_text("Snoozed until")
    controls = await desk.window(place="/controls")
    await expect(controls.get_by_role("main")).to_contain_text(re.compile("snooze", re.IGNORECASE))
    await controls.get_by_role("button", name="To the next thing").click()
    await expect(card(alice)).to_contain_text("New", timeout=30_000)
    await expect(card(alice)).not_to_contain_text("Snoozed")
    await expect(alice.locator(".line").last).to_be_visible()


async def test_the_clock_moves_from_the_side_bar_too(desk: Desk) -> None:
    ana = await desk.window("ana", "#general")
    await ana.get_by_label("The stage's clock").click()
    await check_axe(ana)
    await ana.get_by_role("button", name="Next Monday").click()
    await expect(ana.locator(".stage-bar")).to_contain_text("Mon 30 Nov")
    await say(ana, "Good morning")
    await expect(ana.locator("#feed .day").last).to_contain_text("Monday, 30 November 2026")


async def test_the_clock_is_moved_again_and_again_by_the_keyboard_alone(desk: Desk) -> None:
    ana = await desk.window("ana", "#general")
    await ana.get_by_label("The stage's clock").press("Enter")
    await ana.get_by_role("button", name="To the next thing").focus()
    moments = [desk.stage.now]
    for _ in range(2):
        async with ana.expect_response("**/controls/clock"):
            await ana.keyboard.press("Enter")
        await expect(ana.get_by_role("button", name="To the next thing")).to_be_focused()
        moments.append(desk.stage.now)
    assert moments[0] < moments[1] < moments[2]


async def test_a_new_beginning_leads_every_window_to_the_start(desk: Desk, shoot: Shoot) -> None:
    ana = await ask(desk)
    controls = await desk.window(place="/controls")
    await controls.get_by_label("Data Center").check()
    await controls.get_by_label("Forget everything that was said here").check()
    await controls.get_by_role("button", name="Begin again").click()
    await expect(ana.locator(".tasks .count")).to_have_text("0/13", timeout=20_000)
    jira = await desk.window(place="/jira")
    await expect(jira.get_by_role("main")).to_contain_text("Data Center")
    again = await ask(desk)
    await expect(again.locator(".only-you").last).to_contain_text("#1")


async def test_too_many_requests_hold_a_message_up_until_they_stop(desk: Desk, shoot: Shoot) -> None:
    controls = await desk.window(place="/controls")
    await turn(controls, "Slack: too many requests", True)
    ana = await desk.window("ana", "#ask-payments")
    await say(ana, "/ask-team payments Refund stuck for order 123")
    outbox = await desk.window(place="/inspector/outbox")
    await expect(outbox.get_by_role("main")).to_contain_text("card", timeout=30_000)
    await check_axe(outbox)
    alice = await desk.window("alice", "#triage-payments")
    assert await alice.locator("#feed > .line", has_text="Refund stuck").count() == 0
    inspector = await desk.window(place="/inspector")
    await expect(inspector.get_by_role("main")).to_contain_text("429")
    await shoot(inspector, "inspector")
    await turn(controls, "Slack: too many requests", False)
    await expect(card(alice)).to_be_visible(timeout=30_000)
    await expect(alice.locator("#feed > .line", has_text="Refund stuck")).to_have_count(1)


async def test_a_lost_answer_of_slack_makes_no_second_card(desk: Desk) -> None:
    controls = await desk.window(place="/controls")
    await turn(controls, "Slack: answers lost", True)
    ana = await desk.window("ana", "#ask-payments")
    await say(ana, "/ask-team payments Refund stuck for order 123")
    alice = await desk.window("alice", "#triage-payments")
    await expect(card(alice)).to_be_visible(timeout=30_000)
    await turn(controls, "Slack: answers lost", False)
    await press(card(alice), "Claim")
    await expect(card(alice)).to_contain_text("In progress", timeout=30_000)
    await expect(alice.locator("#feed > .line", has_text="Refund stuck")).to_have_count(1)


async def test_what_is_told_twice_happens_once(desk: Desk) -> None:
    controls = await desk.window(place="/controls")
    await turn(controls, "Every event twice", True)
    ana = await desk.window("ana", "#ask-payments")
    await say(ana, "The invoice page is blank, is that known?")
    alice = await desk.window("alice", "#triage-payments")
    await expect(card(alice, "invoice page")).to_be_visible()
    await say(alice, "Still here")
    await expect(alice.locator("#feed > .line", has_text="invoice page")).to_have_count(1)


async def test_a_socket_that_is_cut_comes_back(desk: Desk) -> None:
    controls = await desk.window(place="/controls")
    await turn(controls, "Socket disconnected", True)
    await expect(controls.get_by_role("main")).to_contain_text(re.compile("▲ ?socket"), timeout=30_000)
    ana = await desk.window("ana", "#ask-payments")
    await say(ana, "/ask-team payments Refund stuck for order 123")
    await expect(ana.locator(".only-you").last).to_contain_text("failed with the error")
    await turn(controls, "Socket disconnected", False)
    await desk.box.socket_connected(20)
    await say(ana, "/ask-team payments Refund stuck for order 123")
    await expect(ana.locator(".only-you", has_text="#1")).to_be_visible(timeout=30_000)


async def test_an_issue_that_is_wished_while_jira_is_down_is_made_once_it_is_back(desk: Desk) -> None:
    await ask(desk)
    alice = await desk.window("alice", "#triage-payments")
    await press(card(alice), "Create Jira issue")
    form = alice.get_by_role("dialog")
    await expect(form).to_be_visible()
    controls = await desk.window(place="/controls")
    await turn(controls, "Jira down", True)
    await form.locator("footer button.primary").click()
    await expect(form).to_have_count(0)
    await card(alice).locator(".replies a").click()
    await expect(alice.locator("#thread-feed")).to_contain_text("Jira", timeout=30_000)
    await turn(controls, "Jira down", False)
    await some_things_on(controls)
    # The time that has passed may have brought an overview, which names the request too.
    await expect(card(alice, "Asking as")).to_contain_text("PAY-1", timeout=30_000)
    assert len(desk.stage.jira.site.stored) == 1


@pytest.mark.parametrize("name", ["Jira slow", "Jira: answers lost"])
@pytest.mark.timeout(120)
async def test_a_jira_that_answers_late_or_not_at_all_gets_one_issue(desk: Desk, name: str) -> None:
    await ask(desk)
    alice = await desk.window("alice", "#triage-payments")
    await press(card(alice), "Create Jira issue")
    form = alice.get_by_role("dialog")
    await expect(form).to_be_visible()
    controls = await desk.window(place="/controls")
    await turn(controls, name, True)
    await form.locator("footer button.primary").click()
    await expect(form).to_have_count(0)
    await controls.wait_for_timeout(3000)
    await turn(controls, name, False)
    await some_things_on(controls)
    # The time that has passed may have brought an overview, which names the request too.
    await expect(card(alice, "Asking as")).to_contain_text("PAY-1", timeout=40_000)
    assert len(desk.stage.jira.site.stored) == 1


async def test_a_comment_and_a_move_in_jira_go_out_by_webhook(desk: Desk) -> None:
    await ask(desk)
    alice = await desk.window("alice", "#triage-payments")
    await to_jira(alice)
    await expect(card(alice)).to_contain_text("PAY-1", timeout=30_000)
    jira = await desk.window(place="/jira/browse/PAY-1")
    await jira.get_by_label("Comment as Nina Novak").fill("Deployed to the test site.")
    await jira.get_by_role("button", name=re.compile("^Comment|Add")).click()
    await expect(jira.get_by_role("main")).to_contain_text("Deployed to the test site.")
    await jira.get_by_role("button", name="In Progress").click()
    await expect(jira.locator(".lozenge").first).to_have_text("In Progress")
    hooks = await desk.window(place="/jira/webhooks")
    await expect(hooks.get_by_role("main")).to_contain_text("comment_created")
    await expect(hooks.get_by_role("main")).to_contain_text("jira:issue_updated")


@pytest.mark.postgres
@pytest.mark.timeout(150)
async def test_a_database_that_is_away_for_a_while_loses_nothing(desk_on_postgres: Desk) -> None:
    desk = desk_on_postgres
    ana = await ask(desk)
    alice = await desk.window("alice", "#triage-payments")
    await expect(card(alice)).to_be_visible()
    controls = await desk.window(place="/controls")
    await turn(controls, "Database cut off", True)
    await expect(controls.get_by_role("main")).to_contain_text("database", timeout=30_000)
    await say(ana, "/ask-team payments Another refund")
    await expect(ana.locator(".only-you").last).not_to_contain_text("#2")
    await turn(controls, "Database cut off", False)
    await expect(controls.locator("li", has_text="database")).to_contain_text("ok", timeout=30_000)
    await say(ana, "/ask-team payments Another refund")
    await expect(ana.locator(".only-you", has_text="#2")).to_be_visible(timeout=30_000)
    await expect(card(alice, "Another refund")).to_be_visible(timeout=30_000)
