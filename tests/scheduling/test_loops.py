"""Loops that never end by themselves, and how one sees that they stand still."""

import asyncio

from bot.scheduling.liveness import Liveness
from bot.scheduling.loop import keep_going
from tests.support.clock import MovableClock


async def test_a_loop_that_breaks_is_begun_again() -> None:
    begun: list[int] = []

    async def body() -> None:
        begun.append(1)
        if len(begun) < 3:
            raise ValueError("broken")

    await asyncio.wait_for(keep_going("test", body, asyncio.Event()), 5)
    assert len(begun) == 3


async def test_a_broken_loop_is_not_begun_again_after_the_stop() -> None:
    stop = asyncio.Event()
    begun: list[int] = []

    async def body() -> None:
        begun.append(1)
        stop.set()
        raise ValueError("broken")

    await asyncio.wait_for(keep_going("test", body, stop), 5)
    assert len(begun) == 1


def test_a_loop_that_has_not_stamped_for_long_is_named() -> None:
    liveness = Liveness(MovableClock(), longest=-1.0)
    liveness.of("relay")
    assert liveness.standing_still() == ["relay"]


def test_a_loop_that_stamps_is_alive() -> None:
    liveness = Liveness(MovableClock())
    liveness.of("relay")()
    assert liveness.standing_still() == []


def test_a_loop_that_ended_is_not_waited_for() -> None:
    liveness = Liveness(MovableClock(), longest=-1.0)
    liveness.of("relay")
    liveness.ended("relay")
    assert liveness.standing_still() == []
