"""The demo at work, and windows that look at it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from playwright.async_api import Browser, Page

from bot.sandbox.clock import SandboxClock
from bot.sandbox.face.stage import Stage
from bot.sandbox.launcher import Demo, Wishes
from bot.sandbox.story import Sandbox
from tests.browser.windows import Complaints, Windows

# A Tuesday on which everybody works; pictures show the same times whenever they are taken.
START = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A running demo with a real bot. `stage` and `box` are behind the pages, for what a test arranges or looks up."""

    demo: Demo
    windows: Windows

    @property
    def address(self) -> str:
        return self.demo.address

    @property
    def stage(self) -> Stage:
        return self.demo.stage

    @property
    def box(self) -> Sandbox:
        return self.stage.box

    @property
    def complaints(self) -> Complaints:
        """What the windows complained of; `expect` those that a test is about."""
        return self.windows.complaints

    def place(self, person: str, place: str) -> str:
        """The address of a channel (`#name`) or of another page (`home`, `threads`) of a person, or of a page by its path."""
        if place.startswith("/"):
            return self.address + place
        where = f"c/{self.box.channel(place.removeprefix('#')).id}" if place.startswith("#") else place
        return f"{self.address}/as/{quote(person)}/{where}"

    async def window(
        self,
        person: str = "ana",
        place: str = "#ask-payments",
        *,
        width: int = 1280,
        height: int = 800,
        dark: bool = False,
    ) -> Page:
        """A window of its own, as this person, at this place (see `place`)."""
        return await self.windows.open(self.place(person, place), width=width, height=height, dark=dark)


@asynccontextmanager
async def open_desk(browser: Browser, wishes: Wishes) -> AsyncIterator[Desk]:
    """A demo that begins at START, until the block ends. Fails when a page complained of what no test expected."""
    async with open_demo(wishes) as demo, looking_at(demo, browser) as desk:
        yield desk


def open_demo(wishes: Wishes) -> Demo:
    """A demo that begins at START."""
    return Demo(wishes, clock=_clock)


@asynccontextmanager
async def looking_at(demo: Demo, browser: Browser) -> AsyncIterator[Desk]:
    """Windows on this demo, until the block ends. Fails when a page complained of what no test expected."""
    windows = Windows(browser)
    try:
        yield Desk(demo=demo, windows=windows)
    finally:
        # Before the demo goes, so that no window sees it go.
        await windows.close()
    wrong = windows.complaints.wrong()
    assert not wrong, "\n".join(wrong)


def _clock() -> SandboxClock:
    """One that runs from START on; the demo says of it that nobody has moved it."""
    own = SandboxClock()
    own.set(START)
    return SandboxClock(own.now)
