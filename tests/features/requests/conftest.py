"""Use cases on both databases: transactions by a movable clock, teams as rows, wishes read from the outbox."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.db.engine import Database
from bot.features.requests import store
from bot.features.requests.domain import Move, NewRequest, Request
from bot.features.requests.rights import Acting
from bot.features.requests.service import intake
from bot.features.requests.service.intake import Filed
from bot.features.requests.values import HistoryLine
from bot.outbox.models import outbox
from bot.outbox.unit_of_work import Transactions
from bot.teams.apply import apply
from tests.features.requests.make import acting, filing, fill, new
from tests.support.clock import MONDAY, MovableClock
from tests.teams.make import two_teams


@dataclass(kw_only=True)
class Queue:
    """The queue of Payments (team 1) and Orders (team 2) in a database, without Slack."""

    url: str
    database: Database
    transactions: Transactions
    clock: MovableClock

    async def file(self, what: NewRequest | None = None, **circumstances: Any) -> Filed:
        """Files it; without more, Ana's refund for Payments."""
        return await self.transactions.run(intake.open_request, what or new(), filing(**circumstances))

    async def do(
        self, move: Callable[..., Any], request_id: int, *more: Any, by: Acting | None = None
    ) -> Any:
        """A move of the queue by somebody, Alice if not said."""
        return await self.transactions.run(move, request_id, by or acting(), "Payments", *more)

    async def now(self, request_id: int) -> Request:
        return await self.transactions.read(store.by_id, request_id)

    async def history(self, request_id: int) -> list[HistoryLine]:
        return await self.transactions.read(store.history, request_id)

    async def moves(self, request_id: int) -> list[Move]:
        return [line.move for line in await self.history(request_id)]

    async def wishes(self, kind: str) -> list[dict[str, Any]]:
        """The payloads of what waits to be sent, oldest first."""
        return [row["payload"] for row in await self.database.read(_waiting) if row["kind"] == kind]

    async def waiting(self) -> list[dict[str, Any]]:
        """Whole entries of the outbox, oldest first."""
        return await self.database.read(_waiting)

    async def fill(self, rows: list[Request], **columns: Any) -> None:
        """These requests as rows, at once."""
        await self.database.write(fill, rows, **columns)


def _waiting(connection: Connection) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(select(outbox).order_by(outbox.c.id)).mappings()]


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
async def office(database_url: str, database: Database, clock: MovableClock) -> Queue:
    """Two teams and no request."""
    await database.write(apply, two_teams(), MONDAY)
    return Queue(
        url=database_url,
        database=database,
        transactions=Transactions(database, clock.now, asyncio.Event().set),
        clock=clock,
    )


@pytest.fixture
async def filed(office: Queue) -> Filed:
    """Ana's refund, request #1."""
    return await office.file()
