"""Carries calls to the bot, over signed HTTP or Socket Mode, with Slack's patience and redelivery.

Events are sent again when they are not acknowledged; commands and interactions never are.
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.slack.events import envelope, is_told
from bot.sandbox.slack.journal import Journal, Record
from bot.sandbox.slack.socket_hub import SocketHub
from bot.sandbox.slack.wire import Json, is_object, object_in
from bot.sandbox.slack.world import Happening, World

PATIENCE = 3.0
RETRY_DELAYS = (0.0, 60.0, 300.0)
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """The bot's answer. `failed` is empty, `dispatch_failed` or `operation_timeout`; `content` the JSON it sent, if any."""

    status: int | None = None
    failed: str = ""
    content: Json = field(default_factory=dict[str, Any])
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(kw_only=True)
class Courier:
    """Where the bot is, and how it is called."""

    world: World
    journal: Journal
    hub: SocketHub
    signing_secret: str
    url: str = ""
    by_socket: bool = False
    twice: bool = False
    patience: float = PATIENCE
    retry_delays: tuple[float, ...] = RETRY_DELAYS
    # When each event that was not acknowledged is sent again.
    due: list[datetime] = field(default_factory=list[datetime])
    _session: aiohttp.ClientSession | None = None
    _tasks: "set[asyncio.Task[None]]" = field(default_factory=set["asyncio.Task[None]"])

    def hear(self, happening: Happening) -> None:
        """Tell the bot of a happening if it is to be told; returns at once."""
        if not is_told(self.world, happening):
            return
        body = envelope(self.world, happening)
        for _ in range(2 if self.twice else 1):
            self.tell(body)

    def tell(self, body: Json) -> None:
        """Deliver an event until it is acknowledged or Slack gives up; returns at once."""
        task = asyncio.get_running_loop().create_task(self._tell(body))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def ask(self, kind: str, payload: Json) -> Reply:
        """One command or interaction, with 3 seconds for the answer and no second try."""
        if self._uses_socket:
            envelope_kind = "slash_commands" if kind == "slash_command" else "interactive"
            return await self._ask_socket(kind, envelope_kind, payload)
        form = payload if kind == "slash_command" else {"payload": json.dumps(payload)}
        return await self._post(kind, payload, urlencode(form).encode(), {"Content-Type": _FORM})

    async def quiet(self, timeout: float) -> bool:
        """Wait until no event is on its way any more; False when some still are after `timeout` seconds."""
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout
        while self._tasks and loop.time() < end:
            await asyncio.wait(self._tasks, timeout=end - loop.time())
        return not self._tasks

    async def close(self) -> None:
        """Drop what is on its way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def sign(self, body: bytes, timestamp: int | str) -> str:
        """Slack's `v0` signature (https://docs.slack.dev/authentication/verifying-requests-from-slack)."""
        base = b"v0:" + str(timestamp).encode() + b":" + body
        return "v0=" + hmac.new(self.signing_secret.encode(), base, hashlib.sha256).hexdigest()

    async def send_raw(self, body: bytes, headers: Mapping[str, str], *, kind: str = "raw") -> Reply:
        """Post exactly these bytes and headers to the bot."""
        record = self.journal.begin("to_bot", kind, {}, body=body, headers=dict(headers))
        return await self._exchange(record, body, headers)

    def signed_headers(self, body: bytes, content_type: str) -> dict[str, str]:
        """The headers of a genuine call."""
        timestamp = self.world.seconds()
        return {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": str(timestamp),
            "X-Slack-Signature": self.sign(body, timestamp),
        }

    @property
    def _uses_socket(self) -> bool:
        return self.by_socket or (not self.url and bool(self.hub.sockets))

    async def _tell(self, body: Json) -> None:
        reason = ""
        began = self.world.clock.now()
        for attempt, delay in enumerate((0.0, *self.retry_delays)):
            await self._rest_until(began + timedelta(seconds=delay))
            began = self.world.clock.now()
            reply = await self._tell_once(body, attempt, reason)
            if not reply.failed:
                return
            if reply.status != 200 and reply.headers.get("x-slack-no-retry") == "1":
                return
            reason = "http_timeout" if reply.failed == "operation_timeout" else "http_error"

    async def _rest_until(self, at: datetime) -> None:
        self.due.append(at)
        try:
            await self.world.clock.sleep_until(at)
        finally:
            self.due.remove(at)

    async def _tell_once(self, body: Json, attempt: int, reason: str) -> Reply:
        kind = f"event:{object_in(body.get('event')).get('type', body['type'])}"
        if self._uses_socket:
            return await self._ask_socket(kind, "events_api", body, (attempt, "timeout" if attempt else ""))
        headers = {"Content-Type": "application/json"}
        if attempt:
            headers |= {"x-slack-retry-num": str(attempt), "x-slack-retry-reason": reason}
        return await self._post(kind, body, json.dumps(body).encode(), headers)

    async def _ask_socket(
        self, kind: str, envelope_kind: str, payload: Json, retry: tuple[int, str] | None = None
    ) -> Reply:
        record = self.journal.begin("to_bot", kind, payload)
        try:
            content = await self.hub.send(envelope_kind, payload, timeout=self.patience, retry=retry)
        except TimeoutError:
            return self._failed(record, "operation_timeout")
        except (ConnectionError, aiohttp.ClientError) as error:
            return self._failed(record, "dispatch_failed", str(error))
        self.journal.end(record, 200, content)
        return Reply(status=200, content=content, text=str(content.get("text", "")))

    async def _post(self, kind: str, payload: Json, body: bytes, headers: Mapping[str, str]) -> Reply:
        sent = self.signed_headers(body, headers["Content-Type"]) | dict(headers)
        record = self.journal.begin("to_bot", kind, payload, body=body, headers=sent)
        return await self._exchange(record, body, sent)

    async def _exchange(self, record: Record, body: bytes, headers: Mapping[str, str]) -> Reply:
        if not self.url:
            return self._failed(record, "dispatch_failed", "the bot has no address yet")
        session = self._session = self._session or _session()
        try:
            timeout = aiohttp.ClientTimeout(total=self.patience)
            async with session.post(
                self.url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                text = await answer.text()
                reply = _read(
                    answer.status, text, {name.lower(): value for name, value in answer.headers.items()}
                )
        except TimeoutError:
            return self._failed(record, "operation_timeout")
        except aiohttp.ClientError as error:
            return self._failed(record, "dispatch_failed", str(error))
        self.journal.end(record, reply.status, reply.content or reply.text)
        return reply

    def _failed(self, record: Record, failed: str, why: str = "") -> Reply:
        self.journal.end(record, None, why or failed)
        return Reply(failed=failed)


def _session() -> aiohttp.ClientSession:
    # A kept connection to a bot that has been restarted would look like a failure of the new one.
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True))


def _read(status: int, text: str, headers: Mapping[str, str]) -> Reply:
    failed = "" if 200 <= status < 300 else "dispatch_failed"
    content: Json = {}
    if text.lstrip().startswith("{"):
        try:
            found = json.loads(text)
        except ValueError:
            found = None
        content = found if is_object(found) else {}
    return Reply(status=status, failed=failed, content=content, text=text, headers=headers)
