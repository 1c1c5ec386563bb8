"""Every call both ways, and the bot's outbox. Bodies are drawn only when somebody opens them."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from aiohttp import web

from bot.sandbox.face.controls.offstage import Offstage
from bot.sandbox.face.controls.panel import state_of
from bot.sandbox.face.face import Face
from bot.sandbox.face.inspector import bodies, calls, verdicts
from bot.sandbox.face.inspector.calls import Exchange, Search
from bot.sandbox.face.live import Patch, Regions, stream
from bot.sandbox.face.stage import Waiting

# A window is drawn anew at most so often, however much happens (seconds).
UNHURRIED = 0.4
MOST_WORDS = 200
OUTBOX_SHOWN = 200


def routes(face: Face) -> list[web.RouteDef]:
    """The pages of this room."""
    room = _Room(face)
    return [
        web.get("/inspector", room.show),
        web.get("/inspector/live", room.live),
        web.get("/inspector/call/{call}", room.call),
        web.get("/inspector/outbox", room.outbox),
        web.get("/inspector/outbox/live", room.outbox_live),
    ]


class _Room:
    def __init__(self, face: Face) -> None:
        self._face = face
        self._offstage = Offstage(face)

    async def show(self, request: web.Request) -> web.StreamResponse:
        search = read_search(request)
        page = calls.page(self._face.stage, search)
        return self._face.page(
            "inspector.html",
            here="inspector",
            search=search,
            ways=calls.WAYS,
            kinds=verdicts.KINDS,
            rows=[self._row(call) for call in page.calls],
            older=self._older(search, page.before),
            live="" if search.before is not None else address("/inspector/live", search),
        )

    async def live(self, request: web.Request) -> web.StreamResponse:
        search = read_search(request)
        window = _Window(face=self._face, search=search, row=self._row, older=self._older)
        return await stream(request, self._face, window.look)

    async def call(self, request: web.Request) -> web.StreamResponse:
        """One call with its bodies: a piece for the page that asks with `piece`, else a page of its own."""
        found = calls.find(self._face.stage, request.match_info["call"])
        piece = self._face.piece(
            "_bodies.html",
            call=found,
            headers=bodies.pretty(found.headers),
            asked=bodies.pretty(found.asked),
            answered=bodies.pretty(found.answered),
        )
        if "piece" in request.query:
            return self._face.answer(piece)
        return self._face.page("call.html", here="inspector", call=found, bodies=piece)

    async def outbox(self, request: web.Request) -> web.StreamResponse:
        painted = await self._paint_outbox()
        return self._face.page("outbox.html", here="inspector", outbox=painted["outbox"])

    async def outbox_live(self, request: web.Request) -> web.StreamResponse:
        return await stream(request, self._face, Regions(paint=self._paint_outbox).look)

    async def _paint_outbox(self) -> dict[str, str]:
        known = await self._offstage.outbox()
        shown = in_order(known.items)
        states = {one.number: state_of(one, self._face.stage.now) for one in shown}
        html = self._face.piece("_outbox.html", items=shown, states=states, trouble=known.trouble)
        return {"outbox": html}

    def _row(self, call: Exchange) -> str:
        return self._face.piece("_call.html", call=call)

    def _older(self, search: Search, before: float | None) -> str:
        to = "" if before is None else address("/inspector", search, before=repr(before))
        return self._face.piece("_older.html", to=to)


@dataclass(kw_only=True)
class _Window:
    """An open inspector; it shows the first page and what comes after. `shown` is each row's HTML by call id."""

    face: Face
    search: Search
    row: "Callable[[Exchange], str]"
    older: "Callable[[Search, float | None], str]"
    shown: dict[str, str] = field(default_factory=dict[str, str])
    _mark: tuple[int, ...] = ()
    _drawn: float = -math.inf

    async def look(self) -> list[Patch]:
        """What the window lacks; everything at the first."""
        mark = calls.mark(self.face.stage)
        if mark == self._mark or time.monotonic() - self._drawn < UNHURRIED:
            return []
        first, self._mark, self._drawn = not self._mark, mark, time.monotonic()
        page = calls.page(self.face.stage, self.search)
        rows = {f"call-{call.id}": self.row(call) for call in page.calls}
        before, self.shown = self.shown, rows
        older = Patch(do="fill", id="older-calls", html=self.older(self.search, page.before))
        return [*(_whole(rows) if first else _changes(before, rows)), older]


def _whole(rows: dict[str, str]) -> list[Patch]:
    return [Patch(do="fill", id="calls", html=_ANCHOR + "".join(rows.values()))]


def _changes(before: dict[str, str], rows: dict[str, str]) -> list[Patch]:
    """New rows go to the top, changed ones where they are, what is beyond the page goes away."""
    fresh = [html for row_id, html in rows.items() if row_id not in before]
    changed = [
        Patch(do="swap", id=row_id, html=html)
        for row_id, html in rows.items()
        if row_id in before and before[row_id] != html
    ]
    gone = [Patch(do="drop", id=row_id) for row_id in before if row_id not in rows]
    added = [Patch(do="swap", id="newest-calls", html=_ANCHOR + "".join(fresh))] if fresh else []
    return [*gone, *changed, *added]


# Stands before the newest row, so that there is something to swap for it and newer ones.
_ANCHOR = '<li id="newest-calls" hidden></li>'


def read_search(request: web.Request) -> Search:
    """What the page was asked for; what makes no sense counts as not asked."""
    way, verdict = request.query.get("way", ""), request.query.get("verdict", "")
    return Search(
        way=way if way in calls.WAYS else "",
        verdict=verdict if verdict in verdicts.KINDS else "",
        words=request.query.get("words", "").strip()[:MOST_WORDS],
        before=_number(request.query.get("before", "")),
        checks=request.query.get("checks", "") == "1",
    )


def address(path: str, search: Search, **more: str) -> str:
    """The address of a page with this search, without its `before`."""
    checks = "1" if search.checks else ""
    asked = {"way": search.way, "verdict": search.verdict, "words": search.words, "checks": checks, **more}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{path}?{query}" if query else path


def in_order(items: list[Waiting]) -> list[Waiting]:
    """Open work first, oldest first; then what is done, newest first."""
    open_ones = sorted((one for one in items if one.done is None), key=lambda one: one.number)
    done = sorted((one for one in items if one.done is not None), key=lambda one: one.number, reverse=True)
    return [*open_ones, *done][:OUTBOX_SHOWN]


def _number(words: str) -> float | None:
    try:
        found = float(words)
    except ValueError:
        return None
    return found if math.isfinite(found) else None
