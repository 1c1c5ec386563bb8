"""What the slice tells the others, inside its transaction."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class CheckinChanged:
    """Something about this person's check-ins is different now."""

    user_id: str
