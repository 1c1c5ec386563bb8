"""How the last weeks went: for whoever asks, for the lead on Mondays, as a file; and what the requests turned out to be."""

import csv
import io
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.features.reports import store
from bot.outbox.models import outbox
from bot.sandbox.slack.wire import Grant
from bot.sandbox.story import Answer, Seen
from tests.e2e.office import PAYMENTS, Office
from tests.e2e.screen import said, sends
from tests.e2e.steps import chooses, shows

# The first Monday of December, at nine in Kyiv; the story begins in the last days of November.
MONDAY = datetime(2026, 12, 7, 7, tzinfo=UTC)
NEXT = datetime(2026, 12, 14, 7, tzinfo=UTC)


async def closed_as(office: Office, text: str, category: str) -> Seen:
    card = await office.asks(text)
    label = card.text.split()[0]
    await card.click("Claim", by=office.person("alice"))
    await (await card.now()).click("Resolve", by=office.person("alice"))
    await office.settled()
    card = await shows(office, label, "Resolved", label=label)
    await card.choose(category, by=office.person("alice"))
    await office.settled()
    return card


async def report_of(office: Office, at: datetime) -> Seen:
    office.clock.set(at)
    return await office.person("lead").waits_for("your week in figures", in_="dm", timeout=30)


async def file_for(office: Office, name: str) -> list[dict[str, str]]:
    """The rows of the file that this person was sent."""
    await office.settled()
    seen = await office.person(name).waits_for("What came in to Payments", in_="dm", timeout=30)
    (file,) = seen.message.files
    assert str(file["name"]).startswith("requests-payments-2026-1")
    content = office.box.workspace.server.office.files.stored[str(file["id"])].content
    return list(csv.DictReader(io.StringIO(content.decode())))


@pytest.mark.by_turns
async def test_on_monday_the_lead_reads_how_the_weeks_went_and_has_the_rows_as_a_file(office: Office) -> None:
    await closed_as(office, "=1+1 How do I refund an order?", "Missing doc")
    await closed_as(office, "Refund for a partner, where?", "Self-service gap")
    form = await chooses(await office.asks("Reset my laptop"), "Decline", office)
    form.fill("Why?", "Ask the helpdesk")
    form.pick("What was it?", "Wrong team")
    await sends(form)
    report = await report_of(office, MONDAY)
    for words in (
        "Came in: 3; resolved: 2; declined: 1",
        "Taken in the time promised: 3 of 3 (100 %): Normal 3 of 3 (within 4 hours)",
        "9–15 Nov 0, 16–22 Nov 0, 23–29 Nov 3, 30 Nov–6 Dec 0",
        "By the hour (Europe/Kyiv time): 12:00 3",
        "Wrong team 1",
        "Resolved by: @alice 2",
        "Refund: 2 requests, such as “Refund for a partner, where?” (#2, #1)",
    ):
        assert words in report.text, report.text
    assert [block["type"] for block in report.blocks].count("data_visualization") == 2
    await report.click("Get it as CSV", by=office.person("lead"))
    rows = await file_for(office, "lead")
    assert [row["summary"][:8] for row in rows] == ["'=1+1 Ho", "Refund f", "Reset my"]
    assert [row["category"] for row in rows] == ["missing_doc", "self_service", "wrong_team"]


@pytest.mark.by_turns
async def test_a_lead_who_stops_the_weekly_report_gets_none_until_they_want_it_again(office: Office) -> None:
    await office.asks("Refund stuck")
    lead = office.person("lead")
    report = await report_of(office, MONDAY)
    stopped = await report.click("Stop the weekly report", by=lead)
    assert "no weekly report of Payments any more" in said(stopped)
    assert await office.product.database.read(store.is_stopped, 1, lead.id)
    stats = await lead.runs("/triage payments stats")
    assert isinstance(stats, Answer)
    assert "You get the report of Payments again" in said(await stats.click("Send it every Monday", by=lead))
    assert not await office.product.database.read(store.is_stopped, 1, lead.id)
    again = await lead.runs("/triage payments stats")
    assert isinstance(again, Answer) and "Send it every Monday" not in again.buttons


@pytest.mark.by_turns
async def test_figures_are_for_everybody_and_the_rows_for_the_team(office: Office) -> None:
    await office.asks("Refund stuck")
    ours = await office.person("alice").runs("/triage payments stats")
    theirs = await office.person("ana").runs("/triage payments stats")
    assert isinstance(ours, Answer) and isinstance(theirs, Answer)
    assert ours.buttons == ["Get it as CSV"] and theirs.buttons == []
    assert "Asked by: Other (people whom no source of the team's settings names) 1" in theirs.text
    assert "on its way" in said(await ours.click("Get it as CSV", by=office.person("alice")))
    assert [row["number"] for row in await file_for(office, "alice")] == ["1"]
    others = ["U0BOB00001", "U0CAROL001"]
    rotation = PAYMENTS["rotation"] | {"members": others}
    await office.apply(PAYMENTS | {"members": others, "rotation": rotation})
    refused = await ours.click("Get it as CSV", by=office.person("alice"))
    assert "Only members of a team can have its requests as a file" in said(refused)


@pytest.mark.by_turns
async def test_a_file_whose_answer_was_lost_comes_once(office: Office) -> None:
    await office.asks("Refund stuck")
    office.box.faults.add(method="files.completeUploadExternal", kind="drop_after", times=1)
    stats = await office.person("alice").runs("/triage payments stats")
    assert isinstance(stats, Answer)
    await stats.click("Get it as CSV", by=office.person("alice"))
    await file_for(office, "alice")
    for _ in range(3):
        office.clock.advance(15)
        await office.settled()
    files = [one for one in await office.person("alice").sees(in_="dm") if one.message.files]
    assert len(files) == 1


@pytest.mark.by_turns
async def test_without_the_permission_for_files_whoever_wanted_one_reads_why(office: Office) -> None:
    await office.asks("Refund stuck")
    tokens = office.box.workspace.server.tokens
    granted = tokens[office.box.bot_token].scopes - {"files:write"}
    tokens[office.box.bot_token] = Grant(kind="bot", scopes=granted)
    await office.product.deps.slack.call("auth.test")
    stats = await office.person("alice").runs("/triage payments stats")
    assert isinstance(stats, Answer)
    await stats.click("Get it as CSV", by=office.person("alice"))
    told = await office.person("alice").waits_for("could not give you", in_="dm", timeout=30)
    assert "misses the permission files:write: nobody gets requests as a CSV file" in told.text
    # The operators hear of the permission once, and not of each click.
    results = select(outbox.c.result).where(outbox.c.kind == "report.csv")
    found = await office.product.database.read(lambda connection: connection.scalar(results))
    assert found == "refused"
    assert "frontdesk export requests" in told.text
