"""How it went over some weeks: who took part, how soon they answered. Pure."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from bot.features.standup.domain.checkins import NOBODY_ASKED, Checkin, State


@dataclass(frozen=True, kw_only=True)
class Share:
    """How many of the check-ins that somebody was asked for they answered; `late` are among them."""

    answered: int
    asked: int
    late: int = 0

    @property
    def percent(self) -> int:
        return round(100 * self.answered / self.asked) if self.asked else 0


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Participation in one check-in, by person as far as it was not anonymous."""

    name: str
    total: Share
    people: Mapping[str, Share]
    median_answer: timedelta | None


def figures(name: str, checkins: Sequence[Checkin], *, anonymous: Collection[int] = ()) -> Figures:
    """The figures of these check-ins of one series; in the `anonymous` rounds of them nobody is named."""
    counted = [one for one in checkins if one.state not in NOBODY_ASKED]
    by_person: dict[str, list[Checkin]] = defaultdict(list)
    for one in counted:
        if one.round_id not in anonymous:
            by_person[one.user_id].append(one)
    took = [one.answered_at - one.opens_at for one in counted if one.answered_at and not one.is_late]
    # Whoever answered early took no time at all.
    waits = [max(length.total_seconds(), 0.0) for length in took]
    return Figures(
        name=name,
        total=_share(counted),
        people={user_id: _share(own) for user_id, own in by_person.items()},
        median_answer=timedelta(seconds=median(waits)) if waits else None,
    )


def _share(checkins: Sequence[Checkin]) -> Share:
    answered = [one for one in checkins if one.state is State.ANSWERED]
    return Share(answered=len(answered), asked=len(checkins), late=sum(one.is_late for one in answered))
