"""All that says who is on duty in one team, joined: the plan, what was changed, who is away. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.calendar import find_zone
from bot.features.rotation import domain
from bot.features.rotation.domain import Absence, Gap, Override, Rotation, Shift, Skip
from bot.teams.domain import Team

NOBODY: frozenset[str] = frozenset()
# So many turns of one person after the other are looked at.
MOST_TURNS = 26


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A team's rotation as it stands. Instants are in UTC."""

    team: Team
    rotation: Rotation
    overrides: tuple[Override, ...] = ()
    absences: tuple[Absence | Skip, ...] = ()
    # Whether its plans are written down: else a change of the file would take effect in the middle of a turn.
    is_kept: bool = False

    def without(self, people: frozenset[str]) -> "Standing":
        """The same, if these people had left."""
        if people <= self.rotation.gone:
            return self
        return replace(self, rotation=replace(self.rotation, gone=self.rotation.gone | people))

    def with_changes(
        self, overrides: Sequence[Override] = (), skips: Sequence[Skip] = (), dropped: Sequence[int] = ()
    ) -> "Standing":
        """The same with these changes made, and those of these ids taken back."""
        kept = tuple(one for one in self.overrides if one.id not in dropped)
        others = tuple(one for one in self.absences if not (isinstance(one, Skip) and one.id in dropped))
        return replace(self, overrides=(*kept, *overrides), absences=(*others, *skips))

    def on_duty(self, at: datetime) -> Shift | None:
        """Who is on duty at this instant; None: nobody."""
        return domain.on_duty(self.rotation, self.overrides, self.absences, at)

    def until(self, shift: Shift) -> datetime:
        """Until when this person is on duty without a break, over the ends of their turns."""
        end = shift.end
        for _ in range(MOST_TURNS):
            later = self.on_duty(end)
            if later is None or later.person != shift.person:
                break
            end = later.end
        return end

    def following(self, at: datetime) -> Shift | None:
        """The next shift of somebody else."""
        return domain.following(self.rotation, self.overrides, self.absences, at)

    def shifts(self, start: datetime, end: datetime) -> tuple[Shift | Gap, ...]:
        """Who is on duty from start until just before end, without a gap between the pieces."""
        return domain.shifts(self.rotation, self.overrides, self.absences, start, end)

    def coming(self, at: datetime, count: int) -> tuple[Shift | Gap, ...]:
        """The current shift and the next ones."""
        return domain.coming(self.rotation, self.overrides, self.absences, at, count)

    def gaps(self, start: datetime, end: datetime) -> tuple[Gap, ...]:
        """Hours for which nobody is left."""
        return domain.gaps(self.rotation, self.overrides, self.absences, start, end)

    @property
    def members(self) -> tuple[str, ...]:
        """Who takes turns now, without those who have left."""
        return tuple(one for one in self.rotation.eras[-1].plan.members if one not in self.rotation.gone)


def zone_of(team: Team) -> ZoneInfo:
    """By which clock the team's rotation goes."""
    zone = find_zone(team.rotation.timezone) if team.rotation else None
    return zone or team.zone


def planned(team: Team) -> Standing | None:
    """What the team's file alone says; None without a rotation."""
    if team.rotation is None:
        return None
    return Standing(team=team, rotation=Rotation(eras=(domain.first_era(team.rotation),)))
