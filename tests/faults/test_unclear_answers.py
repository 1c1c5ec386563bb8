"""Slack's answer is lost, late, broken or a refusal for now: each message stands there once in the end."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import Connection, func, select

from bot.outbox.models import outbox
from tests.e2e.counts import assert_counted_as_posted
from tests.e2e.office import Office, open_office

pytestmark = [pytest.mark.by_turns, pytest.mark.faults, pytest.mark.timeout(90)]

REQUESTS = 8


def _open(connection: Connection) -> int:
    return connection.scalar(select(func.count()).where(outbox.c.closed_at.is_(None))) or 0


def _dead(connection: Connection) -> int:
    return connection.scalar(select(func.count()).where(outbox.c.result.in_(("dead", "doubtful")))) or 0


async def all_sent(office: Office) -> None:
    """Returns when the outbox is empty; the clock is moved on past pauses and look-ups, but not past leases."""
    async with asyncio.timeout(60):
        while await office.product.database.read(_open):
            await asyncio.sleep(0.1)
            office.clock.advance(0.5)


def posts(office: Office) -> Counter[str]:
    """How often each wish of the outbox stands in the workspace."""
    return Counter(
        str(message.metadata["event_payload"]["id"])  # pyright: ignore[reportIndexIssue]
        for channel in office.box.workspace.world.channels.values()
        for message in channel.messages.values()
        if message.metadata
    )


async def test_lost_broken_and_late_answers_double_nothing_and_lose_nothing(
    database_url: str, tmp_path: Path
) -> None:
    async with open_office(database_url, tmp_path, with_jira=False) as office:
        order = office.box.faults.add
        order(method="chat.postMessage", kind="drop_after", times=4, every=3)
        order(method="chat.postMessage", kind="status_after", status=500, times=4, every=3)
        order(method="chat.postMessage", kind="no_ts", times=2, every=2)
        order(method="chat.postMessage", kind="hang_after", seconds=5, times=2, every=2)
        order(method="chat.postMessage", kind="html", times=2, every=2)
        order(method="chat.postMessage", kind="drop_before", times=2, every=2)
        order(method="conversations.*", kind="drop_after", times=2, every=2)
        repeated = _repeated()
        ana = office.person("ana")
        answers = await asyncio.gather(*(ana.runs(f"/ask-team Refund {n}") for n in range(REQUESTS)))
        assert all(answer is not None and "#" in answer.text for answer in answers)
        await all_sent(office)
        found = posts(office)
        assert await office.product.database.read(_dead) == 0
        assert max(found.values()) == 1
        assert {kind: _of_kind(found, kind) for kind in ("card", "receipt", "ping:0")} == {
            "card": REQUESTS, "receipt": REQUESTS, "ping:0": REQUESTS,
        }  # fmt: skip
        shown = await assert_counted_as_posted(office)
        assert shown.repeated == _repeated() - repeated > 0


def _repeated() -> float:
    return REGISTRY.get_sample_value("frontdesk_possible_duplicates_total") or 0


def _of_kind(found: Counter[str], kind: str) -> int:
    return sum(count for name, count in found.items() if name.endswith(f":{kind}"))


async def test_a_storm_of_too_many_requests_delays_and_doubles_nothing(
    database_url: str, tmp_path: Path
) -> None:
    async with open_office(database_url, tmp_path, with_jira=False) as office:
        storm = office.box.faults.add(
            method="chat.*", kind="rate_limited", probability=0.7, seed=4711, retry_after=1, times=20
        )
        ana = office.person("ana")
        await asyncio.gather(*(ana.runs(f"/ask-team Refund {n}") for n in range(3)))
        await all_sent(office)
        found = posts(office)
        assert storm.hits > 5
        assert max(found.values()) == 1
        assert _of_kind(found, "card") == 3
        assert await office.product.database.read(_dead) == 0
