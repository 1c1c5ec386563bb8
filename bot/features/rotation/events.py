"""What the slice tells the others, inside its transaction."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class DutyPassed:
    """Somebody else is on duty for the team from now on; `person` None: nobody."""

    team_id: int
    person: str | None


@dataclass(frozen=True, kw_only=True)
class ShiftsChanged:
    """Somebody changed who is on duty when; now, or later."""

    team_id: int
