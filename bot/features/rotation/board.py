"""Who is on duty, from memory: what every acknowledged call asks, so it may ask no database.

One per process, looked at anew each second and after every change made here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.features.rotation.domain import Shift
from bot.features.rotation.standing import NOBODY, Standing, planned
from bot.teams.domain import Team


@dataclass(frozen=True, kw_only=True)
class _Known:
    standing: Standing
    away: frozenset[str]
    shift: Shift


class Board:
    """Never older than about a second while the database answers; else what was known last."""

    def __init__(self) -> None:
        self._standings: Mapping[int, Standing] = {}
        self._planned: dict[int, Standing] = {}
        self._known: dict[int, _Known] = {}
        self._changes = 0
        self._changed: dict[int, int] = {}

    def mark(self) -> int:
        """How far it has come: what is read after this may be shown with it."""
        return self._changes

    def show(self, standings: Mapping[int, Standing], mark: int) -> None:
        """This is how the rotations stood after the mark; what was changed since then is kept."""
        self._standings = {
            id: self._standings[id]
            if self._standings.get(id) == standing or self._changed.get(id, 0) > mark
            else standing
            for id, standing in standings.items()
        }

    def put(self, standing: Standing) -> None:
        """One of them has changed."""
        self._changes += 1
        self._changed[standing.team.id] = self._changes
        self._standings = {**self._standings, standing.team.id: standing}

    def on_duty_of(self, team: Team, at: datetime, away: frozenset[str] = NOBODY) -> Shift | None:
        """The shift of who is on duty for the team; None: nobody, or no rotation.

        It passes over `away`, but for whoever took duty over by an override.
        """
        standing = self.standing_of(team)
        if standing is None:
            return None
        away = _but_taken_over(standing, away, at)
        known = self._known.get(team.id)
        if known and known.standing is standing and known.away == away and (
            known.shift.start <= at < known.shift.end
        ):  # fmt: skip
            return known.shift
        shift = standing.without(away).on_duty(at)
        if shift is not None:
            self._known[team.id] = _Known(standing=standing, away=away, shift=shift)
        return shift

    def next_of(self, team: Team, at: datetime, away: frozenset[str] = NOBODY) -> Shift | None:
        """The next shift of somebody else for the team, passing over `away`; None where there is none."""
        standing = self.standing_of(team)
        return standing.without(_but_taken_over(standing, away, at)).following(at) if standing else None

    def standing_of(self, team: Team) -> Standing | None:
        """The team's rotation as it is known; None where it has none."""
        if team.rotation is None:
            return None
        shown = self._standings.get(team.id)
        return shown if shown is not None else self._by_file(team)

    def _by_file(self, team: Team) -> Standing | None:
        # A team that has just come, or whose bot has just begun.
        kept = self._planned.get(team.id)
        if kept is None or kept.team is not team:
            kept = planned(team)
            if kept is not None:
                self._planned[team.id] = kept
        return kept


def _but_taken_over(standing: Standing, away: frozenset[str], at: datetime) -> frozenset[str]:
    return away - {one.person for one in standing.overrides if one.start <= at < one.end} if away else away
