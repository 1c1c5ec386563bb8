"""Reminders: one for the silent, none for who is left alone, and what it says afterwards."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.story import Form
from tests.e2e.conftest import assert_calls_agree
from tests.e2e.office import Office
from tests.e2e.standup_office import (
    MORNING,
    at,
    fills_in,
    later,
    open_standups,
    prompts,
)

SILENT = "no word from you yet"


@pytest.fixture
def standups() -> list[dict[str, Any]]:
    return [MORNING]


@pytest.fixture
async def office(tmp_path: Path, specs: Path, standups: list[dict[str, Any]]) -> AsyncIterator[Office]:
    """Payments with these check-ins, on SQLite and over HTTP."""
    async with open_standups(f"sqlite:///{tmp_path}/frontdesk.db", tmp_path, *standups) as opened:
        yield opened
        assert_calls_agree(opened)


async def test_a_reminder_asks_for_nothing_once_it_is_answered(office: Office) -> None:
    await later(office, "09:30")
    await later(office, "11:00")
    await fills_in(office, "alice", "Refunds", "Payouts", "")
    (reminder,) = await prompts(office, "alice", "you have answered since")
    assert reminder.buttons == []
    (asks,) = await prompts(office, "carol", SILENT)
    assert asks.buttons == ["Fill in", "Skip today"]
    await later(office, "11:30")
    (over,) = await prompts(office, "carol", "Morning is over")
    assert over.buttons == ["Fill in"]


async def test_a_reminder_waits_for_paused_notifications(office: Office) -> None:
    await later(office, "09:30")
    office.box.change_person("alice", snoozed_until=int(at("11:10").timestamp()))  # pyright: ignore[reportArgumentType]
    office.box.change_person("bob", snoozed_until=int(at("12:00").timestamp()))  # pyright: ignore[reportArgumentType]
    await later(office, "11:00")
    assert [len(await prompts(office, one, SILENT)) for one in ("alice", "bob", "carol")] == [0, 0, 1]
    await later(office, "11:11")
    assert [len(await prompts(office, one, SILENT)) for one in ("alice", "bob", "carol")] == [1, 0, 1]


async def test_whoever_turned_reminders_off_gets_none(office: Office) -> None:
    form = await office.person("alice").runs("/standup settings")
    assert isinstance(form, Form)
    form.clear("Reminders")
    form.fill("Public holidays", "Atlantis")
    wrong = await form.submit()
    assert wrong is not None and "I do not know the holidays of ATLANTIS" in str(wrong.errors)
    wrong.fill("Public holidays", "PL")
    assert await wrong.submit() is None
    await later(office, "09:30")
    await later(office, "11:00")
    assert await prompts(office, "alice", SILENT) == []
    assert len(await prompts(office, "bob", SILENT)) == 1


async def test_whoever_wants_no_public_holidays_keeps_that_when_the_form_is_sent_again(
    office: Office,
) -> None:
    for _ in range(2):
        form = await office.person("alice").runs("/standup settings")
        assert isinstance(form, Form)
        kept = form.value("Public holidays")
        form.fill("Public holidays", kept or "none")
        assert await form.submit() is None
    assert kept == "none"
