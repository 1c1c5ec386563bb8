"""Alarms that follow from a stored fact: wished for in its transaction, sent by the relay."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from bot.alarms import dead
from bot.alarms.ways import Ways
from bot.outbox.delivery import Delivery, Entry, Ref, Send
from bot.outbox.outcomes import Parked, Stale
from bot.outbox.unit_of_work import Transactions, UnitOfWork
from bot.slack.blocks import Message
from bot.slack.posting import Post, post_delivery

CHANNEL = "alarm"
WEBHOOK = "alarm.webhook"
ONCE_IN = timedelta(hours=1)

Words = Callable[[Entry], Awaitable[str]]


def alarm(uow: UnitOfWork, text: str, dedup_key: str) -> None:
    """Tells the operators after the commit, by every way that is set. A key is told once, for days."""
    for kind in (CHANNEL, WEBHOOK):
        uow.enqueue(kind, {"text": text, "dedup_key": dedup_key}, once=f"{kind}:{dedup_key}"[:200])


def place_closed(uow: UnitOfWork, entry: Entry, parked: Parked) -> None:
    """A channel is closed to us: told once an hour and place."""
    if entry.kind in (CHANNEL, WEBHOOK):
        return
    place = parked.reason.removeprefix("closed:")
    alarm(
        uow,
        f"Frontdesk cannot write in <#{place}> ({place}). Invite the bot there (/invite) or unarchive the channel; "
        "what waits for it is written by itself after that.",
        f"frontdesk/closed/{place}/{uow.now:%Y-%m-%dT%H}",
    )


def given_up(uow: UnitOfWork, entry: Entry, result: str, reason: str) -> None:
    """Something could not be sent for good: told at once, then at most once an hour and kind, with all since."""
    if entry.kind in (CHANNEL, WEBHOOK):
        return
    last = dead.last_told(uow.connection, CHANNEL, _key(entry.kind))
    if last is not None and last.claimed_at is None:
        # One that waits will tell of this one too.
        return
    since, at = uow.now, uow.now
    if last is not None and last.run_at > uow.now - ONCE_IN:
        # Another bot's clock, or its wait for this very row, may put its claim after what is given up here.
        since, at = min(last.claimed_at or uow.now, uow.now), last.run_at + ONCE_IN
    told = {"kind": entry.kind, "since": since.isoformat(), "example": entry.id}
    dedup_key = f"{_key(entry.kind)}{at.isoformat()}"
    for kind in (CHANNEL, WEBHOOK):
        payload = {"dead": told, "dedup_key": dedup_key}
        uow.enqueue(kind, payload, once=f"{kind}:{dedup_key}"[:200], not_before=at)


def _key(kind: str) -> str:
    return f"frontdesk/dead/{kind}/"


def deliveries(ways: Ways, transactions: Transactions) -> Mapping[str, Delivery]:
    """How the relay sends alarms."""

    async def words(entry: Entry) -> str:
        told = entry.payload.get("dead")
        if told is None:
            return entry.payload["text"]
        since = datetime.fromisoformat(told["since"])
        letters = await transactions.read(dead.since, told["kind"], since, told["example"])
        if letters is None:
            raise Stale("tried again or dropped already")
        return dead.in_words(letters)

    return {CHANNEL: _to_channel(ways, words), WEBHOOK: _to_webhook(ways, words)}


def _to_channel(ways: Ways, words: Words) -> Delivery:
    async def render(entry: Entry) -> Post:
        if not ways.channel:
            raise Stale("ALERT_CHANNEL is not set")
        return Post(message=Message(text=await words(entry)), channel=ways.channel)

    return post_delivery(ways.slack, render, rather="delivered")


def _to_webhook(ways: Ways, words: Words) -> Delivery:
    async def prepare(entry: Entry) -> Send:
        if not ways.webhook:
            raise Stale("ALERT_WEBHOOK_URL is not set")
        text = await words(entry)

        async def send() -> Ref:
            await asyncio.shield(ways.to_webhook(text, entry.payload["dedup_key"]))
            return {}

        return send

    return Delivery(prepare=prepare, rather="delivered")
