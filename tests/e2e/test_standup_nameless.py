"""Who answers anonymously is not named: not in messages, figures, exports or other forms, now or later."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.features.standup.models import standup_checkins
from bot.features.standup.store.export import export_rows
from bot.sandbox.story import Answer
from tests.e2e.conftest import assert_calls_agree
from tests.e2e.office import Office
from tests.e2e.standup_office import (
    CHANNEL,
    MORNING,
    QUESTIONS,
    fills_in,
    later,
    newest_form,
    open_standups,
    replan,
    summaries,
)

NOON = MORNING | {"name": "Noon", "at": "10:00", "questions": ["How is it going?", "What helps?"],
                  "blocker_question": None}  # fmt: skip
HIDDEN = MORNING | {"anonymous": True}
MEETING = {"name": "Daily call", "kind": "meeting", "at": "14:00", "channel": "C0STANDUP1"}


@pytest.fixture
def standups() -> list[dict[str, Any]]:
    return [MORNING]


@pytest.fixture
async def office(tmp_path: Path, specs: Path, standups: list[dict[str, Any]]) -> AsyncIterator[Office]:
    """Payments with these check-ins, a moment before the first opens, on SQLite and over HTTP."""
    async with open_standups(f"sqlite:///{tmp_path}/frontdesk.db", tmp_path, *standups) as opened:
        yield opened
        assert_calls_agree(opened)


@pytest.mark.parametrize("standups", [[HIDDEN, MEETING]])
async def test_an_anonymous_blocker_stays_so_in_calls_reports_and_later_summaries(office: Office) -> None:
    await later(office, "09:30")
    await fills_in(office, "alice", "", "", "The bank is down")
    await later(office, "11:30")
    await later(office, "13:50")
    call = next(one.text for one in await summaries(office) if "Daily call" in one.text)
    await replan(office, MORNING)
    await later(office, "09:30", days=1)
    await fills_in(office, "bob", "Reports", "", "")
    await later(office, "11:30", days=1)
    named = (await summaries(office))[-1].text
    await later(office, "11:30", days=60)
    report = await office.person("bob").runs("/standup report", in_=CHANNEL)
    assert isinstance(report, Answer)
    for told in (call, named, report.text):
        (line,) = [one for one in told.splitlines() if "The bank is down" in one]
        assert "alice" not in line, told


@pytest.mark.parametrize("standups", [[HIDDEN]])
async def test_neither_an_export_nor_a_message_tells_who_answered_anonymously(office: Office) -> None:
    await later(office, "09:30")
    await fills_in(office, "alice", "Refunds", "", "")
    await later(office, "11:30")
    rows = await office.product.database.read(export_rows, None, None, None)
    told = ("person", "note", "opens_at", "closes_at", "answered_at", "minutes")
    assert [row[key] or "" for row in rows for key in told] == [""] * 18
    ids = await office.product.database.read(
        lambda c: c.execute(standup_checkins.select().order_by("shuffle")).all()
    )
    assert [row["state"] for row in rows] == [row.state for row in ids]
    (summary,) = await summaries(office)
    reply = next(one for one in await office.person("bob").sees(thread=summary) if one.ts != summary.ts)
    answered = next(row for row in ids if row.state == "answered")
    assert reply.message.metadata is not None
    name = str(reply.message.metadata["event_payload"]["id"])
    assert name.endswith(f":{answered.shuffle}.0")


@pytest.mark.parametrize("standups", [[HIDDEN, NOON | {"plan_question": 2, "done_question": 1}]])
async def test_anonymous_words_are_not_filled_into_another_form(office: Office) -> None:
    card = await office.asks("Refund stuck")
    await card.click("Claim")
    await later(office, "09:30")
    form = await newest_form(office, "alice", "Fill in")
    # A request has a name on it.
    assert not form.value(QUESTIONS[0])
    form.fill(QUESTIONS[1], "Look for another job")
    assert await form.submit() is None
    await later(office, "10:00")
    form = await newest_form(office, "alice", "Fill in")
    assert "another job" not in f"{form.text} {form.value('How is it going?')}"
    form.fill("What helps?", "Tea")
    assert await form.submit() is None
    await later(office, "09:30", days=1)
    form = await newest_form(office, "alice", "Fill in")
    assert form.value(QUESTIONS[0]) == "Look for another job"
