"""Who is asked on which day, by which clock: what the registers say, joined. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.features.standup.domain.schedule import Opening, ZoneFor, held_on, later_in_week, opening
from bot.teams.domain import Team
from bot.teams.plans import StandupPlan
from bot.teams.presence import Absence, Choices, Known, away_on, zone_on

HolidayName = Callable[[Sequence[str], date], str | None]


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """A team's people with their zones, absences and choices. `holiday` names the holiday of places on a day."""

    team: Team
    members: tuple[str, ...]
    holiday: HolidayName
    zones: Mapping[str, Sequence[Known]] = field(default_factory=dict[str, Sequence[Known]])
    absences: Sequence[Absence] = ()
    choices: Mapping[str, Choices] = field(default_factory=dict[str, Choices])

    def zone_for(self, plan: StandupPlan, user_id: str) -> ZoneFor:
        """By which zone this person's days go in this check-in."""
        team_zone, history = self.team.zone, self.zones.get(user_id, ())
        if plan.timezone == "team" or not history:
            return lambda _day: team_zone
        return lambda day: zone_on(history, day, ahead=plan.opens_before, otherwise=team_zone)

    def zone_of(self, user_id: str, at: datetime) -> ZoneInfo:
        """By which zone this person's own day goes at this instant."""
        history = self.zones.get(user_id, ())
        return zone_on(history, at.date(), otherwise=self.team.zone)

    def away_note(self, user_id: str, day: date) -> str | None:
        """Why this person is not asked on this day ("" where no reason was given); None: they are there."""
        absence = away_on(self.absences, user_id, day)
        return absence.reason if absence else self.holiday(self._places(user_id), day)

    def _places(self, user_id: str) -> Sequence[str]:
        chosen = self.choices.get(user_id)
        if chosen is not None and chosen.holidays is not None:
            return chosen.holidays
        own = self.team.people.get(user_id)
        return own.holidays if own and own.holidays else self.team.holidays

    def wants_reminders(self, user_id: str) -> bool:
        """Whether this person has not turned reminders off."""
        chosen = self.choices.get(user_id)
        return chosen is None or chosen.reminders

    def asks_later_in_week(self, plan: StandupPlan, day: date, now: datetime) -> bool:
        """Whether anybody is still to be asked on a later day of this week: there then, and their time not over."""
        return any(
            self.away_note(user_id, later) is None and self.is_to_come(plan, user_id, later, now)
            for later in later_in_week(plan, day)
            for user_id in self.members
        )

    def is_to_come(self, plan: StandupPlan, user_id: str, day: date, now: datetime) -> bool:
        """Whether this day's end is still to come for this person; never where there is no such day."""
        found = self.opening_of(plan, user_id, day)
        return found is not None and now < found.closes_at

    def opening_of(self, plan: StandupPlan, user_id: str, day: date) -> Opening | None:
        """When this person is asked for this day; None where the plan or their zone has no such day."""
        return opening(plan, day, self.zone_for(plan, user_id)(day)) if held_on(plan, day) else None
