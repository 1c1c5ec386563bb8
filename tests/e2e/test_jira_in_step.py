"""An issue and its request agree, seen by the people at both ends."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.jira import hands, seed
from bot.sandbox.story import Seen
from tests.e2e.conftest import assert_calls_agree
from tests.e2e.office import Edition, Office, Transport, open_office
from tests.e2e.screen import form_of

pytestmark = pytest.mark.by_turns

SECRET = "webhook-secret"
IN_TIME = 10.0


@pytest.fixture
async def office(
    database_url: str, tmp_path: Path, transport: Transport, edition: Edition, specs: Path
) -> AsyncIterator[Office]:
    """An office whose Jira tells the bot what happens in it."""
    opening = open_office(
        database_url, tmp_path, transport=transport, edition=edition, jira_webhook_secret=SECRET
    )
    async with opening as opened:
        opened.site.webhooks.add(f"{opened.running.address}/jira/webhook", secret=SECRET)
        yield opened
    assert_calls_agree(opened)


async def with_issue(office: Office, text: str) -> Seen:
    """Ana asks, Alice makes PAY-1 of it; the card."""
    card = await office.asks(text)
    form = form_of(await card.click("Create Jira issue", by=office.person("alice")))
    assert await form.submit() is None
    await office.person("alice").waits_for("PAY-1", thread=card, timeout=IN_TIME)
    await office.settled()
    await office.site.webhooks.idle()
    office.clock.advance(60)
    return card


async def test_done_in_jira_resolves_the_request_and_tells_whoever_asked(office: Office) -> None:
    alice, ana = office.person("alice"), office.person("ana")
    card = await with_issue(office, "Refund stuck")
    office.site.moves("PAY-1", "In Progress")
    await alice.waits_for("PAY-1: To Do → In Progress, by Nina Novak", thread=card, timeout=IN_TIME)
    await alice.waits_for("PAY-1 (In Progress)", in_="#triage-payments", timeout=IN_TIME)
    office.clock.advance(5)
    office.site.moves("PAY-1", "Done")
    receipt = await ana.waits_for("#1 is with Payments", in_="dm")
    notice = await ana.waits_for("by Nina Novak in Jira (PAY-1)", thread=receipt, timeout=IN_TIME)
    assert "#1 is Resolved" in notice.text
    await alice.waits_for("Nina Novak in Jira (PAY-1) resolved it", thread=card, timeout=IN_TIME)
    assert "Resolved" in (await card.now()).text
    office.clock.advance(5)
    office.site.moves("PAY-1", "In Progress", by=seed.BOB)
    await alice.waits_for("Bob Marsh in Jira (PAY-1) reopened it", thread=card, timeout=IN_TIME)


async def test_words_go_both_ways_once_and_come_back_to_nobody(office: Office) -> None:
    alice, ana = office.person("alice"), office.person("ana")
    card = await with_issue(office, "Refund stuck")
    office.site.says("PAY-1", "Which order?")
    asked = await ana.waits_for("#1 is with Payments", in_="dm")
    await ana.waits_for("Nina Novak in Jira: Which order?", thread=asked, timeout=IN_TIME)
    await ana.says("Order 123", thread=asked)
    await alice.waits_for("Order 123", thread=card, timeout=IN_TIME)
    await alice.says("// she is a partner", thread=card)
    await office.settled()
    for _ in range(6):
        office.clock.advance(5)
        await office.settled()
        await office.site.webhooks.idle()
    office.clock.advance(700)
    await office.settled()
    said = [text for _, text in office.site.issue("PAY-1").comments]
    assert len(said) == 2 and "Order 123" in said[1] and "partner" not in " ".join(said)
    for root, person in ((card, alice), (asked, ana)):
        texts = [one.text for one in await person.sees(thread=root)]
        assert sum("Which order?" in text for text in texts) == 1
        assert sum("Order 123" in text for text in texts) == 1


async def test_a_request_resolved_in_slack_is_not_resolved_again_by_jira(office: Office) -> None:
    alice = office.person("alice")
    card = await with_issue(office, "Refund stuck")
    await card.click("Resolve", by=alice)
    await office.settled()
    office.site.moves("PAY-1", "Done")
    await alice.waits_for("PAY-1: To Do → Done, by Nina Novak", thread=card, timeout=IN_TIME)
    await office.settled()
    lines = [one.text for one in await alice.sees(thread=card)]
    assert not any("in Jira (PAY-1) resolved it" in line for line in lines)


async def test_a_request_reopened_in_slack_stays_open_while_jira_says_done(office: Office) -> None:
    alice = office.person("alice")
    card = await with_issue(office, "Refund stuck")
    office.site.moves("PAY-1", "Done")
    await alice.waits_for("resolved it", thread=card, timeout=IN_TIME)
    await (await card.now()).choose("Reopen", by=alice)
    await alice.waits_for("reopened it", thread=card, timeout=IN_TIME)
    office.clock.advance(5)
    hands.assigns(office.site, seed.NINA, office.site.stored["PAY-1"], seed.BOB)
    await alice.waits_for("PAY-1 is now with Bob Marsh", thread=card, timeout=IN_TIME)
    await office.settled()
    assert "Resolved" not in (await card.now()).text


async def test_what_happens_while_the_bot_is_away_is_made_up_for(office: Office) -> None:
    alice = office.person("alice")
    card = await with_issue(office, "Refund stuck")
    await office.stop()
    office.site.says("PAY-1", "Said in the dark")
    office.site.moves("PAY-1", "Done")
    await office.site.webhooks.idle()
    office.clock.advance(700)
    await office.restart()
    await alice.waits_for("Nina Novak in Jira: Said in the dark", thread=card, timeout=IN_TIME)
    await alice.waits_for("PAY-1: To Do → Done, by Nina Novak", thread=card, timeout=IN_TIME)
