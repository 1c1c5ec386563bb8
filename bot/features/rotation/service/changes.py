"""Overrides, trades, and who is left out: made, looked at beforehand, and taken back."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core.errors import UserError
from bot.features.rotation import domain
from bot.features.rotation.asking import LONGEST, TOO_FAR
from bot.features.rotation.domain import NoTurn, Override, Shift, Skip
from bot.features.rotation.events import ShiftsChanged
from bot.features.rotation.service.handing import hand_over, show
from bot.features.rotation.service.standings import standing_of
from bot.features.rotation.standing import Standing
from bot.features.rotation.store import changes as rows
from bot.outbox.unit_of_work import UnitOfWork
from bot.teams.domain import Team

MOST_STANDING = 200
# So many pieces are told one by one; more are told as one stretch of time.
MOST_PIECES = 6

Piece = tuple[str, datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody asks for. `start` None: from now; `end` None: until the shift ends that runs at the start."""

    by: str
    person: str
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Made:
    """How the rotation stands with the change; `people` are those whose shifts are different by it."""

    standing: Standing
    start: datetime
    end: datetime
    people: tuple[str, ...]
    id: int = 0


def override(uow: UnitOfWork, team: Team, wish: Wish) -> Made:
    """The person has these hours from now on. Raises UserError."""
    standing = standing_of(uow, team)
    start, end = hours_of(standing, wish, uow.now)
    _check_room(uow, team)
    would_be = Override(id=0, person=wish.person, start=start, end=end, made_at=uow.now, made_by=wish.by)
    _check_changes(standing, would_be)
    kept = rows.add_override(
        uow.connection, team.id, person=wish.person, start=start, end=end, made_by=wish.by, now=uow.now
    )
    made = _made(standing, standing.with_changes([kept]), start, end, id=kept.id)
    tell(uow, team, Told(what="override", by=wish.by, person=wish.person), made)
    return made


def try_override(uow: UnitOfWork, team: Team, wish: Wish) -> Made:
    """How it would be; nothing is kept. Raises UserError as the change itself would."""
    standing = standing_of(uow, team)
    start, end = hours_of(standing, wish, uow.now)
    would_be = Override(id=0, person=wish.person, start=start, end=end, made_at=uow.now, made_by=wish.by)
    _check_changes(standing, would_be)
    return _made(standing, standing.with_changes([would_be]), start, end)


def swap(uow: UnitOfWork, team: Team, by: str, other: str, *, keep: bool = True) -> Made:
    """Their current or next turn goes to the other, the other's to them. Raises UserError."""
    standing = standing_of(uow, team)
    if by == other:
        raise UserError("That is you. Name the person whose turn you want to trade for yours.")
    _check_room(uow, team)
    try:
        taken = domain.swap(standing.rotation, standing.overrides, standing.absences, uow.now, by, other)
    except NoTurn as none:
        who = "You have" if none.person == by else "That person has"
        raise UserError(
            f"{who} no turn in {team.name} to trade. `/rotation override @somebody` gives hours away."
        ) from none
    pair = secrets.token_hex(8)
    made = [
        Override(id=0, person=person, start=start, end=end, made_at=uow.now, made_by=by)
        for person, start, end in taken
    ]
    if keep:
        made = [
            rows.add_override(
                uow.connection, team.id, person=one.person, start=one.start, end=one.end, made_by=by,
                now=uow.now, pair=pair,
            )
            for one in made
        ]  # fmt: skip
    first, last = min(one.start for one in made), max(one.end for one in made)
    done = _made(standing, standing.with_changes(made), first, last, id=made[0].id)
    if keep:
        pieces = [(one.person, one.start, one.end) for one in made]
        tell(uow, team, Told(what="swap", by=by, person=other, pieces=pieces), done)
    return done


def skip(uow: UnitOfWork, team: Team, wish: Wish, *, keep: bool = True) -> Made:
    """The person is left out from now until the end. Raises UserError."""
    standing = standing_of(uow, team)
    if wish.end is None:
        raise UserError(
            "Until when? Write `/rotation skip @somebody until 2026-12-04`; that day is included."
        )
    _check_span(uow.now, wish.end, uow.now)
    if wish.person not in standing.members:
        raise UserError("That person takes no turns here, so there is nothing to leave out.")
    _check_room(uow, team)
    made = Skip(id=2**62, person=wish.person, start=uow.now, until=wish.end)
    if keep:
        made = rows.add_skip(
            uow.connection, team.id, person=wish.person, start=uow.now, until=wish.end, made_by=wish.by,
            now=uow.now,
        )  # fmt: skip
    done = _made(standing, standing.with_changes(skips=[made]), uow.now, wish.end, id=made.id)
    if keep:
        tell(uow, team, Told(what="skip", by=wish.by, person=wish.person), done)
    return done


def withdraw(uow: UnitOfWork, team: Team, by: str, change_id: int | None) -> Made:
    """Takes a change back; without an id, the last one that this person made. Raises UserError."""
    standing = standing_of(uow, team)
    change_id = _last_of(uow, team, by) if change_id is None else change_id
    taken = rows.withdraw(uow.connection, team.id, change_id, uow.now)
    if not taken:
        raise UserError(
            f"There is no change {change_id} in {team.name} that could be taken back. "
            "`/rotation list` shows those that stand."
        )
    theirs = [one for one in standing.overrides if one.id in taken]
    skips = [one for one in standing.absences if isinstance(one, Skip) and one.id in taken]
    start = max(uow.now, min(one.start for one in (*theirs, *skips)))
    end = max([*(one.end for one in theirs), *(one.until for one in skips)])
    made = _made(standing, standing.with_changes(dropped=taken), start, end, id=change_id)
    person = theirs[0].person if theirs else skips[0].person
    was = "skip" if skips else "override" if len(theirs) == 1 else "several"
    news = _hours(made.standing, start, end) - _hours(standing, start, end)
    pieces = sorted(news, key=lambda piece: piece[1])
    tell(uow, team, Told(what="undo", by=by, person=person, pieces=pieces, was=was), made)
    return made


def _last_of(uow: UnitOfWork, team: Team, by: str) -> int:
    own = [int(row.id) for row in rows.standing_ones(uow.connection, team.id, uow.now) if row.made_by == by]
    if not own:
        raise UserError("No change of yours stands. `/rotation list` shows the others with their numbers.")
    return own[-1]


def hours_of(standing: Standing, wish: Wish, now: datetime) -> tuple[datetime, datetime]:
    """From when until when, in UTC: what has passed is left away. Raises UserError."""
    start = max(wish.start or now, now)
    if start - now > LONGEST:
        raise UserError(TOO_FAR)
    end = wish.end or _end_of_shift(standing, start)
    if wish.start is not None and wish.start >= end:
        raise UserError("That ends before it begins. Write the start first, then the end.")
    _check_span(start, end, now)
    return start, end


def _end_of_shift(standing: Standing, start: datetime) -> datetime:
    running = standing.on_duty(start)
    if running is not None:
        return running.turn_ends
    # Where nobody is, it is until somebody comes.
    following = standing.following(start)
    if following is None:
        raise UserError(
            "Nobody's shift runs then. Say until when: `/rotation override @somebody FROM UNTIL`."
        )
    return following.start


def _check_span(start: datetime, end: datetime, now: datetime) -> None:
    if end <= now:
        raise UserError("That is over already. Choose an end that is still to come.")
    if end <= start:
        raise UserError("That ends before it begins. Write the start first, then the end.")
    if end - now > LONGEST:
        raise UserError(TOO_FAR)


def _check_room(uow: UnitOfWork, team: Team) -> None:
    if len(rows.standing_ones(uow.connection, team.id, uow.now)) >= MOST_STANDING:
        raise UserError(
            f"{team.name} has {MOST_STANDING} changes already. Take some back first: `/rotation list`."
        )


def _check_changes(standing: Standing, wanted: Override) -> None:
    pieces = standing.shifts(wanted.start, wanted.end)
    if all(isinstance(piece, Shift) and piece.person == wanted.person for piece in pieces):
        who = "You are" if wanted.person == wanted.made_by else "They are"
        raise UserError(f"{who} on duty then anyway. Nothing was changed.")


def _made(before: Standing, after: Standing, start: datetime, end: datetime, *, id: int = 0) -> Made:
    return Made(standing=after, start=start, end=end, people=changed_people(before, after, start, end), id=id)


def changed_people(before: Standing, after: Standing, start: datetime, end: datetime) -> tuple[str, ...]:
    """Whose hours between these instants are not what they were, in alphabetical order of their ids."""
    had, have = _hours(before, start, end), _hours(after, start, end)
    people = {person for person, _, _ in had ^ have}
    return tuple(sorted(person for person in people if _of(had, person) != _of(have, person)))


def _hours(standing: Standing, start: datetime, end: datetime) -> set[tuple[str, datetime, datetime]]:
    joined: list[tuple[str, datetime, datetime]] = []
    for piece in standing.shifts(start, end):
        if not isinstance(piece, Shift):
            continue
        if joined and joined[-1][0] == piece.person and joined[-1][2] == piece.start:
            joined[-1] = (piece.person, joined[-1][1], piece.end)
        else:
            joined.append((piece.person, piece.start, piece.end))
    return set(joined)


def _of(hours: set[tuple[str, datetime, datetime]], person: str) -> set[tuple[str, datetime, datetime]]:
    return {one for one in hours if one[0] == person}


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is said of a change: who made it, whom it names, and the pieces where it is more than one stretch."""

    what: str
    by: str
    person: str
    pieces: Sequence[Piece] = ()
    was: str = ""


def tell(uow: UnitOfWork, team: Team, told: Told, made: Made) -> None:
    """The channel hears of the change, and so does everybody whose shifts it changes but who made it."""
    facts: Mapping[str, Any] = {
        "team_id": team.id,
        "what": told.what,
        "was": told.was,
        "by": told.by,
        "person": told.person,
        "start": made.start.isoformat(),
        "end": made.end.isoformat(),
        "people": list(made.people),
        "pieces": [[person, start.isoformat(), end.isoformat()] for person, start, end in told.pieces]
        if len(told.pieces) <= MOST_PIECES
        else [],
    }
    name = f"rotation:{team.id}:{made.id}:{told.what}"
    uow.enqueue("rotation.changed", facts, once=f"{name}:channel", lane=f"rotation:{team.id}")
    # What begins now is true at once, in the user group and the topic too.
    if not hand_over(uow, team):
        show(uow, team)
    uow.emit(ShiftsChanged(team_id=team.id))
    for user_id in made.people:
        if user_id != told.by:
            uow.enqueue("rotation.yours_changed", {**facts, "user_id": user_id}, once=f"{name}:{user_id}")
