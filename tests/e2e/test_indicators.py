"""The product sees how well it works: counts agree with what happened, and live through restarts and outages."""

from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.indicators.domain import Component
from bot.sandbox.forms import Form
from tests.e2e.counts import assert_counted_as_posted, counted, counted_so_far, posts
from tests.e2e.office import Office
from tests.e2e.screen import said
from tests.e2e.standup_office import later, open_standups, prompts
from tests.support.waiting import until

HEADING = "How well Frontdesk itself worked"


async def main_story(office: Office) -> None:
    """From a line in Slack to Jira and back to its asker, with talk between."""
    card = await office.asks("Refund stuck for order 123")
    ana, alice = office.person("ana"), office.person("alice")
    await card.click("Claim", by=alice)
    receipt = await ana.waits_for("#1 is with", in_="dm")
    await ana.says("It was paid on Monday", thread=receipt)
    await alice.says("Looking at the ledger now", thread=card)
    form = await card.click("Create Jira issue", by=alice)
    assert isinstance(form, Form)
    await form.submit()
    await alice.waits_for("PAY-1", thread=card)
    await (await card.now()).click("Resolve", by=alice)
    await office.settled()


async def test_what_stands_in_slack_is_what_was_counted_as_posted(office: Office) -> None:
    await main_story(office)
    found = await assert_counted_as_posted(office)
    standing = await posts(office)
    assert standing["request.card"] == standing["request.receipt"] == 1 and standing.total() > 10
    assert found.rate(Component.JIRA).good == len(office.site.issues()) == 1
    assert found.rate(Component.DELIVERY).ratio == 1
    assert found.rate(Component.INTAKE).ratio == 1
    assert found.repeated == 0


@pytest.mark.by_turns
async def test_a_restart_forgets_nothing_that_was_counted(office: Office) -> None:
    await office.asks("Refund stuck")
    before = await counted(office)
    assert before.processed > 2
    await office.restart()
    after = await counted(office)
    # Each life looks anew at who is on duty, and is told of what it does: that may be work of its own.
    assert {what for what, count in before.results.items() if after.results.get(what, 0) < count} == set()
    assert after.results["delivery", "request.card", "done"] == 1
    async with ClientSession() as http, http.get(f"{office.running.address}/metrics") as answer:
        text = await answer.text()
    assert 'frontdesk_jobs_28d{kind="request.card",result="done"}' in text
    assert 'frontdesk_success_ratio_28d{component="intake"} 1.0' in text


@pytest.mark.by_turns
async def test_a_clean_stop_loses_no_call(office: Office) -> None:
    await office.asks("Refund stuck")
    before = await counted(office)
    await office.person("ana").runs("/triage payments")
    await office.restart()
    after = await counted(office)
    commands = ("intake", "command", "ok")
    assert after.results[commands] == before.results[commands] + 1


@pytest.mark.by_turns
async def test_an_outage_of_the_database_shows_by_itself_when_it_is_over(office: Office) -> None:
    office.product.database.hold()
    for number in range(3):
        assert "Not recorded" in said(await office.person("ana").runs(f"/ask-team Refund {number}"))
    office.product.database.release()
    office.clock.advance(11)

    async def shows() -> bool:
        found = await office.product.database.read(counted_so_far)
        return found.results.get(("intake", "command", "unavailable")) == 3

    await until(shows)


@pytest.mark.by_turns
async def test_leads_and_admins_read_how_well_it_worked_and_nobody_else(office: Office) -> None:
    await main_story(office)
    await counted(office)
    for who in ("lead", "olga"):
        text = said(await office.person(who).runs("/triage payments stats"))
        assert "Came in: 1" in text and HEADING in text
        for words in ("Slack's calls answered in time: 100 %", "Jira issues created: 100 % (1 of 1)"):
            assert words in text, words
    for who in ("alice", "ana"):
        text = said(await office.person(who).runs("/triage payments stats"))
        assert "Came in: 1" in text and HEADING not in text


@pytest.mark.by_turns
async def test_before_any_work_nothing_is_claimed(office: Office) -> None:
    text = said(await office.person("lead").runs("/triage payments stats"))
    assert "Jira issues created: no work yet" in text
    assert "100 %" not in text


@pytest.mark.by_turns
async def test_a_morning_on_time_and_one_that_was_slept_through_are_told_apart(
    backend: str, database_url: str, tmp_path: Path, specs: Path
) -> None:
    async with open_standups(database_url, tmp_path, with_jira=False) as office:
        await later(office, "09:30")
        assert len(await prompts(office, "alice")) == 1
        await counted(office)
        # Nobody looked on Tuesday until it was over, and on Wednesday somebody came half an hour late.
        await later(office, "12:00", days=1)
        await counted(office)
        await later(office, "10:00", days=2)
        found = await assert_counted_as_posted(office)
        shown = {result: n for (component, _, result), n in found.results.items() if component == "standup"}
        assert shown == {"on_time": 3, "missed": 3, "late": 3}
