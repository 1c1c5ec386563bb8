"""A team's check-ins from the first prompt to the last late answer, over the wire."""

from pathlib import Path

from bot.sandbox.story import Form
from tests.e2e.conftest import TRANSPORT_FOR, assert_calls_agree
from tests.e2e.standup_office import (
    fills_in,
    later,
    open_standups,
    prompts,
    summaries,
    thread_of,
)


async def test_a_morning_of_a_team(backend: str, database_url: str, tmp_path: Path, specs: Path) -> None:
    async with open_standups(database_url, tmp_path, transport=TRANSPORT_FOR[backend]) as office:
        assert await prompts(office, "alice") == []
        await later(office, "09:30")
        # Kyiv, New York, Kolkata: the team's time, on everybody's own clock.
        for name, until in (("alice", "11:30"), ("bob", "04:30"), ("carol", "15:00")):
            (prompt,) = await prompts(office, name)
            assert prompt.buttons == ["Fill in", "Skip today"]
            assert f"Open until {until}" in prompt.text
            assert "3. Anything in your way?" in prompt.text
        assert await prompts(office, "lead") == []

        await fills_in(office, "alice", "Refunds", "Payouts", "The sandbox of the bank is down")
        skip = await (await prompts(office, "bob"))[0].click("Skip today")
        assert isinstance(skip, Form)
        skip.fill("Reason", "at the dentist")
        assert await skip.submit() is None
        await later(office, "11:00")
        assert len(await prompts(office, "carol", "no word from you yet")) == 1
        for name in ("alice", "bob"):
            assert await prompts(office, name, "no word from you yet") == []

        await later(office, "11:30")
        (summary,) = await summaries(office)
        assert "1 of 3 answered" in summary.text.replace("*", "")
        assert (
            "Alice Koval: The sandbox of the bank is down" in summary.text
            or "alice: The sandbox" in summary.text
        )
        assert "at the dentist" in summary.text
        assert "No answer: carol" in summary.text
        assert summary.buttons == ["Make it a request", "Create Jira issue", "Solved"]
        (answers,) = await thread_of(office, summary)
        assert "Payouts" in answers

        await fills_in(office, "carol", "Reports", "More reports", "no")
        (summary,) = await summaries(office)
        assert "2 of 3 answered" in summary.text.replace("*", "")
        assert "carol (late)" in summary.text
        assert len(await thread_of(office, summary)) == 2
        assert_calls_agree(office)
