"""What a teams file would mean for who is on duty, before and after it is applied."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.features.rotation import domain
from bot.features.rotation.domain import Gap, Shift
from bot.features.rotation.standing import zone_of
from bot.features.rotation.store import standing as store
from bot.teams.domain import Team

NEXT = 10


def keep_plans(connection: Connection, teams: Iterable[Team]) -> None:
    """What the file said so far was in force, also where no bot has run to write that down."""
    for team in teams:
        if team.active and team.rotation is not None and not store.eras_of(connection, team.id):
            store.replace_eras(connection, team.id, (domain.first_era(team.rotation),))


def forecast(connection: Connection, team: Team, before: Team | None, now: datetime) -> list[str]:
    """The next ten shifts if this were the team's plan from now on, a line each; none without a rotation.

    `before` is the team as it is known so far.
    """
    zone = zone_of(team)
    return [_line(piece, zone) for piece in next_shifts(connection, team, before, now, NEXT)]


def next_shifts(
    connection: Connection, team: Team, before: Team | None, now: datetime, count: int
) -> Sequence[Shift | Gap]:
    """The same as values, and a gap where nobody is left; instants are in UTC."""
    known = before if before is not None and before.active and before.rotation else team
    standing = store.of_team(connection, known, now - store.LATELY)
    if standing is None or team.rotation is None:
        return []
    eras = domain.next_eras(standing.rotation.eras, team.rotation, now)
    planned = replace(standing, rotation=replace(standing.rotation, eras=eras))
    return _coming(planned.coming(now, count))


def _coming(pieces: Sequence[Shift | Gap]) -> Sequence[Shift | Gap]:
    return [piece for piece in pieces if isinstance(piece, Shift) or piece.why == "nobody_left"]


def _line(piece: Shift | Gap, zone: ZoneInfo) -> str:
    start, end = (at.astimezone(zone) for at in (piece.start, piece.end))
    who = piece.person if isinstance(piece, Shift) else "nobody: all are away"
    instead = f" in place of {piece.instead_of}" if isinstance(piece, Shift) and piece.instead_of else ""
    return f"{start:%a %Y-%m-%d %H:%M} to {end:%a %Y-%m-%d %H:%M}  {who}{instead}"
