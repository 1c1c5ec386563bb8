"""When the bot was away, and how far back it reads: pure rules."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# What Slack sends again by itself comes within these minutes ("Events API": at once, after 1 and after 5 minutes).
BORNE = timedelta(minutes=5)
# A message that came just before we fell silent may not have been stored.
BEFORE = timedelta(seconds=60)
FARTHEST = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class Absence:
    """From when to when nobody surely heard. What was written since `read_from` is read; `is_cut`: not all of it."""

    began: datetime
    ended: datetime
    read_from: datetime
    is_cut: bool


def absence(last_heard: datetime | None, now: datetime) -> Absence | None:
    """What there is to read back; None where Slack's own repetition was enough, and at the very first start."""
    if last_heard is None or now - last_heard <= BORNE:
        return None
    start = max(last_heard - BEFORE, now - FARTHEST)
    return Absence(began=last_heard, ended=now, read_from=start, is_cut=start > last_heard)
