"""Monday's report: asked for once, by however many bots, for leads who want it, and not about nothing."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot import bootstrap, joints
from bot.db.engine import Database
from bot.features.reports import domain, service, store
from bot.features.reports.jobs import Looking
from bot.outbox.delivery import Entry
from bot.outbox.models import outbox
from bot.outbox.outcomes import Refused
from bot.outbox.unit_of_work import Transactions
from bot.settings import Settings
from bot.teams.apply import apply
from bot.teams.domain import Team
from tests.features.requests.make import fill, request, team
from tests.support.clock import MovableClock
from tests.teams.make import two_teams

pytestmark = pytest.mark.by_turns

MONDAY = datetime(2026, 11, 30, 7, tzinfo=UTC)
WEEK = date(2026, 11, 30)
LEAD = team().lead


@pytest.fixture
async def one_team(database: Database) -> Database:
    """Payments as row 1 and Orders as row 2; the one had a request last week."""
    await database.write(apply, two_teams(), MONDAY)
    await database.write(fill, [request(number=1, created_at=MONDAY - timedelta(days=4))])
    return database


def runs(database: Database, at: datetime = MONDAY) -> Any:
    return Transactions(database, MovableClock(at).now, asyncio.Event().set).run


def _asked(connection: Connection) -> list[dict[str, Any]]:
    query = select(outbox.c.payload).where(outbox.c.kind == "report.weekly")
    return [row.payload for row in connection.execute(query)]


async def test_of_several_who_ask_for_it_one_does(one_team: Database) -> None:
    asking = (runs(one_team)(service.send, team(), WEEK) for _ in range(4))
    await asyncio.gather(*asking)
    assert await one_team.read(_asked) == [{"team_id": 1, "week": "2026-11-30", "user_id": LEAD}]


async def test_a_lead_who_stopped_it_is_not_written_to_by_the_next_week_either(one_team: Database) -> None:
    run = runs(one_team)
    await run(service.stop, 1, LEAD)
    await run(service.stop, 1, LEAD)
    await run(service.send, team(), WEEK)
    assert await one_team.read(_asked) == []
    await run(service.start, 1, LEAD)
    await run(service.send, team(), WEEK)
    assert await one_team.read(_asked) == [], "this week was settled"
    await run(service.send, team(), WEEK + timedelta(weeks=1))
    assert len(await one_team.read(_asked)) == 1


async def test_four_weeks_without_a_request_are_not_written_about(one_team: Database) -> None:
    async def has_news(of: Team, week: date) -> bool:
        return await one_team.read(service.has_news, joints.REPORTS, of, week, MONDAY)

    assert await has_news(team(), WEEK)
    assert not await has_news(team(id=2), WEEK)
    assert not await has_news(team(), WEEK + timedelta(weeks=9))


@pytest.mark.parametrize(
    ("looks", "sent"),
    [
        ([timedelta(minutes=-1)], 0),
        ([timedelta(0), timedelta(hours=5), timedelta(days=6)], 1),
        ([domain.GRACE - timedelta(seconds=1)], 1),
        ([domain.GRACE, timedelta(days=3)], 0),
    ],
    ids=["too early", "once a week", "late", "too late"],
)
async def test_it_is_sent_when_the_week_begins_and_for_two_days_after(
    one_team: Database, database_url: str, looks: list[timedelta], sent: int, tmp_path: Path
) -> None:
    clock = MovableClock(MONDAY)
    settings = Settings(_env_file=None, slack_bot_token="xoxb-1", database_url=database_url)  # pyright: ignore[reportCallIssue, reportArgumentType]
    product = bootstrap.build(settings, clock=clock)
    try:
        for after in looks:
            # A bot that was started anew knows nothing of what it settled.
            await Looking(product.deps, joints.REPORTS).look(MONDAY + after)
        assert len(await one_team.read(_asked)) == sent
    finally:
        await product.deps.slack.close()
        await product.database.close()


async def test_a_stop_is_of_one_team_and_one_person(one_team: Database) -> None:
    await runs(one_team)(service.stop, 1, LEAD)
    stopped = [await one_team.read(store.is_stopped, *of) for of in ((1, LEAD), (2, LEAD), (1, "U0OTHER001"))]
    assert stopped == [True, False, False]


@pytest.mark.parametrize(
    ("reason", "plain", "asked"),
    [("invalid_blocks", False, 1), ("invalid_blocks", True, 0), ("user_disabled", False, 0)],
)
async def test_a_report_whose_charts_slack_does_not_take_goes_once_more_in_words(
    one_team: Database, database_url: str, reason: str, plain: bool, asked: int
) -> None:
    settings = Settings(_env_file=None, slack_bot_token="xoxb-1", database_url=database_url)  # pyright: ignore[reportCallIssue, reportArgumentType]
    product = bootstrap.build(settings, clock=MovableClock(MONDAY))
    weekly = product.deliveries["report.weekly"]
    give_up, mends = weekly.give_up, weekly.mends
    assert give_up is not None and mends is not None
    entry = Entry(
        id=1, kind="report.weekly", dedup="report:1:2026-11-30", owner="", attempts=1, failures=0, looks=0,
        payload={"team_id": 1, "week": "2026-11-30", "user_id": LEAD, **({"plain": True} if plain else {})},
        run_at=MONDAY, created_at=MONDAY, sent_at=None, looking_since=None, error=None, correlation=None,
    )  # fmt: skip
    try:
        for _ in range(2):
            await runs(one_team)(give_up, entry, Refused(reason))
        assert [payload["plain"] for payload in await one_team.read(_asked)] == [True] * asked
        # The words are no cause for an alarm; where they do not go either, there is one.
        assert mends(entry, Refused(reason)) == bool(asked)
    finally:
        await product.deps.slack.close()
        await product.database.close()
