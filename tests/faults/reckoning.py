"""What became of everything that a crowd did: counted in the workspace, in Jira and in the database.

The bot's own figures are not asked; what its outbox says of itself is compared with what really stands outside.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from bot.features.requests.models import requests
from bot.features.rotation.models import rotation_changes
from bot.features.standup.models import standup_checkins
from bot.features.tickets.models import tickets
from bot.outbox.models import outbox
from bot.sandbox.slack.journal import Record
from bot.teams.models import teams
from tests.faults.crowd import Asked, Crowd, says_no
from tests.faults.life import Place

# Seconds until everything is sent after the trouble is over: what is in doubt is looked up first, and Slack answers
# fifty such questions a minute.
PATIENCE = 300.0
ANSWERED_WITHIN = 10.0
AROUND = 20.0


@dataclass(frozen=True, kw_only=True)
class Reckoning:
    """The figures of one run. `lost`, `doubled` and `untrue` name what they count.

    `untrue`: the outbox says otherwise than the workspace. `kept`: somebody was told that it was not recorded, or saw
    Slack's error, and it was: a commit that nobody heard of any more. `unanswered`: Slack gave up waiting.
    """

    sent: Mapping[str, int]
    recorded: int
    told: int
    failed: int
    unanswered: int
    given_up: int
    kept: list[str]
    lost: list[str]
    doubled: list[str]
    untrue: list[str]
    worst: float

    @property
    def acts(self) -> int:
        """How many acts there were."""
        return sum(self.sent.values())


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What the database holds at the end."""

    requests: list[Any]
    tickets: list[Any]
    answers: list[str]
    changes: Counter[str]
    wishes: list[Any]
    open: int


@dataclass
class _Found:
    lost: list[str] = field(default_factory=list[str])
    doubled: list[str] = field(default_factory=list[str])
    kept: list[str] = field(default_factory=list[str])

    def count(self, place: Place, asked: Asked, number: int, *, recorded: bool) -> None:
        """Whether as much is there as its person believes."""
        if number == 0 and recorded:
            lines = [f"{asked.kind} {asked.words} ({asked.said!r})", *_around(place, asked)]
            self.lost.append("\n  ".join(lines))
        if number > 1:
            self.doubled.append(f"{asked.kind} {asked.words} × {number}")
        if number and not recorded:
            self.kept.append(f"{asked.kind} {asked.words} ({asked.said!r})")


async def settled(place: Place) -> None:
    """Returns when every event was acknowledged or given up, and nothing is left to be sent."""
    await place.box.events_delivered(PATIENCE)
    async with asyncio.timeout(PATIENCE):
        while await place.hurry():
            await asyncio.sleep(0.1)


async def reckon(crowd: Crowd) -> Reckoning:
    """Everything counted, once all has settled."""
    place = crowd.place
    stored = await place.database.read(_stored)
    answered = {asked: _is_recorded(place, asked) for asked in crowd.done}
    found = _Found()
    for asked in crowd.done:
        found.count(place, asked, _number_of(place, stored, asked), recorded=answered[asked])
    _count_posts(place, stored, found)
    _count_issues(place, stored, found)
    outcomes = Counter(asked.outcome for asked in crowd.done)
    told = [call for call in place.box.journal.told() if call.took is not None]
    events = Counter(answered[asked] for asked in crowd.done if asked.outcome == "sent")
    return Reckoning(
        sent=dict(Counter(asked.kind for asked in crowd.done)),
        recorded=outcomes["recorded"] + events[True],
        told=outcomes["told"],
        failed=outcomes["failed"] + events[False],
        unanswered=sum(call.response == "operation_timeout" for call in told),
        given_up=sum(row.result in ("dead", "doubtful") for row in stored.wishes),
        kept=found.kept,
        lost=found.lost,
        doubled=found.doubled,
        untrue=_untrue(place, stored),
        worst=max((call.took or 0.0 for call in told if call.status is not None), default=0.0),
    )


# By the key of the team. Each desk's duty is taken once at most.
_TAKEOVERS = select(teams.c.key).join_from(rotation_changes, teams, teams.c.id == rotation_changes.c.team_id)


def _stored(connection: Connection) -> Stored:
    def rows(*columns: Any) -> list[Any]:
        return list(connection.execute(select(*columns)))

    waiting = select(func.count()).select_from(outbox).where(outbox.c.closed_at.is_(None))
    return Stored(
        requests=rows(requests.c.id, requests.c.summary, requests.c.assignee, requests.c.door),
        tickets=rows(tickets.c.id, tickets.c.label, tickets.c.issue_key, tickets.c.request_id),
        answers=[str(row[0]) for row in rows(standup_checkins.c.answers)],
        changes=Counter(str(row.key) for row in connection.execute(_TAKEOVERS)),
        wishes=rows(outbox.c.dedup, outbox.c.kind, outbox.c.result, outbox.c.ref),
        open=connection.scalar(waiting) or 0,
    )


def _is_recorded(place: Place, asked: Asked) -> bool:
    """Whether its person may rely on it. An event counts once it was acknowledged."""
    if asked.outcome != "sent":
        return asked.outcome == "recorded" and not _was_told_later(place, asked)
    return any(call.status == 200 and _text_of(call) == asked.words for call in _messages(place))


def _was_told_later(place: Place, asked: Asked) -> bool:
    """Whether the answer to a click came when its person had stopped looking: on a slow day Slack brings it later."""
    return asked.said == "" and any(
        message.ephemeral_to == asked.by
        and asked.at <= float(message.ts) <= asked.at + ANSWERED_WITHIN
        and says_no(place.box.workspace.text_of(message))
        for message in place.box.workspace.world.ephemerals
    )


def _around(place: Place, asked: Asked) -> list[str]:
    """What its person was shown and what the bot wrote down at that time, for whoever has to explain a loss."""
    if place.life is None or not asked.at:
        return []
    workspace = place.box.workspace
    shown = [
        f"{float(message.ts):.2f} shown: {workspace.text_of(message)!r}"
        for message in workspace.world.ephemerals
        if message.ephemeral_to == asked.by and abs(float(message.ts) - asked.at) < AROUND
    ]
    calls = [
        f"{call.started.timestamp():.2f} {call.direction} {call.kind} {call.status} {call.fault} {call.took}"
        for call in workspace.journal
        if abs(call.started.timestamp() - asked.at) < AROUND and call.kind != "event:message"
    ]
    written = [
        f"{at:.2f} {line}"
        for line in place.life.lines
        if abs((at := datetime.fromisoformat(line["timestamp"]).timestamp()) - asked.at) < AROUND
    ]
    return [f"asked at {asked.at:.2f}", *sorted([*shown, *calls, *written])]


def _messages(place: Place) -> list[Record]:
    return place.box.journal.told("event:message")


def _text_of(call: Record) -> str:
    event = call.arguments.get("event")
    return str(event.get("text")) if isinstance(event, dict) else ""


def _number_of(place: Place, stored: Stored, asked: Asked) -> int:
    match asked.kind:
        case "line" | "form" | "message":
            return sum(row.summary == asked.words for row in stored.requests)
        case "claim":
            return sum(_is_card_of(asked, row.id) and bool(row.assignee) for row in stored.requests)
        case "issue":
            return sum(_is_card_of(asked, row.request_id) for row in stored.tickets)
        case "comment":
            return sum(
                asked.words in place.box.workspace.text_of(message)
                for channel in place.box.workspace.world.channels.values()
                for message in channel.messages.values()
                if message.bot_id and message.is_reply
            )
        case "check-in":
            return sum(asked.words in text for text in stored.answers)
        case "takeover":
            return stored.changes[asked.words]


def _is_card_of(asked: Asked, request_id: int | None) -> bool:
    return asked.words == f"req:{request_id}:card"


def _count_posts(place: Place, stored: Stored, found: _Found) -> None:
    """Each request has its card and its receipt; no name of the outbox stands twice in the workspace."""
    posts = place.posts()
    for row in stored.requests:
        found.lost += [
            f"req:{row.id}:{what}" for what in ("card", "receipt") if not posts[f"req:{row.id}:{what}"]
        ]
    found.doubled += [f"{name} × {count}" for name, count in posts.items() if count > 1]


def _count_issues(place: Place, stored: Stored, found: _Found) -> None:
    if place.jira is None:
        return
    made = Counter(label for issue in place.jira.site.issues() for label in issue.labels)
    for row in stored.tickets:
        if row.issue_key is not None and made[row.label] != 1:
            (found.lost if not made[row.label] else found.doubled).append(f"issue of {row.label}")
    known = {row.label for row in stored.tickets}
    ours = [label for label in made if re.fullmatch(r"frontdesk-\w+", label)]
    found.doubled += [f"issue of nobody: {label}" for label in ours if label not in known]


def _untrue(place: Place, stored: Stored) -> list[str]:
    """Where the outbox and the workspace do not agree."""
    posts = place.posts()
    done = {row.dedup for row in stored.wishes if row.result == "done" and (row.ref or {}).get("ts")}
    missing = [f"done and not there: {name}" for name in done if not posts[name]]
    # Posted, its answer lost, and not needed any more when it was to be looked for: it stays as it was written.
    overtaken = {row.dedup for row in stored.wishes if row.result == "stale"}
    unknown = [f"there and not done: {name}" for name in posts if name not in done | overtaken]
    return [*missing, *unknown, *([f"{stored.open} still open"] if stored.open else [])]
