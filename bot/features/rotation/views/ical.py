"""Shifts as a calendar (RFC 5545), for calendar programs that fetch an address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.features.rotation.domain import Shift

# How often programs are asked to look again.
EVERY = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A shift in a team's rotation."""

    team_id: int
    team: str
    shift: Shift


def calendar(title: str, turns: Sequence[Turn], names: Mapping[str, str], now: datetime) -> bytes:
    """The calendar's text. A shift keeps its UID as long as it begins at the same instant for the same person."""
    # Loading it costs a tenth of a second: only where somebody has a calendar.
    import icalendar

    # Its methods have no types.
    made: Any = icalendar.Calendar()
    made.add("prodid", "-//Frontdesk//Rotation//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", title)
    made.add("refresh-interval", EVERY, {"value": "DURATION"})
    made.add("x-published-ttl", EVERY)
    for turn in turns:
        event = icalendar.Event()
        _fill(event, turn, names, now)
        made.add_component(event)
    return made.to_ical()


def _fill(event: Any, turn: Turn, names: Mapping[str, str], now: datetime) -> None:
    shift = turn.shift
    name = names.get(shift.person, shift.person)
    event.add("uid", f"{turn.team_id}-{int(shift.start.timestamp())}-{shift.person}@frontdesk")
    event.add("dtstamp", now)
    event.add("dtstart", shift.start)
    event.add("dtend", shift.end)
    event.add("summary", f"{name} on duty: {turn.team}")
    event.add("transp", "TRANSPARENT")
    if shift.instead_of is not None:
        event.add("description", f"In place of {names.get(shift.instead_of, shift.instead_of)}")
