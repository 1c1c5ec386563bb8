"""Several bots on one database look at once, while people answer and go away: everything happens once all the same."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Connection, select

from bot.db.engine import Database
from bot.feature import Deps
from bot.features.standup.domain.people import Calendar
from bot.features.standup.jobs import Looking
from bot.features.standup.models import standup_checkins, standup_rounds
from bot.features.standup.service import answering, opening, skipping
from bot.outbox.models import outbox
from bot.outbox.unit_of_work import Transactions, UnitOfWork
from bot.sandbox.story import Sandbox
from bot.settings import Settings
from bot.slack.gateway import SlackGateway
from bot.teams import absences
from bot.teams.apply import apply
from bot.teams.directory import Directory
from bot.teams.domain import Team
from bot.teams.file import read_text
from tests.support.clock import MovableClock

MANIFEST = Path(__file__).resolve().parents[3] / "manifest.yml"
PEOPLE = [f"U0CROWD{number:03d}" for number in range(9)]
NINE = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TEAM: dict[str, Any] = {
    "key": "crowd", "name": "Crowd", "lead": "U0LEAD0001", "members": PEOPLE, "timezone": "UTC",
    "triage_channel": "C0TRIAGE01",
    "standups": [{
        "name": "Morning", "at": "09:30", "open_for": "2h", "remind_before": "30m", "channel": "C0STANDUP1",
        "questions": ["What is next?"], "days": "mon,tue", "timezone": "team", "summary": "weekly", "digest": True,
    }],
}  # fmt: skip


@pytest.fixture
async def deps(database: Database) -> AsyncIterator[Deps]:
    clock = MovableClock(NINE)
    async with Sandbox.start(manifest=yaml.safe_load(MANIFEST.read_text("utf-8"))) as box:
        for number, user_id in enumerate(PEOPLE):
            box.add_person(f"crowd{number}", id=user_id, tz="UTC", real_name=f"Crowd {number}")
        slack = SlackGateway(box.bot_token, box.slack_api_url)
        directory = Directory(database, slack, clock, elapsed=lambda: 0.0)
        yield Deps(
            settings=Settings(_env_file=None),  # pyright: ignore[reportCallIssue]
            clock=clock,
            transactions=Transactions(database, clock.now, lambda: None),
            slack=slack,
            jira=None,
            directory=directory,
        )
        await directory.close()
        await slack.close()


def _answer(uow: UnitOfWork, user_id: str) -> None:
    query = select(standup_checkins.c.id).where(standup_checkins.c.user_id == user_id)
    checkin_id = uow.connection.scalar(query.order_by(standup_checkins.c.day.desc()))
    assert checkin_id is not None
    answering.answer(uow, checkin_id, ["Payouts"], user_id=user_id)


def _begin(uow: UnitOfWork, user_id: str) -> None:
    query = select(standup_checkins.c.id).where(standup_checkins.c.user_id == user_id)
    checkin_id = uow.connection.scalar(query.order_by(standup_checkins.c.day.desc()))
    uow.connection.execute(
        standup_checkins.update()
        .where(standup_checkins.c.id == checkin_id)
        .values(answers=["Begun"], asking=0)
    )


def _go_away(uow: UnitOfWork, team: Team, user_id: str) -> None:
    day = uow.now.date()
    absence = absences.add(
        uow.connection, user_id=user_id, first_day=day, last_day=day + timedelta(days=3), reason="",
        set_by=user_id, now=uow.now,
    )  # fmt: skip
    calendar: Calendar = opening.around(uow.connection, team, PEOPLE, uow.now)
    skipping.away(uow, calendar, absence)


def _counted(connection: Connection) -> Counter[str]:
    kinds = Counter(connection.scalars(select(outbox.c.kind)))
    kinds["open"] = len(
        connection.execute(select(standup_rounds).where(standup_rounds.c.closed_at.is_(None))).all()
    )
    kinds.update(connection.scalars(select(standup_checkins.c.state)))
    return kinds


async def test_two_bots_ask_remind_and_sum_up_once(deps: Deps) -> None:
    run, clock = deps.transactions.run, deps.clock
    assert isinstance(clock, MovableClock)
    database = deps.transactions.database
    await database.write(apply, read_text(yaml.safe_dump({"teams": [TEAM]}), "teams.yml"), NINE)
    (team,) = (await deps.directory.teams()).active
    bots = [Looking(deps) for _ in range(2)]

    async def at(minutes: int, *works: Any) -> None:
        clock.advance((NINE + minutes * MINUTE - clock.now()).total_seconds())
        await asyncio.gather(*(bot.look(clock.now()) for bot in bots), *works)

    await at(0)
    await at(30)
    assert (await database.read(_counted))["standup.prompt"] == 9
    await at(60, *(run(_answer, one) for one in PEOPLE[:3]))
    for one in PEOPLE[3:6]:
        await run(_begin, one)
    await at(120)
    await at(150, *(run(_answer, one) for one in PEOPLE[6:8]), *(run(_answer, one) for one in PEOPLE[:2]))
    await at(151)
    counted = await database.read(_counted)
    told = [counted[name] for name in ("standup.remind", "answered", "asked", "open")]
    assert told == [6, 8, 1, 0]
    await at(152, *(run(_go_away, team, one) for one in PEOPLE))
    for minutes in (165, 166, 24 * 60 + 30, 24 * 60 + 150):
        await at(minutes, *(bot.end_weeks(clock.now()) for bot in bots))
    counted = await database.read(_counted)
    assert (counted["standup.prompt"], counted["standup.summary"], counted["standup.digest"]) == (9, 1, 1)
