"""What other slices hear of changed settings."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SettingsChanged:
    """A team was set up, changed or removed. `user_ids`: who did it, and who leads it, before and now."""

    team_id: int
    user_ids: tuple[str, ...]
