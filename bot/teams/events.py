"""What slices hear of a team's settings."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SettingsChanged:
    """A team was set up, changed or removed in Slack. `user_ids`: who did it, who leads it, who was in it before."""

    team_id: int
    user_ids: tuple[str, ...]
