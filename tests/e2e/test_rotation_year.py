"""A year of a rotation: people trade, leave and come back, the plan changes, the bot stops, two bots look at once.

After each step the board, a fresh read, the last handoff and the user group name the same person, and everything was
told exactly once.
"""

import random
import sys
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from bot.features.rotation.models import rotation_covers, rotation_handoffs
from bot.teams import absences
from tests.e2e.rotation_office import group, open_rotation, says
from tests.e2e.rotation_year import DAY, IDS, NAMES, Year, changes_of, plan, some_change, told_in
from tests.support.long_run import IS_LONG

# The short run takes longer steps through fewer days.
DAYS, STEP = (365, 40) if IS_LONG else (70, 80)


async def _somebody_types(year: Year) -> None:
    dice, day = year.dice, year.now.date()
    by = dice.choice(["lead", *[name for name in IDS if IDS[name] not in year.away]])
    whom = f"@{dice.choice(list(IDS))}"
    first = day + DAY * dice.randrange(6)
    last = first + DAY * dice.randrange(3)
    lines = [
        f"override {whom}", f"override {whom} {first} {last}", f"override {whom} {first} 14:00 until {last} 15:30",
        f"swap {whom}", f"skip {whom} until {last}", "take", "undo", f"undo {await year.read(some_change, dice.random(), year.now)}",
    ]  # fmt: skip
    await year.change(by, dice.choice(lines))


async def _cover_is_found(year: Year) -> None:
    by, taker = year.dice.sample([name for name in IDS if IDS[name] not in year.away], 2)
    await says(year.office, by, "cover")
    query = select(rotation_covers.c.team_id, rotation_covers.c.id).where(
        rotation_covers.c.closed_at.is_(None)
    )
    open_ones = await year.read(lambda connection: connection.execute(query).all())
    if not open_ones:
        return
    before, rows = await year.standing(), await year.read(changes_of)
    question = await year.office.person(taker).waits_for("can cover for", in_="#triage-payments")
    await question.click("I take it", by=year.office.person(taker))
    await year.office.settled()
    if await year.read(changes_of) != rows:
        year.done["cover"] += 1
        await year.told(taker, before, "cover")


async def _somebody_is_away(year: Year) -> None:
    first = year.now.date() + DAY * year.dice.randrange(5)
    last = first + DAY * year.dice.randrange(8)
    people = list(IDS.values()) if year.dice.random() < 0.15 else [year.dice.choice(list(IDS.values()))]
    await year.office.product.database.write(_be_away, people, first, last, year.now)
    await year.look()


def _be_away(connection: Connection, people: list[str], first: date, last: date, now: datetime) -> None:
    for person in people:
        absences.add(connection, user_id=person, first_day=first, last_day=last, reason="", set_by=person,
                     now=now)  # fmt: skip


async def _the_plan_changes(year: Year) -> None:
    dice = year.dice
    members = dice.sample(list(IDS.values()), dice.randrange(2, 6))
    handoff = dice.choice(
        [{"every": "day", "at": "10:00"}, {"every": "week", "on": "tuesday", "at": "09:00"}]
    )
    before = (await year.standing()).on_duty(year.now)
    await year.office.apply(plan(members, handoff=handoff))
    await year.look()
    after = (await year.standing()).on_duty(year.now)
    # Whoever has the turn keeps it.
    assert (before.person if before else "") == (after.person if after else "")


async def _the_bot_is_down(year: Year) -> None:
    await year.office.stop()
    year.office.clock.advance(year.dice.randrange(3600, 3 * 86_400))
    await year.office.restart()
    year.begin()
    await year.look()


async def _agree(year: Year) -> None:
    """One truth everywhere."""
    office, standing = year.office, await year.standing()
    fresh = standing.on_duty(year.now)
    await year.twin.look(year.now)
    assert year.board.on_duty_of(await year.team(), year.now) == fresh
    rows = await year.read(_handoffs)
    person = fresh.person if fresh else ""
    assert rows[-1][1] == person == year.on_duty
    if fresh:
        assert group(office) == [NAMES[person]]
    told = told_in(office)
    assert told["yours"] == year.yours
    assert told["handoff"].total() == year.handoffs, year.last
    pieces = standing.shifts(year.now - DAY, year.now + 30 * DAY)
    assert all(one.end == two.start for one, two in pairwise(pieces))


def _handoffs(connection: Connection) -> list[tuple[int, str]]:
    handoffs = rotation_handoffs
    rows = connection.execute(select(handoffs.c.number, handoffs.c.person).order_by(handoffs.c.number))
    return [(row.number, row.person) for row in rows]


async def _a_card_says_so(year: Year) -> None:
    summary = f"Refund {year.now:%j %H:%M} stuck"
    await year.office.asks(summary)
    seen = await year.office.person("alice").sees(in_="#triage-payments")
    (card,) = [one for one in seen if summary in one.text and "Claim" in one.buttons]
    expected = f"On duty: @{NAMES[year.on_duty]}" if year.on_duty else ""
    assert expected in card.text and bool(expected) == ("On duty" in card.text), (expected, card.text)


def _check_what_was_told(year: Year) -> None:
    told = told_in(year.office)
    sys.stdout.write(f"{dict(year.done)} { {kind: places.total() for kind, places in told.items()} }\n")
    assert told["changed"] == {"triage-payments": year.changes}
    assert told["yours"] == year.yours
    assert told["handoff"] == {"triage-payments": year.handoffs}
    assert told["pack"].total() == year.packs
    assert told["gap"].total() == told["gap"]["U0LEAD0001"] == year.gaps_told


async def _check_handoffs(year: Year) -> None:
    rows = await year.read(_handoffs)
    assert [number for number, _ in rows] == list(range(1, len(rows) + 1))
    assert all(one[1] != two[1] for one, two in pairwise(rows))


HAPPENINGS = {
    _somebody_types: 12, _cover_is_found: 2, _somebody_is_away: 2, _the_plan_changes: 1, _a_card_says_so: 2,
    _the_bot_is_down: 1,
}  # fmt: skip


@pytest.mark.by_turns
@pytest.mark.timeout(900 if IS_LONG else 120)
async def test_everything_is_told_once_and_everywhere_the_same(
    database_url: str, tmp_path: Path, specs: Path
) -> None:
    dice = random.Random(14)
    async with open_rotation(database_url, tmp_path) as office:
        year = Year(office=office, dice=dice, on_duty="U0ALICE001")
        year.begin()
        ends = office.clock.now() + DAYS * DAY
        await office.apply(plan(list(IDS.values())))
        await year.look()
        while year.now < ends:
            (happens,) = dice.choices(list(HAPPENINGS), list(HAPPENINGS.values()))
            await happens(year)
            await _agree(year)
            office.clock.advance(dice.randrange(1, STEP * 3600))
            await year.look()
            await _agree(year)
            if not year.away and year.now > ends - DAYS * DAY / 3:
                office.box.deactivate("erin")
                year.away.append(IDS["erin"])
                await office.settled()
                await year.look()
        _check_what_was_told(year)
        await _check_handoffs(year)
