"""The triage rotation: whose turn it is. Turns follow from the plan in the teams file; see README.md.

Other slices get `on_duty_of` and `next_of` from the composition root; they never import this one.
"""

from datetime import datetime

from bot.features.rotation import domain
from bot.features.rotation.domain import NOBODY, Shift
from bot.teams.domain import Team

__all__ = ["Shift", "next_of", "on_duty_of"]


def on_duty_of(team: Team, at: datetime, away: frozenset[str] = NOBODY) -> Shift | None:
    """The turn of who is on duty for the team; None without a rotation, before its start, or if all are away."""
    return domain.shift(team.rotation, at, away) if team.rotation else None


def next_of(team: Team, at: datetime, away: frozenset[str] = NOBODY) -> Shift | None:
    """The next turn of somebody else for the team; None without a rotation or anybody else."""
    return domain.following(team.rotation, at, away) if team.rotation else None
