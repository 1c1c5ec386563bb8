"""The product sees how well it works: counts agree with what happened, and live through restarts and outages."""

from collections import Counter

import pytest
from aiohttp import ClientSession
from sqlalchemy import Connection, select

from bot.indicators import store
from bot.indicators.domain import Component, Indicators, indicators
from bot.outbox.models import outbox
from bot.sandbox.forms import Form
from bot.scheduling.counting import Counting
from tests.e2e.office import BEGINS, Office
from tests.e2e.screen import said
from tests.support.waiting import until

TOPIC = ("channel_topic", "group_topic")
HEADING = "How well Frontdesk itself worked"


def _counted(connection: Connection) -> Indicators:
    return indicators(store.since(connection, BEGINS.date()))


async def counted(office: Office) -> Indicators:
    """What is counted when everything has settled."""
    await office.settled()
    product = office.product
    counting = Counting(product.deps.transactions, product.tally, product.features)
    await product.tally.write(product.deps.transactions)
    await counting.count_days(office.clock.now())
    return await product.database.read(_counted)


async def posts(office: Office) -> Counter[str]:
    """How many messages of the bot stand in the workspace, by the kind of work that made them."""
    standing = [
        message
        for channel in office.box.workspace.world.channels.values()
        for message in channel.messages.values()
        # That the bot changed a topic, Slack writes by itself.
        if message.user == office.box.bot_user_id and message.subtype not in TOPIC
    ]
    nameless = [message.text for message in standing if not message.metadata]
    assert nameless == []
    kinds = await office.product.database.read(_kinds)
    return Counter(kinds[message.metadata["event_payload"]["id"]] for message in standing if message.metadata)


def _kinds(connection: Connection) -> dict[str, str]:
    """The kind of each entry, by the name that travels with its message."""
    return {row.dedup: row.kind for row in connection.execute(select(outbox.c.dedup, outbox.c.kind))}


def posting_kinds(office: Office) -> set[str]:
    """Kinds of work that say themselves that they end in one new message."""
    return {
        kind
        for feature in office.product.features
        for kind, delivery in feature.deliveries.items()
        if delivery.prepare.__qualname__.startswith("post_delivery.")
    }


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
    found = await counted(office)
    standing = await posts(office)
    kinds = posting_kinds(office) | standing.keys()
    done = {kind: n for (_, kind, result), n in found.results.items() if result == "done" and kind in kinds}
    assert done == standing
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
    # Who is on duty is looked at anew by each life: that may have made work of its own.
    assert {what: after.results.get(what) for what in before.results} == before.results
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
        found = await office.product.database.read(_counted)
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
