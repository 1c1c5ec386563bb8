"""What plans that are not in force yet would bring, as other slices tell it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.teams.domain import Team
from bot.teams.plans import StandupPlan
from bot.teams.what_if import WhatIf


@dataclass(frozen=True, kw_only=True)
class ComingShift:
    """From when until when somebody would be on duty (None: all are away), in UTC."""

    start: datetime
    end: datetime
    person: str | None


@dataclass(frozen=True, kw_only=True)
class ComingCheckin:
    """When a check-in would ask, in UTC; `off`: why its reader would not be asked ("" without a reason)."""

    at: datetime
    off: str | None


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """What the neighbours answer, each in one transaction that only reads; the soonest comes first.

    `priorities`: what the rules of the second team would make of the last requests of the first. `shifts`: of the
    first team if it had been the second so far. `checkins`: by the clock of this person.
    """

    priorities: Callable[[Connection, Team, Team], WhatIf]
    shifts: Callable[[Connection, Team, Team | None, datetime], Sequence[ComingShift]]
    checkins: Callable[[Connection, Team, StandupPlan, str, datetime], Sequence[ComingCheckin]]
