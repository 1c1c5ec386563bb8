"""A Slack that agrees to everything at once, in a process of its own: where the measured bot's messages end.

It checks nothing. What a strict Slack would say is the sandbox's part.
"""

import asyncio
import itertools
from typing import Any

from aiohttp import web

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

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    async def __call__(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        sent = await request.post()
        answer: dict[str, Any] = {"ok": True, **ANSWERS.get(method, {})}
        if method == "users.info":
            user_id = sent.get("user") or request.query.get("user")
            answer["user"] = {"id": user_id, "team_id": WORKSPACE, "name": "ana", "tz": "Europe/Kyiv"}
        if method.startswith("chat."):
            ts = f"1700000000.{next(self._numbers):06d}"
            answer |= {"ts": ts, "channel": sent.get("channel", "C0TRIAGE01"), "message": {"ts": ts}}
        return web.json_response(answer)


async def serve() -> None:
    """Runs until the process is ended; the address is the only line on standard output."""
    app = web.Application()
    app.router.add_route("*", "/api/{method}", Sink())
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}/api/", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
