"""What is in somebody's way, pressed twice, by the wrong people, after the fact, without Jira, without names."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.features.requests.service import intake
from bot.features.standup.models import standup_blockers
from bot.features.standup.service.blockers import key_of
from bot.sandbox.story import Answer, Seen
from tests.e2e.conftest import assert_calls_agree
from tests.e2e.office import Office
from tests.e2e.standup_office import (
    CHANNEL,
    MORNING,
    fills_in,
    later,
    looked,
    open_standups,
    prompts,
    summaries,
)
from tests.features.requests.make import filing, new

NO_MORE = "That is not in anybody's way any more. Nothing was changed."


@pytest.fixture
def standups() -> list[dict[str, Any]]:
    return [MORNING]


@pytest.fixture
async def office(tmp_path: Path, specs: Path, standups: list[dict[str, Any]]) -> AsyncIterator[Office]:
    """Payments with these check-ins, on SQLite and over HTTP."""
    async with open_standups(f"sqlite:///{tmp_path}/frontdesk.db", tmp_path, *standups) as opened:
        yield opened
        assert_calls_agree(opened)


async def _blocked(office: Office, text: str = "The bank is down") -> Seen:
    """Alice is held up; the summary that says so."""
    await later(office, "09:30")
    await fills_in(office, "alice", "Refunds", "Payouts", text)
    await later(office, "11:30")
    return (await summaries(office))[0]


async def _pressed(seen: Seen, button: str) -> str:
    answer = await seen.click(button)
    assert isinstance(answer, Answer), answer
    return answer.text.replace("*", "")


def _blockers(connection: Connection) -> list[tuple[str, str | None, int | None]]:
    table = standup_blockers
    found = connection.execute(select(table.c.text, table.c.how, table.c.number).order_by(table.c.id))
    return [(row.text, row.how, row.number) for row in found]


async def test_a_blocker_knows_its_request_from_the_moment_it_is_filed(office: Office) -> None:
    await _blocked(office)
    # As the button does it, without anything that comes after the commit.
    teams = await office.product.deps.directory.teams()
    wish = new(team_id=teams.active[0].id, summary="The bank is down")
    await office.product.deps.transactions.run(
        intake.open_request, wish, filing(team=teams.active[0], key=key_of(1))
    )
    assert await office.product.database.read(_blockers) == [("The bank is down", None, 1)]
    await office.settled()
    (summary,) = await summaries(office)
    assert "#1 New" in summary.text and "Make it a request" not in summary.buttons


async def test_two_who_press_at_once_make_one_request(office: Office) -> None:
    summary = await _blocked(office)
    (of_bob,) = [one for one in await office.person("bob").sees(in_=CHANNEL) if one.ts == summary.ts]
    told = await asyncio.gather(_pressed(summary, "Make it a request"), _pressed(of_bob, "Make it a request"))
    assert all("#1" in one for one in told)
    assert await office.count() == 1


async def test_an_outsider_moves_nothing(office: Office) -> None:
    summary = await _blocked(office)
    (of_ana,) = [one for one in await office.person("olga").sees(in_=CHANNEL) if one.ts == summary.ts]
    office.box.change_person("olga", is_admin=False, is_owner=False)
    await office.settled()
    for button in ("Make it a request", "Create Jira issue", "Solved"):
        assert "Only members of Payments can do that." in await _pressed(of_ana, button)
    assert await office.count() == 0
    assert await office.product.database.read(_blockers) == [("The bank is down", None, None)]


async def test_buttons_of_what_is_solved_say_so(office: Office) -> None:
    summary = await _blocked(office)
    (lead,) = await prompts(office, "lead", "is held up")
    assert "Not in the way any more" in await _pressed(summary, "Solved")
    for button in ("Make it a request", "Solved"):
        assert await _pressed(lead, button) == NO_MORE
    assert await office.count() == 0


async def test_a_reopened_request_is_in_the_way_again(office: Office) -> None:
    summary = await _blocked(office)
    (lead,) = await prompts(office, "lead", "is held up")
    await _pressed(summary, "Make it a request")
    await office.settled()
    card = await office.card("#1")
    await card.click("Resolve")
    await office.settled()
    assert "solved" in (await summaries(office))[0].text
    assert await _pressed(lead, "Make it a request") == NO_MORE
    await (await office.card("#1")).choose("Reopen")
    await office.settled()
    assert "solved" not in (await summaries(office))[0].text
    assert "#1 already" in await _pressed(lead, "Make it a request")
    assert await office.count() == 1


async def test_without_jira_nothing_is_filed_on_the_way(tmp_path: Path, specs: Path) -> None:
    path = f"sqlite:///{tmp_path}/frontdesk.db"
    async with open_standups(path, tmp_path, with_jira=False) as office:
        summary = await _blocked(office)
        assert "Jira is off here" in await _pressed(summary, "Create Jira issue")
        assert await office.count() == 0


async def test_changing_other_words_does_not_bring_a_solved_one_back(office: Office) -> None:
    summary = await _blocked(office)
    await _pressed(summary, "Solved")
    await fills_in(office, "alice", "Refunds, all of them", button="Change answers")
    assert await office.product.database.read(_blockers) == [("The bank is down", "solved", None)]
    await later(office, "12:00")
    assert len(await prompts(office, "lead", "is held up")) == 1


async def test_an_old_summary_does_not_speak_of_later_days(office: Office) -> None:
    summary = await _blocked(office)
    await later(office, "09:30", days=1)
    await fills_in(office, "bob", "Refunds", "Payouts", "No keys")
    await later(office, "11:30", days=1)
    await _pressed(summary, "Solved")
    await looked(office)
    first, second = await summaries(office)
    assert "The bank is down" in first.text and "No keys" not in first.text
    # The newer one repeats what lasted, and follows it.
    assert "No keys" in second.text and "The bank is down (for 1 day) · solved" in second.text
    assert second.buttons.count("Solved") == 1


CALL = {"name": "Call", "kind": "meeting", "at": "14:00", "channel": "C0STANDUP1", "agenda": ["Numbers"]}


@pytest.mark.parametrize("standups", [[MORNING | {"anonymous": True}, CALL]])
async def test_a_call_s_reminder_names_nobody_who_wrote_anonymously(office: Office) -> None:
    await _blocked(office)
    await later(office, "13:50")
    (told,) = [one.text for one in await summaries(office) if "Numbers" in one.text]
    assert "The bank is down" in told and "alice" not in told.casefold()
