"""The HTTP side: Slack's calls, Jira's, health and metrics. What a call means is decided elsewhere."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.core.ids import reference
from bot.core.logs import logger
from bot.slack.gate import LARGEST

Listener = Callable[[web.Request], Awaitable[web.StreamResponse]]

LINGER = 2.0
CLOSE_AFTER = (408, 413)

log = logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Health:
    """What the probes ask. `parts` maps each part's name to `ok`, `off` or what is wrong."""

    standing_still: Callable[[], list[str]]
    parts: Callable[[], dict[str, str]]


def failing(parts: dict[str, str]) -> list[str]:
    """The names of the parts that keep the bot from its work."""
    return [name for name, state in parts.items() if state not in ("ok", "off")]


def build_web(
    gate: Listener,
    health: Health,
    webhooks: Mapping[str, Listener],
    pages: Mapping[str, Listener] | None = None,
) -> web.Application:
    """The routes. Unknown paths get 404, other methods 405, never a trace of the code.

    `webhooks` are what others than Slack call by POST, by path; `pages` what they read.
    """
    app = web.Application(client_max_size=LARGEST, middlewares=[_guard])
    app.on_response_prepare.append(_say_no_version)
    app.router.add_post("/slack/events", _through(gate))
    for path, listener in webhooks.items():
        app.router.add_post(path, _through(listener))
    for path, listener in (pages or {}).items():
        app.router.add_get(path, _through(listener))
    app.router.add_get("/healthz", _healthz(health))
    app.router.add_get("/readyz", _readyz(health))
    app.router.add_get("/metrics", _metrics(health))
    return app


def runner_of(app: web.Application, *, last_calls: float) -> web.AppRunner:
    """The server around the routes; calls that run at the end have `last_calls` seconds.

    A compressed body stays compressed: the gate refuses it unread.
    """
    return web.AppRunner(
        app, access_log=None, lingering_time=LINGER, auto_decompress=False, shutdown_timeout=last_calls
    )


def _through(gate: Listener) -> Listener:
    async def through(request: web.Request) -> web.StreamResponse:
        return await gate(request)

    return through


def _healthz(health: Health) -> Listener:
    async def healthz(_request: web.Request) -> web.StreamResponse:
        still = health.standing_still()
        body: dict[str, Any] = {"alive": not still, "standing_still": still}
        return web.json_response(body, status=503 if still else 200)

    return healthz


def _readyz(health: Health) -> Listener:
    async def readyz(_request: web.Request) -> web.StreamResponse:
        parts = health.parts()
        wrong = failing(parts)
        body = {"ready": not wrong, "failing": wrong, "parts": parts}
        return web.json_response(body, status=503 if wrong else 200)

    return readyz


def _metrics(health: Health) -> Listener:
    async def metrics(_request: web.Request) -> web.StreamResponse:
        # Some figures are set by looking at the parts, and nobody else may do that.
        health.parts()
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return metrics


@web.middleware
async def _guard(request: web.Request, handler: Listener) -> web.StreamResponse:
    try:
        response = await handler(request)
    except web.HTTPException:
        raise
    except Exception:
        number = reference()
        log.exception("web.broke", reference=number, path=request.path)
        response = web.Response(status=500, text=f"Something broke on our side, reference {number}.\n")
    if response.status in CLOSE_AFTER:
        response.force_close()
    return response


async def _say_no_version(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.popall("Server", None)
