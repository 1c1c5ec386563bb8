"""The words of the rotation: shifts, gaps, what changes them, and the plans in force one after the other."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from bot.teams.plans import RotationPlan


class Why(StrEnum):
    """Why this person is on duty: their turn, an override, or the turn's owner cannot take it."""

    TURN = "turn"
    OVERRIDE = "override"
    PASSED_ON = "passed_on"


class NoTurn(Exception):
    """This person has no turn that could be given away."""

    def __init__(self, person: str) -> None:
        super().__init__(f"{person} has no turn within a year")
        self.person = person


def _check_order(start: datetime, end: datetime) -> None:
    if start.tzinfo is None or end.tzinfo is None:
        raise ValueError("a time without a zone")
    if end <= start:
        raise ValueError(f"ends at {end}, which is not after its start at {start}")


@dataclass(frozen=True, kw_only=True)
class Shift:
    """One person on duty from `start` until just before `end`, within one turn, whose end is `turn_ends`; all UTC.

    `instead_of`: whose turn it would have been; None where it is their own, or nobody's.
    """

    person: str
    start: datetime
    end: datetime
    turn_ends: datetime
    why: Why = Why.TURN
    instead_of: str | None = None

    def __post_init__(self) -> None:
        _check_order(self.start, self.end)


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Nobody is on duty: all are away (or there is nobody at all), nobody needs to be, or it has not begun."""

    start: datetime
    end: datetime
    why: Literal["nobody_left", "no_slot", "not_begun"]

    def __post_init__(self) -> None:
        _check_order(self.start, self.end)


@dataclass(frozen=True, kw_only=True)
class Override:
    """This person takes over from `start` until just before `end`, whoever's turn it is."""

    id: int
    person: str
    start: datetime
    end: datetime
    made_at: datetime
    made_by: str

    def __post_init__(self) -> None:
        _check_order(self.start, self.end)


@dataclass(frozen=True, kw_only=True)
class Absence:
    """This person is away, unless they take over by an override."""

    person: str
    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        _check_order(self.start, self.end)


@dataclass(frozen=True, kw_only=True)
class Skip:
    """This person is left out from `start`, which is when that was said, until just before `until`.

    An override made before does not bring them back, one made afterwards does.
    """

    id: int
    person: str
    start: datetime
    until: datetime

    def __post_init__(self) -> None:
        _check_order(self.start, self.until)


@dataclass(frozen=True, kw_only=True)
class Era:
    """A plan in force from `begins` on. `first`: which of its members has the turn that is then running or begins."""

    begins: datetime
    plan: RotationPlan
    first: int


def nobody_is_off(_person: str, _day: date) -> bool:
    """No public holidays."""
    return False


@dataclass(frozen=True, kw_only=True)
class Rotation:
    """The plans of one team in the order of their time, each in force until the next one begins.

    `gone`: who has been deactivated. `is_off`: whether this local date is a public holiday of this person.
    """

    eras: tuple[Era, ...]
    gone: frozenset[str] = frozenset()
    is_off: Callable[[str, date], bool] = nobody_is_off


@dataclass(frozen=True, kw_only=True)
class Total:
    """What somebody had: in how many turns, how many hours, how many Saturdays and Sundays for the most part."""

    person: str
    shifts: int
    hours: float
    weekend_days: int
