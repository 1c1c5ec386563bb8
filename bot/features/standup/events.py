"""What the slice tells the others, inside its transaction."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class CheckinChanged:
    """Something about these people's check-ins is different now."""

    user_ids: tuple[str, ...]
