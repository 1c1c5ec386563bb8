"""The demo in a real browser. A test asks for `desk` and opens windows on it; each of its waits is bounded."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from inspect import iscoroutinefunction
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.sandbox.launcher import Wishes
from tests.browser.desk import Desk, open_desk
from tests.browser.windows import PATIENCE
from tests.support.chromium import find_chromium
from tests.support.postgres import PostgresServer
from tests.support.sources import ROOT

IMAGES = ROOT / "docs" / "images"
Shoot = Callable[[Page, str], Awaitable[Path]]


def pytest_itemcollected(item: pytest.Item) -> None:
    """Every test of this folder needs a browser, and lives in the event loop in which that was started."""
    item.add_marker("browser")
    if isinstance(item, pytest.Function) and iscoroutinefunction(item.function):
        item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The system's Chromium, for all tests: each window has its own storage. Where there is none, its tests are skipped, which in CI is a failure."""
    found = find_chromium()
    if found is None:
        pytest.skip("no Chromium was found: install it, or name it in CHROMIUM")
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        await opened.close()


@pytest.fixture
def wishes() -> Wishes:
    """How the demo is to be. A test that wants another one parametrizes it: `@pytest.mark.parametrize("wishes", …)`."""
    return Wishes(port=0)


@pytest_asyncio.fixture(loop_scope="session")
async def desk(browser: Browser, wishes: Wishes) -> AsyncIterator[Desk]:
    """A running demo with a real bot. At its end no page may have complained."""
    async with open_desk(browser, wishes) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def desk_on_postgres(browser: Browser, postgres: PostgresServer) -> AsyncIterator[Desk]:
    """The same, with its bot on Postgres, whose way there can be cut."""
    name = postgres.create(with_tables=False)
    async with open_desk(browser, Wishes(port=0, database=postgres.url_of(name))) as opened:
        yield opened
    postgres.drop(name)


@pytest.fixture
def shoot(tmp_path: Path) -> Shoot:
    """Takes a picture of a window; into docs/images only when SCREENSHOTS=1 asks for new ones."""
    renewing = os.environ.get("SCREENSHOTS") == "1"

    async def take(page: Page, name: str) -> Path:
        folder = IMAGES if renewing else tmp_path
        folder.mkdir(exist_ok=True)
        await page.evaluate("document.fonts.ready.then(() => true)")
        path = folder / f"{name}.png"
        await page.screenshot(path=path, animations="disabled", caret="hide", timeout=10_000)
        return path

    return take
