"""Somebody looks for cover: what they look for, and when the channel is asked again. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# The channel is asked at once, and again so long before the shift begins.
AGAIN_BEFORE = tuple(timedelta(hours=hours) for hours in (168, 72, 24, 4, 1))
# Never twice within this.
REST = timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True)
class Cover:
    """`person` looks for somebody to take their hours. `ask_at`: when the channel is asked again; None: no more."""

    id: int
    team_id: int
    person: str
    start: datetime
    end: datetime
    made_by: str
    times_asked: int
    ask_at: datetime | None
    taken_by: str | None
    closed_at: datetime | None
    channel: str | None
    ts: str | None


def next_ask(start: datetime, now: datetime) -> datetime | None:
    """When the channel is asked again after now; None: the shift is too near."""
    times = (start - before for before in AGAIN_BEFORE)
    return next((at for at in times if at >= now + REST), None)
