"""`frontdesk outbox`: dead letters shown, tried again and dropped, in the words of operators."""

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot import migrate
from bot.db.engine import Database
from bot.outbox.models import outbox
from tests.cli.conftest import Frontdesk
from tests.cli.demos import Refused

pytestmark = pytest.mark.by_turns

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECRET = "what somebody wrote"


def _letter(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "kind": "request.card",
        "payload": {"request_id": 7, "channel": "C0TRIAGE01", "text": SECRET},
        "dedup": f"letter:{number}",
        "run_at": AT,
        "created_at": AT,
        "closed_at": AT,
        "result": "dead",
        "error": "restricted_action",
        **more,
    }


@pytest.fixture
async def letters(database_url: str) -> str:
    """Four entries: dead, doubtful, of another kind, and one that waits."""
    database = Database(database_url)
    await migrate.upgrade(database)
    rows = [
        _letter(1),
        _letter(2, result="doubtful", error="perhaps sent, cannot be looked up: missing_scope", sent_at=AT),
        _letter(3, kind="standup.prompt", payload={"user_id": "U0ANA00001"}),
        _letter(4, result=None, closed_at=None, error="closed:C0TRIAGE01"),
        _letter(5, result="done", error=None),
    ]
    for row in rows:
        await database.write(lambda connection, row=row: connection.execute(outbox.insert().values(**row)))
    await database.close()
    return database_url


async def _results(database_url: str) -> list[str | None]:
    database = Database(database_url)
    rows = await database.read(lambda c: c.execute(outbox.select().order_by(outbox.c.id)).mappings().all())
    await database.close()
    return [row["result"] for row in rows]


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_the_list_says_what_why_and_what_for_and_never_what_people_wrote(
    frontdesk: Frontdesk, letters: str
) -> None:
    ended = await frontdesk("outbox", "list", DATABASE_URL=letters)
    assert ended.code == 0
    assert "request.card  dead since 2026-11-23 09:00 UTC" in ended.out
    assert "The workspace's settings do not let the bot post there." in ended.out
    assert "it may have arrived: perhaps sent, cannot be looked up: The app misses a permission." in ended.out
    assert "for U0ANA00001" in ended.out
    assert SECRET not in ended.out
    assert len(ended.out.splitlines()) == 6
    shorter = await frontdesk("outbox", "list", "--limit", "2", DATABASE_URL=letters)
    assert shorter.out.endswith("There are more: a higher --limit shows them.\n")
    exact = await frontdesk("outbox", "list", "--limit", "3", DATABASE_URL=letters)
    assert "There are more" not in exact.out


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_the_list_can_be_narrowed_and_read_by_programs(frontdesk: Frontdesk, letters: str) -> None:
    as_json = await frontdesk("outbox", "list", "--state", "all", "--format", "json", DATABASE_URL=letters)
    assert {row["id"]: row["state"] for row in json.loads(as_json.out)} == {
        1: "dead", 2: "doubtful", 3: "dead", 4: "waiting",
    }  # fmt: skip
    words = ["--state", "waiting", "--kind", "request.card", "--limit", "1", "--format", "csv"]
    as_csv = await frontdesk("outbox", "list", *words, DATABASE_URL=letters)
    (row,) = csv.DictReader(io.StringIO(as_csv.out))
    assert (row["id"], row["reason"]) == ("4", "the channel C0TRIAGE01 is closed to the bot")


async def test_a_retry_gives_letters_back_and_says_how_many(frontdesk: Frontdesk, letters: str) -> None:
    ended = await frontdesk("outbox", "retry", "3", "5", DATABASE_URL=letters)
    assert (ended.code, ended.out) == (
        0, "1 tried again as soon as a bot runs, 1 left alone, not given up or not any more\n",
    )  # fmt: skip
    assert "outbox.retried" in ended.err
    assert await _results(letters) == ["dead", "doubtful", None, None, "done"]


async def test_what_nobody_sends_any_more_is_not_made_to_wait_for_ever(
    frontdesk: Frontdesk, letters: str
) -> None:
    database = Database(letters)
    row = _letter(6, kind="request.of_old")
    await database.write(lambda connection: connection.execute(outbox.insert().values(**row)))
    await database.close()
    ended = await frontdesk("outbox", "retry", "6", DATABASE_URL=letters)
    assert "1 left alone, of a kind that this release does not send: drop it" in ended.out
    assert (await _results(letters))[-1] == "dead"


async def test_all_of_a_kind_are_dropped_and_a_second_time_nothing(
    frontdesk: Frontdesk, letters: str
) -> None:
    words = ["outbox", "drop", "--all", "--kind", "request.card"]
    assert (await frontdesk(*words, DATABASE_URL=letters)).out == "2 dropped\n"
    assert await _results(letters) == ["dropped", "dropped", "dead", None, "done"]
    assert (await frontdesk(*words, DATABASE_URL=letters)).out == "0 dropped\n"


MISTAKES = {
    ("retry", "1", "99"): "There is no entry 99; nothing was changed",
    ("retry",): "--all",
    ("drop", "1", "--all"): "--all",
    ("drop", "--all"): "--kind",
    ("retry", "1", "--kind", "request.card"): "--kind goes with --all",
    ("list", "--state", "gone"): "dead, doubtful, waiting or all",
    ("list", "--format", "xml"): "text, csv or json",
    ("retry", "one"): "integer",
}


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_a_mistake_is_told_in_one_line_and_changes_nothing(refused: Refused, letters: str) -> None:
    told = await refused(*[("outbox", *words) for words in MISTAKES], DATABASE_URL=letters)
    assert [hint in line for hint, line in zip(MISTAKES.values(), told, strict=True)] == [True] * len(told)
    assert await _results(letters) == ["dead", "doubtful", "dead", None, "done"]


async def test_before_the_tables_are_there_it_says_what_to_do_first(refused: Refused) -> None:
    told = await refused(("outbox", "list"), ("outbox", "retry", "--all"), DATABASE_URL="sqlite:///none.db")
    assert all("frontdesk migrate" in line for line in told)
