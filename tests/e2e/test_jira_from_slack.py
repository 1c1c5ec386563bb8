"""What people say and press in Slack, seen in Jira and back in the thread."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

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


async def goes_on(office: Office, *, seconds: int = 10) -> None:
    """Time passes; what is due is done, and Jira's webhooks have arrived."""
    for _ in range(seconds // 2):
        office.clock.advance(2)
        await office.settled()
        await office.site.webhooks.idle()


async def with_issue(office: Office, message: Seen) -> None:
    """Alice makes PAY-1 of it."""
    alice = office.person("alice")
    form = form_of(await alice.message_shortcut("Create Jira issue", message))
    assert await form.submit() is None
    await alice.waits_for("PAY-1", thread=message, timeout=IN_TIME)
    await goes_on(office)


def said_in_jira(office: Office) -> list[str]:
    return [text for _, text in office.site.issue("PAY-1").comments]


async def test_what_is_said_in_a_thread_of_no_request_goes_to_its_issue_once(office: Office) -> None:
    ana, alice = office.person("ana"), office.person("alice")
    message = await ana.says("Totals differ", in_="#general")
    await office.settled()
    await ana.says("Since Monday", thread=message)
    await with_issue(office, message)
    said = await ana.says("Only in March", thread=message, files=[("totals.csv", b"1,2")])
    await alice.says("// ask her boss", thread=message)
    await goes_on(office)
    [comment] = said_in_jira(office)
    assert "Only in March" in comment and "Ana Moreau" in comment and "boss" not in comment
    assert "Since Monday" in office.site.issue("PAY-1").description
    assert [one.filename for one in office.site.stored["PAY-1"].attachments] == ["totals.csv"]
    await ana.edits(said, "Only in April")
    await goes_on(office)
    [comment] = said_in_jira(office)
    assert "Only in April" in comment and "March" not in comment
    assert not any("in Jira:" in one.text for one in await alice.sees(thread=message))


async def test_resolving_in_slack_offers_the_move_and_the_thread_is_told_once(office: Office) -> None:
    alice = office.person("alice")
    card = await office.asks("Refund stuck")
    form = form_of(await card.click("Create Jira issue", by=alice))
    assert await form.submit() is None
    await alice.waits_for("PAY-1", thread=card, timeout=IN_TIME)
    await goes_on(office)
    await (await card.now()).click("Resolve", by=alice)
    offer = await alice.waits_for("PAY-1 is still To Do in Jira. Move it?", thread=card, timeout=IN_TIME)
    told = [one.text for one in await alice.sees(thread=card)]
    resolved = next(at for at, text in enumerate(told) if "resolved it" in text)
    assert resolved < next(at for at, text in enumerate(told) if "Move it?" in text)
    await offer.click("Done", by=alice)
    await alice.waits_for("PAY-1: To Do → Done, by Alice Koval", thread=card, timeout=IN_TIME)
    await goes_on(office, seconds=20)
    lines = [one.text for one in await alice.sees(thread=card)]
    assert sum("To Do → Done" in line for line in lines) == 1
    assert not any("in Jira (PAY-1) resolved it" in line for line in lines)
    assert any("Moving PAY-1 to Done…" in line for line in lines)
    assert "PAY-1 (Done)" in (await card.now()).text
    assert office.site.issue("PAY-1").status == "Done"


async def test_what_jira_resolved_is_not_offered_again(office: Office) -> None:
    alice = office.person("alice")
    card = await office.asks("Refund stuck")
    form = form_of(await card.click("Create Jira issue", by=alice))
    assert await form.submit() is None
    await alice.waits_for("PAY-1", thread=card, timeout=IN_TIME)
    await goes_on(office)
    office.site.moves("PAY-1", "Done")
    await alice.waits_for("resolved it", thread=card, timeout=IN_TIME)
    await goes_on(office)
    assert not any("Move it?" in one.text for one in await alice.sees(thread=card))
