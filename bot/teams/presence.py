"""Whether somebody is there on a day, and by which clock their day goes. Pure; the registers hold the facts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.calendar import find_zone, instant


@dataclass(frozen=True, kw_only=True)
class Absence:
    """Somebody is away from the first to the last day, both included, on their own calendar."""

    id: int
    user_id: str
    first_day: date
    last_day: date
    reason: str
    set_by: str


def away_on(known: Iterable[Absence], user_id: str, day: date) -> Absence | None:
    """The absence of this person that covers the day."""
    return next((a for a in known if a.user_id == user_id and a.first_day <= day <= a.last_day), None)


@dataclass(frozen=True, kw_only=True)
class Choices:
    """`reminders`: they want to be reminded. `holidays`: whose public holidays are theirs; None: as their team says."""

    reminders: bool = True
    holidays: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Known:
    """A zone that a profile named, and since when the bot knows."""

    zone: str
    known_at: datetime


def zone_on(history: Sequence[Known], day: date, *, ahead: bool = False, otherwise: ZoneInfo) -> ZoneInfo:
    """The zone by which somebody's day goes, of a history in the order of `known_at`; `otherwise` without any.

    A change counts from the first day that had not begun in either zone when the bot came to know of it. So every
    day has exactly one zone, which is certain before the day begins. With `ahead`, before the day before it begins.
    """
    begins = day - timedelta(days=1) if ahead else day
    zones = [(find_zone(known.zone) or otherwise, known.known_at) for known in history]
    if not zones:
        return otherwise
    current = zones[0][0]
    for zone, known_at in zones[1:]:
        if known_at > min(_midnight(begins, current), _midnight(begins, zone)):
            break
        current = zone
    return current


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return instant(day, time(0), zone)
