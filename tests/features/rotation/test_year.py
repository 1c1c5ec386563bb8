"""A year of a team whose plan changes, with overrides, swaps, absences, holidays and skips, lived through twice.

Once by the rules; once half an hour after the other, knowing only who has the turn now and what the clock shows.
"""

import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from bot.features.rotation.domain import (
    Absence,
    Era,
    Gap,
    NoTurn,
    Override,
    Rotation,
    Shift,
    Skip,
    next_eras,
    on_duty,
    shifts,
    swap,
    totals,
)
from bot.teams.plans import Every, RotationPlan
from tests.features.rotation.make import at, plan
from tests.support.clock_changes import named_zone
from tests.support.long_run import IS_LONG

STEP = timedelta(minutes=30)
DAY = timedelta(days=1)
ZONE = "America/New_York"
BEGIN, END = at("2026-01-05T15:00"), at("2027-01-05T15:00")
STARTS = "2026-01-05"
GONE = frozenset("G")
Away = Absence | Skip


def is_off(person: str, day: date) -> bool:
    """Each has two public holidays a month, all of them the first of May."""
    return day.day in (ord(person) % 28, ord(person) % 25 + 1) or (day.month, day.day) == (5, 1)


@dataclass(kw_only=True)
class World:
    """What befalls the team, in the order in which it does."""

    dice: random.Random
    eras: tuple[Era, ...] = ()
    changes: list[tuple[datetime, RotationPlan]] = field(default_factory=list[tuple[datetime, RotationPlan]])
    overrides: list[Override] = field(default_factory=list[Override])
    away: list[Away] = field(default_factory=list[Away])
    swaps: int = 0

    @property
    def rotation(self) -> Rotation:
        return Rotation(eras=self.eras, gone=GONE, is_off=is_off)

    def befall(self) -> None:
        now = BEGIN
        self.change(now)
        while now < END - 20 * DAY:
            now += STEP * self.dice.randrange(1, 48 * 5)
            happens = self.dice.choice([self.override, self.swap, self.absence, self.skip, self.change])
            happens(now)

    def change(self, now: datetime) -> None:
        dice = self.dice
        members = "".join(dice.sample("ABCDEFG", dice.randrange(2, 7)))
        changed = plan(
            members=members,
            every=dice.choice([Every.DAY, Every.WEEK, Every.WEEK, Every.MONTH]),
            on=dice.randrange(1, 7),
            weeks=dice.choice([1, 1, 2, 3]),
            at=dice.choice(["02:30", "10:00", "00:00"]),
            slots=dice.choice([(), (), ("01:30", "09:00", "17:30")]) if self.eras else (),
            days=dice.choice(["mon-sun", "mon-sun", "mon-fri"]),
            starts=STARTS,
            timezone=ZONE,
        )
        self.changes.append((now, changed))
        self.eras = next_eras(self.eras, changed, now)

    def override(self, now: datetime) -> None:
        start = now + STEP * self.dice.randrange(48 * 6)
        self.take(self.dice.choice("ABCDEFGZ"), start, start + STEP * self.dice.randrange(1, 48 * 5), now)

    def take(self, person: str, start: datetime, end: datetime, now: datetime) -> None:
        number = len(self.overrides) + 1
        self.overrides.append(
            Override(id=number, person=person, start=start, end=end, made_at=now, made_by=person)
        )

    def swap(self, now: datetime) -> None:
        asker, other = self.dice.sample("ABCDEF", 2)
        try:
            taken = swap(self.rotation, self.overrides, self.away, now, asker, other)
        except NoTurn:
            return
        for one in taken:
            self.take(*one, now)
        self.swaps += 1

    def absence(self, now: datetime) -> None:
        start = now + STEP * self.dice.randrange(48 * 14)
        end = start + STEP * self.dice.randrange(1, 48 * 10)
        self.away.append(Absence(person=self.dice.choice("ABCDEF"), start=start, end=end))

    def skip(self, now: datetime) -> None:
        until = now + STEP * self.dice.randrange(1, 48 * 10)
        self.away.append(Skip(id=1, person=self.dice.choice("ABCDEF"), start=now, until=until))


def hands_over(turns: RotationPlan, before: datetime, after: datetime) -> bool:
    """Whether the clock has come to a regular handoff between these two readings of it."""
    for day in (before.date(), after.date()):
        for slot in turns.slots or (turns.at,):
            if before < datetime.combine(day, slot) <= after and is_handoff_day(turns, day):
                return True
    return False


def is_handoff_day(turns: RotationPlan, day: date) -> bool:
    if turns.every is Every.DAY:
        return day.weekday() in turns.days
    if turns.every is Every.MONTH:
        return day.day == turns.on
    first = next(turns.starts + DAY * n for n in range(7) if (turns.starts + DAY * n).weekday() == turns.on)
    return (day - first).days % (7 * turns.weeks) == 0


def lived_through(world: World) -> list[tuple[datetime, str | None]]:
    """Who is on duty in each half an hour: what the clock shows, who has the turn, who comes after them."""
    zone = named_zone(ZONE)
    changes = list(world.changes)
    turns, found = changes.pop(0)[1], list[tuple[datetime, str | None]]()
    order, now = turns.members, BEGIN
    reached = BEGIN.astimezone(zone).replace(tzinfo=None)
    while now < END:
        shown = now.astimezone(zone).replace(tzinfo=None)
        if shown > reached:
            if hands_over(turns, reached, shown):
                order = after_handoff(order, turns.members)
            reached = shown
        while changes and changes[0][0] == now:
            turns = changes.pop(0)[1]
        found.append((now, person_at(world, turns, order, now, reached.date())))
        now += STEP
    return found


def after_handoff(order: Sequence[str], members: tuple[str, ...]) -> tuple[str, ...]:
    if order[0] in members:
        place = members.index(order[0]) + 1
    else:
        place = next((members.index(person) for person in order if person in members), 0)
    return members[place:] + members[:place]


def person_at(
    world: World, turns: RotationPlan, order: Sequence[str], now: datetime, day: date
) -> str | None:
    taken = [one for one in world.overrides if one.start <= now < one.end and one.person not in GONE]
    for one in reversed(taken):
        if not any(
            isinstance(a, Skip) and a.start > one.made_at and is_away(a, one.person, now) for a in world.away
        ):
            return one.person
    if day.weekday() not in turns.days:
        return None
    there = (
        person
        for person in order
        if person not in GONE
        and not is_off(person, day)
        and not any(is_away(one, person, now) for one in world.away)
    )
    return next(there, None)


def is_away(one: Away, person: str, now: datetime) -> bool:
    return one.person == person and one.start <= now < (one.until if isinstance(one, Skip) else one.end)


@pytest.mark.parametrize("seed", range(40 if IS_LONG else 5))
def test_a_year_has_no_gap_and_no_overlap_and_is_as_it_was_lived_through(seed: int) -> None:
    world = World(dice=random.Random(seed))
    world.befall()
    pieces = shifts(world.rotation, world.overrides, world.away, BEGIN, END)
    assert (pieces[0].start, pieces[-1].end) == (BEGIN, END)
    assert all(one.end == after.start for one, after in pairwise(pieces))
    current = iter(pieces)
    piece = next(current)
    for now, person in lived_through(world):
        while piece.end <= now:
            piece = next(current)
        assert (piece.person if isinstance(piece, Shift) else None) == person, (seed, now)
    for now in (world.dice.choice(pieces).start for _ in range(50)):
        found = on_duty(world.rotation, world.overrides, world.away, now)
        assert (found.person if found else None) == next(person_of(one) for one in pieces if one.start == now)
    counted = totals(pieces, named_zone(ZONE))
    hours = sum((one.end - one.start).total_seconds() for one in pieces if isinstance(one, Shift)) / 3600
    assert sum(one.hours for one in counted) == pytest.approx(hours)
    sys.stdout.write(f"{len(pieces)} pieces, {len(world.changes)} plans, {world.swaps} swaps\n")
    assert len(pieces) > 100 and len(world.changes) > 5 and world.swaps > 0


def person_of(piece: Shift | Gap) -> str | None:
    return piece.person if isinstance(piece, Shift) else None
