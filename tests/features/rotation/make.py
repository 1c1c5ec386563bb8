"""Rotations for tests, whose people are single letters; 2 November 2026 is a Monday."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from bot.core.calendar import parse_weekdays
from bot.features.rotation.domain import Absence, Gap, Override, Rotation, Shift, Skip, first_era
from bot.features.rotation.domain.turns import turns_from
from bot.teams.plans import Every, RotationPlan

MONDAY = 0


def plan(
    *,
    members: str = "ABC",
    every: Every = Every.WEEK,
    on: int | None = MONDAY,
    at: str = "10:00",
    starts: str = "2026-11-02",
    timezone: str = "UTC",
    weeks: int = 1,
    slots: Iterable[str] = (),
    days: str = "mon-sun",
) -> RotationPlan:
    """A plan; `on` and `slots` only where they go with `every`."""
    times = tuple(time.fromisoformat(slot) for slot in slots) if every is Every.DAY else ()
    return RotationPlan(
        members=tuple(members),
        every=every,
        on=None if every is Every.DAY else on,
        at=times[0] if times else time.fromisoformat(at),
        starts=date.fromisoformat(starts),
        user_group=None,
        timezone=timezone,
        weeks=weeks,
        slots=times,
        days=parse_weekdays(days),
    )


def at(text: str) -> datetime:
    """The instant written in UTC, with or without seconds."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def rotation(turns: RotationPlan, *, gone: str = "") -> Rotation:
    return Rotation(eras=(first_era(turns),), gone=frozenset(gone))


def override(person: str, start: str, end: str, *, made: str = "2026-11-01", id: int = 1) -> Override:
    return Override(id=id, person=person, start=at(start), end=at(end), made_at=at(made), made_by=person)


def absence(person: str, start: str, end: str) -> Absence:
    return Absence(person=person, start=at(start), end=at(end))


def skip(person: str, start: str, until: str) -> Skip:
    return Skip(id=1, person=person, start=at(start), until=at(until))


def told(pieces: Iterable[Shift | Gap]) -> list[str]:
    """Each piece in a line: `A 2026-11-02 10:00 - 2026-11-09 10:00`, with who it is for and why nobody is."""
    return [f"{_who(piece)} {piece.start:%m-%d %H:%M} - {piece.end:%m-%d %H:%M}" for piece in pieces]


def _who(piece: Shift | Gap) -> str:
    if isinstance(piece, Gap):
        return piece.why
    return f"{piece.person} for {piece.instead_of}" if piece.instead_of else piece.person


def handoffs(turns: RotationPlan, start: datetime, end: datetime) -> list[datetime]:
    """When turns begin after `start` and until `end`, as the rules reckon it."""
    found: list[datetime] = []
    for turn in turns_from((first_era(turns),), start):
        if turn.start > end:
            break
        if turn.start > start:
            found.append(turn.start)
    return found
