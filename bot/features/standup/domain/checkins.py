"""A round, somebody's check-in in it, a blocker: values, and what may become of them. Pure; time comes in as `now`.

A round is one check-in of a team on one day. It holds one check-in for each person who was asked, or who answered
early or left it out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.features.standup.domain.schedule import Opening
from bot.teams.plans import FollowUp, StandupPlan


class State(StrEnum):
    """Where somebody's check-in stands. MISSED: the bot was not there to ask."""

    ASKED = "asked"
    ANSWERED = "answered"
    SKIPPED = "skipped"
    AWAY = "away"
    MISSED = "missed"

    @property
    def is_final(self) -> bool:
        """Whether nobody waits for an answer any more."""
        return self is not State.ASKED


# With nothing but these there is nothing to tell: nobody was there, or the bot was not.
NOBODY_ASKED = frozenset({State.MISSED, State.AWAY})


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a round asks, as it stood when the round began: a later change of the plan is for later rounds."""

    questions: tuple[str, ...]
    blocker_question: int | None = None
    plan_question: int | None = None
    done_question: int | None = None
    follow_ups: tuple[FollowUp, ...] = ()
    anonymous: bool = False
    weekly_summary: bool = False
    digest: bool = False

    @property
    def all_questions(self) -> tuple[str, ...]:
        """Those of follow-ups too, in the order of `Checkin.answers`."""
        return (*self.questions, *(one.ask for one in self.follow_ups))

    @classmethod
    def of_plan(cls, plan: StandupPlan) -> "Asked":
        """What this plan asks now."""
        return cls(
            questions=plan.questions,
            blocker_question=plan.blocker_question,
            plan_question=plan.plan_question,
            done_question=plan.done_question,
            follow_ups=plan.follow_ups,
            anonymous=plan.anonymous,
            weekly_summary=plan.weekly_summary,
            digest=plan.digest,
        )


@dataclass(frozen=True, kw_only=True)
class Round:
    """One check-in of a team on one day. `period` is the first day its summary is about; `closed_at` None: open."""

    id: int
    team_id: int
    series: str
    name: str
    day: date
    period: date
    asked: Asked
    channel: str
    closes_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Checkin:
    """One person's part of a round.

    `answers` holds one text for each question ("" where there is none), then those to follow-ups in the order of
    `Asked.follow_ups`; it is empty until something is answered. `asking` is the place in `answers` that the talk in
    the direct message has come to. `note`: why somebody skips or is away.
    """

    id: int
    round_id: int
    user_id: str
    day: date
    zone: str
    opens_at: datetime
    closes_at: datetime
    state: State
    note: str = ""
    answers: tuple[str, ...] = ()
    asking: int | None = None
    suggested: Mapping[str, Any] = field(default_factory=dict[str, Any])
    shuffle: str = ""
    prompt_channel: str | None = None
    prompt_ts: str | None = None
    reminder_channel: str | None = None
    reminder_ts: str | None = None
    reminded_at: datetime | None = None
    answered_at: datetime | None = None
    is_late: bool = False
    updated_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether it asks just now."""
        return self.opens_at <= now < self.closes_at


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A check-in of one person: the plan, its opening, and their row where there is one."""

    plan: StandupPlan
    opening: Opening
    checkin: Checkin | None


@dataclass(frozen=True, kw_only=True)
class Blocker:
    """Something in somebody's way, until it is closed. `is_anonymous`: it came up where nobody is named."""

    id: int
    checkin_id: int
    team_id: int
    series: str
    user_id: str
    text: str
    day: date
    raised_at: datetime
    closed_at: datetime | None = None
    closed_by: str | None = None
    how: str | None = None
    request_id: int | None = None
    number: int | None = None
    is_anonymous: bool = False

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


def answer_at(checkin: Checkin, place: int) -> str:
    """The answer at this place of `answers`; "" where there is none."""
    return checkin.answers[place] if place < len(checkin.answers) else ""


def answer_to(asked: Asked, answers: Sequence[str], question: int | None) -> str:
    """The answer to this question, counted from 1; "" where there is none."""
    if question is None or not 0 < question <= min(len(asked.questions), len(answers)):
        return ""
    return answers[question - 1]
