"""Queries on blockers, figures and exports, on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.db.engine import Database
from bot.features.standup.domain.checkins import Asked, Round, State
from bot.features.standup.store import blockers, export, figures, rows
from bot.features.standup.store.rows import NewCheckin
from bot.teams.apply import apply
from tests.teams.make import two_teams

DAY = date(2026, 11, 23)
NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
async def store(database: Database) -> Database:
    await database.write(apply, two_teams(), NINE)
    return database


async def _round(store: Database, day: date, *, anonymous: bool = False) -> Round:
    return await store.write(
        lambda c: rows.ensure_round(
            c, team_id=1, series="morning", name="=Morning", day=day, period=day, channel="C1", now=NINE,
            asked=Asked(questions=("Blocked?",), anonymous=anonymous), closes_at=NINE + timedelta(hours=2),
        )
    )  # fmt: skip


async def _checkin(store: Database, round_: Round, user_id: str) -> int:
    new = NewCheckin(
        user_id=user_id, day=round_.day, zone="UTC", opens_at=NINE, closes_at=NINE, remind_at=None, state=State.ASKED
    )  # fmt: skip
    return (await store.write(rows.add_checkins, round_.id, [new], NINE))[user_id]


async def _blocker(store: Database, round_: Round, checkin_id: int, text: str) -> int:
    return await store.write(
        lambda c: blockers.add(
            c, checkin_id=checkin_id, team_id=1, series="morning", user_id="U1", text=text, day=round_.day, now=NINE
        )
    )  # fmt: skip


async def test_a_blocker_is_as_anonymous_as_the_round_in_which_it_came_up(store: Database) -> None:
    hidden = await _round(store, DAY, anonymous=True)
    named = await _round(store, DAY + timedelta(days=1))
    for round_ in (hidden, named):
        await _blocker(store, round_, await _checkin(store, round_, "U1"), "The bank is down")
    found = await store.write(lambda c: [blockers.by_id(c, number, lock=True) for number in (1, 2)])
    assert [one.is_anonymous for one in found if one] == [True, False]


async def test_a_summary_has_what_was_in_the_way_at_its_end(store: Database) -> None:
    rounds = [await _round(store, DAY + timedelta(days=number)) for number in range(3)]
    for round_ in rounds:
        await _blocker(store, round_, await _checkin(store, round_, "U1"), f"on {round_.day}")
    ends = NINE + timedelta(days=1, hours=2)
    await store.write(rows.close_round, rounds[1].id, ends)

    async def shown() -> list[str]:
        found = await store.read(blockers.of_summary, 1, "morning", [rounds[1].id])
        return [one.text for one in found]

    assert await shown() == ["on 2026-11-23", "on 2026-11-24"]
    await store.write(lambda c: blockers.close(c, 1, how="solved", by="U1", now=ends + timedelta(hours=1)))
    assert await shown() == ["on 2026-11-23", "on 2026-11-24"]
    await store.write(blockers.reopen, 1)
    await store.write(lambda c: blockers.close(c, 1, how="solved", by="U1", now=ends - timedelta(hours=1)))
    assert await shown() == ["on 2026-11-24"]


async def test_an_export_takes_any_span_and_keeps_formulas_as_text(store: Database) -> None:
    round_ = await _round(store, DAY)
    await _checkin(store, round_, "U1")
    everything = await store.read(export.export_rows, "payments", date.min, date.max)
    assert [row["check_in"] for row in everything] == ["=Morning"]
    assert await store.read(export.export_rows, None, DAY + timedelta(days=1), None) == []
    assert await store.read(export.export_rows, "orders", None, None) == []


async def test_figures_begin_with_the_day_that_is_asked_for(store: Database) -> None:
    for days in (0, 1):
        await _checkin(store, await _round(store, DAY + timedelta(days=days)), "U1")
    (rounds, checkins) = (await store.read(figures.since, 1, DAY + timedelta(days=1), NINE))["morning"]
    assert len(rounds) == len(checkins) == 1
