"""Cuts turns into the shifts of single people, by overrides, absences and days off."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from bot.core.calendar import instant, local_date
from bot.features.rotation.domain.handoffs import zone_of
from bot.features.rotation.domain.turns import Part, Turn, turns_from
from bot.features.rotation.domain.values import (
    Absence,
    Gap,
    Override,
    Rotation,
    Shift,
    Skip,
    Why,
    nobody_is_off,
)
from bot.teams.plans import EVERY_DAY

Piece = Shift | Gap
Away = Sequence[Absence | Skip]

_DAY = timedelta(days=1)
_MIDNIGHT = time(0)


@dataclass(frozen=True, kw_only=True)
class _Duty:
    """Who is on duty, or why nobody is."""

    person: str | None
    why: Why | Literal["nobody_left", "no_slot", "not_begun"]
    instead_of: str | None = None


def walk(rotation: Rotation, overrides: Sequence[Override], away: Away, at: datetime) -> Iterator[Piece]:
    """All pieces from the beginning of the turn that this instant lies in, without end; take what you need."""
    for turn in turns_from(rotation.eras, at):
        yield from pieces_of(turn, rotation, overrides, away)


def pieces_of(turn: Turn, rotation: Rotation, overrides: Sequence[Override], away: Away) -> list[Piece]:
    """The pieces of one turn, from its start to its end without a hole; neighbours that say the same are one."""
    latest_first = sorted(
        (one for one in overrides if one.start < turn.end and one.end > turn.start),
        key=lambda one: (one.made_at, one.id),
        reverse=True,
    )
    away = [one for one in away if one.start < turn.end and end_of(one) > turn.start]
    found: list[Piece] = []
    for part in turn.parts:
        for start, end in _cuts(part, rotation, latest_first, away):
            duty = _duty(part, rotation, latest_first, away, start)
            append(found, _piece(duty, start, end, turn))
    return found


def append(pieces: list[Piece], piece: Piece) -> None:
    """Adds the piece that comes next, or makes the last one longer where both say the same."""
    if pieces and replace(pieces[-1], start=piece.start, end=piece.end) == piece:
        pieces[-1] = replace(pieces[-1], end=piece.end)
    else:
        pieces.append(piece)


def end_of(away: Absence | Skip) -> datetime:
    """When this person is back."""
    return away.until if isinstance(away, Skip) else away.end


def _piece(duty: _Duty, start: datetime, end: datetime, turn: Turn) -> Piece:
    if isinstance(duty.why, Why):
        assert duty.person is not None
        return Shift(
            person=duty.person,
            start=start,
            end=end,
            turn_ends=turn.end,
            why=duty.why,
            instead_of=duty.instead_of,
        )
    return Gap(start=start, end=end, why=duty.why)


def _cuts(
    part: Part, rotation: Rotation, overrides: Iterable[Override], away: Away
) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of the part in which nothing can change."""
    marks = {part.start, part.end, *_midnights(part, rotation)}
    for one in overrides:
        marks |= {one.start, one.end}
    for one in away:
        marks |= {one.start, end_of(one)}
    return pairwise(sorted(mark for mark in marks if part.start <= mark <= part.end))


def _midnights(part: Part, rotation: Rotation) -> Iterator[datetime]:
    if part.plan is None or (part.plan.days == EVERY_DAY and rotation.is_off is nobody_is_off):
        return
    zone = zone_of(part.plan)
    day = day_at(part.start, zone)
    while (midnight := instant(day := day + _DAY, _MIDNIGHT, zone)) < part.end:
        yield midnight


def day_at(at: datetime, zone: ZoneInfo) -> date:
    """The local day; one that has begun is not left again where clocks are put back over midnight."""
    day = local_date(at, zone)
    return day + _DAY if instant(day + _DAY, _MIDNIGHT, zone) <= at else day


def _duty(
    part: Part, rotation: Rotation, latest_first: Iterable[Override], away: Away, at: datetime
) -> _Duty:
    taken = next((one for one in latest_first if _holds(one, rotation, away, at)), None)
    if taken is not None:
        is_own = taken.person == part.owner
        why = Why.TURN if is_own else Why.OVERRIDE
        return _Duty(person=taken.person, why=why, instead_of=None if is_own else part.owner)
    if part.plan is None:
        return _Duty(person=None, why="not_begun")
    day = day_at(at, zone_of(part.plan))
    if day.weekday() not in part.plan.days:
        return _Duty(person=None, why="no_slot")
    person = next((one for one in part.order if is_there(one, rotation, away, at, day)), None)
    if person is None:
        return _Duty(person=None, why="nobody_left")
    if person == part.owner:
        return _Duty(person=person, why=Why.TURN)
    return _Duty(person=person, why=Why.PASSED_ON, instead_of=part.owner)


def _holds(one: Override, rotation: Rotation, away: Away, at: datetime) -> bool:
    """Whether the override is in force; being away does not end it, being left out later does."""
    if not one.start <= at < one.end or one.person in rotation.gone:
        return False
    return not any(
        isinstance(left_out, Skip) and left_out.start > one.made_at and _covers(left_out, one.person, at)
        for left_out in away
    )


def is_there(person: str, rotation: Rotation, away: Away, at: datetime, day: date) -> bool:
    """Whether this person could be on duty at this instant, which lies in this local day."""
    if person in rotation.gone or any(_covers(one, person, at) for one in away):
        return False
    return not rotation.is_off(person, day)


def _covers(one: Absence | Skip, person: str, at: datetime) -> bool:
    return one.person == person and one.start <= at < end_of(one)
