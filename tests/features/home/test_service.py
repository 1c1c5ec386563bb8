"""Which views are asked for, and when: on both databases, by a clock that stands still until it is moved."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.core.errors import UserError
from bot.db.engine import Database
from bot.features.home import service, store
from bot.features.home.domain import BEHIND, BURST, LATELY, VISIT, Tab, Turn, parse_turn
from bot.outbox.models import outbox
from bot.outbox.store import claim
from bot.outbox.unit_of_work import Transactions
from tests.support.clock import MONDAY, MovableClock

ANA, BOB = "U0ANA00001", "U0BOB00001"
OLDER = Turn(section="asked", place="open.after.12")


@dataclass(kw_only=True)
class Tabs:
    """Tabs in a database, without Slack."""

    database: Database
    transactions: Transactions
    clock: MovableClock

    async def do(self, use_case: Any, *arguments: Any, **more: Any) -> None:
        await self.transactions.run(use_case, *arguments, **more)

    async def opens(self, user_id: str, key: str = "") -> None:
        """They open it; what that asks for is done."""
        await self.do(service.opened, user_id, key or f"home:{self.clock.now().isoformat()}:{user_id}")
        await self.due()

    async def due(self) -> list[str]:
        """Whose views (or which teams') may be sent now; they are under way from then on."""
        found = await self.database.write(_claim, self.clock)
        return [str(entry.payload.get("user_id") or entry.payload.get("team_id")) for entry in found]

    async def tab(self, user_id: str = ANA) -> Tab:
        return await self.database.read(store.tab_of, user_id)


def _claim(connection: Connection, clock: MovableClock) -> Any:
    kinds, lease = ["home.publish", "home.team"], timedelta(seconds=30)
    found = claim(connection, owner="us", now=clock.now(), lease=lease, limit=100, kinds=kinds)
    for entry in found:
        connection.execute(outbox.update().where(outbox.c.id == entry.id).values(closed_at=clock.now()))
    return found


@pytest.fixture
def tabs(database: Database) -> Tabs:
    clock = MovableClock()
    return Tabs(
        database=database,
        transactions=Transactions(database, clock.now, asyncio.Event().set),
        clock=clock,
    )


async def test_ten_changes_in_a_burst_are_one_view(tabs: Tabs) -> None:
    await tabs.opens(ANA)
    for _ in range(10):
        await tabs.do(service.changed, [ANA, BOB])
        tabs.clock.advance(BURST.total_seconds() / 11)
    assert await tabs.due() == []
    tabs.clock.advance(BURST.total_seconds())
    assert await tabs.due() == [ANA]
    assert await tabs.due() == []


async def test_a_change_while_a_view_is_under_way_is_another_one(tabs: Tabs) -> None:
    await tabs.opens(ANA)
    for _ in range(2):
        await tabs.do(service.changed, [ANA])
        tabs.clock.advance(BURST.total_seconds())
        assert await tabs.due() == [ANA]


async def test_whoever_looks_at_it_waits_for_no_burst(tabs: Tabs) -> None:
    await tabs.opens(ANA)
    await tabs.do(service.changed, [ANA])
    await tabs.do(service.opened, ANA, "home:again")
    assert await tabs.due() == [ANA]


async def test_a_click_on_the_tab_is_shown_at_once(tabs: Tabs) -> None:
    await tabs.do(service.at_once, ANA)
    assert await tabs.due() == [ANA]


async def test_who_has_not_looked_for_weeks_gets_no_view_until_they_come_back(tabs: Tabs) -> None:
    await tabs.opens(ANA)
    tabs.clock.advance(LATELY.total_seconds() + 1)
    await tabs.do(service.changed, [ANA])
    tabs.clock.advance(BURST.total_seconds())
    assert await tabs.due() == []
    await tabs.do(service.opened, ANA, "home:back")
    assert await tabs.due() == [ANA]


async def test_of_a_team_there_is_one_wish_a_little_behind_and_none_where_nobody_looks(tabs: Tabs) -> None:
    await tabs.do(service.team_changed, 7)
    tabs.clock.advance(BEHIND.total_seconds())
    assert await tabs.due() == []
    await tabs.opens(ANA)
    for _ in range(10):
        await tabs.do(service.team_changed, 7)
    tabs.clock.advance(BURST.total_seconds())
    assert await tabs.due() == []
    await tabs.do(service.team_changed, 7, soon=True)
    tabs.clock.advance(BURST.total_seconds())
    assert await tabs.due() == ["7"]


async def test_a_first_visit_lasts_until_the_next_one_or_a_click(tabs: Tabs) -> None:
    await tabs.opens(ANA, "home:one")
    # Slack tells of it a second time.
    await tabs.opens(ANA, "home:one")
    assert (await tabs.tab()).is_new
    await tabs.opens(ANA, "home:two")
    assert not (await tabs.tab()).is_new
    await tabs.opens(BOB)
    await tabs.do(service.welcomed, BOB)
    assert not (await tabs.tab(BOB)).is_new


async def test_many_openings_at_once_are_one_first_visit(tabs: Tabs) -> None:
    await asyncio.gather(*(tabs.do(service.opened, ANA, f"home:{number}") for number in range(8)))
    assert await tabs.due() == [ANA]


async def test_a_page_is_kept_within_a_visit_and_forgotten_after_it(tabs: Tabs) -> None:
    await tabs.opens(ANA)
    await tabs.do(service.turned, ANA, OLDER)
    await tabs.do(service.turned, ANA, Turn(section="held", place="open"))
    tabs.clock.advance(VISIT.total_seconds() - 1)
    await tabs.opens(ANA)
    assert (await tabs.tab()).places == {"asked": "open.after.12", "held": "open"}
    tabs.clock.advance(VISIT.total_seconds() + 1)
    await tabs.opens(ANA)
    assert (await tabs.tab()).places == {}


async def test_a_page_button_works_for_somebody_whose_row_is_gone(tabs: Tabs) -> None:
    await tabs.do(service.turned, ANA, OLDER)
    assert (await tabs.tab()).places == {"asked": "open.after.12"}


async def test_a_tab_of_the_release_before_is_no_first_visit(tabs: Tabs) -> None:
    def old(connection: Connection) -> None:
        connection.exec_driver_sql(
            f"INSERT INTO home_tabs (user_id, opened_at) VALUES ('{ANA}', '{MONDAY.isoformat(sep=' ')}')"
        )

    await tabs.database.write(old)
    assert await tabs.tab() == Tab()
    await tabs.opens(ANA)
    assert not (await tabs.tab()).is_new


@pytest.mark.parametrize(
    "value",
    ["", "v1", "v2:asked:open", "v1:ASKED:open", "v1:asked:open;x", f"v1:asked:{'9' * 101}", "v1:a:b:c"],
)
def test_a_value_of_another_time_says_what_to_do(value: str) -> None:
    with pytest.raises(UserError, match="Open the Home tab again"):
        parse_turn(value)


def test_a_page_button_reads_back_what_it_was_given() -> None:
    assert parse_turn(OLDER.value) == OLDER


def _rows(connection: Connection) -> int:
    return len(connection.execute(select(outbox.c.id)).all())


async def test_who_is_not_there_is_no_statement_more(tabs: Tabs) -> None:
    await tabs.do(service.changed, [])
    assert await tabs.database.read(_rows) == 0
