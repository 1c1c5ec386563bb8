"""The alarm for dead letters: at once, then at most once an hour and kind, with how many others there are."""

from datetime import datetime, timedelta

import pytest

from bot.alarms import dead
from bot.alarms.wishes import CHANNEL, given_up
from bot.db.engine import Database
from bot.outbox.delivery import Entry
from bot.outbox.models import outbox
from bot.outbox.unit_of_work import Transactions, UnitOfWork
from tests.outbox.conftest import rows_of
from tests.support.clock import MONDAY, MovableClock

pytestmark = pytest.mark.by_turns


class Letters:
    """Letters that are given up one after the other."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = MovableClock()
        self.transactions = Transactions(database, self.clock.now, lambda: None)

    async def one_more(self, *, after: timedelta = timedelta(), result: str = "dead") -> int:
        self.clock.advance(after.total_seconds())
        return await self.transactions.run(self._give_up, result)

    def _give_up(self, uow: UnitOfWork, result: str) -> int:
        uow.enqueue("request.card", {"request_id": 1})
        row = uow.connection.execute(outbox.select().order_by(outbox.c.id.desc()).limit(1)).mappings().one()
        closed = {"closed_at": uow.now, "result": result, "error": "restricted_action"}
        uow.connection.execute(outbox.update().where(outbox.c.id == row["id"]).values(**closed))
        entry = Entry(**{name: row[name] for name in Entry.__dataclass_fields__})
        given_up(uow, entry, result, "restricted_action")
        return entry.id

    async def alarms(self) -> list[dict]:
        return [row for row in await rows_of(self.database) if row["kind"] == CHANNEL]

    async def sent(self) -> None:
        """The alarms that are due are sent."""
        now = self.clock.now()
        sent = {"claimed_at": now, "closed_at": now, "result": "done"}
        due = (outbox.c.kind == CHANNEL) & (outbox.c.run_at <= now)
        await self.database.write(lambda c: c.execute(outbox.update().where(due).values(**sent)))


@pytest.fixture
def letters(database: Database) -> Letters:
    return Letters(database)


async def test_the_first_is_told_at_once_and_a_burst_is_one_alarm(letters: Letters) -> None:
    first = await letters.one_more()
    for _ in range(4):
        await letters.one_more()
    (alarm,) = await letters.alarms()
    assert alarm["run_at"] == MONDAY
    found = await letters.database.read(dead.since, "request.card", MONDAY, first)
    assert found is not None
    assert (found.id, found.others) == (first, 4)


async def test_what_comes_after_the_alarm_is_told_together_an_hour_later(letters: Letters) -> None:
    await letters.one_more()
    await letters.sent()
    for _ in range(3):
        await letters.one_more(after=timedelta(minutes=10))
    _, later = await letters.alarms()
    assert later["run_at"] == MONDAY + timedelta(hours=1)
    told = later["payload"]["dead"]
    found = await letters.database.read(
        dead.since, "request.card", MONDAY + timedelta(seconds=1), told["example"]
    )
    assert found is not None
    assert found.others == 2


async def test_one_given_up_by_a_clock_that_is_behind_the_alarms_is_told_too(letters: Letters) -> None:
    await letters.one_more()
    await letters.sent()
    second = await letters.one_more(after=timedelta(seconds=-2))
    _, later = await letters.alarms()
    told = later["payload"]["dead"]
    since = datetime.fromisoformat(told["since"])
    found = await letters.database.read(dead.since, "request.card", since, told["example"])
    assert found is not None
    assert found.id == second


async def test_after_a_quiet_hour_the_next_is_told_at_once(letters: Letters) -> None:
    await letters.one_more()
    await letters.sent()
    await letters.one_more(after=timedelta(hours=2))
    _, later = await letters.alarms()
    assert later["run_at"] == MONDAY + timedelta(hours=2)


def test_the_words_name_the_reason_the_others_and_what_to_type() -> None:
    told = dead.Dead(kind="request.card", id=5, result="dead", reason="restricted_action", others=3)
    text = dead.in_words(told)
    assert (
        "gave up on request.card (entry 5): The workspace's settings do not let the bot post there." in text
    )
    assert "3 others of this kind" in text
    assert "`frontdesk outbox list`" in text and "`frontdesk outbox retry --all --kind request.card`" in text


def test_a_doubtful_one_is_told_as_such() -> None:
    told = dead.Dead(kind="standup.prompt", id=5, result="doubtful", reason="missing_scope", others=0)
    text = dead.in_words(told)
    assert "does not know whether standup.prompt (entry 5) arrived" in text
    assert "of this kind" not in text
