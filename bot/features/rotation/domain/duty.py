"""Who is on duty when, who comes next, and where nobody is."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.features.rotation.domain.eras import first_era
from bot.features.rotation.domain.pieces import Away, Piece, append, pieces_of, walk
from bot.features.rotation.domain.turns import turn_at
from bot.features.rotation.domain.values import Gap, Override, Rotation, Shift
from bot.teams.plans import RotationPlan

# As far as anybody plans; a search ends here where there is nothing to find.
_HORIZON = timedelta(days=2 * 366)


def on_duty(rotation: Rotation, overrides: Sequence[Override], absences: Away, at: datetime) -> Shift | None:
    """The shift that this instant lies in, whole; None where nobody is on duty."""
    if not rotation.eras:
        return None
    pieces = pieces_of(turn_at(rotation.eras, at), rotation, overrides, absences)
    current = next(piece for piece in pieces if piece.start <= at < piece.end)
    return current if isinstance(current, Shift) else None


def following(
    rotation: Rotation, overrides: Sequence[Override], absences: Away, at: datetime
) -> Shift | None:
    """The next shift of somebody else than who is on duty; None where nobody else comes within two years.

    Where nobody is on duty, the next shift of anybody.
    """
    current = on_duty(rotation, overrides, absences, at)
    person = current.person if current else None
    if not _others(rotation, overrides, person, at):
        return None
    for piece in _until_horizon(rotation, overrides, absences, at):
        if isinstance(piece, Shift) and piece.person != person:
            return piece
    return None


def shifts(
    rotation: Rotation, overrides: Sequence[Override], absences: Away, start: datetime, end: datetime
) -> tuple[Piece, ...]:
    """All shifts and gaps from `start` to `end`, cut to fit: sorted, without a hole and without an overlap."""
    found: list[Piece] = []
    if not rotation.eras:
        return (Gap(start=start, end=end, why="not_begun"),) if start < end else ()
    for piece in walk(rotation, overrides, absences, start):
        if piece.start >= end:
            break
        if piece.end > start:
            append(found, replace(piece, start=max(piece.start, start), end=min(piece.end, end)))
    return tuple(found)


def coming(
    rotation: Rotation, overrides: Sequence[Override], absences: Away, at: datetime, count: int
) -> tuple[Piece, ...]:
    """The current shift, whole, and those after it, until `count` shifts are listed, with the gaps between them.

    A gap that is running begins at `at`. Fewer where there are fewer within two years.
    """
    found: list[Piece] = []
    left = count
    for piece in _until_horizon(rotation, overrides, absences, at) if count > 0 else ():
        append(found, piece if isinstance(piece, Shift) else replace(piece, start=max(piece.start, at)))
        left -= isinstance(piece, Shift)
        if left == 0:
            break
    return tuple(found)


def preview(plan: RotationPlan, at: datetime, count: int) -> tuple[Piece, ...]:
    """What `coming` would list if this were the plan from its start on."""
    return coming(Rotation(eras=(first_era(plan),)), (), (), at, count)


def gaps(
    rotation: Rotation, overrides: Sequence[Override], absences: Away, start: datetime, end: datetime
) -> tuple[Gap, ...]:
    """Where somebody should be on duty from `start` to `end` and nobody is left."""
    found = shifts(rotation, overrides, absences, start, end)
    return tuple(piece for piece in found if isinstance(piece, Gap) and piece.why == "nobody_left")


def _until_horizon(
    rotation: Rotation, overrides: Sequence[Override], absences: Away, at: datetime
) -> Iterator[Piece]:
    """The pieces that end after `at`, as far as we look."""
    if not rotation.eras:
        return
    last = max(at, rotation.eras[0].begins) + _HORIZON
    for piece in walk(rotation, overrides, absences, at):
        if piece.start >= last:
            return
        if piece.end > at:
            yield piece


def _others(
    rotation: Rotation, overrides: Sequence[Override], person: str | None, at: datetime
) -> frozenset[str]:
    """Whoever could come, whatever their absences."""
    people = {member for era in rotation.eras for member in era.plan.members}
    people |= {one.person for one in overrides if one.end > at}
    return frozenset(people - rotation.gone - {person})
