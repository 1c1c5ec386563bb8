"""Alarms that follow from a stored fact: wished for in its transaction, sent by the relay."""

import asyncio
from collections.abc import Mapping

from bot.alarms.ways import Ways
from bot.core.text import cut
from bot.outbox.delivery import Delivery, Entry, Ref, Send
from bot.outbox.outcomes import Parked, Stale
from bot.outbox.unit_of_work import UnitOfWork
from bot.slack.blocks import Message
from bot.slack.mrkdwn import escape
from bot.slack.posting import Post, post_delivery

CHANNEL = "alarm"
WEBHOOK = "alarm.webhook"


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


def given_up(uow: UnitOfWork, entry: Entry, reason: str) -> None:
    """Something could not be sent for good: told once an hour and kind."""
    if entry.kind in (CHANNEL, WEBHOOK):
        return
    alarm(
        uow,
        f"Frontdesk gave up on {entry.kind} (entry {entry.id}): {escape(cut(reason, 300))}. "
        "`frontdesk doctor` lists what was given up.",
        f"frontdesk/dead/{entry.kind}/{uow.now:%Y-%m-%dT%H}",
    )


def deliveries(ways: Ways) -> Mapping[str, Delivery]:
    """How the relay sends alarms."""
    return {CHANNEL: _to_channel(ways), WEBHOOK: _to_webhook(ways)}


def _to_channel(ways: Ways) -> Delivery:
    async def render(entry: Entry) -> Post:
        if not ways.channel:
            raise Stale("ALERT_CHANNEL is not set")
        return Post(message=Message(text=entry.payload["text"]), channel=ways.channel)

    return post_delivery(ways.slack, render, rather="delivered")


def _to_webhook(ways: Ways) -> Delivery:
    async def prepare(entry: Entry) -> Send:
        if not ways.webhook:
            raise Stale("ALERT_WEBHOOK_URL is not set")

        async def send() -> Ref:
            await asyncio.shield(ways.to_webhook(entry.payload["text"], entry.payload["dedup_key"]))
            return {}

        return send

    return Delivery(prepare=prepare)
