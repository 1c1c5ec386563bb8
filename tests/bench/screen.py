"""How soon a message that a bot posts is on the screen of the demo, in a channel of 5,000 messages and in an empty one.

From the bot's call of chat.postMessage to the message in the browser's page, drawn. Both channels in turns, one run.
"""

import argparse
import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from statistics import quantiles

from playwright.async_api import Page, async_playwright
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.face.face import Face
from bot.sandbox.face.server import FaceServer
from bot.sandbox.face.stage import Stage
from bot.sandbox.jira.server import JiraServer
from bot.sandbox.jira.site import JiraSite
from bot.sandbox.slack import talk
from bot.sandbox.slack.messages import Message
from bot.sandbox.story import Sandbox
from bot.slack.manifest import read_manifest
from tests.support.chromium import find_chromium

MESSAGES = 5_000
AIM = 200.0
FULL, EMPTY = "general", "ask-payments"

# Resolves when words stand in the page and a frame with them has been drawn.
_WATCH = """words => { window.drawn = new Promise(done => {
  const look = () => document.body.innerText.includes(words) && (watcher.disconnect(), requestAnimationFrame(() => done(true)));
  const watcher = new MutationObserver(look); watcher.observe(document.body, {childList: true, subtree: true}); look(); }); }"""


@asynccontextmanager
async def _stage() -> AsyncIterator[tuple[Sandbox, FaceServer]]:
    async with Sandbox.start(manifest=read_manifest()) as box:
        jira = await JiraServer.start(JiraSite(clock=box.clock.now))
        server = await FaceServer.start(Face(Stage(box=box, jira=jira)))
        try:
            yield box, server
        finally:
            await server.stop()
            await jira.stop()


def _fill(box: Sandbox) -> None:
    world = box.workspace.world
    channel = world.channel(FULL)
    people = [world.account(name).id for name in ("ana", "alice", "bob", "carol")]
    for number in range(MESSAGES):
        text = f"Message {number} of a long time ago, about nothing in particular"
        talk.post(
            world,
            channel,
            Message(ts=world.now_ts(), channel_id=channel.id, user=people[number % 4], text=text),
        )


async def _shown_after(page: Page, client: AsyncWebClient, channel: str, words: str) -> float:
    """Milliseconds from the bot's call to the frame with its message."""
    await page.evaluate(_WATCH, words)
    began = time.perf_counter()
    call = asyncio.create_task(client.chat_postMessage(channel=channel, text=words))
    await asyncio.wait_for(page.evaluate("window.drawn"), 10)
    shown = (time.perf_counter() - began) * 1000
    await call
    return shown


async def _scroll_up(page: Page, pages: int) -> float:
    """Milliseconds for each page of older messages that scrolling to the top brings."""
    began = time.perf_counter()
    for _ in range(pages):
        before = await page.locator("#feed > .line").count()
        await page.evaluate("document.querySelector('#older').click()")
        await page.wait_for_function(
            "count => document.querySelectorAll('#feed > .line').length > count", arg=before, timeout=10_000
        )
    return (time.perf_counter() - began) * 1000 / pages


async def measure(posts: int, pages: int) -> tuple[dict[str, list[float]], float]:
    """Waits by channel, and the time for a page of older messages."""
    async with _stage() as (box, server), async_playwright() as playwright:
        _fill(box)
        client = AsyncWebClient(token=box.bot_token, base_url=box.slack_api_url, retry_handlers=[])
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        windows: dict[str, Page] = {}
        for name in (FULL, EMPTY):
            windows[name] = await browser.new_page()
            await windows[name].goto(f"{server.address}/as/ana/c/{box.channel(name).id}")
        waits: dict[str, list[float]] = {FULL: [], EMPTY: []}
        for number in range(posts):
            for name, page in windows.items():
                words = f"News {number} for {name}."
                waits[name].append(await _shown_after(page, client, box.channel(name).id, words))
        a_page = await _scroll_up(windows[FULL], pages)
        await browser.close()
        return waits, a_page


def _line(name: str, waits: list[float]) -> str:
    steps = quantiles(waits, n=20)
    return f"{name:<28} p50 {steps[9]:6.1f} ms   p95 {steps[18]:6.1f} ms   worst {max(waits):6.1f} ms"


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=60)
    parser.add_argument("--pages", type=int, default=20)
    asked = parser.parse_args()
    waits, a_page = asyncio.run(measure(asked.posts, asked.pages))
    print(f"From the bot's call to the screen, {asked.posts} posts each, in turns:")
    print(_line(f"channel of {MESSAGES} messages", waits[FULL]))
    print(_line("empty channel", waits[EMPTY]))
    ratio = quantiles(waits[FULL], n=20)[9] / quantiles(waits[EMPTY], n=20)[9]
    late = sum(wait > AIM for wait in waits[FULL])
    print(f"ratio of the medians {ratio:.2f}; over {AIM:.0f} ms: {late} of {asked.posts}")
    print(f"A page of older messages: {a_page:.0f} ms each over {asked.pages} pages")


if __name__ == "__main__":
    main()
