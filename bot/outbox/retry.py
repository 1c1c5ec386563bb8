"""What follows an attempt that did not succeed: pure decisions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.outbox.delivery import Delivery, Entry
from bot.outbox.outcomes import Doubt, Later, Outcome, Parked, Refused, Stale, Unknowable, Withheld

MOST_FAILURES = 40
PARKED_AGAIN = 45.0
LONGEST_WAIT = 300.0


@dataclass(frozen=True, kw_only=True)
class Again:
    """Try again after `after` seconds. `unsent`: nothing of it can be outside. `parked`: the place is closed."""

    after: float
    failures: int
    looks: int
    unsent: bool
    parked: bool = False


@dataclass(frozen=True, kw_only=True)
class Close:
    """No further attempt."""

    result: Literal["stale", "refused", "dead", "doubtful", "dropped"]


Decision = Again | Close
# What can become of an entry.
RESULTS = ("done", "stale", "refused", "dead", "doubtful", "dropped")


def backoff(failures: int) -> float:
    """Seconds before the attempt after so many failures: 1, 2, 4 … 300."""
    return min(2.0 ** max(failures - 1, 0), LONGEST_WAIT)


def decide(entry: Entry, delivery: Delivery, outcome: Outcome, *, sent_before: bool) -> Decision:
    """What to do after this outcome. `sent_before`: an earlier attempt may have arrived."""
    match outcome:
        case Stale():
            return Close(result="stale")
        case Withheld():
            # The operators hear of the permission elsewhere, once; whoever waits for this is told by `give_up`.
            return Close(result="refused" if delivery.give_up is not None else "stale")
        case Unknowable():
            return Close(result="doubtful")
        case Refused():
            # A complaint about what somebody entered is theirs to mend: nobody else is alarmed.
            is_theirs = bool(outcome.fields) and delivery.give_up is not None
            is_mended = delivery.mends is not None and delivery.mends(entry, outcome)
            return Close(result="refused" if is_theirs or is_mended else "dead")
        case Parked():
            return Again(
                after=PARKED_AGAIN, failures=entry.failures, looks=0, unsent=not sent_before, parked=True
            )
        case Later():
            return _later(entry, outcome, sent_before=sent_before)
        case Doubt():
            return _doubt(entry, delivery)
        case _:
            return _later(entry, Later(outcome.reason), sent_before=sent_before)


def is_over(entry: Entry, delivery: Delivery, now: datetime) -> bool:
    """Whether looking has got no answer for so long that somebody has to decide without one."""
    if delivery.longest_doubt is None or entry.looking_since is None:
        return False
    return (now - entry.looking_since).total_seconds() >= delivery.longest_doubt


def _later(entry: Entry, outcome: Later, *, sent_before: bool) -> Decision:
    failures = entry.failures + outcome.counted
    if failures >= MOST_FAILURES:
        return Close(result="dead")
    after = max(outcome.after, backoff(failures)) if outcome.counted else outcome.after
    return Again(after=after, failures=failures, looks=entry.looks, unsent=not sent_before)


def _doubt(entry: Entry, delivery: Delivery) -> Decision:
    if delivery.at_most_once:
        return Close(result="dropped")
    failures = entry.failures + 1
    if failures >= MOST_FAILURES:
        return Close(result="doubtful")
    after = backoff(failures) if delivery.look_up is None else max(delivery.look_after[0], backoff(failures))
    return Again(after=after, failures=failures, looks=0, unsent=False)
