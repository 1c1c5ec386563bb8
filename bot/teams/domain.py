"""What a team is, and its pure rules: who somebody is to it, how urgent a request is, who works its queue."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.core.calendar import WorkingHours
from bot.teams import holidays
from bot.teams.plans import JiraTarget, PersonPlan, RotationPlan, StandupPlan


class Source(StrEnum):
    """As whom somebody asks."""

    TEAMMATE = "teammate"
    MANAGEMENT = "management"
    PARTNER = "partner"
    SUPPORT = "support"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The words on the screen."""
        return _SOURCE_LABELS[self]


_SOURCE_LABELS = {
    Source.TEAMMATE: "Teammate",
    Source.MANAGEMENT: "Management",
    Source.PARTNER: "Partner team",
    Source.SUPPORT: "Customer support",
    Source.OTHER: "Other",
}


class RequestType(StrEnum):
    """What kind of thing is asked for."""

    QUESTION = "question"
    BUG = "bug"
    TASK = "task"
    INCIDENT = "incident"

    @property
    def label(self) -> str:
        """The word on the screen."""
        return self.value.capitalize()


class Priority(StrEnum):
    """How soon; also the urgency that somebody asks for. Listed from the most urgent."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"

    @property
    def label(self) -> str:
        """The word on the screen."""
        return self.value.capitalize()

    @property
    def rank(self) -> int:
        """The place in the queue's order: 0 for Urgent, 3 for Low."""
        return list(Priority).index(self)


class SplitOfWork(StrEnum):
    """How new requests find their person."""

    PULL = "pull"
    ON_DUTY = "on_duty"
    ROUND_ROBIN = "round_robin"
    LEAD_ASSIGNS = "lead_assigns"


@dataclass(frozen=True, kw_only=True)
class SourceRule:
    """These people, these groups' people, and whoever asks in these channels are of this source."""

    source: Source
    users: frozenset[str] = frozenset()
    user_groups: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class PriorityRule:
    """Requests of which all that is named here is true get this priority. None matches anything."""

    priority: Priority
    type: RequestType | None = None
    component: str | None = None
    source: Source | None = None
    urgency: Priority | None = None

    @property
    def words(self) -> str:
        """The rule for people: `Bug of component Billing is Urgent`."""
        parts = [self.type.label if self.type else "Anything"]
        parts += [f"of component {self.component}"] if self.component else []
        parts += [f"from {self.source.label}"] if self.source else []
        parts += [f"asked for as {self.urgency.label}"] if self.urgency else []
        return " ".join([*parts, "is", self.priority.label])


@dataclass(frozen=True, kw_only=True)
class Team:
    """One team as its file describes it. `id` is 0 until the team is in the database."""

    id: int
    key: str
    name: str
    lead: str
    members: tuple[str, ...]
    user_group: str | None
    timezone: str
    working_hours: WorkingHours
    triage_channel: str
    intake_channels: tuple[str, ...]
    ticket_emoji: str
    ticket_emoji_channels: tuple[str, ...] | None
    components: tuple[str, ...]
    sources: tuple[SourceRule, ...]
    priority_rules: tuple[PriorityRule, ...]
    split_of_work: SplitOfWork
    claim_within: Mapping[Priority, timedelta]
    rotation: RotationPlan | None
    standups: tuple[StandupPlan, ...]
    jira: JiraTarget | None
    active: bool
    holidays: tuple[str, ...] = ()
    people: Mapping[str, PersonPlan] = field(default_factory=dict[str, PersonPlan])
    max_open: int | None = None
    idle_days: int = 3
    # How long people's words are kept after what they were about has ended; None: for ever.
    retention: timedelta | None = None

    def is_holiday(self, day: date) -> bool:
        """Whether the team does not work on this day because of a public holiday."""
        return bool(self.holidays) and holidays.name_of(self.holidays, day) is not None

    @property
    def zone(self) -> ZoneInfo:
        """The team's time zone."""
        return self.working_hours.zone

    @property
    def channels(self) -> tuple[str, ...]:
        """Where the team is met: its triage channel, then its intake channels."""
        return (self.triage_channel, *self.intake_channels)

    @property
    def open_channels(self) -> frozenset[str]:
        """Where guests and people of other companies may ask: intake and sources' channels."""
        return frozenset(self.intake_channels).union(*(rule.channels for rule in self.sources))

    @property
    def user_groups(self) -> frozenset[str]:
        """Every user group that the team's file names."""
        own = {self.user_group, self.rotation.user_group if self.rotation else None} - {None}
        named = frozenset(group for group in own if group)
        return named.union(*(rule.user_groups for rule in self.sources))


def is_member(team: Team, user_id: str, groups: Collection[str]) -> bool:
    """Whether this person, being in these user groups, is listed in the team or in its group."""
    return user_id in team.members or (team.user_group is not None and team.user_group in groups)


def works_queue(team: Team, user_id: str, groups: Collection[str]) -> bool:
    """Whether this person may claim and change the team's requests: its members and its lead may."""
    return user_id == team.lead or is_member(team, user_id, groups)


def source_of(team: Team, user_id: str, channel_id: str | None, groups: Collection[str]) -> Source:
    """As whom this person asks: the first matching rule of the file, else member, else other."""
    for rule in team.sources:
        if user_id in rule.users or channel_id in rule.channels or not rule.user_groups.isdisjoint(groups):
            return rule.source
    return Source.TEAMMATE if is_member(team, user_id, groups) else Source.OTHER


def priority_of(
    team: Team, *, asked: Priority, type: RequestType, component: str | None, source: Source
) -> tuple[Priority, PriorityRule | None]:
    """The priority and the first rule that matched; without one, what was asked for."""
    for rule in team.priority_rules:
        if (
            rule.type in (None, type)
            and rule.source in (None, source)
            and rule.urgency in (None, asked)
            and (rule.component is None or rule.component.casefold() == (component or "").casefold())
        ):
            return rule.priority, rule
    return asked, None


def after_work(team: Team, since: datetime, length: timedelta) -> datetime:
    """When this much of the team's working time has passed; its holidays do not count. A day is a working day."""
    return team.working_hours.add(since, length, team.is_holiday)


def after_days(team: Team, since: datetime, days: int) -> datetime:
    """When so many of the team's working days have passed."""
    for _ in range(days):
        since = after_work(team, since, timedelta(days=1))
    return since


def at_work(team: Team, at: datetime) -> datetime:
    """This instant if the team works then, else when it works next."""
    return team.working_hours.next_open(at, team.is_holiday)


def claim_due(team: Team, priority: Priority, since: datetime) -> datetime:
    """Until when somebody should have claimed it: Urgent by the clock, the rest in working time."""
    within = team.claim_within[priority]
    return since + within if priority is Priority.URGENT else after_work(team, since, within)
