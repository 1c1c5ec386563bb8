"""Operators read once that the bot was away, and what was found."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.absence import store
from bot.absence.domain import FARTHEST
from bot.absence.store import Read
from bot.alarms.ways import Ways
from bot.core.logs import logger
from bot.outbox.delivery import Delivery, Entry
from bot.outbox.outcomes import Stale
from bot.outbox.unit_of_work import Transactions
from bot.slack.blocks import Message
from bot.slack.dates import moment
from bot.slack.posting import Post, post_delivery

REPORT = "absence.report"
SWEEP = "request.sweep"
_UTC = ZoneInfo(UTC.tzname(None))

log = logger(__name__)


def deliveries(ways: Ways, transactions: Transactions) -> Mapping[str, Delivery]:
    """The report; it comes after all that was read back. It is in the log too."""

    async def render(entry: Entry) -> Post:
        read = await transactions.read(store.read_in, entry.payload["lane"], SWEEP)
        log.warning("absence.read_back", found=_found(read), channels=len(read), not_read=_not_read(read))
        if not ways.channel:
            raise Stale("ALERT_CHANNEL is not set")
        return Post(message=Message(text=words(entry.payload, read)), channel=ways.channel)

    return {REPORT: post_delivery(ways.slack, render, rather="delivered")}


def words(told: Mapping[str, Any], read: Sequence[Read]) -> str:
    """The report's text."""
    began, ended = (moment(datetime.fromisoformat(told[name]), _UTC) for name in ("began", "ended"))
    found = _found(read)
    filed = {0: "no message that was missing", 1: "1 message and filed it"}.get(
        found, f"{found} messages and filed them"
    )
    parts = [
        f"Frontdesk was away from {began} to {ended}. It read the intake channels back and found {filed}."
    ]
    if told["is_cut"] or any(one.ref.get("is_cut") for one in read):
        hours = round(FARTHEST.total_seconds() / 3600)
        parts.append(f"It did not read everything: at most {hours} hours and 2,000 messages of a channel.")
    if missing := _not_read(read):
        parts.append(f"It could not read {', '.join(f'<#{one}> ({one})' for one in missing)}.")
    parts.append("Mentions, direct messages and emoji of that time are not made up for: please repeat them.")
    return " ".join(parts)


def _found(read: Sequence[Read]) -> int:
    return sum(int(one.ref.get("found", 0)) for one in read)


def _not_read(read: Sequence[Read]) -> list[str]:
    return [one.channel for one in read if one.result != "done" or one.ref.get("is_closed")]
