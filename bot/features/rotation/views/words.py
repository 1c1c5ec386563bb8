"""Words that several messages of the rotation share."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.leavers import mention
from bot.features.rotation.domain import Gap, Shift, Why
from bot.slack import blocks, dates
from bot.slack.blocks import Message

HOUR = timedelta(hours=1)


def person(user_id: str) -> str:
    """A person by id, as a mention."""
    return mention(user_id)


def people(user_ids: Sequence[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    return listed([person(one) for one in user_ids])


def listed(parts: Sequence[str]) -> str:
    """The same of words."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def said(mrkdwn: str) -> Message:
    """A short message."""
    return Message(text=mrkdwn, blocks=[blocks.section(mrkdwn)])


def span(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """`from Mon 30 Nov, 10:00 until Tue 1 Dec, 10:00`."""
    return f"from {dates.moment(start, zone)} until {dates.moment(end, zone)}"


def why(shift: Shift) -> str:
    """Why it is not simply their turn; empty where it is."""
    if shift.instead_of is None or shift.why is Why.TURN:
        return ""
    if shift.why is Why.OVERRIDE:
        return f" (for {person(shift.instead_of)})"
    return f" ({person(shift.instead_of)} is not there)"


def line(piece: Shift | Gap, zone: ZoneInfo) -> str:
    """One line of a list."""
    hours = f"{dates.day_and_time(piece.start, zone)} – {_end(piece, zone)}"
    if isinstance(piece, Shift):
        return f"• {hours}: {person(piece.person)}{why(piece)}"
    return f"• {hours}: {_NOBODY[piece.why]}"


def _end(piece: Shift | Gap, zone: ZoneInfo) -> str:
    """When it ends: without the day where it is the one that it begins on."""
    same = piece.start.astimezone(zone).date() == piece.end.astimezone(zone).date()
    return dates.clock(piece.end, zone) if same else dates.day_and_time(piece.end, zone)


_NOBODY = {
    "nobody_left": "*nobody*: all are away",
    "no_slot": "nobody, as planned",
    "not_begun": "nobody yet: it has not begun",
}
