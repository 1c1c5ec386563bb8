"""`frontdesk status`: what it prints, for people and for machines, and with what it ends."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, insert

from bot.core.clock import SystemClock
from bot.db.engine import Database
from bot.indicators import store
from bot.indicators.domain import Counted, indicators
from bot.migrate import State
from bot.outbox.models import outbox
from bot.status import Known, as_json, as_text
from tests.cli.conftest import Frontdesk

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
COUNTS = {
    "intake/command/ok": 998, "intake/command/too_slow": 2, "delivery/request.card/done": 40,
    "delivery/request.card/dead": 1, "delivery/request.ping/doubtful": 1, "standup/prompt/on_time": 3,
}  # fmt: skip


def _counted(day: datetime) -> list[Counted]:
    parts = [(what.split("/"), count) for what, count in COUNTS.items()]
    return [
        Counted(day=day.date(), component=component, what=what, result=result, count=count)
        for (component, what, result), count in parts
    ]


KNOWN = Known(
    waiting=3, oldest=500, dead=1, doubtful=1, service=indicators(_counted(NOW - timedelta(days=2)))
)


def test_people_read_it_like_this() -> None:
    assert as_text("sqlite", State.CURRENT, KNOWN, NOW) == (
        "database    sqlite answers\n"
        "migrations  newest\n"
        "waiting     3 jobs, the oldest due for 8 minutes\n"
        "given up    1 dead, 1 in doubt in the last 90 days; `frontdesk outbox list` shows them\n"
        "\n"
        "How well Frontdesk itself worked, the last 28 days (counted since 28 November)\n"
        "  Slack's calls answered in time   99.8 %       998 of 1,000; 2 answered too late\n"
        "  Jobs processed                   42\n"
        "  Messages and changes delivered   95.23 %      40 of 42; 1 given up, 1 left in doubt\n"
        "  Check-ins asked within a minute  100 %        3 of 3\n"
        "  Jira issues created              no work yet\n"
        "  Sent again after a doubt         0\n"
    )


@pytest.mark.parametrize(
    ("waiting", "oldest", "shown"),
    [
        (0, 0.0, "nothing"),
        (1, 0.0, "1 job, none of them late"),
        (2, 12.3, "2 jobs, the oldest due for 12 s"),
        (2_000, 119.0, "2,000 jobs, the oldest due for 119 s"),
        (2, 120.0, "2 jobs, the oldest due for 2 minutes"),
        (2, 10_000.0, "2 jobs, the oldest due for 2 hours"),
        (2, 200_000.0, "2 jobs, the oldest due for 2 days"),
    ],
)
def test_what_waits_is_told_in_a_length_that_one_can_grasp(waiting: int, oldest: float, shown: str) -> None:
    text = as_text("sqlite", State.CURRENT, replace(KNOWN, waiting=waiting, oldest=oldest), NOW)
    assert f"waiting     {shown}\n" in text


def test_machines_get_numbers_and_null_where_nothing_is_known() -> None:
    found = json.loads(as_json("postgresql", State.NEWER, KNOWN))
    assert found["migrations"]["state"] == "newer"
    assert found["waiting"] == {"jobs": 3, "oldest_seconds": 500}
    assert found["given_up"] == {"dead": 1, "doubtful": 1}
    parts = found["service"]["components"]
    assert parts["intake"] == {"good": 998, "total": 1000, "ratio": 0.998}
    assert parts["jira"] == {"good": 0, "total": 0, "ratio": None}
    assert found["service"]["jobs_processed"] == 42


async def test_it_ends_with_0_where_all_is_there_and_tells_what_lies_in_the_database(
    frontdesk: Frontdesk, empty_database_url: str
) -> None:
    assert (await frontdesk("migrate", DATABASE_URL=empty_database_url)).code == 0
    database = Database(empty_database_url)
    await database.write(_fill)
    await database.close()
    ended = await frontdesk("status", "--format", "json", DATABASE_URL=empty_database_url)
    assert (ended.code, ended.err) == (0, "")
    found = json.loads(ended.out)
    assert found["migrations"]["state"] == "current"
    assert (found["waiting"]["jobs"], found["given_up"]["dead"]) == (1, 1)
    assert found["service"]["components"]["intake"]["total"] == 1000


def _fill(connection: Connection) -> None:
    store.raise_to(connection, _counted(SystemClock().now()))
    entry = {"kind": "x", "payload": {}, "run_at": NOW, "created_at": NOW}
    connection.execute(insert(outbox).values(dedup="open", **entry))
    connection.execute(insert(outbox).values(dedup="dead", closed_at=NOW, result="dead", **entry))


async def test_a_database_behind_this_release_is_told_with_its_mend(frontdesk: Frontdesk) -> None:
    ended = await frontdesk("status")
    assert (ended.code, ended.err) == (1, "")
    assert "behind this release: run `frontdesk migrate`" in ended.out


async def test_a_database_that_is_away_is_one_line_and_ends_with_1(frontdesk: Frontdesk) -> None:
    for format in ("text", "json"):
        ended = await frontdesk(
            "status", "--format", format, DATABASE_URL="postgresql://nobody@127.0.0.1:9/none"
        )
        assert (ended.code, ended.out, ended.err.count("\n")) == (1, "", 1)
        assert "DATABASE_URL" in ended.err
