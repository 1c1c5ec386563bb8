"""The stage's switches: clock, faults, beginning again; and the same as a control API."""

import time

from aiohttp import web

from bot.sandbox.face.controls import api as control_api
from bot.sandbox.face.controls import switches, timing
from bot.sandbox.face.controls.offstage import Offstage
from bot.sandbox.face.controls.panel import Panel
from bot.sandbox.face.controls.restart import EDITIONS, SEEDS, CannotBegin, Restart, read_fresh
from bot.sandbox.face.face import Face
from bot.sandbox.face.live import Patch, Regions, stream
from bot.sandbox.face.stage import Alarm
from bot.sandbox.slack.reading import read_json
from bot.sandbox.slack.wire import SlackRefusal

MOST_ALARMS = 100
MOST_ALARM_BYTES = 64 * 1024
MOST_ALARM_WORDS = 4000
# A window is drawn anew at most so often, however much happens (seconds).
UNHURRIED = 0.4


def routes(face: Face) -> list[web.RouteDef]:
    """The pages of this room, and the control API."""
    offstage, restart = Offstage(face), Restart(face)
    room = _Room(face, offstage, restart)
    return [
        web.get("/controls", room.show),
        web.get("/controls/live", room.live),
        web.post("/controls/clock", room.clock),
        web.post("/controls/switch", room.switch),
        web.post("/controls/reset", room.reset),
        web.post("/alarm", room.alarm),
        *control_api.routes(face, offstage, restart),
    ]


class _Room:
    def __init__(self, face: Face, offstage: Offstage, restart: Restart) -> None:
        self._face = face
        self._offstage = offstage
        self._restart = restart
        self._panel = Panel(face, offstage)

    async def show(self, request: web.Request) -> web.StreamResponse:
        stage = self._face.stage
        return self._face.page(
            "controls.html",
            here="controls",
            painted=await self._panel.paint(),
            zone=timing.TEAM_ZONE,
            seeds=SEEDS,
            seed=stage.backstage.seed,
            editions=EDITIONS,
            edition=stage.jira.site.edition,
        )

    async def live(self, request: web.Request) -> web.StreamResponse:
        regions = Regions(paint=self._panel.paint)
        drawn = 0.0

        async def look() -> list[Patch]:
            nonlocal drawn
            if time.monotonic() - drawn < UNHURRIED:
                return []
            drawn = time.monotonic()
            return await regions.look()

        return await stream(request, self._face, look)

    async def clock(self, request: web.Request) -> web.StreamResponse:
        fields = await request.post()
        stage = self._face.stage
        to = str(fields.get("to", ""))
        at = str(fields.get("at", "")).strip()
        if to == "at" and not at:
            return _says("Choose a time first.")
        try:
            words = await timing.move(stage, self._offstage, at if to == "at" else to, zone=timing.TEAM_ZONE)
        except timing.CannotMove as error:
            return _says(str(error))
        return await self._drawn(words)

    async def switch(self, request: web.Request) -> web.StreamResponse:
        fields = await request.post()
        found = switches.switch(self._face.stage, str(fields.get("key", "")))
        try:
            await found.turn(fields.get("on") == "true")
        except switches.Unusable as error:
            return _says(str(error))
        return await self._drawn()

    async def reset(self, request: web.Request) -> web.StreamResponse:
        fields = await request.post()
        if fields.get("sure") != "on":
            return _says("Tick the box first: beginning again forgets everything that was said here.")
        try:
            await self._restart.begin(read_fresh(str(fields.get("seed", "")), str(fields.get("edition", ""))))
        except CannotBegin as error:
            return _says(str(error))
        return web.json_response({"patches": [{"do": "go", "id": "/", "html": ""}]})

    async def alarm(self, request: web.Request) -> web.StreamResponse:
        """What the bot tells those who look after it, when Slack cannot be told."""
        if (request.content_length or 0) > MOST_ALARM_BYTES:
            return web.json_response({"error": "This alarm is too long."}, status=413)
        try:
            text = read_json(await request.read()).get("text")
        except SlackRefusal:
            text = None
        if not isinstance(text, str) or not text.strip():
            return web.json_response({"error": 'An alarm is a JSON object with a "text".'}, status=400)
        stage = self._face.stage
        stage.alarms.append(Alarm(at=stage.now, text=text[:MOST_ALARM_WORDS]))
        del stage.alarms[:-MOST_ALARMS]
        return web.json_response({})

    async def _drawn(self, words: str = "") -> web.Response:
        """The page as it is now, at once, and words beside."""
        painted = await self._panel.paint()
        patches = [{"do": "fill", "id": place, "html": html} for place, html in painted.items()]
        return web.json_response({"patches": patches, **({"say": words} if words else {})})


def _says(words: str) -> web.Response:
    return web.json_response({"say": words})
