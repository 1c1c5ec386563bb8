"""Who gets the next request, and why, in a few words. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.teams.domain import SplitOfWork, Team

AUTOMATIC = frozenset({SplitOfWork.ON_DUTY, SplitOfWork.ROUND_ROBIN})


class Shift(Protocol):
    """Whose turn it is, from when until just before when."""

    @property
    def person(self) -> str: ...
    @property
    def start(self) -> datetime: ...
    @property
    def end(self) -> datetime: ...


Turns = Callable[[Team, datetime, frozenset[str]], Shift | None]


@dataclass(frozen=True, kw_only=True)
class Rotation:
    """The team's rotation: who is on duty at an instant, and who follows, passing over whoever is away."""

    on_duty: Turns
    following: Turns


class Why(StrEnum):
    """Why somebody has it, or nobody."""

    ON_DUTY = "on_duty"
    STANDS_IN = "stands_in"
    TURN = "turn"
    NO_ROOM = "no_room"
    NOBODY = "nobody"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Who gets it; `person` None where nobody can. `limit` is how many each may have, where that is why."""

    person: str | None
    why: Why
    limit: int | None = None


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A team's people now: `absent` are away or have left; `passed` gave this request back; `turns` are the last ones."""

    team: Team
    members: Sequence[str]
    absent: frozenset[str] = frozenset()
    passed: frozenset[str] = frozenset()
    open: Mapping[str, int] = field(default_factory=dict[str, int])
    turns: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def full(self) -> frozenset[str]:
        """Those who have as many open requests as the team lets one person have."""
        most = self.team.max_open
        return frozenset(who for who, count in self.open.items() if most is not None and count >= most)

    @property
    def closed_to(self) -> frozenset[str]:
        """Who does not get it."""
        return self.absent | self.passed | self.full


def choose(bench: Bench, rotation: Rotation, now: datetime) -> Choice:
    """Who gets it by the team's split of work."""
    if bench.team.split_of_work is SplitOfWork.ON_DUTY:
        return _by_duty(bench, rotation, now)
    return _by_turn(bench)


def _by_duty(bench: Bench, rotation: Rotation, now: datetime) -> Choice:
    shift = rotation.on_duty(bench.team, now, bench.closed_to)
    if shift is None:
        plan = bench.team.rotation
        return _nobody(bench, plan.members if plan else ())
    regular = rotation.on_duty(bench.team, now, frozenset())
    own = regular is not None and regular.person == shift.person
    return Choice(person=shift.person, why=Why.ON_DUTY if own else Why.STANDS_IN)


def _by_turn(bench: Bench) -> Choice:
    able = [who for who in bench.members if who not in bench.closed_to]
    if not able:
        return _nobody(bench, bench.members)
    return Choice(
        person=min(able, key=lambda who: (bench.turns.get(who, 0), bench.open.get(who, 0))), why=Why.TURN
    )


def _nobody(bench: Bench, candidates: Sequence[str]) -> Choice:
    there = [who for who in candidates if who not in bench.absent | bench.passed]
    if there and bench.full.issuperset(there):
        return Choice(person=None, why=Why.NO_ROOM, limit=bench.team.max_open)
    return Choice(person=None, why=Why.NOBODY)


_REASONS = {
    Why.ON_DUTY: "on duty",
    Why.STANDS_IN: "next in the rotation",
    Why.TURN: "their turn",
}


def reason(why: Why, name: str | None) -> str:
    """Why somebody has it, in a few words; `name` is what they are called, where that is known."""
    return f"{name}'s turn" if why is Why.TURN and name else _REASONS[why]
