"""Two people trade their turns: which overrides that takes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.features.rotation.domain.pieces import Away, Piece, pieces_of
from bot.features.rotation.domain.turns import turns_from
from bot.features.rotation.domain.values import NoTurn, Override, Rotation, Shift

_YEAR = timedelta(days=366)

Taken = tuple[str, datetime, datetime]


def swap(
    rotation: Rotation, overrides: Sequence[Override], absences: Away, at: datetime, asker: str, other: str
) -> tuple[Taken, ...]:
    """The overrides to make, as person, start and end: each takes what is left of the other's current or next turn.

    Only the pieces of a turn that are theirs change hands. Raises NoTurn for whom nothing begins within a year.
    """
    theirs: dict[str, list[Taken]] = {}
    wanted = {asker: other, other: asker}
    for turn in turns_from(rotation.eras, at):
        if turn.start > at + _YEAR or len(theirs) == len(wanted):
            break
        pieces = pieces_of(turn, rotation, overrides, absences)
        for person in wanted.keys() - theirs.keys():
            taken = _left_of(pieces, person, wanted[person], at)
            if taken:
                theirs[person] = taken
    for person in (asker, other):
        if person not in theirs:
            raise NoTurn(person)
    return tuple(sorted(theirs[asker] + theirs[other], key=lambda taken: taken[1]))


def _left_of(pieces: Sequence[Piece], person: str, taker: str, at: datetime) -> list[Taken]:
    return [
        (taker, max(piece.start, at), piece.end)
        for piece in pieces
        if isinstance(piece, Shift) and piece.person == person and piece.end > at
    ]
