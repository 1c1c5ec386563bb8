"""The triage rotation: whose turn it is. Turns follow from the plan in the teams file; see README.md.

Other slices get `on_duty_of` and `next_of` from the composition root; they never import this one.
"""

from datetime import datetime

from bot.features.rotation import domain
from bot.features.rotation.domain import Rotation, Shift
from bot.teams.domain import Team

__all__ = ["Shift", "next_of", "on_duty_of"]

NOBODY: frozenset[str] = frozenset()


def on_duty_of(team: Team, at: datetime, away: frozenset[str] = NOBODY) -> Shift | None:
    """The shift of who is on duty for the team; None without a rotation, before its start, or if all are away."""
    return domain.on_duty(_by_plan(team, away), (), (), at)


def next_of(team: Team, at: datetime, away: frozenset[str] = NOBODY) -> Shift | None:
    """The next shift of somebody else for the team; None without a rotation or anybody else."""
    return domain.following(_by_plan(team, away), (), (), at)


def _by_plan(team: Team, away: frozenset[str]) -> Rotation:
    return Rotation(eras=(domain.first_era(team.rotation),) if team.rotation else (), gone=away)
