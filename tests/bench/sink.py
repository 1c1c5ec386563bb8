"""A Slack that agrees to everything at once, in a process of its own: where the measured bot's messages end.

It checks nothing. What a strict Slack would say is the sandbox's part. With limits (`Limits` as JSON) it refuses
messages that come too fast, and tells at `/seen` which it took and when.
"""

import asyncio
import itertools
import json
import sys
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.core.clock import stopwatch
from tests.bench.limits import Limited, Limits

WORKSPACE = "T0BENCH001"
ANSWERS: dict[str, dict[str, Any]] = {
    "auth.test": {
        "team_id": WORKSPACE,
        "user_id": "U0BENCHBOT",
        "bot_id": "B0BENCHBOT",
        "url": "https://bench.slack.com/",
    },
    "bots.info": {"bot": {"id": "B0BENCHBOT", "app_id": "A0BENCH001"}},
    "conversations.open": {"channel": {"id": "D0BENCH001"}},
}


class Sink:
    """Answers each method with `ok` and what belongs to it."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._numbers = itertools.count(1)
        self._limited = Limited(limits) if limits else None
        self._latency = limits.latency if limits else 0.0
        self._taken: list[dict[str, Any]] = []
        self._refused = 0

    async def __call__(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        sent: Mapping[str, Any] = await (
            request.json() if request.content_type == "application/json" else request.post()
        )
        if self._limited is not None and method == "chat.postMessage":
            wait = self._take(self._limited, sent)
            if wait:
                headers = {"Retry-After": str(wait)}
                return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        if self._latency:
            await asyncio.sleep(self._latency)
        answer: dict[str, Any] = {"ok": True, **ANSWERS.get(method, {})}
        if method == "users.info":
            user_id = sent.get("user") or request.query.get("user")
            answer["user"] = {"id": user_id, "team_id": WORKSPACE, "name": "ana", "tz": "Europe/Kyiv"}
        if method.startswith("chat."):
            ts = f"1700000000.{next(self._numbers):06d}"
            answer |= {"ts": ts, "channel": sent.get("channel", "C0TRIAGE01"), "message": {"ts": ts}}
        return web.json_response(answer)

    def _take(self, limited: Limited, sent: Mapping[str, Any]) -> int:
        now = stopwatch()
        wait = limited.retry_after(sent["channel"], now)
        if wait:
            self._refused += 1
        else:
            self._taken.append({"at": now, "sent": dict(sent)})
        return wait

    async def seen(self, _request: web.Request) -> web.Response:
        """What was taken, each with the reading of this machine's stopwatch, and how much was refused."""
        return web.json_response({"taken": self._taken, "refused": self._refused})


async def serve(limits: Limits | None) -> None:
    """Runs until the process is ended; the address is the only line on standard output."""
    app = web.Application()
    sink = Sink(limits)
    app.router.add_route("*", "/api/{method}", sink)
    app.router.add_get("/seen", sink.seen)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}/api/", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(Limits(**json.loads(sys.argv[1])) if len(sys.argv) > 1 else None))
