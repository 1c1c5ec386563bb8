"""Ends are counted from the rows that say so: again and again, by several at once, and beyond the rows' life."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import Connection, insert

from bot.db.engine import Database
from bot.feature import Feature
from bot.indicators import store
from bot.indicators.domain import Component, indicators
from bot.indicators.tally import Tally
from bot.outbox.models import outbox
from bot.outbox.store import ends, purge
from bot.outbox.unit_of_work import Transactions
from bot.scheduling.counting import Counting, show, uncounted
from tests.indicators.make import counted
from tests.support.clock import MONDAY

DAY = timedelta(days=1)


def _ended(connection: Connection, at: datetime, *ends: str) -> None:
    for number, end in enumerate(ends):
        kind, result = end.split("/")
        connection.execute(
            insert(outbox).values(
                kind=kind, payload={}, dedup=f"{at.isoformat()}:{number}:{end}", run_at=at, created_at=at,
                closed_at=at if result != "open" else None, result=result if result != "open" else None,
            )
        )  # fmt: skip


def _counting(database: Database, *features: Feature, now: datetime = MONDAY) -> Counting:
    transactions = Transactions(database, lambda: now, lambda: None)
    return Counting(transactions, Tally(lambda: now), features)


async def _counts(database: Database) -> Mapping[str, int]:
    found = await database.read(store.since, (MONDAY - 60 * DAY).date())
    return {f"{one.day:%d} {one.component}/{one.what}/{one.result}": one.count for one in found}


async def test_entries_are_counted_on_the_day_of_their_end(database: Database) -> None:
    yesterday = MONDAY - DAY
    await database.write(_ended, MONDAY, "card/done", "card/done", "card/dead", "ping/open", "ping/stale")
    await database.write(_ended, yesterday, "card/done")
    await _counting(database).count_old_days(MONDAY)
    assert await _counts(database) == {
        "22 delivery/card/done": 1, "23 delivery/card/dead": 1, "23 delivery/card/done": 2,
        "23 delivery/ping/stale": 1,
    }  # fmt: skip


@pytest.mark.by_turns
async def test_midnight_of_utc_parts_the_days(database: Database) -> None:
    midnight = MONDAY.replace(hour=0)
    await database.write(_ended, midnight - timedelta(microseconds=1), "card/done")
    await database.write(_ended, midnight, "card/dead")
    await _counting(database).count_days(midnight + timedelta(minutes=5))
    assert await _counts(database) == {"22 delivery/card/done": 1, "23 delivery/card/dead": 1}


async def test_several_bots_that_count_at_once_count_everything_once(database: Database) -> None:
    await database.write(_ended, MONDAY, *(["card/done"] * 5), "card/dead")
    for _ in range(2):
        await asyncio.gather(*(_counting(database).count_days(MONDAY) for _ in range(3)))
    assert await _counts(database) == {"23 delivery/card/dead": 1, "23 delivery/card/done": 5}


async def test_days_stay_when_their_rows_are_forgotten(database: Database) -> None:
    await database.write(_ended, MONDAY, "card/done", "card/dead")
    await _counting(database).count_days(MONDAY)
    for ago in (1, 13, 14, 15, 20):
        later = MONDAY + ago * DAY
        await database.write(purge, later)
        await _counting(database).count_days(later)
        await _counting(database).count_old_days(later)
    assert await _counts(database) == {"23 delivery/card/dead": 1, "23 delivery/card/done": 1}


async def test_a_bot_that_was_down_for_days_counts_what_it_did_before(database: Database) -> None:
    await database.write(_ended, MONDAY - 12 * DAY, "card/done")
    counting = _counting(database)
    await counting.count_days(MONDAY)
    assert await _counts(database) == {}
    await counting.count_old_days(MONDAY)
    assert await _counts(database) == {"11 delivery/card/done": 1}


async def test_every_day_that_is_counted_again_still_has_all_its_rows(database: Database) -> None:
    late = MONDAY.replace(hour=23, minute=59)
    for ago in range(13):
        await database.write(_ended, late.replace(hour=0) - ago * DAY, "card/done")
    await database.write(purge, late)
    await _counting(database).count_old_days(late)
    assert sum((await _counts(database)).values()) == 13


@pytest.mark.by_turns
async def test_a_slice_tells_what_came_to_an_end_in_its_part(database: Database) -> None:
    def made(_connection: Connection, start: datetime, end: datetime) -> Mapping[tuple[str, str], int]:
        return {("issue", "created"): 3} if start <= MONDAY < end else {}

    feature = Feature(name="some", ends={Component.JIRA: made})
    await _counting(database, feature).count_days(MONDAY)
    assert await _counts(database) == {"23 jira/issue/created": 3}


@pytest.mark.by_turns
async def test_what_is_known_already_is_not_written_again(database: Database) -> None:
    await database.write(_ended, MONDAY, "card/done")
    counting = _counting(database)
    part = (Component.DELIVERY, ends)
    assert [one.count for one in await database.read(uncounted, MONDAY.date(), part)] == [1]
    await counting.count_days(MONDAY)
    assert await database.read(uncounted, MONDAY.date(), part) == []


@pytest.mark.by_turns
async def test_a_slice_that_cannot_count_keeps_nobody_else_from_it(database: Database) -> None:
    def broken(_connection: Connection, _start: datetime, _end: datetime) -> Mapping[tuple[str, str], int]:
        raise ValueError("broken")

    def whole(_connection: Connection, _start: datetime, _end: datetime) -> Mapping[tuple[str, str], int]:
        return {("issue", "created"): 3}

    parts = {Component.STANDUP: broken, Component.JIRA: whole}
    await database.write(_ended, MONDAY, "card/done")
    await _counting(database, Feature(name="some", ends=parts)).count_days(MONDAY)
    assert await _counts(database) == {"23 delivery/card/done": 1, "23 jira/issue/created": 3}


def _figure(name: str, **labels: Any) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


def test_the_window_is_shown_as_figures_and_what_left_it_goes() -> None:
    show(
        indicators(
            [
                counted("intake/command/ok", 3), counted("intake/command/unavailable", 1),
                counted("delivery/card/done", 9), counted("delivery/card/repeated", 2),
                counted("standup/prompt/missed", 4),
            ]
        )
    )  # fmt: skip
    assert _figure("frontdesk_success_ratio_28d", component="intake") == 0.75
    assert _figure("frontdesk_success_ratio_28d", component="jira") is None
    assert _figure("frontdesk_requests_28d", kind="command", result="unavailable") == 1
    assert _figure("frontdesk_jobs_28d", kind="card", result="done") == 9
    assert _figure("frontdesk_possible_duplicates_28d") == 2
    assert _figure("frontdesk_schedule_missed_28d") == 4
    show(indicators([counted("jira/issue/created")]))
    assert _figure("frontdesk_success_ratio_28d", component="intake") is None
    assert _figure("frontdesk_success_ratio_28d", component="jira") == 1
    assert _figure("frontdesk_jobs_28d", kind="card", result="done") is None
    assert _figure("frontdesk_possible_duplicates_28d") == 0
