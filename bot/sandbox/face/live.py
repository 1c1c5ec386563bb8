"""Server-sent events: a page stays true without asking. What changed is found by `Look`; the browser applies patches."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field

from aiohttp import web

from bot.sandbox.face.face import Face

# Changes come in flurries: one look serves all that happen within this time (seconds).
FLURRY = 0.02
# Things that ring no bell, such as a clock going on, are looked at this often (seconds).
GLANCE = 0.5
BROKEN = (
    "This page cannot follow what happens any more. Load it again; the terminal where the demo runs says why."
)
_HEADERS = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Patch:
    """One change of a page.

    `fill` replaces what is inside the element with this id, `swap` the element itself, `add` puts HTML at its end,
    `put` adds or replaces one message of a feed, `form` shows a form, `drop` takes an element away, `go` opens the
    address in `id` (the same page anew when it is empty), `say` shows `html` as plain words for a moment, `end` asks no more.
    """

    do: str
    id: str
    html: str = ""


Look = Callable[[], Awaitable[list[Patch]]]


@dataclass(kw_only=True)
class Regions:
    """Parts of a page that are replaced whole when their HTML has changed; `paint` gives id to HTML."""

    paint: Callable[[], Awaitable[dict[str, str]]]
    _shown: dict[str, str] = field(default_factory=dict[str, str])

    async def look(self) -> list[Patch]:
        """What changed since the last look; everything at the first."""
        painted = await self.paint()
        changed = [
            Patch(do="fill", id=id, html=html) for id, html in painted.items() if self._shown.get(id) != html
        ]
        self._shown = painted
        return changed


async def stream(request: web.Request, face: Face, look: Look, *, anew: str = "") -> web.StreamResponse:
    """Send patches until the window goes away or the demo begins again: then it opens `anew`, or its page once more."""
    response = web.StreamResponse(headers=_HEADERS)
    await response.prepare(request)
    replaced = face.replaced
    with contextlib.suppress(ConnectionResetError):
        try:
            await _keep_sending(response, face, look, replaced)
        except ConnectionResetError:
            # The window has been closed, which is how every stream ends.
            raise
        except Exception:
            log.exception("%s broke", request.path_qs)
            await _send(response, [Patch(do="say", id="", html=BROKEN), Patch(do="end", id="")])
        if replaced.is_set():
            await _send(response, [Patch(do="go", id=anew)])
    return response


async def send_away(request: web.Request, to: str) -> web.StreamResponse:
    """The stream of a page whose place is not there: it opens another. A browser asks no more after an error."""
    response = web.StreamResponse(headers=_HEADERS)
    await response.prepare(request)
    with contextlib.suppress(ConnectionResetError):
        await _send(response, [Patch(do="go", id=to)])
    return response


async def _keep_sending(
    response: web.StreamResponse, face: Face, look: Look, replaced: asyncio.Event
) -> None:
    bell = face.stage.box.workspace.world.bell
    await response.write(b": here\n\n")
    while not replaced.is_set():
        rung = bell.listen()
        try:
            if patches := await look():
                await _send(response, patches)
            await _wait(rung, replaced)
        finally:
            bell.forget(rung)


async def _wait(rung: asyncio.Event, replaced: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(rung.wait(), GLANCE)
        if not replaced.is_set():
            await asyncio.sleep(FLURRY)


async def _send(response: web.StreamResponse, patches: list[Patch]) -> None:
    body = json.dumps([asdict(patch) for patch in patches])
    await response.write(f"data: {body}\n\n".encode())
