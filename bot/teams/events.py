"""What slices hear of a team's settings."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SettingsChanged:
    """A team was set up, changed, removed, or released from its file in Slack. `user_ids`: who did it, who leads it, who was in it before."""

    team_id: int
    user_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class GroupsChanged:
    """These people came into a user group that a team names, or are no longer in it."""

    user_ids: tuple[str, ...]
