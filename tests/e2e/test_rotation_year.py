"""A year of a rotation: people trade, leave and come back, the plan changes, the bot stops, two bots look at once.

After each step the board, a fresh read, the last handoff and the user group name the same person, and everything was
told exactly once.
"""

import asyncio
import random
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.features.rotation.board import Board
from bot.features.rotation.domain import Shift
from bot.features.rotation.jobs import Looking
from bot.features.rotation.models import rotation_changes, rotation_covers, rotation_handoffs
from bot.features.rotation.standing import Standing
from bot.features.rotation.store import standing as store
from bot.sandbox.slack.channels import Channel
from bot.teams import absences
from bot.teams.domain import Team
from tests.e2e.office import Office
from tests.e2e.rotation_office import ON_DUTY, ROTATION, group, open_rotation, says
from tests.support.long_run import IS_LONG

IDS = {
    "alice": "U0ALICE001",
    "bob": "U0BOB00001",
    "carol": "U0CAROL001",
    "erin": "U0ERIN0001",
    "frank": "U0FRANK001",
}
PEOPLE = {**IDS, "lead": "U0LEAD0001"}
NAMES = {id: name for name, id in PEOPLE.items()}
DAY = timedelta(days=1)
SIGHT = 100 * DAY
DAYS = 365 if IS_LONG else 40


def _plan(members: list[str], **more: Any) -> dict[str, Any]:
    turns = {**ROTATION, "members": members, "handoff": {"every": "day", "at": "10:00"}, **more}
    return ON_DUTY | {"members": list(IDS.values()), "rotation": turns}


@dataclass(kw_only=True)
class Year:
    """What is expected to have been told so far."""

    office: Office
    dice: random.Random
    board: Board = field(default_factory=Board)
    changes: int = 0
    yours: Counter[str] = field(default_factory=Counter[str])
    packs: int = 0
    gaps: list[tuple[datetime, datetime]] = field(default_factory=list[tuple[datetime, datetime]])
    gaps_told: int = 0
    handoffs: int = 0
    on_duty: str = ""
    away: list[str] = field(default_factory=list[str])
    last: str = ""
    done: Counter[str] = field(default_factory=Counter[str])

    def begin(self) -> None:
        """A second bot on the same database."""
        self.board = Board()
        self.twin = Looking(self.office.product.deps, self.board)

    @property
    def now(self) -> datetime:
        return self.office.clock.now()

    async def team(self) -> Team:
        return (await self.office.product.deps.directory.teams()).active[0]

    async def standing(self) -> Standing:
        found = await self.read(store.of_team, await self.team(), self.now - store.LATELY)
        assert found is not None
        return found

    async def read(self, query: Any, *args: Any) -> Any:
        return await self.office.product.database.read(query, *args)

    async def look(self) -> None:
        """Time has passed, or something was changed outside: both bots look."""
        jobs = [job for feature in self.office.product.features for job in feature.jobs]
        first = {job.name: job for job in jobs}
        await asyncio.gather(first["rotation.leavers"].run(self.now), self.twin.look_for_leavers(self.now))
        self.handoffs += self._pass_to((await self.standing()).on_duty(self.now))
        self._see_gaps(await self.standing())
        for name, twin in (("look", self.twin.look), ("ahead", self.twin.look_ahead)):
            await asyncio.gather(first[f"rotation.{name}"].run(self.now), twin(self.now))
        await self.office.settled()

    def _pass_to(self, shift: Shift | None) -> bool:
        person, before = shift.person if shift else "", self.on_duty
        self.packs += person not in ("", before)
        self.on_duty = person
        return person != before

    def _see_gaps(self, standing: Standing) -> None:
        found = [(gap.start, gap.end) for gap in standing.gaps(self.now, self.now + 14 * DAY)]
        news = [
            one for one in found if not any(one[0] <= end and start <= one[1] for start, end in self.gaps)
        ]
        self.gaps_told += bool(news)
        self.gaps = found

    async def change(self, by: str, line: str) -> None:
        """Somebody types a change; if it is taken, those whose hours differ are to hear of it."""
        before, rows = await self.standing(), await self.read(_changes)
        answer = await says(self.office, by, line)
        self.last = f"{by}: {line}: {answer}"
        self.done[answer.split(";")[0].split(".")[0] if "Done" not in answer else line.split()[0]] += 1
        if await self.read(_changes) != rows:
            await self.told(by, before, line.split()[0])

    async def told(self, by: str, before: Standing, word: str) -> None:
        after, now = await self.standing(), self.now
        self.changes += 1
        concerned = [one for one in NAMES if _hours(before, one, now) != _hours(after, one, now)]
        self.yours.update(one for one in concerned if one != PEOPLE[by])
        # Who begins at once by an override was told of with it.
        self.handoffs += self._pass_to(after.on_duty(self.now)) and word in ("skip", "undo")


def _changes(connection: Connection) -> list[Any]:
    query = select(rotation_changes.c.id, rotation_changes.c.withdrawn_at, rotation_changes.c.end_at)
    return [tuple(row) for row in connection.execute(query.order_by(rotation_changes.c.id))]


def _some_change(connection: Connection, share: float, now: datetime) -> int:
    changes = rotation_changes
    stands = changes.c.withdrawn_at.is_(None) & (changes.c.end_at > now)
    ids = list(connection.scalars(select(changes.c.id).where(stands).order_by(changes.c.id)))
    return ids[int(share * len(ids))] if ids else 0


def _hours(standing: Standing, person: str, now: datetime) -> list[tuple[datetime, datetime]]:
    found: list[tuple[datetime, datetime]] = []
    for one in standing.shifts(now, now + SIGHT):
        if not isinstance(one, Shift) or one.person != person:
            continue
        if found and found[-1][1] == one.start:
            found[-1] = (found[-1][0], one.end)
        else:
            found.append((one.start, one.end))
    return found


async def _somebody_types(year: Year) -> None:
    dice, day = year.dice, year.now.date()
    by = dice.choice(["lead", *[name for name in IDS if IDS[name] not in year.away]])
    whom = f"@{dice.choice(list(IDS))}"
    first = day + DAY * dice.randrange(6)
    last = first + DAY * dice.randrange(3)
    lines = [
        f"override {whom}", f"override {whom} {first} {last}", f"override {whom} {first} 14:00 until {last} 15:30",
        f"swap {whom}", f"skip {whom} until {last}", "take", "undo", f"undo {await year.read(_some_change, dice.random(), year.now)}",
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
    before, rows = await year.standing(), await year.read(_changes)
    question = await year.office.person(taker).waits_for("can cover for", in_="#triage-payments")
    await question.click("I take it", by=year.office.person(taker))
    await year.office.settled()
    if await year.read(_changes) != rows:
        year.done["cover"] += 1
        await year.told(taker, before, "cover")


async def _somebody_is_away(year: Year) -> None:
    first = year.now.date() + DAY * year.dice.randrange(5)
    last = first + DAY * year.dice.randrange(8)
    people = list(IDS.values()) if year.dice.random() < 0.15 else [year.dice.choice(list(IDS.values()))]
    for person in people:
        await year.office.product.database.write(_be_away, person, first, last, year.now)
    await year.look()


def _be_away(connection: Connection, person: str, first: date, last: date, now: datetime) -> None:
    absences.add(
        connection, user_id=person, first_day=first, last_day=last, reason="", set_by=person, now=now
    )


async def _the_plan_changes(year: Year) -> None:
    dice = year.dice
    members = dice.sample(list(IDS.values()), dice.randrange(2, 6))
    handoff = dice.choice(
        [{"every": "day", "at": "10:00"}, {"every": "week", "on": "tuesday", "at": "09:00"}]
    )
    before = (await year.standing()).on_duty(year.now)
    await year.office.apply(_plan(members, handoff=handoff))
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
    told = _told_in(office)
    assert told["yours"] == year.yours
    assert told["handoff"].total() == year.handoffs, year.last
    pieces = standing.shifts(year.now - DAY, year.now + 30 * DAY)
    assert all(one.end == two.start for one, two in pairwise(pieces))


def _handoffs(connection: Connection) -> list[tuple[int, str]]:
    handoffs = rotation_handoffs
    rows = connection.execute(select(handoffs.c.number, handoffs.c.person).order_by(handoffs.c.number))
    return [(row.number, row.person) for row in rows]


async def _a_card_says_so(year: Year) -> None:
    card = await year.office.asks(f"Refund {year.now:%j %H:%M} stuck")
    assert f"On duty: @{NAMES[year.on_duty]}" in card.text if year.on_duty else "On duty" not in card.text


def _told_in(office: Office) -> dict[str, Counter[str]]:
    """What stands in the channel and in everybody's direct messages, by kind and by place."""
    found: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    world = office.box.workspace.world
    for channel in world.channels.values():
        for message in channel.messages.values():
            kind = next(
                (kind for kind, marks in KINDS.items() if any(one in message.text for one in marks)), ""
            )
            if kind and message.bot_id:
                found[kind][_place(channel)] += 1
    return found


# The first that fits; a direct message about a change says what the channel was told.
KINDS = {
    "yours": ("Your next shifts", "You have no shift in sight"),
    "gap": ("nobody is left to be on duty",),
    "pack": ("You are on duty for",),
    "handoff": ("On duty now:", "Nobody is on duty now"),
    "changed": ("(changed by", "takes over", "covers from", "have traded", "is left out", "steps out",
                "taken a change back"),
}  # fmt: skip


def _place(channel: Channel) -> str:
    if not channel.is_direct:
        return channel.name
    return next(one for one in channel.members if one in NAMES)


def _check_what_was_told(year: Year) -> None:
    told = _told_in(year.office)
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
    empty_database_url: str, tmp_path: Path, specs: Path
) -> None:
    dice = random.Random(14)
    async with open_rotation(empty_database_url, tmp_path) as office:
        year = Year(office=office, dice=dice, on_duty="U0ALICE001")
        year.begin()
        ends = office.clock.now() + DAYS * DAY
        await office.apply(_plan(list(IDS.values())))
        await year.look()
        while year.now < ends:
            (happens,) = dice.choices(list(HAPPENINGS), list(HAPPENINGS.values()))
            await happens(year)
            await _agree(year)
            office.clock.advance(dice.randrange(1, 40 * 3600))
            await year.look()
            await _agree(year)
            if not year.away and year.now > ends - DAYS * DAY / 3:
                office.box.deactivate("erin")
                year.away.append(IDS["erin"])
                await office.settled()
                await year.look()
        _check_what_was_told(year)
        await _check_handoffs(year)
