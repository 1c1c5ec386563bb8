"""In front of everything that comes over HTTP: size, time, signature, form. Nothing is parsed before it is believed.

Source: Slack, "Verifying requests from Slack".
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast
from urllib.parse import parse_qs, parse_qsl

from aiohttp import web
from slack_bolt.response import BoltResponse

from bot.core.clock import Clock
from bot.core.logs import logger
from bot.core.wire import objects
from bot.metrics import REJECTED

LARGEST = 1024 * 1024
SLOWEST = 5.0
OLDEST = 300
FORM = "application/x-www-form-urlencoded"

Dispatch = Callable[[Mapping[str, Any]], Awaitable[BoltResponse]]
log = logger(__name__)


class Gate:
    """Answers `POST /slack/events`. Without a secret (Socket Mode) it refuses everything."""

    def __init__(self, secret: str | None, clock: Clock, dispatch: Dispatch) -> None:
        self._secret = secret.encode() if secret else None
        self._clock = clock
        self._dispatch = dispatch

    async def __call__(self, request: web.Request) -> web.Response:
        try:
            raw = await read_body(request)
            if _is_certificate_check(request.content_type, raw):
                return web.Response(status=200)
            self._verify(request, raw)
            body = _parse(request.content_type, raw)
        except Rejected as rejected:
            REJECTED.labels(rejected.reason).inc()
            log.info("slack.rejected", reason=rejected.reason)
            return web.Response(status=rejected.status)
        if body.get("type") == "url_verification":
            return web.json_response({"challenge": str(body.get("challenge", ""))})
        return to_web(await self._dispatch(body))

    def _verify(self, request: web.Request, raw: bytes) -> None:
        stamps = request.headers.getall("X-Slack-Request-Timestamp", [])
        signatures = request.headers.getall("X-Slack-Signature", [])
        if self._secret is None or len(stamps) != 1 or len(signatures) != 1:
            raise Rejected(401, "unsigned")
        stamp = stamps[0]
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
            raise Rejected(401, "bad_timestamp")
        if abs(self._clock.now().timestamp() - int(stamp)) > OLDEST:
            raise Rejected(401, "stale")
        digest = hmac.new(self._secret, b"v0:%s:" % stamp.encode() + raw, hashlib.sha256).hexdigest()
        given = signatures[0].encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(f"v0={digest}".encode(), given):
            raise Rejected(401, "bad_signature")


class Rejected(Exception):
    """A call that gets this status and nothing else."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


async def read_body(request: web.Request) -> bytes:
    """The raw body. Raises Rejected for one that is compressed, larger than 1 MiB or slower than 5 seconds."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Rejected(415, "encoded")
    if (request.content_length or 0) > LARGEST:
        raise Rejected(413, "too_large")
    try:
        return await asyncio.wait_for(request.read(), SLOWEST)
    except web.HTTPRequestEntityTooLarge:
        raise Rejected(413, "too_large") from None
    except TimeoutError:
        raise Rejected(408, "too_slow") from None


def _is_certificate_check(content_type: str, raw: bytes) -> bool:
    # Only forms: an event may quote an address that holds these very words.
    if content_type != FORM or (not raw.startswith(b"ssl_check=1") and b"&ssl_check=1" not in raw):
        return False
    return dict(parse_qsl(raw.decode("latin-1"))).get("ssl_check") == "1"


def _parse(content_type: str, raw: bytes) -> dict[str, Any]:
    try:
        text = raw.decode("utf-8")
        if content_type == "application/json":
            return _mapping(json.loads(text))
        if content_type != FORM:
            raise Rejected(415, "content_type")
        form = {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}
        if "payload" in form:
            return _interaction(_mapping(json.loads(form["payload"])))
    except (ValueError, RecursionError):
        raise Rejected(400, "malformed") from None
    needed = ("command", "team_id", "user_id")
    if not all(form.get(name) for name in needed):
        raise Rejected(400, "malformed")
    return dict(form)


def _mapping(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Rejected(400, "malformed")
    return cast(dict[str, Any], value)


def _interaction(body: dict[str, Any]) -> dict[str, Any]:
    user = body.get("user")
    if not isinstance(body.get("type"), str) or not isinstance(user, dict) or "id" not in user:
        raise Rejected(400, "malformed")
    if body["type"] == "block_actions" and not objects(body, "actions"):
        raise Rejected(400, "malformed")
    if body["type"] in ("view_submission", "view_closed") and not isinstance(body.get("view"), dict):
        raise Rejected(400, "malformed")
    return body


def to_web(response: BoltResponse) -> web.Response:
    """Bolt's answer as aiohttp's."""
    kind = response.first_headers().get("content-type", "text/plain").split(";")[0]
    return web.Response(status=response.status, text=response.body, content_type=kind)
