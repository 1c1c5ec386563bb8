"""Old texts go with their time, each team's by its own, in small steps; what is young, open or counted stays."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Table, func, insert, select, update

from bot.db.base import metadata
from bot.db.engine import Database
from bot.features.conversations.models import conversation_messages
from bot.features.requests.models import requests
from bot.features.tickets.models import tickets
from bot.privacy import retention
from bot.privacy.models import retention_marks
from bot.privacy.register import REGISTER
from bot.privacy.retention import erase_old
from bot.teams.models import teams
from tests.e2e.office import PAYMENTS, PLATFORM
from tests.privacy.make import ANA, AT, BOB, CANARY, fill, places_of

YEAR = timedelta(days=365)
LATER = AT + YEAR + timedelta(days=2)


def settings(team: dict[str, Any], kept: str | None) -> dict[str, Any]:
    usual = {
        "user_group": None,
        "ticket_emoji_channels": None,
        "components": [],
        "sources": [],
        "priority_rules": [],
    }
    plain = usual | {
        "members": [],
        "rotation": None,
        "jira": None,
        "intake_channels": [],
        "ticket_emoji": "ticket",
    }
    return plain | {
        "key": team["key"], "name": team["name"], "lead": ANA, "timezone": "Europe/Kyiv",
        "working_hours": {"days": "mon-fri", "from": "09:00", "to": "18:00"}, "triage_channel": team["triage_channel"],
        "split_of_work": "pull", "standups": [], "retention": kept,
        "claim_within": {"urgent": "15m", "high": "1h", "normal": "4h", "low": "2d"},
    }  # fmt: skip


def _kept_for(connection: Connection, *kept: str | None) -> None:
    for number, (team, one) in enumerate(zip((PAYMENTS, PLATFORM), kept, strict=False), start=1):
        values = {"settings": settings(team, one), "active": True}
        connection.execute(update(teams).where(teams.c.id == number).values(**values))


async def _filled(database: Database, *people: str, kept: tuple[str | None, ...] = ("365d",)) -> None:
    await database.write(fill, *people)
    await database.write(_kept_for, *kept)


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


async def test_every_word_goes_when_its_time_is_over_and_no_row_does(database: Database) -> None:
    await _filled(database, ANA)
    apart = ("retention_marks", "intake_offers")
    tables = [table for table in metadata.sorted_tables if table.name not in apart]
    before = [await database.read(_count, table) for table in tables]
    assert await erase_old(database, AT + YEAR - timedelta(days=1)) == 0
    assert await erase_old(database, LATER) > 0
    assert await database.read(places_of, CANARY[ANA]) == []
    assert [await database.read(_count, table) for table in tables] == before
    # Who it was is still counted.
    assert "requests.requester" in await database.read(places_of, ANA)


@pytest.mark.by_turns
async def test_each_team_keeps_by_its_own_rule(database: Database) -> None:
    await _filled(database, ANA, BOB, kept=("365d", None))
    # The second person's absence is theirs, whichever team they are in.
    await erase_old(database, LATER)
    assert await database.read(places_of, CANARY[ANA]) == ["intake_offers.text"]
    words = [f"{name}.{column}" for name, holding in REGISTER.items() for column in holding.words]
    assert sorted(await database.read(places_of, CANARY[BOB])) == sorted(words)


@pytest.mark.by_turns
async def test_what_is_open_stays_and_what_is_said_after_the_end_goes_by_its_own_age(
    database: Database,
) -> None:
    await _filled(database, ANA)
    reopened = update(requests).values(closed_at=None)
    await database.write(lambda c: c.execute(reopened))
    await erase_old(database, LATER)
    assert "requests.summary" in await database.read(places_of, CANARY[ANA])
    assert "conversation_messages.text" in await database.read(places_of, CANARY[ANA])
    await database.write(lambda c: c.execute(update(requests).values(closed_at=LATER)))
    await erase_old(database, LATER + YEAR)
    assert await database.read(places_of, CANARY[ANA]) == []
    said = {**_message(LATER + YEAR), "text": "canary-said-later"}
    await database.write(lambda c: c.execute(insert(conversation_messages).values(**said)))
    await erase_old(database, LATER + YEAR + timedelta(days=300))
    assert await database.read(places_of, "canary-said-later")
    await erase_old(database, LATER + 2 * YEAR)
    assert await database.read(places_of, "canary-said-later") == []


def _message(at: datetime) -> dict[str, Any]:
    return {
        "id": 99, "request_id": 1, "side": "asker", "channel": "C0ASKPAY01", "ts": "9.9", "thread_ts": "1.1",
        "author": ANA, "files": [], "reach": "both", "version": 1, "created_at": at,
    }  # fmt: skip


@pytest.mark.by_turns
async def test_an_issue_of_no_request_counts_from_its_making(database: Database) -> None:
    await _filled(database, ANA)
    await database.write(lambda c: c.execute(update(tickets).values(request_id=None, team_id=1)))
    await erase_old(database, LATER)
    assert await database.read(places_of, CANARY[ANA]) == []


@pytest.mark.by_turns
async def test_a_backlog_goes_in_small_steps_each_of_which_is_remembered(database: Database) -> None:
    await _filled(database, ANA)
    count = retention.AT_ONCE * (retention.MOST_STEPS + 1)

    def many(connection: Connection) -> None:
        one = dict(connection.execute(select(requests)).mappings().one())
        some = [
            one | {"id": n, "number": n, "origin_ts": str(n), "filed_key": str(n), "closed_at": AT}
            for n in range(2, count + 1)
        ]
        connection.execute(insert(requests), some)

    await database.write(many)
    left = select(func.count()).select_from(requests).where(requests.c.summary != "(erased)")
    await erase_old(database, LATER)
    assert await database.read(lambda c: c.scalar(left)) == retention.AT_ONCE
    await erase_old(database, LATER)
    assert await database.read(lambda c: c.scalar(left)) == 0
    walked = select(retention_marks.c.last).where(retention_marks.c.what == "requests")
    assert await database.read(lambda c: c.scalar(walked)) == count


@pytest.mark.by_turns
async def test_a_team_with_a_long_backlog_keeps_no_other_waiting(database: Database) -> None:
    await _filled(database, ANA, BOB, kept=("365d", "365d"))
    count = retention.AT_ONCE * (retention.MOST_STEPS + 1)

    def many(connection: Connection) -> None:
        one = dict(connection.execute(select(requests).where(requests.c.id == 1)).mappings().one())
        some = [
            one | {"id": n, "number": n, "origin_ts": str(n), "filed_key": str(n), "closed_at": AT}
            for n in range(3, count + 1)
        ]
        connection.execute(insert(requests), some)

    await database.write(many)
    await erase_old(database, LATER)
    left = select(func.count()).select_from(requests).where(requests.c.summary != "(erased)")
    of_the_other = left.where(requests.c.team_id == 2)
    assert await database.read(lambda c: c.scalar(left))
    assert await database.read(lambda c: c.scalar(of_the_other)) == 0


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_closed_requests_are_found_by_an_index(database: Database) -> None:
    plan = await database.read(
        lambda c: c.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT id, closed_at FROM requests WHERE team_id = 1 AND closed_at >= '2026-01-01'"
            " AND closed_at <= '2026-02-01' ORDER BY closed_at, id LIMIT 20"
        ).all()
    )
    assert "ix_requests_team_closed_at" in str(plan) and "TEMP B-TREE" not in str(plan)
