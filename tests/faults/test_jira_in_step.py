"""Hundreds of words both ways while events come twice, late and out of order, and an hour without Jira: each once."""

import asyncio
import re
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from bot.core.clock import stopwatch
from bot.outbox.models import outbox
from bot.sandbox.forms import Form
from bot.sandbox.jira import render
from bot.sandbox.story import Seen
from tests.e2e.office import Edition, Office, open_office
from tests.support.long_run import IS_LONG

pytestmark = [pytest.mark.by_turns, pytest.mark.faults, pytest.mark.timeout(400)]

SECRET = "a secret between the two"
# What one database shows with hundreds the other shows with fewer.
WORDS = {"sqlite": 500, "postgres": 500} if IS_LONG else {"sqlite": 200, "postgres": 120}
BURST = 25
PATIENCE = 180.0
_WORD = re.compile(r"Word number (\d+)\.")


@pytest.fixture
def edition(backend: str) -> Edition:
    return "cloud" if backend == "sqlite" else "datacenter"


@pytest.fixture
def words(backend: str) -> int:
    return WORDS[backend]


@pytest.fixture
async def office(database_url: str, tmp_path: Path, edition: Edition) -> AsyncIterator[Office]:
    """An office whose Jira tells the bot of every change."""
    async with open_office(database_url, tmp_path, edition=edition, jira_webhook_secret=SECRET) as opened:
        opened.site.webhooks.add(f"{opened.running.address}/jira/webhook", secret=SECRET)
        yield opened


def _open(connection: Connection) -> int:
    return connection.scalar(select(func.count()).where(outbox.c.closed_at.is_(None))) or 0


def _dead(connection: Connection) -> int:
    return connection.scalar(select(func.count()).where(outbox.c.result.in_(("dead", "doubtful")))) or 0


async def all_sent(office: Office) -> None:
    """Returns when the outbox is empty; the clock is moved on past pauses and look-ups, but not past leases."""
    async with asyncio.timeout(PATIENCE):
        await office.box.events_delivered()
        while await office.product.database.read(_open):
            await asyncio.sleep(0.1)
            office.clock.advance(0.5)


async def with_issue(office: Office) -> tuple[Seen, Seen]:
    """A request that has PAY-1: its card, and the message below which its asker is talked to."""
    card = await office.asks("Refund stuck for order 123")
    receipt = await office.person("ana").waits_for("#1", in_="dm")
    form = await card.click("Create Jira issue", by=office.person("alice"))
    assert isinstance(form, Form)
    assert await form.submit() is None
    await all_sent(office)
    assert [issue.key for issue in office.site.issues()] == ["PAY-1"]
    return card, receipt


def numbers(texts: list[str]) -> list[int]:
    return [int(number) for text in texts for number in _WORD.findall(text)]


def below(office: Office, root: Seen) -> list[str]:
    """What the bot wrote in this thread, oldest first."""
    messages = office.box.workspace.world.channels[root.channel].messages.values()
    return [m.text for m in messages if m.bot_id and m.thread_ts == root.ts and m.is_reply]


def in_jira(office: Office, key: str = "PAY-1") -> list[str]:
    """The comments of the bot on this issue, oldest first, as people read them."""
    issue, bot = office.site.stored[key], office.site.bot_account
    return [render.plain(one.body) for one in issue.comments if one.author.account_id == bot.account_id]


def tell(words: str) -> None:
    sys.stderr.write(f"\n{words}\n")


async def test_hundreds_of_comments_of_jira_appear_once_in_each_thread(office: Office, words: int) -> None:
    card, receipt = await with_issue(office)
    office.site.webhooks.shuffle(seed=7)
    office.site.webhooks.redeliver(2)
    began = stopwatch()
    for number in range(words):
        office.site.says("PAY-1", f"Word number {number}.")
    await asyncio.wait_for(office.site.webhooks.idle(), PATIENCE)
    await all_sent(office)
    for root in (card, receipt):
        assert Counter(numbers(below(office, root))) == Counter(range(words))
    assert in_jira(office) == []
    assert await office.product.database.read(_dead) == 0
    tell(
        f"{words} comments from Jira, each event up to three times and shuffled: {stopwatch() - began:.0f} s"
    )


async def test_hundreds_of_messages_of_slack_reach_jira_once_and_in_order(office: Office, words: int) -> None:
    card, receipt = await with_issue(office)
    alice = office.person("alice")
    office.site.webhooks.shuffle(seed=11)
    office.site.webhooks.redeliver(1)
    losing = office.site.faults.add(operation="add_comment", kind="drop_after", probability=0.3, times=None)
    began = stopwatch()
    for number in range(words):
        await alice.says(f"Word number {number}.", thread=card)
        if number % BURST == 0:
            await office.box.events_delivered()
    await all_sent(office)
    assert losing.used > 0
    written = in_jira(office)
    assert numbers(written) == list(range(words))
    assert len(written) < words / 4
    await asyncio.wait_for(office.site.webhooks.idle(), PATIENCE)
    await all_sent(office)
    # What went to Jira does not come back: the asker has each word once, by the bot's own mirror.
    assert Counter(numbers(below(office, receipt))) == Counter(range(words))
    assert numbers(below(office, card)) == []
    assert await office.product.database.read(_dead) == 0
    tell(f"{words} messages to Jira in {len(written)} comments, {losing.used} replies lost: "
         f"{stopwatch() - began:.0f} s")  # fmt: skip


async def test_after_an_hour_without_jira_everything_arrives_in_order(office: Office) -> None:
    card, receipt = await with_issue(office)
    alice, ana = office.person("alice"), office.person("ana")
    other = await office.asks("The second request")
    office.site.down = True
    form = await other.click("Create Jira issue", by=alice)
    assert isinstance(form, Form)
    assert await form.submit() is None
    for number in range(40):
        who, where = (alice, card) if number % 2 else (ana, receipt)
        await who.says(f"Word number {number}.", thread=where)
        if number % 10 == 0:
            await alice.says(f"Word number {number + 1000}.", thread=other)
        # Slack promises no order of events; here each is heard before the next is said.
        await office.box.events_delivered()
    for _ in range(240):
        # In steps that no lease is too short for.
        office.clock.advance(15)
        await asyncio.sleep(0.05)
    assert in_jira(office) == []
    told = [
        text for root in (card, receipt) for text in below(office, root) if "Jira does not answer" in text
    ]
    assert len(told) == 1
    office.site.down = False
    await all_sent(office)
    assert numbers(in_jira(office)) == list(range(40))
    assert [issue.key for issue in office.site.issues()] == ["PAY-1", "PAY-2"]
    second = numbers([render.plain(office.site.stored["PAY-2"].description), *in_jira(office, "PAY-2")])
    assert second == [1000, 1010, 1020, 1030]
    assert await office.product.database.read(_dead) == 0
