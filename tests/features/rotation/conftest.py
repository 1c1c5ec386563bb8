"""Two bots on one database, without their relays: what they ask for is counted where it waits."""

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
from bot.features.rotation.board import Board
from bot.features.rotation.jobs import Looking
from bot.features.rotation.models import rotation_handoffs
from bot.features.rotation.store import standing as store
from bot.outbox.models import outbox
from bot.outbox.unit_of_work import Transactions
from bot.sandbox.story import Sandbox
from bot.settings import Settings
from bot.slack.gateway import SlackGateway
from bot.teams.apply import apply
from bot.teams.directory import Directory
from bot.teams.domain import Team
from bot.teams.file import read_text
from tests.support.clock import MovableClock
from tests.support.waiting import PATIENT

MANIFEST = Path(__file__).resolve().parents[3] / "manifest.yml"
ALICE, BOB, CAROL = "U0ALICE001", "U0BOB00001", "U0CAROL001"
# A Tuesday of Alice's week; Bob has it from Monday the 30th, 10:00.
TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def payments(number: int = 0, **more: Any) -> dict[str, Any]:
    turns = {
        "members": [ALICE, BOB, CAROL], "handoff": {"every": "week", "on": "monday", "at": "10:00"},
        "starts": "2026-11-02", "user_group": "S0ONDUTY01",
    }  # fmt: skip
    named = {"key": f"team-{number}", "name": f"Team {number}", "triage_channel": f"C0TRIAGE{number:02d}"}
    return {
        **named, "lead": "U0LEAD0001", "members": [ALICE, BOB, CAROL], "timezone": "UTC", "rotation": turns | more,
    }  # fmt: skip


class Counting(Database):
    writes = 0

    async def write(self, *args: Any, **kwargs: Any) -> Any:
        self.writes += 1
        return await super().write(*args, **kwargs)


class Bots:
    """Two bots on one database, of one clock."""

    def __init__(self, all: list[Deps], clock: MovableClock) -> None:
        self.all = all
        self.clock = clock
        self.boards = [Board() for _ in all]
        self.looking = [Looking(deps, board) for deps, board in zip(all, self.boards, strict=True)]
        self.database = all[0].transactions.database

    async def apply(self, *teams: dict[str, Any]) -> None:
        text = yaml.safe_dump({"teams": list(teams)})
        await self.database.write(apply, read_text(text, "teams.yml"), self.clock.now())
        for deps in self.all:
            await deps.directory.refresh_groups(self.clock.now())

    async def look(self, at: datetime, *works: Any) -> list[Any]:
        """Both look at this instant, while this is done; what went wrong is a result."""
        self.clock.advance((at - self.clock.now()).total_seconds())
        looks = [job(at) for one in self.looking for job in (one.look, one.look_for_cover, one.look_ahead)]
        done = await asyncio.gather(*looks, *works, return_exceptions=True)
        assert done[: len(looks)] == [None] * len(looks), done
        return done[len(looks) :]

    async def team(self) -> Team:
        return (await self.all[0].directory.teams()).active[0]

    async def run(self, bot: int, use_case: Any, *args: Any) -> Any:
        return await self.all[bot].transactions.run(use_case, *args)

    async def told(self) -> Counter[str]:
        return await self.database.read(kinds)

    async def on_duty(self) -> str:
        """Who is, as all places agree."""
        now = self.clock.now()
        standing = await self.database.read(store.of_team, await self.team(), now - store.LATELY)
        assert standing is not None
        people = {shift.person if (shift := standing.on_duty(now)) else ""}
        people |= {(await self.database.read(_last)).person}
        for board in self.boards:
            shift = board.on_duty_of(await self.team(), now)
            people.add(shift.person if shift else "")
        (person,) = people
        return person


def kinds(connection: Connection) -> Counter[str]:
    return Counter(connection.scalars(select(outbox.c.kind)))


def _last(connection: Connection) -> Any:
    query = select(rotation_handoffs).order_by(rotation_handoffs.c.number.desc()).limit(1)
    return connection.execute(query).one()


def rows(connection: Connection) -> list[tuple[int, str, str]]:
    handoffs = rotation_handoffs.c
    query = select(handoffs.number, handoffs.previous, handoffs.person).order_by(handoffs.number)
    return [(row.number, row.previous, row.person) for row in connection.execute(query)]


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Counting(database_url, longest_wait=PATIENT)
    yield opened
    await opened.close()


@pytest.fixture
async def bots(database: Database, database_url: str) -> AsyncIterator[Bots]:
    clock = MovableClock(TUESDAY)
    async with Sandbox.start(manifest=yaml.safe_load(MANIFEST.read_text("utf-8"))) as box:
        all: list[Deps] = []
        for _ in range(2):
            slack = SlackGateway(box.bot_token, box.slack_api_url)
            deps = Deps(
                settings=Settings(_env_file=None),  # pyright: ignore[reportCallIssue]
                clock=clock,
                transactions=Transactions(database, clock.now, lambda: None),
                slack=slack,
                jira=None,
                directory=Directory(database, slack, clock),
            )
            all.append(deps)
        yield Bots(all, clock)
        for deps in all:
            await deps.directory.close()
            await deps.slack.close()
