"""What the use cases stand on: the requests, the rotation, and a team's people at this moment."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Connection

from bot.core.calendar import local_date
from bot.feature import Deps
from bot.features.escalation import store
from bot.features.escalation.domain.ladder import Ladder, Rung, Standing
from bot.features.escalation.domain.split import Bench, Rotation
from bot.outbox.unit_of_work import UnitOfWork
from bot.teams import absences, zones
from bot.teams.domain import Team
from bot.teams.presence import away_on, zone_on

_DAY = timedelta(days=1)


class Assign(Protocol):
    """Gives a request to a person."""

    def __call__(
        self,
        uow: UnitOfWork,
        request_id: int,
        to: str,
        why: str,
        by: str | None = None,
        *,
        is_new: bool = False,
    ) -> None: ...


class PutBack(Protocol):
    """Frees a request; by nobody, its holder was silent or is away."""

    def __call__(
        self, uow: UnitOfWork, request_id: int, by: str | None = None, *, away: bool = False
    ) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """The rotation, and what the slice reads and does of requests; requests that are gone raise UserError.

    `lock` is ours alone until the transaction ends. `assign` gives it to a person, for a reason in words, passed on by
    somebody or nobody; `put_back` frees it, by its holder or by the clock. Both tell everybody concerned, but of a new
    one that is given its requester reads in the receipt. `readable` puts names in place of the people in a text.
    """

    rotation: Rotation
    read: Callable[[Connection, int], Standing]
    lock: Callable[[Connection, int], Standing]
    open_of_team: Callable[[Connection, int, int], Sequence[Standing]]
    open_after: Callable[[Connection, int, int], Sequence[Standing]]
    open_of_people: Callable[[Connection, int], dict[str, int]]
    assign: Assign
    put_back: PutBack
    name_on_duty: Callable[[Connection, int, str], None]
    card_changed: Callable[[UnitOfWork, int], None]
    readable: Callable[[Deps, str], Awaitable[str]]


@dataclass(frozen=True, kw_only=True)
class Around:
    """A team with its members in their order; `gone` are those of its people who have left.

    `names` holds what those are called who may get work in turn.
    """

    team: Team
    members: Sequence[str] = ()
    gone: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict[str, str])


def people_of(team: Team, members: Sequence[str]) -> list[str]:
    """Everybody whom this team's requests may be given to, or who may be asked for them."""
    turns = team.rotation.members if team.rotation else ()
    return list(dict.fromkeys((*members, *turns, team.lead)))


def absent(connection: Connection, around: Around, now: datetime) -> frozenset[str]:
    """Who has left, and who is away today, on their own calendar."""
    people = people_of(around.team, around.members)
    today = local_date(now, around.team.zone)
    known = absences.of_people(connection, people, today - _DAY, today + _DAY)
    if not known:
        return around.gone
    clocks = zones.of_people(connection, people)
    away = {
        who
        for who in {one.user_id for one in known}
        if away_on(
            known,
            who,
            local_date(now, zone_on(clocks.get(who, ()), today, otherwise=around.team.zone)),
        )
    }
    return around.gone | away


def bench(uow: UnitOfWork, to: Neighbours, around: Around, ladder: Ladder) -> Bench:
    """Who could take this ladder's request now."""
    team = around.team
    away = absent(uow.connection, around, uow.now)
    duty = to.rotation.on_duty(team, uow.now, away)
    # Whoever is away but took duty over is there for it.
    there = frozenset({duty.person} if duty else ())
    return Bench(
        team=team,
        members=around.members,
        absent=away - there,
        passed=frozenset(ladder.passed),
        open=to.open_of_people(uow.connection, team.id),
        turns=store.turns_of(uow.connection, team.id),
    )


def on_rungs(
    to: Neighbours, team: Team, away: frozenset[str], now: datetime, asked: str | None = None
) -> dict[Rung, str | None]:
    """Who is asked now on each rung; None where there is nobody.

    Next after who was `asked` is who is on duty by now, where that is somebody else; else who follows them.
    """
    duty, following = to.rotation.on_duty(team, now, away), to.rotation.following(team, now, away)
    later = duty if duty is not None and asked not in (None, duty.person) else following
    return {
        Rung.ON_DUTY: duty.person if duty else None,
        Rung.NEXT: later.person if later else None,
        Rung.LEAD: None if team.lead in away else team.lead,
    }
