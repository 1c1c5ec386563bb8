"""Outgoing webhooks as an administrator registers them: signed, identified, tried again on failure.

Documentation: https://developer.atlassian.com/cloud/jira/platform/webhooks/. No filters by JQL. What the network does
to them in bad times can be ordered: `shuffle`, `redeliver`, `lose`, `hold`.
"""

import asyncio
import hashlib
import hmac
import json
import random
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
    """Where events go; no `events` means all of them. Nothing is sent to one that is not `enabled`."""

    url: str
    secret: str = ""
    events: frozenset[str] = frozenset()
    enabled: bool = True

    def wants(self, event: str) -> bool:
        """Whether events of this name are sent here."""
        return self.enabled and (not self.events or event in self.events)


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


@dataclass(frozen=True, kw_only=True)
class Letter:
    """An event on its way to one webhook; a copy that comes later has the same identifier."""

    hook: Webhook
    event: str
    payload: Mapping[str, Any]
    identifier: str
    copy: int = 0


class Webhooks:
    """The registered webhooks and what became of each event; `clock` gives the site's time."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self.registered: list[Webhook] = []
        self.deliveries: list[Delivery] = []
        # Events that were lost on order, by name.
        self.lost: list[str] = []
        self.retry_delays: tuple[float, ...] = ()
        self._queue: asyncio.Queue[Letter] = asyncio.Queue()
        self._held: list[Letter] | None = None
        self._copies = 0
        self._order: random.Random | None = None
        self._loss: tuple[float, random.Random] = (0.0, random.Random(0))

    def add(self, url: str, *, secret: str = "", events: frozenset[str] = frozenset()) -> None:
        """Register a webhook; from now on changes are sent there by themselves."""
        self.registered.append(Webhook(url=url, secret=secret, events=events))

    def shuffle(self, seed: int) -> None:
        """From now on what waits at the same time goes out in any order; `hold` makes things wait."""
        self._order = random.Random(seed)

    def redeliver(self, times: int) -> None:
        """From now on each event comes so many times more, under the same identifier."""
        self._copies = times

    def lose(self, probability: float, seed: int = 0) -> None:
        """From now on so many of the events never arrive; 0 loses none."""
        self._loss = (probability, random.Random(seed))

    def hold(self) -> None:
        """Nothing goes out until `release`."""
        if self._held is None:
            self._held = []

    def release(self) -> None:
        """What was held goes out."""
        held, self._held = self._held or [], None
        for letter in self._mixed(held):
            self._queue.put_nowait(letter)

    def emit(self, event: str, payload: Mapping[str, Any]) -> None:
        """Queue an event for every webhook that wants it."""
        for hook in self.registered:
            if not hook.wants(event):
                continue
            probability, dice = self._loss
            if dice.random() < probability:
                self.lost.append(event)
                continue
            identifier = str(uuid.uuid4())
            for copy in range(self._copies + 1):
                letter = Letter(hook=hook, event=event, payload=payload, identifier=identifier, copy=copy)
                if self._held is None:
                    self._queue.put_nowait(letter)
                else:
                    self._held.append(letter)

    async def idle(self) -> None:
        """Wait until everything queued has been delivered or given up; what is held is not waited for."""
        await self._queue.join()

    async def run(self) -> None:
        """Deliver for ever; ended by cancelling."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
            while True:
                waiting = [await self._queue.get()]
                while self._order is not None and not self._queue.empty():
                    waiting.append(self._queue.get_nowait())
                for letter in self._mixed(waiting):
                    await self.deliver(session, letter)
                    self._queue.task_done()

    def _mixed(self, letters: list[Letter]) -> list[Letter]:
        return letters if self._order is None else self._order.sample(letters, len(letters))

    async def deliver(self, session: aiohttp.ClientSession, letter: Letter) -> None:
        """Send one event to one webhook, with the same identifier on every attempt."""
        raw = json.dumps(letter.payload, ensure_ascii=False).encode("utf-8", "replace")
        headers = {
            "Content-Type": "application/json",
            "X-Atlassian-Webhook-Identifier": letter.identifier,
        }
        if letter.hook.secret:
            digest = hmac.new(letter.hook.secret.encode(), raw, hashlib.sha256).hexdigest()
            headers["X-Hub-Signature"] = f"sha256={digest}"
        for attempt, delay in enumerate((0.0, *self.retry_delays), start=1 + letter.copy):
            await asyncio.sleep(delay)
            at, began = self._clock(), time.monotonic()
            status = await _post(
                session, letter.hook.url, raw, {**headers, "X-Atlassian-Webhook-Retry": str(attempt - 1)}
            )
            self.deliveries.append(
                Delivery(
                    event=letter.event,
                    identifier=letter.identifier,
                    attempt=attempt,
                    status=status,
                    at=at,
                    url=letter.hook.url,
                    payload=letter.payload,
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
