"""When the next snoozed request comes back, for screens that show what is coming."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, event, text

from bot.db.engine import Database
from bot.features.requests import store
from bot.features.requests.service import queue
from bot.features.requests.service.intake import Filed
from tests.features.requests.conftest import Queue
from tests.features.requests.make import new
from tests.support.clock import MONDAY

HOUR = timedelta(hours=1)


async def _next(office: Queue) -> datetime | None:
    return await office.transactions.read(store.next_to_wake, office.clock.now())


async def test_nothing_comes_back_while_nothing_is_snoozed(office: Queue, filed: Filed) -> None:
    assert filed.request_id
    assert await _next(office) is None


async def test_the_earliest_of_the_snoozed_is_told_until_it_is_awake(office: Queue, filed: Filed) -> None:
    later = await office.file(new(summary="Another"))
    await office.do(queue.snooze, later.request_id, MONDAY + 2 * HOUR)
    await office.do(queue.snooze, filed.request_id, MONDAY + HOUR)
    assert await _next(office) == MONDAY + HOUR
    office.clock.advance(HOUR.total_seconds())
    await office.transactions.run(queue.wake, filed.request_id)
    assert await _next(office) == MONDAY + 2 * HOUR


def _plan(connection: Connection) -> str:
    """How the database would look for it, when it may not read the whole table."""
    asked: list[str] = []
    event.listen(
        connection, "before_cursor_execute", lambda _c, _k, statement, values, *_: asked.append(statement)
    )
    store.next_to_wake(connection, MONDAY)
    postgres = connection.dialect.name == "postgresql"
    if postgres:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        connection.execute(text("SET LOCAL enable_sort = off"))
    query = asked[0].replace("$1::INTEGER", "1").replace("?", "1")
    rows = connection.execute(text(f"{'EXPLAIN' if postgres else 'EXPLAIN QUERY PLAN'} {query}"))
    return "\n".join(str(row) for row in rows)


async def test_it_is_found_by_its_index(database: Database) -> None:
    plan = await database.read(_plan)
    assert "ix_requests_snooze_until" in plan
