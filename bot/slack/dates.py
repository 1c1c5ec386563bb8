"""Instants that every reader sees on their own clock (Slack, "Formatting message text", dates), with words beside."""

from datetime import datetime
from zoneinfo import ZoneInfo


def moment(at: datetime, zone: ZoneInfo) -> str:
    """`Mon 30 Nov, 10:00`; the zone is for where Slack does not tell the time itself."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} at {{time}}|{fallback(at, zone)}>"


def day_and_time(at: datetime, zone: ZoneInfo) -> str:
    """The same with the day of the week, for lists."""
    return f"<!date^{int(at.timestamp())}^{{date_long_pretty}}, {{time}}|{fallback(at, zone)}>"


def clock(at: datetime, zone: ZoneInfo) -> str:
    """`14:00`."""
    return f"<!date^{int(at.timestamp())}^{{time}}|{at.astimezone(zone):%H:%M}>"


def fallback(at: datetime, zone: ZoneInfo) -> str:
    """`Mon 30 Nov, 10:00` on the wall clock of the zone."""
    then = at.astimezone(zone)
    return f"{then:%a} {then.day} {then:%b}, {then:%H:%M}"
