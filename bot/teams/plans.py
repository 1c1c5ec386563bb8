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
    TWO_WEEKS = "2 weeks"

    @property
    def days(self) -> int:
        """The length of a regular turn in days of the wall calendar."""
        return {Every.DAY: 1, Every.WEEK: 7, Every.TWO_WEEKS: 14}[self]


@dataclass(frozen=True, kw_only=True)
class RotationPlan:
    """Who takes turns and when one hands over, on the wall clock of `timezone`. `on` is a weekday, Monday 0."""

    members: tuple[str, ...]
    every: Every
    on: int | None
    at: time
    starts: date
    user_group: str | None
    timezone: str


@dataclass(frozen=True, kw_only=True)
class StandupPlan:
    """One check-in: when it asks, how long it stays open, what it asks. `blocker_question` counts from 1."""

    name: str
    at: time
    days: frozenset[int]
    timezone: Literal["member", "team"]
    open_for: timedelta
    remind_before: timedelta | None
    channel: str
    questions: tuple[str, ...]
    blocker_question: int | None


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
