"""The ways to the operators that need no database: a Slack channel by a direct call, and a plain HTTP POST."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import aiohttp

from bot.core.logs import logger
from bot.core.text import cut
from bot.outbox.outcomes import Doubt, Later, Outcome, Refused
from bot.slack.gateway import SlackGateway

LIMIT = 5.0
LONGEST_TEXT = 3000

log = logger(__name__)


class Ways:
    """One per process. A way that is not configured is passed over."""

    def __init__(
        self,
        slack: SlackGateway,
        *,
        channel: str | None,
        webhook: str | None,
        pauses: tuple[float, ...] = (1.0, 3.0),
    ) -> None:
        self.slack = slack
        self.channel = channel
        self.webhook = webhook
        self._pauses = pauses
        self._telling: set[asyncio.Task[None]] = set()

    def tell(self, text: str, dedup_key: str) -> None:
        """Starts telling by every way at once and returns. A way that fails is tried twice more."""
        if self.channel:
            self._start(self._insist("channel", lambda: self.to_channel(text)))
        if self.webhook:
            self._start(self._insist("webhook", lambda: self.to_webhook(text, dedup_key)))

    async def close(self) -> None:
        """Waits for what is being told, 5 seconds at most."""
        if self._telling:
            await asyncio.wait(self._telling, timeout=LIMIT)

    async def to_channel(self, text: str) -> None:
        """Posts to ALERT_CHANNEL. Raises the outcomes of `bot.outbox.outcomes`."""
        await asyncio.wait_for(
            self.slack.call(
                "chat.postMessage",
                channel=self.channel,
                text=cut(text, LONGEST_TEXT),
                unfurl_links=False,
                unfurl_media=False,
            ),
            LIMIT,
        )

    async def to_webhook(self, text: str, dedup_key: str) -> None:
        """Posts to ALERT_WEBHOOK_URL; repeatable, because the key joins what is the same. Raises Later or Refused."""
        if not self.webhook:
            raise Refused("ALERT_WEBHOOK_URL is not set")
        body = {"text": cut(text, LONGEST_TEXT), "dedup_key": dedup_key}
        limit = aiohttp.ClientTimeout(total=LIMIT)
        try:
            async with self.slack.session.post(
                self.webhook, json=body, timeout=limit, allow_redirects=False
            ) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Later(f"no answer from ALERT_WEBHOOK_URL ({type(error).__name__})") from error
        if status >= 500 or status == 429:
            raise Later(f"ALERT_WEBHOOK_URL answered {status}")
        if status >= 300:
            raise Refused(f"ALERT_WEBHOOK_URL answered {status}: check the address")

    def _start(self, telling: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(telling)
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _insist(self, way: str, send: Callable[[], Awaitable[None]]) -> None:
        for pause in (*self._pauses, None):
            try:
                await send()
                return
            except (Doubt, TimeoutError) as error:
                # It may be there already, and a channel has no key that joins two.
                log.warning("alarm.unsure", way=way, why=str(error) or "no answer in time")
                return
            except Outcome as outcome:
                log.warning("alarm.not_sent", way=way, why=outcome.reason)
                if pause is None or not isinstance(outcome, Later):
                    return
                await asyncio.sleep(pause)
