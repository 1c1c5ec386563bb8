"""Windows of a real browser, and what they complain of: no page of the demo may complain without being asked to."""

from dataclasses import dataclass, field

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request

# Milliseconds: for anything a page has to show, and for a page to be there.
PATIENCE = 20_000
PATIENCE_FOR_PAGES = 10_000
# A page that is left lets go of what it was loading; that is no fault.
_LEFT_BEHIND = "net::ERR_ABORTED"


@dataclass
class Complaints:
    """What pages complained of: errors in the console (the content policy's too) and in scripts, failed requests."""

    made: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def expect(self, words: str) -> None:
        """The test will make a page complain of something that has these words in it; it must come, or that is wrong."""
        self.expected.append(words)

    def wrong(self) -> list[str]:
        """Complaints that nobody expected, and expected ones that did not come."""
        unexpected = [made for made in self.made if not any(words in made for words in self.expected)]
        missing = [words for words in self.expected if not any(words in made for made in self.made)]
        return unexpected + [f"expected, but nobody complained of: {words}" for words in missing]

    def listen_to(self, page: Page) -> None:
        """From now on everything that this page complains of is kept."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.made.append(f"{page.url}: {error}"))
        page.on("requestfailed", self._failed)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "assert"}:
            self.made.append(f"{message.location.get('url', '')}: {message.text}")

    def _failed(self, request: Request) -> None:
        if request.failure != _LEFT_BEHIND:
            self.made.append(f"{request.url}: {request.failure}")


@dataclass
class Windows:
    """Windows side by side, each with its own storage, as if on its own machine."""

    browser: Browser
    complaints: Complaints = field(default_factory=Complaints)
    _open: list[BrowserContext] = field(default_factory=list)

    async def open(self, address: str, *, width: int = 1280, height: int = 800, dark: bool = False) -> Page:
        """A new window on this page. Whatever it waits for, it waits a bounded time."""
        context = await self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="UTC",
        )
        self._open.append(context)
        context.set_default_timeout(PATIENCE)
        context.set_default_navigation_timeout(PATIENCE_FOR_PAGES)
        context.on("page", self.complaints.listen_to)
        page = await context.new_page()
        await page.goto(address)
        return page

    async def close(self) -> None:
        """Close them all."""
        for context in self._open:
            await context.close()
        self._open.clear()
