"""The bot is away and people go on writing: what Slack does not send again is read back, once."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.absence.models import heard as heard_row
from bot.outbox.models import outbox
from tests.e2e.conftest import assert_calls_agree
from tests.e2e.office import Office, Transport, open_office
from tests.support.locks import held_for_writing
from tests.support.waiting import until

pytestmark = pytest.mark.by_turns

TEN_MINUTES = timedelta(minutes=10)
INTAKE = "#ask-payments"


@pytest.fixture
async def office(
    database_url: str, tmp_path: Path, transport: Transport, specs: Path
) -> AsyncIterator[Office]:
    """An office whose alarms go to #general."""
    opening = open_office(
        database_url, tmp_path, transport=transport, with_jira=False, alert_channel="C0GENERAL1"
    )
    async with opening as opened:
        await until(lambda: has_heard(opened))
        yield opened
    assert_calls_agree(opened)


async def has_heard(office: Office) -> bool:
    """Whether the bot has written down that it hears."""
    count = select(func.count()).select_from(heard_row)
    return await office.product.database.read(lambda connection: connection.scalar(count)) == 1


async def away(office: Office, gap: timedelta = TEN_MINUTES) -> None:
    """The bot was stopped, Slack has given up sending again, and time has gone by."""
    await office.box.events_delivered(60)
    office.clock.advance(gap)


async def rows(office: Office, kind: str) -> Sequence[Any]:
    query = outbox.select().where(outbox.c.kind == kind).order_by(outbox.c.id)
    return await office.product.database.read(lambda c: c.execute(query).mappings().all())


async def heard(office: Office) -> None:
    """Returns once the bot has told that it was away."""

    async def told() -> bool:
        return any(row["result"] == "done" for row in await rows(office, "absence.report"))

    await until(told)


async def reports(office: Office) -> list[str]:
    seen = await office.person("ana").sees(in_="#general")
    return [one.text for one in seen if "was away" in one.text]


async def test_what_was_written_meanwhile_is_filed_once_and_an_event_that_comes_late_changes_nothing(
    office: Office,
) -> None:
    ana, boris = office.person("ana"), office.person("bob")
    first = await ana.says("Written before", in_=INTAKE)
    await office.card("Written before")
    await office.settled()
    await office.stop()
    refund = await ana.says("Refund stuck", in_=INTAKE)
    ledger = await ana.says("Ledger empty", in_=INTAKE)
    await ana.edits(ledger, "Ledger empty since noon")
    gone = await ana.says("Never mind", in_=INTAKE)
    await ana.deletes(gone)
    await boris.says("📣 An announcement, no request", in_=INTAKE)
    await boris.says("Me too", thread=refund)
    await away(office)
    await office.begin_again()
    await heard(office)
    assert await office.count() == 3
    card = await office.card("Ledger empty since noon")
    assert "#3" in card.text
    (report,) = await reports(office)
    assert "found 2 messages and filed them" in report
    late = [call.arguments for call in office.box.journal.told("event:message")]
    for event in late:
        if event["event"].get("ts") in (first.ts, refund.ts, ledger.ts):
            office.box.workspace.courier.tell(event)
    assert await office.count() == 3
    cards = await rows(office, "request.card")
    assert [row["result"] for row in cards] == ["done"] * 3


async def test_four_minutes_are_left_to_slack(office: Office) -> None:
    ana = office.person("ana")
    await office.settled()
    await office.stop()
    await ana.says("Refund stuck", in_=INTAKE)
    await away(office, timedelta(minutes=4))
    await office.begin_again()
    await ana.says("Written afterwards", in_=INTAKE)
    await office.card("Written afterwards")
    # The bot has been looking for a while by now.
    await asyncio.sleep(1.5)
    assert await rows(office, "request.sweep") == []
    assert await office.count() == 1


async def test_what_was_said_in_a_requests_threads_meanwhile_appears_on_the_other_side(
    office: Office,
) -> None:
    ana, alice = office.person("ana"), office.person("alice")
    asked = await ana.says("Refund stuck", in_=INTAKE)
    card = await office.card("Refund stuck")
    await office.settled()
    await office.stop()
    await ana.says("It is order 123", thread=asked)
    await away(office)
    await office.begin_again()
    await alice.waits_for("It is order 123", thread=card)


async def test_a_channel_that_is_closed_by_then_holds_nothing_up_and_is_named(office: Office) -> None:
    await office.settled()
    await office.stop()
    office.box.remove_bot("ask-payments")
    await away(office)
    await office.begin_again()
    await heard(office)
    (report,) = await reports(office)
    assert "could not read" in report and "C0ASKPAY01" in report


@pytest.mark.parametrize("backend", [pytest.param("postgres", marks=pytest.mark.postgres)])
async def test_two_replicas_that_start_together_read_back_once(office: Office) -> None:
    ana = office.person("ana")
    await office.settled()
    await office.stop()
    for number in range(5):
        await ana.says(f"Refund {number} stuck", in_=INTAKE)
    await away(office)
    other, _ = await asyncio.gather(office.another(), office.begin_again())
    await heard(office)
    assert await office.count() == 5
    assert len(await rows(office, "request.sweep")) == 1
    assert len(await reports(office)) == 1
    await other.close()


async def test_while_the_database_is_away_people_are_heard_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "frontdesk.db"
    # As impatient as in life: whoever cannot be stored is told so within two seconds.
    opening = open_office(f"sqlite:///{path}", tmp_path, with_jira=False, patience=None)
    async with opening as office:
        await until(lambda: has_heard(office))
        await office.settled()
        # Slack gives up before the database is back.
        office.box.workspace.courier.retry_delays = ()
        async with held_for_writing(str(path)):
            await until(lambda: office.running.parts()["database"] != "ok")
            await office.person("ana").says("Refund stuck", in_=INTAKE)
            await away(office)
        await until(lambda: is_filed(office))
        await office.card("Refund stuck")
        assert [row["ref"]["found"] for row in await rows(office, "request.sweep")] == [1]


async def is_filed(office: Office) -> bool:
    return any(row["result"] == "done" for row in await rows(office, "request.sweep"))
