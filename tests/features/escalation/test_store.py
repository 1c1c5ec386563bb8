"""What is looked for each second costs the same, however much has ever been asked."""

from sqlalchemy import Connection, insert, select, text

from bot.db.engine import Database
from bot.features.escalation import store
from bot.features.escalation.domain.ladder import Phase
from bot.features.escalation.models import escalations
from bot.teams.apply import apply
from tests.features.escalation.make import at, ladder
from tests.teams.make import two_teams

NOW = at("2026-11-24T12:00")
HISTORY = 5000


def _much_history(connection: Connection) -> None:
    resting = ladder(phase=Phase.RESTING, due_at=None)
    row = {"team_id": 1, "phase": "resting", "priority": "normal", "run": 1, "step": 0, "passed": []}
    times = {"began_at": resting.since, "since": resting.since}
    connection.execute(
        insert(escalations), [{"request_id": n, **row, **times} for n in range(100, 100 + HISTORY)]
    )
    for number, due in ((1, NOW), (2, None), (3, at("2026-11-24T12:01"))):
        store.add(connection, ladder(request_id=number, due_at=due))
    if connection.dialect.name == "postgresql":
        connection.execute(text("ANALYZE escalations"))


def _plan(connection: Connection) -> str:
    query = select(escalations.c.request_id).where(escalations.c.due_at <= NOW).order_by(escalations.c.due_at)
    words = "EXPLAIN " if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    compiled = query.limit(200).compile(connection, compile_kwargs={"literal_binds": True})
    return "\n".join(str(row) for row in connection.execute(text(words + str(compiled))))


async def test_what_is_due_is_found_by_its_index(database: Database) -> None:
    await database.write(apply, two_teams(), NOW)
    await database.write(_much_history)
    assert [one.request_id for one in await database.read(store.due, NOW)] == [1]
    assert "ix_escalations_due_at" in await database.read(_plan)


async def test_another_time_to_look_loses_against_a_change(database: Database) -> None:
    await database.write(apply, two_teams(), NOW)
    kept = ladder(due_at=NOW)
    await database.write(store.add, kept)
    await database.write(store.look_again_at, ladder(due_at=NOW, step=1), None)
    assert await database.read(store.find, 12) == kept
    await database.write(store.look_again_at, kept, None)
    assert await database.read(store.due, NOW) == []
