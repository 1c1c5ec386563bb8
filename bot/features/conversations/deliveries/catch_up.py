"""Reads a thread of which replies may have been missed, and hears those that were.

The entry's payload is `{channel, thread_ts}`, with `oldest` where only replies after that time count.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from bot.core.messages import Spoken
from bot.feature import Deps
from bot.features.conversations import service
from bot.features.conversations.service import Requests
from bot.outbox.delivery import Delivery, Entry, Ref, Send
from bot.outbox.outcomes import Refused, Stale
from bot.slack.messages import read_message

MOST_PAGES = 50
# Within the lease: what was read of a long thread stays, and the next attempt goes on from there.
TIMEOUT = 14.0
_GONE = frozenset({"thread_not_found", "message_not_found"})


def catch_up(deps: Deps, requests: Requests) -> Delivery:
    """Repeatable: a reply that is known already changes nothing."""

    async def prepare(entry: Entry) -> Send:
        async def send() -> Ref:
            identity = await deps.slack.who_am_i()
            async for page in _pages(deps, entry):
                spoken = [one for one in page if one.author != identity.user_id]
                await deps.transactions.run(service.hear_all, spoken, requests)
            return {}

        return send

    return Delivery(prepare=prepare, rather="delivered", timeout=TIMEOUT)


async def _pages(deps: Deps, entry: Entry) -> AsyncIterator[list[Spoken]]:
    channel: str = entry.payload["channel"]
    arguments: dict[str, Any] = {"channel": channel, "ts": entry.payload["thread_ts"], "limit": 200}
    if entry.payload.get("oldest"):
        arguments["oldest"] = entry.payload["oldest"]
    for _ in range(MOST_PAGES):
        answer = await _replies(deps, arguments)
        found = (read_message(message, channel) for message in answer.get("messages") or ())
        yield [spoken for spoken in found if spoken is not None]
        metadata: Mapping[str, Any] = answer.get("response_metadata") or {}
        cursor = metadata.get("next_cursor")
        if not cursor:
            return
        arguments["cursor"] = cursor


async def _replies(deps: Deps, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        return await deps.slack.call("conversations.replies", **arguments)
    except Refused as error:
        if error.reason in _GONE:
            raise Stale("the thread is gone") from error
        raise
