"""Check-ins by the clock: each comes once, whatever changes between its beginning and the end of its week."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.features.standup.models import standup_rounds
from bot.sandbox.story import Answer
from tests.e2e.conftest import assert_calls_agree
from tests.e2e.office import PAYMENTS, Office
from tests.e2e.standup_office import (
    CHANNEL,
    MORNING,
    asked,
    at,
    eventually,
    fills_in,
    later,
    looked,
    open_standups,
    prompts,
    rows_in,
    summaries,
    thread_of,
)

WEEKLY = MORNING | {"summary": "weekly", "digest": True}
BY_MEMBER = MORNING | {"timezone": "member"}
SILENT = "no word from you yet"
ALL = ("alice", "bob", "carol")


@pytest.fixture
def standups() -> list[dict[str, Any]]:
    return [MORNING]


@pytest.fixture
async def office(tmp_path: Path, specs: Path, standups: list[dict[str, Any]]) -> AsyncIterator[Office]:
    """Payments with these check-ins on a Monday, half an hour before the first opens."""
    async with open_standups(f"sqlite:///{tmp_path}/frontdesk.db", tmp_path, *standups) as opened:
        yield opened
        assert_calls_agree(opened)


async def _apply(office: Office, *standups: dict[str, Any], **team: Any) -> None:
    await office.apply(PAYMENTS | {"standups": list(standups), "rotation": None} | team)
    await looked(office)


async def _go_away(office: Office, *names: str, until: str) -> None:
    for name in names:
        answer = await office.person(name).runs(f"/standup away until {until}", in_=CHANNEL)
        assert isinstance(answer, Answer) and "You are away" in answer.text
    await looked(office)


async def _away_and_back(office: Office, clock: str, *, days: int = 0) -> None:
    """The bot is stopped, and runs again at this time."""
    await office.stop()
    office.clock.set(at(clock, days=days))
    await office.restart()
    await looked(office)


async def _open_rounds(office: Office) -> list[date]:
    """The days of rounds that were not closed."""
    query = select(standup_rounds.c.day).where(standup_rounds.c.closed_at.is_(None))
    return await office.product.database.read(lambda c: list(c.scalars(query)))


async def _of_week(office: Office) -> list[str]:
    """What the channel was told of the week, the first line of each message."""
    return [one.text.splitlines()[0] for one in await summaries(office) if "week of" in one.text]


# The end of a week


@pytest.mark.parametrize("standups", [[WEEKLY]])
async def test_a_weekly_summary_comes_once_although_everybody_goes_away_after_the_last_round(
    office: Office,
) -> None:
    await later(office, "09:30")
    await fills_in(office, "alice", "Refunds", "Payouts", "")
    await later(office, "11:30")
    assert await _of_week(office) == []
    await _go_away(office, "alice", "bob", until="2026-12-04")
    await later(office, "13:00")
    assert await _of_week(office) == []
    await _go_away(office, "carol", until="2026-12-05")
    for clock, days in (("13:10", 0), ("09:30", 1), ("11:30", 4), ("09:00", 7)):
        await later(office, clock, days=days)
    assert len(await _of_week(office)) == 2
    assert all("week of Monday 30 November" in one for one in await _of_week(office))


@pytest.mark.parametrize("standups", [[WEEKLY]])
async def test_a_week_that_was_summed_up_is_not_summed_up_again_when_somebody_comes_back(
    office: Office,
) -> None:
    await later(office, "09:30")
    await fills_in(office, "alice", "Refunds", "Payouts", "")
    await later(office, "11:30")
    await _go_away(office, *ALL, until="2026-12-04")
    await later(office, "12:00")
    assert len(await _of_week(office)) == 2
    await later(office, "09:00", days=4)
    await office.person("alice").runs("/standup resume", in_=CHANNEL)
    await later(office, "09:30", days=4)
    await fills_in(office, "alice", "Payouts", "Rest", "")
    await later(office, "11:30", days=4)
    assert len(await _of_week(office)) == 2
    threads = sorted([await thread_of(office, one) for one in await summaries(office)], key=len)
    assert [len(one) for one in threads] == [0, 2] and "Fri 4 Dec" in threads[1][1]


@pytest.mark.parametrize("standups", [[WEEKLY]])
@pytest.mark.parametrize("changed", [[], [WEEKLY | {"days": "mon"}], [MORNING | {"days": "mon"}]])
async def test_a_weekly_summary_comes_once_although_the_file_drops_the_rest_of_the_week(
    office: Office, changed: list[dict[str, Any]]
) -> None:
    await later(office, "09:30")
    await fills_in(office, "alice", "Refunds", "Payouts", "")
    await later(office, "11:30")
    await _apply(office, *changed)
    for clock, days in (("12:00", 0), ("11:30", 1), ("09:00", 7)):
        await later(office, clock, days=days)
    assert len(await _of_week(office)) == 2


@pytest.mark.parametrize("standups", [[WEEKLY]])
async def test_a_weekly_summary_comes_once_although_the_bot_was_not_there_at_the_end_of_the_week(
    office: Office,
) -> None:
    await later(office, "09:30")
    await fills_in(office, "alice", "Refunds", "Payouts", "")
    await later(office, "11:30")
    await _away_and_back(office, "13:00", days=7)
    for clock, days in (("14:00", 7), ("09:00", 8)):
        await later(office, clock, days=days)
    assert len(await _of_week(office)) == 2


@pytest.mark.parametrize("standups", [[MORNING]])
async def test_a_check_in_that_becomes_weekly_in_mid_week_gets_a_summary_of_its_own(office: Office) -> None:
    await later(office, "09:30")
    await fills_in(office, "alice", "Refunds", "Payouts", "")
    await later(office, "11:30")
    await _apply(office, WEEKLY | {"days": "mon,tue,wed", "digest": False})
    for days in (1, 2):
        await later(office, "09:30", days=days)
        await fills_in(office, "alice", "Payouts", "Rest", "")
        await later(office, "11:30", days=days)
    daily, weekly = await summaries(office)
    assert "week of" not in daily.text and len(await thread_of(office, daily)) == 1
    assert "week of Tuesday 1 December" in weekly.text and len(await thread_of(office, weekly)) == 2


# A bot that was not there


@pytest.mark.parametrize("standups", [[BY_MEMBER]])
async def test_a_round_does_not_wait_for_ever_for_whom_nobody_could_ask(office: Office) -> None:
    await _go_away(office, "alice", "carol", until="2026-11-30")
    await later(office, "09:30")
    # Bob's half past nine is half past four in the afternoon in Kyiv: he misses two of them.
    await _away_and_back(office, "13:00", days=2)
    await later(office, "16:30", days=2)
    await later(office, "18:31", days=2)
    assert await _open_rounds(office) == []


async def test_the_lead_is_told_of_what_was_missed_although_the_next_one_is_open(office: Office) -> None:
    await _away_and_back(office, "10:00", days=1)
    assert [len(await asked(office, one)) for one in ALL] == [1, 1, 1]
    (told,) = await prompts(office, "lead", "I was not running")
    assert "Monday 30 November" in told.text
    assert await rows_in(office, "missed") == 3
    await later(office, "11:30", days=1)
    assert len(await prompts(office, "lead", "I was not running")) == 1


# Who comes, goes and comes back in mid-round


async def test_whoever_leaves_the_team_is_not_reminded_nor_waited_for(office: Office) -> None:
    await later(office, "09:30")
    await fills_in(office, "alice", "Refunds", "Payouts", "")
    await _apply(office, MORNING, members=["U0ALICE001", "U0BOB00001"])
    await later(office, "11:00")
    assert [len(await prompts(office, one, SILENT)) for one in ("bob", "carol")] == [1, 0]
    await fills_in(office, "bob", "Reports", "Payouts", "")
    assert await _open_rounds(office) == []


async def test_whoever_joins_after_all_have_answered_is_asked_once_and_shown(office: Office) -> None:
    await _apply(office, MORNING, members=["U0ALICE001", "U0BOB00001"])
    await later(office, "09:30")
    for name in ("alice", "bob"):
        await fills_in(office, name, "Refunds", "Payouts", "")
    assert await _open_rounds(office) == []
    await _apply(office, MORNING)
    await later(office, "10:00")
    assert len(await asked(office, "carol")) == 1
    await eventually(office, "2 of 3")
    await fills_in(office, "carol", "Reports", "", "")
    summary = await eventually(office, "3 of 3")
    assert "(late)" not in summary.text and len(await summaries(office)) == 1


async def test_whoever_leaves_today_out_and_takes_that_back_ahead_of_time_is_asked_and_reminded(
    office: Office,
) -> None:
    for line in ("/standup skip dentist", "/standup resume"):
        await office.person("bob").runs(line, in_=CHANNEL)
        await looked(office)
    assert await asked(office, "bob") == []
    await later(office, "09:30")
    await later(office, "09:45")
    assert len(await asked(office, "bob")) == 1
    for line in ("/standup skip dentist", "/standup resume"):
        await office.person("bob").runs(line, in_=CHANNEL)
        await later(office, "10:00")
    await later(office, "11:00")
    assert [len(await asked(office, "bob")), len(await prompts(office, "bob", SILENT))] == [1, 1]


LONG = MORNING | {"days": "mon,thu", "open_for": "2d"}


@pytest.mark.parametrize("standups", [[LONG]])
async def test_whoever_has_gone_away_since_is_not_reminded(office: Office) -> None:
    await later(office, "09:30")
    await later(office, "10:00", days=1)
    await _go_away(office, "bob", until="2026-12-04")
    await later(office, "09:00", days=2)
    assert [len(await prompts(office, one, SILENT)) for one in ALL] == [1, 0, 1]


ALL_DAY = MORNING | {"days": "mon-sun", "open_for": "24h"}


@pytest.mark.parametrize("standups", [[ALL_DAY]])
async def test_nobody_is_reminded_of_a_check_in_after_the_next_has_asked(office: Office) -> None:
    # 28 March 2027 has 23 hours in Kyiv.
    await later(office, "09:30", days=117)
    await later(office, "09:30", days=118)
    before = len(await prompts(office, "alice", SILENT))
    await later(office, "10:00", days=118)
    assert len(await prompts(office, "alice", SILENT)) == before
    await later(office, "09:00", days=119)
    assert len(await prompts(office, "alice", SILENT)) == before + 1


@pytest.mark.parametrize("standups", [[BY_MEMBER | {"digest": True, "days": "mon,tue"}]])
async def test_a_digest_waits_for_whoever_is_asked_later_on_the_last_day(office: Office) -> None:
    await later(office, "09:30", days=1)
    await fills_in(office, "alice", "Refunds", "", "")
    await later(office, "11:30", days=1)
    assert await _of_week(office) == []
    # Bob's half past nine is half past four in the afternoon in Kyiv.
    await later(office, "16:30", days=1)
    await fills_in(office, "bob", "Reports", "", "")
    await later(office, "18:30", days=1)
    await later(office, "18:41", days=1)
    assert len(await _of_week(office)) == 1
    (digest,) = [one.text for one in await summaries(office) if "week of" in one.text]
    assert "alice 1/1 and bob 1/1" in digest


@pytest.mark.parametrize("standups", [[BY_MEMBER]])
async def test_whoever_joins_is_not_asked_by_the_teams_clock_before_theirs_is_known(office: Office) -> None:
    await _apply(office, BY_MEMBER, members=["U0ALICE001"])
    office.box.add_person("dana", id="U0DANA0001", tz="America/New_York", real_name="Dana")
    await later(office, "09:45")
    await office.apply(
        PAYMENTS | {"standups": [BY_MEMBER], "rotation": None, "members": ["U0ALICE001", "U0DANA0001"]}
    )
    jobs = [job for feature in office.product.features for job in feature.jobs if job.name == "standup.look"]
    await jobs[0].run(office.clock.now())
    await office.settled()
    assert await asked(office, "dana") == []
    await later(office, "16:30")
    assert len(await asked(office, "dana")) == 1


async def test_a_check_in_that_was_out_of_the_file_for_days_was_not_missed(office: Office) -> None:
    await later(office, "09:30")
    await _apply(office)
    await later(office, "12:00")
    await later(office, "13:00", days=2)
    await _apply(office, MORNING)
    assert await prompts(office, "lead", "I was not running") == []
    await later(office, "09:30", days=3)
    assert len(await asked(office, "alice")) == 2
