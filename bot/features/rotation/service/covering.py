"""*Find cover*: the channel is asked, again as the day comes nearer, until the first one takes it."""

import secrets
from datetime import datetime, timedelta

from bot.core.errors import UserError
from bot.core.leavers import mention
from bot.features.rotation.domain import Shift
from bot.features.rotation.domain.covers import REST, Cover, next_ask
from bot.features.rotation.service import changes
from bot.features.rotation.service.changes import Made, Told, Wish
from bot.features.rotation.service.standings import standing_of
from bot.features.rotation.standing import Standing
from bot.features.rotation.store import changes as rows
from bot.features.rotation.store import covers
from bot.features.rotation.store import standing as store
from bot.outbox.unit_of_work import UnitOfWork
from bot.teams.domain import Team

SOON = timedelta(days=92)
MOST_OPEN = 20


def look_for(uow: UnitOfWork, team: Team, wish: Wish) -> Cover:
    """The channel is asked to take these hours of this person (none named: their running or next shift).

    Raises UserError.
    """
    standing = standing_of(uow, team)
    start, end = _hours(standing, wish, uow.now)
    present = covers.open_of(uow.connection, team.id, uow.now)
    if len(present) >= MOST_OPEN:
        raise UserError(
            f"The channel of {team.name} is asked for {MOST_OPEN} covers already. `/rotation list` shows them."
        )
    for other in present:
        if other.person == wish.person and other.start < end and start < other.end:
            raise UserError(
                "The channel is asked for these hours already. Whoever takes them first has them."
            )
    cover = covers.add(
        uow.connection, team.id, person=wish.person, start=start, end=end, made_by=wish.by, now=uow.now
    )
    _ask(uow, cover)
    return cover


def _hours(standing: Standing, wish: Wish, now: datetime) -> tuple[datetime, datetime]:
    if wish.start is None and wish.end is None:
        own = next(
            (
                one
                for one in standing.shifts(now, now + SOON)
                if isinstance(one, Shift) and one.person == wish.person
            ),
            None,
        )
        if own is None:
            raise UserError("You have no shift in the next three months, so there is nothing to cover.")
        return max(own.start, now), own.end
    start, end = changes.hours_of(standing, wish, now)
    own = [one for one in standing.shifts(start, end) if isinstance(one, Shift) and one.person == wish.person]
    if not own:
        raise UserError("You have no shift in those hours, so there is nothing to cover.")
    # Nobody else's hours are asked for.
    return own[0].start, own[-1].end


def _ask(uow: UnitOfWork, cover: Cover) -> None:
    """The channel is asked; or, once the shift runs, whoever looked is told that nobody took it."""
    if uow.now >= cover.end or (cover.start <= uow.now and cover.times_asked > 0):
        if covers.close(uow.connection, cover.id, uow.now, None):
            payload = {"cover_id": cover.id}
            uow.enqueue("rotation.cover_now", payload, merge=f"rotation:cover:{cover.id}")
            uow.enqueue("rotation.not_covered", payload, once=f"rotation:cover:{cover.id}:over")
        return
    again = next_ask(cover.start, uow.now)
    # Without another time to ask, the next thing to do is to say that nobody took it.
    if covers.advance(uow.connection, cover, again or max(cover.start, uow.now + REST)):
        uow.enqueue(
            "rotation.cover",
            {"cover_id": cover.id, "times": cover.times_asked},
            once=f"rotation:cover:{cover.id}:{cover.times_asked}",
        )


def look(uow: UnitOfWork, team: Team, cover_id: int) -> None:
    """What is due for this search is done; hours that are somebody else's by now are not asked for any more."""
    cover = covers.by_id(uow.connection, cover_id)
    if cover is None or cover.closed_at is not None or not cover.ask_at or cover.ask_at > uow.now:
        return
    if uow.now >= cover.end or _theirs(uow, team, cover):
        _ask(uow, cover)
    elif covers.close(uow.connection, cover_id, uow.now, None):
        uow.enqueue("rotation.cover_now", {"cover_id": cover_id}, merge=f"rotation:cover:{cover_id}")


def _theirs(uow: UnitOfWork, team: Team, cover: Cover) -> list[Shift]:
    """What of the hours is still theirs; nothing where the rotation is gone."""
    standing = store.of_team(uow.connection, team, uow.now - store.LATELY) if team.active else None
    pieces = standing.shifts(max(cover.start, uow.now), cover.end) if standing else ()
    return [one for one in pieces if isinstance(one, Shift) and one.person == cover.person]


def take(uow: UnitOfWork, team: Team, cover_id: int, by: str) -> Made:
    """The first to take the hours has them. Raises UserError."""
    cover = covers.by_id(uow.connection, cover_id)
    if cover is None or cover.team_id != team.id:
        raise UserError("That question is from another time. `/rotation list` shows who is on duty when.")
    if cover.closed_at is None and cover.end <= uow.now:
        raise UserError("Those hours are over. Thank you all the same.")
    if by == cover.person:
        raise UserError("These are your own hours. `/rotation undo cover` stops asking for them.")
    if not covers.close(uow.connection, cover_id, uow.now, by):
        again = covers.by_id(uow.connection, cover_id)
        taken = again.taken_by if again else None
        if taken == by:
            raise UserError("You have these hours already. Thank you!")
        raise UserError(
            f"{mention(taken)} was faster and has these hours. Thank you all the same."
            if taken
            else "Nobody is looked for any more. Thank you all the same."
        )
    return _give(uow, team, cover, by)


def _give(uow: UnitOfWork, team: Team, cover: Cover, by: str) -> Made:
    standing = standing_of(uow, team)
    # One way back for all of it.
    pair = secrets.token_hex(8)
    # Somebody else may have some of these hours by now: only what is still theirs changes hands.
    made = [
        rows.add_override(
            uow.connection, team.id, person=by, start=piece.start, end=piece.end, made_by=by, now=uow.now,
            pair=pair,
        )
        for piece in _theirs(uow, team, cover)
    ]  # fmt: skip
    if not made:
        raise UserError("They are not on duty in those hours any more, so there is nothing to take.")
    after = standing.with_changes(made)
    start, end = made[0].start, made[-1].end
    people = changes.changed_people(standing, after, start, end)
    done = Made(standing=after, start=start, end=end, people=people, id=made[0].id)
    uow.enqueue("rotation.cover_now", {"cover_id": cover.id}, merge=f"rotation:cover:{cover.id}")
    pieces = [(one.person, one.start, one.end) for one in made]
    changes.tell(uow, team, Told(what="cover", by=by, person=by, pieces=pieces), done)
    return done


def stop(uow: UnitOfWork, team: Team, by: str, *, leads: bool) -> Cover:
    """The channel is asked no more. Raises UserError."""
    own = [
        one
        for one in covers.open_of(uow.connection, team.id, uow.now)
        if leads or by in (one.person, one.made_by)
    ]
    if not own or not covers.close(uow.connection, own[0].id, uow.now, None):
        raise UserError("The channel is not asked to cover any of your hours.")
    uow.enqueue("rotation.cover_now", {"cover_id": own[0].id}, merge=f"rotation:cover:{own[0].id}")
    return own[0]
