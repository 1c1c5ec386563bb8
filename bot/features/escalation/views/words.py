"""Sentences of escalation, shared by its messages and the card. Pure."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.leavers import mention
from bot.features.escalation.domain.ladder import Ladder, Stand
from bot.features.escalation.domain.split import Why, reason
from bot.slack.mrkdwn import escape


def person(user_id: str | None) -> str:
    """A person by id, as a mention."""
    return mention(user_id) if user_id else "nobody yet"


def when(at: datetime, zone: ZoneInfo) -> str:
    """An instant in Slack's form: shown in each reader's own zone, with the team's as the fallback."""
    fallback = at.astimezone(zone).strftime("%a %d %b %H:%M")
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} at {{time}}|{fallback}>"


def length(of: timedelta) -> str:
    """A length of time in one unit: `5 min`, `3 h`, `2 d`."""
    minutes = max(int(of.total_seconds() // 60), 0)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} d"


def note(ladder: Ladder | None, stand: Stand, assignee: str | None) -> str | None:
    """Why the request has the person it has, or nobody, in a few words; None where there is nothing to say."""
    if ladder is None or ladder.note is None:
        return None
    given, why, limit = ladder.note.get("person"), ladder.note.get("why"), ladder.note.get("limit")
    if given is not None:
        name = ladder.note.get("name")
        words = reason(Why(str(why)), str(name) if name else None)
        return f"Assigned to {person(assignee)}: {escape(words)}" if given == assignee else None
    if stand is not Stand.NEW:
        return None
    return f"Nobody has room: {limit} open each" if why == Why.NO_ROOM else "Nobody is there to take it"
