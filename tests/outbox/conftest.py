"""Fixtures of the outbox: transactions by a movable clock, and an outside that remembers what reached it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from bot.db.engine import Database
from bot.outbox import store
from bot.outbox.delivery import Delivery, Entry, Ref, Send
from bot.outbox.models import outbox
from bot.outbox.relay import Relay
from bot.outbox.unit_of_work import Transactions
from tests.support.clock import MovableClock

LEASE = timedelta(seconds=30)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def wake() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture
def transactions(database: Database, clock: MovableClock, wake: asyncio.Event) -> Transactions:
    return Transactions(database, clock.now, wake.set)


@pytest.fixture
def relay(transactions: Transactions, clock: MovableClock, wake: asyncio.Event) -> Relay:
    return Relay(transactions, clock, wake)


@dataclass
class Outside:
    """What arrived beyond the wire, by the dedup name of its entry; `on_send` says what the caller then sees."""

    arrived: list[str] = field(default_factory=list[str])
    on_send: Callable[[Entry], Awaitable[None]] | None = None
    before_send: Callable[[Entry], Awaitable[None]] | None = None
    hidden_looks: int = 0
    on_look: Callable[[Entry], Awaitable[None]] | None = None

    def delivery(self, **more: Any) -> Delivery:
        """A delivery that can look for what it sent."""
        return Delivery(prepare=self._prepare, look_up=self._look_up, **{"rather": "once", **more})

    def repeatable(self, **more: Any) -> Delivery:
        """A delivery of a call that may be made twice."""
        return Delivery(prepare=self._prepare, rather="delivered", **more)

    def at_most_once(self, **more: Any) -> Delivery:
        """A delivery of a call that nobody can look up and that is never made twice."""
        return Delivery(prepare=self._prepare, rather="once", **more)

    async def _prepare(self, entry: Entry) -> Send:
        async def send() -> Ref:
            if self.before_send is not None:
                await self.before_send(entry)
            self.arrived.append(entry.dedup)
            if self.on_send is not None:
                await self.on_send(entry)
            return {"ts": str(len(self.arrived))}

        return send

    async def _look_up(self, entry: Entry) -> Ref | None:
        if self.on_look is not None:
            await self.on_look(entry)
        if self.hidden_looks > 0:
            self.hidden_looks -= 1
            return None
        return {"ts": "found"} if entry.dedup in self.arrived else None


@pytest.fixture
def outside() -> Outside:
    return Outside()


async def rows_of(database: Database) -> list[dict[str, Any]]:
    """Every outbox row, oldest first."""

    def query(connection: Any) -> list[dict[str, Any]]:
        found = connection.execute(outbox.select().order_by(outbox.c.id)).mappings()
        return [dict(row) for row in found]

    return await database.read(query)


async def claim(database: Database, clock: MovableClock, *, owner: str = "a", limit: int = 10) -> list[Entry]:
    """Claims entries of the kind `note`."""
    return await database.write(
        store.claim, owner=owner, now=clock.now(), lease=LEASE, limit=limit, kinds=["note"]
    )
