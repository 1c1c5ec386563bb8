"""What the slice tells the others, inside its transaction."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SomebodyCalled:
    """Nobody has taken a request of this team, and the next one to look at it is being called."""

    team_id: int
