"""After an absence: an intake channel is read back, and what nobody heard is filed as if it had just been written.

Source: Slack, "conversations.history". What an event brings later, or brought before, changes nothing.
"""

from collections.abc import Mapping
from typing import Any

from bot.core.clock import stopwatch
from bot.core.wire import inner, objects
from bot.feature import Deps
from bot.features.requests import store
from bot.features.requests.desk import Desk
from bot.features.requests.listeners.events import Events
from bot.outbox.delivery import Delivery, Entry, Ref, Send
from bot.outbox.outcomes import Later, Parked
from bot.slack.calls import Event

MOST_PAGES = 10
PAGE = 200
# Seconds, within the lease: what was filed by then stays, and the next attempt goes on from there.
FILING = 8.0
TIMEOUT = 14.0


class Sweeping:
    """The delivery `request.sweep`. Its ref holds how many were filed, and whether something could not be read."""

    def __init__(self, deps: Deps, desk: Desk, events: Events) -> None:
        self._deps = deps
        self._desk = desk
        self._events = events

    def delivery(self) -> Delivery:
        return Delivery(prepare=self._prepare, rather="delivered", timeout=TIMEOUT)

    async def _prepare(self, entry: Entry) -> Send:
        async def sweep() -> Ref:
            try:
                messages, is_cut = await self._read(entry.payload)
                private = await self._is_private(entry.payload["channel"])
            except Parked:
                # Nobody else waits for a channel that is closed to us.
                return {"found": 0, "is_closed": True}
            return {"found": await self._file(entry, messages, private), "is_cut": is_cut}

        return sweep

    async def _read(self, span: Mapping[str, Any]) -> tuple[list[Mapping[str, Any]], bool]:
        """The messages, oldest first, and whether there are more than are read."""
        arguments = {
            "channel": span["channel"],
            "oldest": span["oldest"],
            "latest": span["latest"],
            "limit": PAGE,
        }
        found: list[Mapping[str, Any]] = []
        for _ in range(MOST_PAGES):
            answer = await self._deps.slack.call("conversations.history", **arguments)
            found += objects(answer, "messages")
            cursor = inner(answer, "response_metadata").get("next_cursor")
            if not cursor:
                return found[::-1], False
            arguments["cursor"] = cursor
        return found[::-1], True

    async def _is_private(self, channel: str) -> bool:
        answer = await self._deps.slack.call("conversations.info", channel=channel)
        return bool(inner(answer, "channel").get("is_private"))

    async def _file(self, entry: Entry, messages: list[Mapping[str, Any]], private: bool) -> int:
        began, workspace_id = stopwatch(), await self._desk.workspace()
        events = [self._event(entry, message, workspace_id, private) for message in messages]
        missing = {event.body["ts"]: event for event in events if event is not None}
        read, where = self._deps.transactions.read, (workspace_id, entry.payload["channel"], list(missing))
        # In one question: of what an earlier attempt filed there may be more than can be asked for one by one.
        known = await read(store.made_of, *where)
        for event in (event for ts, event in missing.items() if ts not in known):
            await self._events.missed(event)
            if stopwatch() - began > FILING:
                raise Later("there is more to file", after=0.1, counted=False)
        filed = (await read(store.made_of, *where)).values()
        return sum(created_at >= entry.created_at for created_at in filed)

    def _event(
        self, entry: Entry, message: Mapping[str, Any], workspace_id: str, private: bool
    ) -> Event | None:
        """The event that would have come; None for what bots and Slack itself wrote."""
        user, ts, subtype = message.get("user"), message.get("ts"), message.get("subtype")
        if message.get("bot_id") or not isinstance(user, str) or not isinstance(ts, str):
            return None
        channel = entry.payload["channel"]
        return Event(
            workspace_id=workspace_id,
            event_id=f"sweep:{channel}:{ts}",
            type="message",
            subtype=subtype if isinstance(subtype, str) else None,
            user_id=user,
            body={**message, "channel": channel, "channel_type": "group" if private else "channel"},
            now=self._deps.clock.now(),
        )
