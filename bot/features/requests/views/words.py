"""Sentences about requests, shared by the card, the notices and the lists. Pure."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.calendar import WEEKDAY_NAMES, local_date
from bot.core.leavers import mention
from bot.core.text import clean
from bot.core.wire import objects
from bot.features.requests.domain import Move, Request, State
from bot.features.requests.values import HistoryLine
from bot.slack.mrkdwn import escape, unescape
from bot.teams.domain import Priority

PRIORITY_MARKS = {
    Priority.URGENT: ":red_circle:",
    Priority.HIGH: ":large_orange_circle:",
    Priority.NORMAL: ":large_blue_circle:",
    Priority.LOW: ":white_circle:",
}
_TOKEN = re.compile(r"<([@#!]?)([^<>|\s]*)(?:\|([^<>]*))?>")
_LINK = re.compile(r"https?://|mailto:|tel:")


def as_typed(text: str) -> str:
    """Slack's escaped text as a person typed it: names for labelled mentions, entities decoded.

    A mention without a name stays as its token; `tokens_in` and `with_names` are for those.
    """
    return unescape(_TOKEN.sub(_readable, text))


def _readable(found: re.Match[str]) -> str:
    kind, target, label = found.group(1), found.group(2), found.group(3)
    if kind == "@":
        return f"@{label}" if label else found.group(0)
    if kind == "#":
        return f"#{label}" if label else found.group(0)
    if kind == "!":
        if label:
            return label
        return f"@{target}" if target in ("channel", "here", "everyone") else found.group(0)
    if not _LINK.match(target):
        return found.group(0)
    bare = target.removeprefix("mailto:").removeprefix("tel:")
    return f"{label} ({target})" if label and label not in (target, bare) else bare


def text_of_message(message: Mapping[str, Any]) -> str:
    """What a person wrote in a message, or the names of the files in it; empty when there is neither."""
    text = as_typed(str(message.get("text") or "")).strip()
    if text:
        return text
    names = [str(file.get("name") or "a file") for file in objects(message, "files")]
    return f"File: {', '.join(names)}" if names else ""


def people_in(text: str, most: int = 10) -> list[str]:
    """Ids of the people mentioned without a name, at most so many."""
    found = re.findall(r"<@([UW][A-Z0-9]+)>", text)
    return list(dict.fromkeys(found))[:most]


def with_names(text: str, names: Mapping[str, str]) -> str:
    """The text with names in place of people's ids."""
    return re.sub(
        r"<@([UW][A-Z0-9]+)>", lambda found: f"@{names[found[1]]}" if found[1] in names else found[0], text
    )


def when(at: datetime, zone: ZoneInfo) -> str:
    """An instant in Slack's form: shown in each reader's own zone, with the team's as the fallback."""
    fallback = at.astimezone(zone).strftime("%a %d %b %H:%M %Z")
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} at {{time}}|{fallback}>"


def by(due: datetime, now: datetime, zone: ZoneInfo) -> str:
    """A deadline: `15:40`, or `Monday 10:20` on another day; by this zone's clock in plain text."""
    local = due.astimezone(zone)
    days = (local.date() - local_date(now, zone)).days
    if days == 0:
        shape, day = "{time}", ""
    else:
        shape = "{date_short_pretty} at {time}"
        day = WEEKDAY_NAMES[local.weekday()] if days < 7 else f"{local.day} {local:%b}"
    return f"<!date^{int(due.timestamp())}^{shape}|{f'{day} {local:%H:%M}'.strip()}>"


def ago(at: datetime, now: datetime) -> str:
    """How long ago, kept current by Slack; the fallback is true when it is written."""
    return f"<!date^{int(at.timestamp())}^{{ago}}|{age(at, now)} ago>"


def age(since: datetime, now: datetime) -> str:
    """A length of time in one unit: `5 min`, `3 h`, `2 d`."""
    minutes = max(int((now - since).total_seconds() // 60), 0)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} d"


def person(user_id: str | None) -> str:
    """A person by id, as a mention."""
    return mention(user_id) if user_id else "nobody yet"


def state_words(request: Request, zone: ZoneInfo, original: int | None) -> str:
    """The state with what belongs to it."""
    words = request.state.label
    if request.state is State.SNOOZED and request.snooze_until:
        return f"{words} until {when(request.snooze_until, zone)}"
    if request.state is State.DUPLICATE and original:
        return f"{words} of #{original}"
    return words


# `parts` below fills the braces: all of them are ours or escaped.
_HISTORY = {
    Move.FILE: "{who} filed it",
    Move.CLAIM: "{who} claimed it",
    Move.ASSIGN: "{who} assigned it to {to}",
    Move.RELEASE: "{who} gave it back to the queue",
    Move.WAIT: "{who} waits for the requester",
    Move.ANSWER: "{who} answered: it is the team's move again",
    Move.SNOOZE: "{who} snoozed it until {until}",
    Move.WAKE: "Its snooze is over: it is back in the queue",
    Move.RESOLVE: "{who} resolved it",
    Move.DECLINE: "{who} declined it",
    Move.DUPLICATE: "{who} marked it as a duplicate of #{of}",
    Move.REOPEN: "{who} reopened it",
    Move.PRIORITY: "{who} changed the priority to {priority}",
    Move.EDIT: "{who} edited the message it came from",
}
_NOTICES = {
    Move.CLAIM: "{label}: {who} works on it.",
    Move.ASSIGN: "{label}: {to} works on it.",
    Move.RELEASE: "{label} again: it is back in the queue.",
    Move.WAIT: "{label}: {who} needs an answer from you. Reply in this thread.",
    Move.ANSWER: "{label} again: the team has your answer.",
    Move.SNOOZE: "{label} until {until}. The team comes back to it then.",
    Move.WAKE: "{label} again: the team is back on it.",
    Move.RESOLVE: "{label} by {who}. If it is not solved, reply here and it opens again.",
    Move.DECLINE: "{label} by {who}. If you see it differently, reply here and it opens again.",
    Move.DUPLICATE: "{label} of #{of}{fate}",
    Move.REOPEN: "{label} again: it is open.",
    Move.PRIORITY: "{label}, and its priority is {priority} now.",
}
_FATES = {
    Move.RESOLVE: "{about}. If yours is not solved, reply here.",
    Move.DECLINE: "{about}.",
    Move.REOPEN: "{about} again.",
}


# What those who joined read otherwise: they hold no thread in which an answer would be heard.
_FOR_OTHERS = {
    Move.WAIT: "{label}: {who} needs an answer from {requester}.",
    Move.ANSWER: "{label} again: the team has an answer.",
    Move.RESOLVE: "{label} by {who}. If it is not solved for you, ask with `/ask-team`.",
    Move.DECLINE: "{label} by {who}.",
}


def _parts(line: HistoryLine, zone: ZoneInfo) -> dict[str, str]:
    facts = line.facts
    until, priority = facts.get("until"), facts.get("to")
    return {
        "who": _doer(line),
        "to": person(priority),
        "until": when(datetime.fromisoformat(until), zone) if until else "",
        "of": str(facts.get("of")),
        "fate": f", which is {facts['fate']}. If yours is not solved, reply here."
        if facts.get("fate")
        else ". You will hear here what becomes of that one.",
        "priority": Priority(priority).label if line.move is Move.PRIORITY else "",
    }


def _doer(line: HistoryLine) -> str:
    if line.facts.get("via") == "jira":
        key, name = escape(str(line.facts.get("key"))), escape(clean(str(line.facts.get("by") or "")))
        return f"{name} in Jira ({key})" if name else f"{key} in Jira"
    return person(line.actor) if line.actor else "The clock"


def reason_of(line: HistoryLine) -> str:
    """Why it was declined, in a person's own words; empty for other moves."""
    return str(line.facts.get("reason") or "") if line.move is Move.DECLINE else ""


def history_words(line: HistoryLine, zone: ZoneInfo) -> str:
    """One line of history: who did what."""
    if line.facts.get("via") in _CHOSEN:
        return _of_split(line)
    said = _HISTORY[line.move].format(**_parts(line, zone))
    return f"{said} with a reply" if line.facts.get("via") == "reply" else said


_CHOSEN = ("split", "idle")


def _of_split(line: HistoryLine) -> str:
    """What the team's split of work has done: given it to somebody, passed it on, or taken it back."""
    if line.facts["via"] == "idle":
        holder = person(line.facts.get("from"))
        why = f"{holder} is away" if line.facts.get("away") else f"No word from {holder}"
        return f"{why}, so it is back in the queue"
    to, why = person(line.facts.get("to")), escape(str(line.facts.get("why") or ""))
    return f"{person(line.actor)} gave it on to {to}: {why}" if line.actor else f"Assigned to {to}: {why}"


def notice_words(
    request: Request, line: HistoryLine, original: int | None, zone: ZoneInfo, due: str = ""
) -> str:
    """What the requester reads after a change. `original` is set when it happened to the request theirs joined.

    `due`: by when somebody takes it, where that is promised anew.
    """
    parts = _parts(line, zone)
    if original is not None:
        about = f"#{original}, which asks for the same, is *{line.state.label}*"
        return f"*{request.label}*: {_FATES.get(line.move, '{about}.').format(about=about, **parts)}"
    said = _NOTICES.get(line.move, "{label}.").format(
        label=f"*{request.label}* is *{line.state.label}*", **parts
    )
    if due:
        return f"{said} Answer by {due}."
    return f"{said} You will hear here when somebody takes it." if line.move is Move.RELEASE else said


def notice_for_others(request: Request, line: HistoryLine, original: int | None, zone: ZoneInfo) -> str:
    """The same change for those who joined the request."""
    parts = _parts(line, zone) | {"requester": person(request.requester)}
    if original is not None:
        return f"*{request.label}*: #{original}, which asks for the same, is *{line.state.label}*."
    if line.move is Move.DUPLICATE and line.facts.get("fate"):
        parts["fate"] = f", which is {line.facts['fate']}."
    said = (_NOTICES | _FOR_OTHERS).get(line.move, "{label}.")
    return said.format(label=f"*{request.label}* is *{line.state.label}*", **parts)
