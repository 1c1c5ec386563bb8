"""What the launcher tells of the bot, asked for rarely and with patience for trouble: a cut database stops no page."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from bot.sandbox.face.face import Face
from bot.sandbox.face.stage import Coming, Stage, Waiting

# The bot is asked at most once in this time, however many windows look (seconds).
FRESH = 1.0
PATIENCE = 2.0

One = TypeVar("One")


@dataclass(frozen=True, kw_only=True)
class Known(Generic[One]):
    """What was told last; `trouble` says why it may be old, empty when it is not."""

    items: list[One]
    trouble: str = ""


@dataclass(kw_only=True)
class _Memory(Generic[One]):
    monotonic: Callable[[], float]
    known: Known[One] = field(default_factory=lambda: Known[One](items=[]))
    stage: Stage | None = None
    until: float = 0.0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def ask(self, stage: Stage, question: Callable[[], Awaitable[list[One]]]) -> Known[One]:
        async with self.lock:
            if self.stage is stage and self.monotonic() < self.until:
                return self.known
            old = self.known.items if self.stage is stage else []
            self.known = await _asked(question, old)
            self.stage, self.until = stage, self.monotonic() + FRESH
            return self.known

    def forget(self) -> None:
        self.until = 0.0


async def _asked(question: Callable[[], Awaitable[list[One]]], old: list[One]) -> Known[One]:
    try:
        return Known(items=await asyncio.wait_for(question(), PATIENCE))
    except OSError:
        return Known(items=old, trouble="The bot cannot tell just now; this is what it told last.")


class Offstage:
    """Backstage of the stage that is on, as all windows of one face see it; `monotonic` tells seconds that nobody moves."""

    def __init__(self, face: Face, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._face = face
        self._outbox = _Memory[Waiting](monotonic=monotonic)
        self._coming = _Memory[Coming](monotonic=monotonic)

    async def outbox(self) -> Known[Waiting]:
        """The outbox, at most a second old."""
        stage = self._face.stage
        return await self._outbox.ask(stage, stage.backstage.outbox)

    async def coming(self) -> list[Coming]:
        """What the bot will do by itself, at most a second old."""
        stage = self._face.stage
        return (await self._coming.ask(stage, stage.backstage.coming)).items

    async def caught_up(self) -> None:
        """The clock was moved: wait for the bot to see that, and forget what it told before."""
        await self._face.stage.backstage.caught_up()
        self._outbox.forget()
        self._coming.forget()
