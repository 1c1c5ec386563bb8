"""A person who has written through every door is taken out of everything, and what is counted stays."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.features.standup.store.export import export_rows
from bot.privacy.erasing import erase, named_in_teams
from bot.sandbox.jira import seed
from bot.sandbox.story import Answer, Seen
from tests.e2e.conftest import assert_calls_agree
from tests.e2e.office import PAYMENTS, Edition, Office, Transport
from tests.e2e.screen import form_of, sends
from tests.e2e.standup_office import MORNING, fills_in, later, open_standups
from tests.privacy.make import places_of

pytestmark = pytest.mark.by_turns

BOB, CANARY, SECRET = "U0BOB00001", "xanadu", "webhook-secret"
NAMELESS = MORNING | {"name": "Morning", "anonymous": True}
WITHOUT_BOB = PAYMENTS | {
    "members": ["U0ALICE001", "U0CAROL001"],
    "rotation": PAYMENTS["rotation"] | {"members": ["U0ALICE001", "U0CAROL001"]},
    "standups": [NAMELESS],
}


@pytest.fixture
async def office(
    database_url: str, tmp_path: Path, transport: Transport, edition: Edition, specs: Path
) -> AsyncIterator[Office]:
    """Payments with an anonymous check-in and a Jira that tells what happens in it."""
    opening = open_standups(
        database_url, tmp_path, NAMELESS,
        transport=transport, edition=edition, jira_webhook_secret=SECRET,
    )  # fmt: skip
    async with opening as opened:
        opened.site.webhooks.add(f"{opened.running.address}/jira/webhook", secret=SECRET)
        yield opened
    assert_calls_agree(opened)


def said(where: str) -> str:
    return f"{CANARY} {where}"


async def asks_everywhere(office: Office) -> Seen:
    """A line, a form, a channel message, the talk below it, an offer in a direct message; the line's card."""
    bob = office.person("bob")
    card = await office.asks(said("in a line"), by="bob")
    form = form_of(await bob.runs("/ask-team"))
    form.fill("Summary", said("in a form"))
    form.fill("Details", said("below it"))
    await sends(form)
    message = await bob.says(said("in the channel"), in_="#ask-payments")
    await bob.waits_for("is with Payments", thread=message)
    await bob.says(said("in the talk"), thread=message)
    await bob.says(said("directly"), in_="dm")
    await bob.opens_home()
    await office.settled()
    return card


async def works_everywhere(office: Office, card: Seen) -> None:
    """An issue, its comments on both sides, a decline, a check-in, an absence, duty, a refused press."""
    bob, alice = office.person("bob"), office.person("alice")
    assert await form_of(await card.click("Create Jira issue", by=bob)).submit() is None
    await alice.waits_for("PAY-1", thread=card, timeout=10)
    await bob.says(said("to the issue"), thread=card)
    office.clock.advance(60)
    office.site.says("PAY-1", said("in Jira"), by=seed.BOB)
    await alice.waits_for("in Jira:", thread=card, timeout=10)
    other = await office.asks("Somebody else's words", by="ana")
    await declined_by_bob(office, other)
    await later(office, "09:30")
    await fills_in(office, "bob", said("done"), said("next"), said("in the way"))
    for line in (
        "note " + said("for the next"),
        "override @bob 10:00 until 16:00",
        "calendar",
    ):
        assert isinstance(await bob.runs(f"/rotation {line}", in_="#triage-payments"), Answer)
    assert isinstance(
        await bob.runs(f"/standup away until friday {said('why')}", in_="#standup-payments"), Answer
    )
    await bob.runs("/standup settings", in_="#standup-payments")
    await later(office, "11:30")


async def declined_by_bob(office: Office, card: Seen) -> None:
    form = form_of(await card.choose("Decline", by=office.person("bob")))
    form.fill("Why?", said("no"))
    await sends(form)
    await office.settled()


async def counted(office: Office) -> Any:
    """What the lead reads in figures, and the files about check-ins, without who it was."""
    stats = await office.person("lead").runs("/triage stats", in_="#triage-payments")
    assert isinstance(stats, Answer)
    rows = await office.product.database.read(export_rows, None, None, None)
    # How the bot itself worked is counted on meanwhile.
    return stats.text.split("\nHow well")[0], [{**row, "person": ""} for row in rows]


async def test_whoever_wrote_through_every_door_is_gone_and_the_figures_are_the_same(office: Office) -> None:
    database = office.product.database
    card = await asks_everywhere(office)
    await works_everywhere(office, card)
    before = await counted(office)
    found = {place.split(".")[0] for place in await database.read(places_of, CANARY)}
    assert found >= {
        "requests", "request_history", "conversation_messages", "intake_offers", "tickets", "jira_issues",
        "jira_comments", "slack_words", "standup_checkins", "standup_blockers", "rotation_notes", "absences",
    }  # fmt: skip
    assert await database.read(named_in_teams, BOB) == ["payments: members", "payments: rotation.members"]
    await office.apply(WITHOUT_BOB)
    await office.settled()
    await erase(database, BOB, office.clock.now())
    assert await database.read(places_of, BOB, CANARY, "Bob Marsh", "bob@") == []
    assert await counted(office) == before
    # What comes later shows nobody, and nothing is sent to them.
    await card.click("Claim", by=office.person("alice"))
    await office.settled()
    shown = await office.person("alice").waits_for("(erased)", in_="#triage-payments")
    assert "someone who left" in shown.text and CANARY not in shown.text
    assert await database.read(places_of, BOB, CANARY) == []
