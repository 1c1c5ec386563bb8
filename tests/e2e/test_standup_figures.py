"""Figures and exports of check-ins: who took part, how soon, and nobody who wrote anonymously."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.features.standup.store.export import export_rows
from bot.sandbox.story import Answer, Form
from tests.e2e.conftest import assert_calls_agree
from tests.e2e.office import PAYMENTS, Office
from tests.e2e.standup_office import (
    CHANNEL,
    MORNING,
    QUESTIONS,
    fills_in,
    later,
    looked,
    open_standups,
    summaries,
)


@pytest.fixture
def standups() -> list[dict[str, Any]]:
    return [MORNING]


@pytest.fixture
async def office(tmp_path: Path, specs: Path, standups: list[dict[str, Any]]) -> AsyncIterator[Office]:
    """Payments with these check-ins, on SQLite and over HTTP."""
    async with open_standups(f"sqlite:///{tmp_path}/frontdesk.db", tmp_path, *standups) as opened:
        yield opened
        assert_calls_agree(opened)


async def _told(office: Office, name: str, line: str, in_: str = CHANNEL) -> str:
    answer = await office.person(name).runs(line, in_=in_)
    assert isinstance(answer, Answer), answer
    await looked(office)
    return answer.text.replace("*", "")


@pytest.mark.parametrize("standups", [[MORNING | {"anonymous": True}]])
async def test_what_was_anonymous_stays_so_when_the_plan_changes(office: Office) -> None:
    await later(office, "09:30")
    await fills_in(office, "alice", "Refunds", "Payouts", "The bank is down")
    await later(office, "11:30")
    await office.apply(PAYMENTS | {"standups": [MORNING]})
    await later(office, "09:30", days=1)
    await fills_in(office, "bob", "Refunds", "Payouts", "")
    await later(office, "11:30", days=1)
    report = await _told(office, "bob", "/standup report")
    assert "2 of 6 answered" in report and "bob 1/1" in report and "alice 0/1" in report
    assert "• The bank is down" in report
    assert "alice: The bank" not in (await summaries(office))[-1].text


@pytest.mark.parametrize("standups", [[MORNING | {"anonymous": True, "timezone": "member"}]])
async def test_an_export_of_anonymous_check_ins_tells_nobody_from_another(office: Office) -> None:
    await later(office, "23:00")
    rows = await office.product.database.read(export_rows, None, None, None)
    assert len(rows) == 2
    told = [{key: value for key, value in row.items() if value not in ("", None, False)} for row in rows]
    assert all(set(row) == {"team", "check_in", "day", "state"} for row in told)


async def test_whoever_answered_early_took_no_time(office: Office) -> None:
    form = await office.person("alice").runs("/standup", in_=CHANNEL)
    assert isinstance(form, Form)
    form.fill(QUESTIONS[0], "Refunds")
    assert await form.submit() is None
    await later(office, "11:30")
    rows = await office.product.database.read(export_rows, "payments", None, None)
    assert [row["minutes"] for row in rows if row["person"] == "U0ALICE001"] == [0]
