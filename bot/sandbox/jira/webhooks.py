"""Outgoing webhooks as an administrator registers them: signed, identified, tried again on failure.

Documentation: https://developer.atlassian.com/cloud/jira/platform/webhooks/. No filters by JQL.
"""

import asyncio
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp

RETRIED = frozenset({408, 409, 425, 429}) | frozenset(range(500, 600))


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """Where events go; no `events` means all of them."""

    url: str
    secret: str = ""
    events: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One attempt to deliver an event; `status` 0 means that nobody answered.

    `at` is the site's time when it began; `began` and `took` are seconds of a clock that nobody can move.
    """

    event: str
    identifier: str
    attempt: int
    status: int
    at: datetime
    url: str
    payload: Mapping[str, Any]
    began: float
    took: float


class Webhooks:
    """The registered webhooks and what became of each event; `clock` gives the site's time."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self.registered: list[Webhook] = []
        self.deliveries: list[Delivery] = []
        self.retry_delays: tuple[float, ...] = ()
        self._queue: asyncio.Queue[tuple[str, Mapping[str, Any]]] = asyncio.Queue()

    def add(self, url: str, *, secret: str = "", events: frozenset[str] = frozenset()) -> None:
        """Register a webhook; from now on changes are sent there by themselves."""
        self.registered.append(Webhook(url=url, secret=secret, events=events))

    def emit(self, event: str, payload: Mapping[str, Any]) -> None:
        """Queue an event for every webhook that wants it."""
        if self.registered:
            self._queue.put_nowait((event, payload))

    async def idle(self) -> None:
        """Wait until everything queued has been delivered or given up."""
        await self._queue.join()

    async def run(self) -> None:
        """Deliver for ever; ended by cancelling."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
            while True:
                event, payload = await self._queue.get()
                for hook in self.registered:
                    if not hook.events or event in hook.events:
                        await self.deliver(session, hook, event, payload)
                self._queue.task_done()

    async def deliver(
        self, session: aiohttp.ClientSession, hook: Webhook, event: str, payload: Mapping[str, Any]
    ) -> None:
        """Send one event to one webhook, with the same identifier on every attempt."""
        identifier = str(uuid.uuid4())
        raw = json.dumps(payload, ensure_ascii=False).encode("utf-8", "replace")
        headers = {"Content-Type": "application/json", "X-Atlassian-Webhook-Identifier": identifier}
        if hook.secret:
            digest = hmac.new(hook.secret.encode(), raw, hashlib.sha256).hexdigest()
            headers["X-Hub-Signature"] = f"sha256={digest}"
        for attempt, delay in enumerate((0.0, *self.retry_delays), start=1):
            await asyncio.sleep(delay)
            at, began = self._clock(), time.monotonic()
            status = await _post(
                session, hook.url, raw, {**headers, "X-Atlassian-Webhook-Retry": str(attempt - 1)}
            )
            self.deliveries.append(
                Delivery(
                    event=event,
                    identifier=identifier,
                    attempt=attempt,
                    status=status,
                    at=at,
                    url=hook.url,
                    payload=payload,
                    began=began,
                    took=time.monotonic() - began,
                )
            )
            if status and status not in RETRIED:
                return


async def _post(session: aiohttp.ClientSession, url: str, raw: bytes, headers: Mapping[str, str]) -> int:
    try:
        async with session.post(url, data=raw, headers=headers) as response:
            return response.status
    except (aiohttp.ClientError, TimeoutError):
        return 0
