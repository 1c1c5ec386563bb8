"""Every call on the stage as one list: the bot and Slack, the bot and Jira, both ways. Only what is asked for is read."""

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from bot.sandbox.face.inspector import verdicts
from bot.sandbox.face.inspector.verdicts import Verdict
from bot.sandbox.face.stage import Stage
from bot.sandbox.jira.journal import CallRecord
from bot.sandbox.jira.webhooks import Delivery
from bot.sandbox.slack.journal import Record
from bot.sandbox.slack.world import Unknown

PAGE = 100
# A search looks through so many calls before it offers to go on.
MOST_LOOKED_AT = 3000
RECENT = 300
TEN_MS = 0.01
HEALTH_CHECK = ("bot-slack", "auth.test")

WAYS = {
    "bot-slack": "Bot → Slack",
    "slack-bot": "Slack → bot",
    "bot-jira": "Bot → Jira",
    "jira-bot": "Jira → bot",
}


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One call. `took` is in seconds, None while it is under way; `asked` and `answered` are the bodies as they were."""

    id: str
    way: str
    began: float
    at: datetime
    what: str
    status: int | None
    took: float | None
    verdict: Verdict
    asked: Any
    answered: Any
    headers: dict[str, str]

    @property
    def who(self) -> str:
        """Who called whom."""
        return WAYS[self.way]

    @property
    def milliseconds(self) -> str:
        """How long it took, in words."""
        if self.took is None:
            return ""
        return f"{self.took * 1000:,.0f} ms" if self.took >= TEN_MS else f"{self.took * 1000:.1f} ms"


@dataclass(frozen=True, kw_only=True)
class Search:
    """What to show: a way, a kind of verdict, words in it; empty means any. `before` is where an earlier page ended.

    `checks` shows also how the bot looks every few seconds whether Slack is there.
    """

    way: str = ""
    verdict: str = ""
    words: str = ""
    before: float | None = None
    checks: bool = False

    def fits(self, call: Exchange) -> bool:
        """Whether this call is to be shown; the bodies are looked at only when nothing else decides."""
        if self.way not in ("", call.way) or self.verdict not in ("", call.verdict.kind):
            return False
        if not self.checks and (call.way, call.what) == HEALTH_CHECK:
            return False
        words = self.words.casefold()
        return not words or words in f"{call.what} {call.verdict.words}".casefold() or _in_bodies(words, call)


@dataclass(frozen=True, kw_only=True)
class Page:
    """The newest calls that fit, newest first; `before` leads to older ones, None when there are none."""

    calls: list[Exchange]
    before: float | None


def page(stage: Stage, search: Search) -> Page:
    """A page of what was searched for."""
    found: list[Exchange] = []
    began: float | None = None
    for looked_at, (began, read) in enumerate(_newest_first(stage, search.before), start=1):
        call = read()
        if search.fits(call):
            found.append(call)
        if len(found) == PAGE or looked_at == MOST_LOOKED_AT:
            return Page(calls=found, before=began)
    return Page(calls=found, before=None)


def failed(stage: Stage, most: int = 6) -> list[Exchange]:
    """The last calls that did not go well, newest first; only the last few hundred are looked through."""
    recent = (read() for _, read in islice(_newest_first(stage, None), RECENT))
    return list(islice((call for call in recent if _went_wrong(call)), most))


def _went_wrong(call: Exchange) -> bool:
    return call.verdict.kind not in ("fine", "waiting")


def find(stage: Stage, call_id: str) -> Exchange:
    """The call of this id. Raises Unknown, in words."""
    source, _, number = call_id.partition("-")
    kept = _lists(stage).get(source, ())
    if not (number.isdecimal() and number.isascii() and len(number) < 10 and int(number) < len(kept)):
        raise Unknown("This call is not in the journal (any more).")
    return _read(kept[int(number)], call_id)


def mark(stage: Stage) -> tuple[int, ...]:
    """Changes whenever a call begins or ends."""
    records = stage.box.journal.records
    unfinished = sum(1 for record in records[-PAGE * 2 :] if record.finished is None)
    site = stage.jira.site
    return len(records), unfinished, len(site.journal), len(site.webhooks.deliveries)


def _newest_first(stage: Stage, before: float | None) -> "Iterator[tuple[float, Callable[[], Exchange]]]":
    """Each call's beginning and how to read it; lazily, for there may be many thousands of Slack's."""
    lists = _lists(stage)
    records = stage.box.journal.records
    slack = ((records[at].began, "s", at) for at in reversed(range(len(records))))
    # Jira's are written down when they end: a slow one stands behind those that it began before.
    others = sorted(((one.began, key, at) for key in "jw" for at, one in enumerate(lists[key])), reverse=True)
    for began, key, at in heapq.merge(slack, others, reverse=True):
        if before is None or began < before:
            yield began, lambda key=key, at=at: _read(lists[key][at], f"{key}-{at}")


def _lists(stage: Stage) -> "Mapping[str, Sequence[Record | CallRecord | Delivery]]":
    site = stage.jira.site
    return {"s": stage.box.journal.records, "j": site.journal, "w": site.webhooks.deliveries}


def _read(one: Record | CallRecord | Delivery, call_id: str) -> Exchange:
    if isinstance(one, Record):
        return _slack(one, call_id)
    return _jira(one, call_id) if isinstance(one, CallRecord) else _webhook(one, call_id)


def _slack(one: Record, call_id: str) -> Exchange:
    return Exchange(
        id=call_id,
        way="bot-slack" if one.direction == "to_slack" else "slack-bot",
        began=one.began,
        at=one.started,
        what=one.kind,
        status=one.status,
        took=one.took,
        verdict=verdicts.of_slack_call(one),
        asked=one.arguments or one.body.decode("utf-8", "replace"),
        answered=one.response,
        headers=dict(one.headers),
    )


def _jira(one: CallRecord, call_id: str) -> Exchange:
    return Exchange(
        id=call_id,
        way="bot-jira",
        began=one.began,
        at=one.started,
        what=f"{one.method} {one.path}",
        status=one.status or None,
        took=one.took,
        verdict=verdicts.of_jira_call(one),
        asked={"query": one.query, "body": one.body} if one.query else one.body,
        answered=one.response,
        headers={"Content-Type": one.content_type} if one.body is not None else {},
    )


def _webhook(one: Delivery, call_id: str) -> Exchange:
    again = f", try {one.attempt}" if one.attempt > 1 else ""
    return Exchange(
        id=call_id,
        way="jira-bot",
        began=one.began,
        at=one.at,
        what=f"{one.event}{again}",
        status=one.status or None,
        took=one.took,
        verdict=verdicts.of_delivery(one),
        asked=one.payload,
        answered=None,
        headers={"X-Atlassian-Webhook-Identifier": one.identifier},
    )


def _in_bodies(words: str, call: Exchange) -> bool:
    return words in str(call.asked).casefold() or words in str(call.answered).casefold()
