"""Many of a kind, one after the other: what breaks for one holds up no other."""

from datetime import timedelta

import pytest
from prometheus_client import REGISTRY

from bot.db.errors import DatabaseUnavailable
from bot.scheduling.apart import Apart
from tests.support.clock import MONDAY, MovableClock


class Work:
    """Notes whose turn it was; breaks for those of `bad`."""

    def __init__(self, job: str, bad: dict[str, Exception]) -> None:
        self.apart = Apart(job)
        self.clock = MovableClock()
        self.done: list[str] = []
        self.bad = bad

    async def one(self, name: str) -> None:
        self.done.append(name)
        if name in self.bad:
            raise self.bad[name]

    async def go(self, *names: str) -> list[str]:
        """Those whose turn it was this time."""
        self.done.clear()
        await self.apart.each(names, self.clock.now(), self.one, key=str.upper)
        return list(self.done)


async def test_the_others_have_their_turn_and_the_broken_one_is_counted() -> None:
    work = Work("a test's job", {"b": ValueError("broken")})
    assert await work.go("a", "b", "c") == ["a", "b", "c"]
    assert REGISTRY.get_sample_value("frontdesk_loop_failures_total", {"loop": "job a test's job"}) == 1


async def test_one_that_broke_is_left_alone_for_a_minute_and_then_tried_again() -> None:
    work = Work("patience", {"b": ValueError("broken")})
    await work.go("a", "b")
    work.clock.advance(59)
    assert await work.go("a", "b") == ["a"]
    work.bad.clear()
    work.clock.advance(1)
    assert await work.go("a", "b") == ["a", "b"]
    assert await work.go("a", "b") == ["a", "b"]


async def test_a_clock_that_was_put_back_makes_nobody_wait() -> None:
    work = Work("the clock", {"b": ValueError("broken")})
    await work.go("b")
    work.clock.advance(-timedelta(hours=1).total_seconds())
    assert work.clock.now() < MONDAY
    assert await work.go("b") == ["b"]


async def test_without_a_database_nobody_else_is_tried() -> None:
    work = Work("away", {"a": DatabaseUnavailable("away")})
    with pytest.raises(DatabaseUnavailable):
        await work.go("a", "b")
    assert work.done == ["a"]
    work.bad.clear()
    assert await work.go("a", "b") == ["a", "b"]
