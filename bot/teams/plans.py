"""What a team has planned: its turns, its check-ins, its place in Jira. Values only; the features act on them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Literal


class Every(StrEnum):
    """How often a turn is handed on."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, kw_only=True)
class RotationPlan:
    """Who takes turns and when one hands over, on the wall clock of `timezone`.

    `every` WEEK: each `weeks` weeks, `on` a weekday (Monday 0). MONTH: `on` a day of the month (1 to 31), in a shorter
    month its last. DAY: `on` is None; with `slots` one hands over at each of these times, in their order, and `at` is
    the first. `days`: the weekdays on which somebody is on duty. `topic`: the triage channel's topic may say who it is.
    """

    members: tuple[str, ...]
    every: Every
    on: int | None
    at: time
    starts: date
    user_group: str | None
    timezone: str
    weeks: int = 1
    slots: tuple[time, ...] = ()
    days: frozenset[int] = EVERY_DAY
    topic: bool = True


@dataclass(frozen=True, kw_only=True)
class NthWeekday:
    """The first to fourth (`nth` 1 to 4) or the last (`nth` -1) such weekday of a month, Monday 0."""

    nth: int
    weekday: int


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """Asked when question `after` (from 1) is answered; with `when` only if the answer holds one of these words."""

    after: int
    ask: str
    when: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StandupPlan:
    """One check-in: when it asks, how long it stays open, what it asks. Questions count from 1.

    A check-in belongs to a day. `days` are its weekdays, or with `monthly` those days of each month; with
    `every_weeks` above 1 only those weeks, counted in sevens of days from the Monday of `starts`. With `opens_before`
    it opens at `at` on the day before. `remind_before` None: nobody is reminded. A `meeting` asks nobody: its channel
    is told `remind_before` its time. `weekly_summary`: one summary for a week (Monday to Sunday). `digest`: one more
    message at the end of the week.
    """

    name: str
    at: time
    days: frozenset[int]
    timezone: Literal["member", "team"]
    open_for: timedelta
    remind_before: timedelta | None
    channel: str
    questions: tuple[str, ...]
    blocker_question: int | None
    kind: Literal["checkin", "meeting"] = "checkin"
    every_weeks: int = 1
    starts: date | None = None
    monthly: tuple[NthWeekday, ...] = ()
    opens_before: bool = False
    done_question: int | None = None
    plan_question: int | None = None
    weekly_summary: bool = False
    digest: bool = False
    anonymous: bool = False
    follow_ups: tuple[FollowUp, ...] = ()
    agenda: tuple[str, ...] = ()
    call: str | None = None

    @property
    def series(self) -> str:
        """What tells this check-in from the team's others, also after its times or questions have changed."""
        return self.name.casefold()


@dataclass(frozen=True, kw_only=True)
class PersonPlan:
    """What the team's file says of one person: whose public holidays are theirs (such as `PL` or `DE-BY`)."""

    holidays: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class JiraTarget:
    """Where the team's issues go and what they carry.

    `fields` are values in words by a field's name or id, to begin the form with. `unfurl`: pasted links to issues
    are shown in the team's channels.
    """

    project: str
    issue_type: str
    labels: tuple[str, ...]
    components: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    unfurl: bool = False
