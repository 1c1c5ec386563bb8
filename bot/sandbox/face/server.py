"""The face over HTTP on 127.0.0.1: which pages there are, and who may ask for them. What they show is elsewhere."""

import socket
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.sandbox.face.blocks import gallery
from bot.sandbox.face.controls import pages as controls
from bot.sandbox.face.desk import acts, form_acts, workspace
from bot.sandbox.face.face import HERE, Face
from bot.sandbox.face.inspector import pages as inspector
from bot.sandbox.face.jira import pages as jira_pages
from bot.sandbox.face.mistakes import (
    FACE,
    MOST_BYTES,
    Forbidden,
    readable_forms_only,
    while_there_is_a_bot,
    words_for_mistakes,
)

# Nothing from outside is loaded, and nothing outside may frame or call the demo.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # By which a second demo recognizes the first.
    "Frontdesk-Demo": "1",
}
_HOSTS = frozenset(("127.0.0.1", "localhost", "::1"))


class FaceServer:
    """The face at its address. Made by `start`; ended by `stop`."""

    def __init__(self, face: Face, runner: web.AppRunner, port: int) -> None:
        self.face = face
        self.address = f"http://127.0.0.1:{port}"
        self._runner = runner

    @classmethod
    async def start(cls, face: Face, port: int = 0, *, listener: socket.socket | None = None) -> "FaceServer":
        """Accept on `listener`, or on this port of 127.0.0.1, 0 for a free one. Raises OSError when it is taken."""
        listener = listener or socket.create_server(("127.0.0.1", port))
        runner = web.AppRunner(application(face), access_log=None, shutdown_timeout=0.3)
        await runner.setup()
        await web.SockSite(runner, listener).start()
        return cls(face, runner, int(listener.getsockname()[1]))

    async def stop(self) -> None:
        """Stop answering; open windows see that the demo has gone."""
        await self._runner.cleanup()


def application(face: Face) -> web.Application:
    """The aiohttp application."""
    app = web.Application(
        client_max_size=MOST_BYTES,
        middlewares=[words_for_mistakes, _own_people_only, while_there_is_a_bot, readable_forms_only],
    )
    app[FACE] = face
    app.router.add_static("/static", HERE / "static")
    for room in (workspace, acts, form_acts, gallery, jira_pages, controls, inspector):
        app.router.add_routes(room.routes(face))
    app.on_response_prepare.append(_say_policy)
    return app


async def _say_policy(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)


@web.middleware
async def _own_people_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Only this machine's browser, and no page of another origin through it (https://fetch.spec.whatwg.org, Origin)."""
    if _host_of(f"//{request.host}") not in _HOSTS:
        raise Forbidden("The demo answers on this machine only: open it by its 127.0.0.1 address.")
    origin = request.headers.get("Origin")
    if request.method != "GET" and origin is not None and _netloc_of(origin) != request.host:
        raise Forbidden("Another page tried to use the demo. It was refused.")
    return await handler(request)


def _host_of(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _netloc_of(address: str) -> str | None:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return None
