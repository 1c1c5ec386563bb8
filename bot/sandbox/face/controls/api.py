"""The controls as JSON under `/control`, for tests and scripts on this machine. It is documented in `bot/sandbox/face/README.md`."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web

from bot.sandbox.face.controls import timing
from bot.sandbox.face.controls.offstage import Offstage
from bot.sandbox.face.controls.panel import summary
from bot.sandbox.face.controls.restart import CannotBegin, Restart, read_fresh
from bot.sandbox.face.controls.switches import Unusable, switch, switches
from bot.sandbox.face.desk import feed
from bot.sandbox.face.face import Face
from bot.sandbox.face.stage import Stage
from bot.sandbox.persons import Person
from bot.sandbox.places import find_place
from bot.sandbox.screen import Answer, NotVisible, Seen
from bot.sandbox.slack.reading import read_json
from bot.sandbox.slack.wire import Json, SlackRefusal
from bot.sandbox.slack.world import Unknown

MOST_MESSAGES = 200
PATIENCE = 10.0
_CANNOT = (timing.CannotMove, CannotBegin, Unusable, NotVisible, Unknown)

Reply = Callable[[Mapping[str, Any]], Awaitable[Json]]


class Refused(ValueError):
    """What was asked makes no sense; its words say what does."""


def routes(face: Face, offstage: Offstage, restart: Restart) -> list[web.RouteDef]:
    """The ways in."""
    room = _Room(face=face, offstage=offstage, restart=restart)
    return [
        web.get("/control/state", _in_words(room.state)),
        web.get("/control/messages", _in_words(room.messages)),
        web.post("/control/clock", _in_words(room.clock)),
        web.post("/control/switch", _in_words(room.switch)),
        web.post("/control/reset", _in_words(room.reset)),
        web.post("/control/say", _in_words(room.say)),
        web.post("/control/post", _in_words(room.post)),
    ]


def _in_words(reply: Reply) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Answer with JSON; what cannot be done is 400 with `error` in words."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            asked = dict(request.query) if request.method == "GET" else await _body(request)
            return web.json_response(await reply(asked))
        except _CANNOT as error:
            words = " ".join(str(part) for part in error.args)
        except Refused as error:
            words = str(error)
        return web.json_response({"error": words}, status=400)

    return handle


async def _body(request: web.Request) -> Json:
    try:
        return read_json(await request.read())
    except SlackRefusal:
        raise Refused("The body must be a JSON object.") from None


@dataclass(frozen=True, kw_only=True)
class _Room:
    face: Face
    offstage: Offstage
    restart: Restart

    @property
    def stage(self) -> Stage:
        return self.face.stage

    async def state(self, _: Mapping[str, Any]) -> Json:
        stage, world = self.stage, self.stage.box.workspace.world
        known = await self.offstage.outbox()
        figures = summary(known.items, stage.now)
        return {
            "now": stage.now.isoformat(),
            "parts": stage.backstage.parts(),
            "switches": [
                {"key": one.key, "name": one.name, "on": one.is_on, "off_because": one.off_because}
                for one in switches(stage)
            ],
            "outbox": {
                "open": figures.open,
                "retrying": figures.retrying,
                "in_doubt": figures.in_doubt,
                "given_up": figures.given_up,
                "trouble": known.trouble,
            },
            "seed": stage.backstage.seed,
            "edition": stage.jira.site.edition,
            "people": [
                {"name": one.name, "id": one.id, "real_name": one.real_name, "tz": one.tz}
                for one in world.people.values()
                if not (one.is_bot or one.deleted)
            ],
            "channels": [{"name": one.name, "id": one.id} for one in world.channels.values() if one.name],
            "alarms": [one.text for one in stage.alarms],
        }

    async def clock(self, asked: Mapping[str, Any]) -> Json:
        words = await timing.move(self.stage, self.offstage, _text(asked, "to"))
        return {"now": self.stage.now.isoformat(), "words": words}

    async def switch(self, asked: Mapping[str, Any]) -> Json:
        found = switch(self.stage, _text(asked, "key"))
        on = asked.get("on")
        if not isinstance(on, bool):
            raise Refused('"on" must be true or false.')
        await found.turn(on)
        return {"key": found.key, "on": found.is_on}

    async def reset(self, asked: Mapping[str, Any]) -> Json:
        seed, edition = _text(asked, "seed", needed=False), _text(asked, "edition", needed=False)
        await self.restart.begin(read_fresh(seed, edition))
        return await self.state({})

    async def say(self, asked: Mapping[str, Any]) -> Json:
        """What a person types into a channel or thread: words, or a command."""
        person, place = self._person(asked), _text(asked, "in")
        text, thread = _text(asked, "text"), _text(asked, "thread", needed=False)
        if text.startswith("/") and not thread:
            answer = await person.runs(text, in_=place)
            failed = answer.failed if isinstance(answer, Answer) else ""
            return {"failed": failed} if failed else {}
        root = self._seen(person, place, thread) if thread else None
        said = await person.says(text, in_=place, thread=root)
        return {"ts": said.ts, "channel": said.channel}

    async def messages(self, asked: Mapping[str, Any]) -> Json:
        """The newest that a person sees in a place, oldest first."""
        person, place = self._person(asked), _text(asked, "in")
        thread = _text(asked, "thread", needed=False)
        root = self._seen(person, place, thread) if thread else None
        seen = await person.sees(in_=place, thread=root)
        return {"messages": [_shown(one) for one in seen[-MOST_MESSAGES:]]}

    async def post(self, asked: Mapping[str, Any]) -> Json:
        """A real call of `chat.postMessage` with the bot's token, over HTTP as the bot makes it."""
        box = self.stage.box
        body = {"channel": _text(asked, "channel"), "text": _text(asked, "text")}
        timeout = aiohttp.ClientTimeout(total=PATIENCE)
        headers = {"Authorization": f"Bearer {box.bot_token}"}
        try:
            async with (
                aiohttp.ClientSession(headers=headers, timeout=timeout) as session,
                session.post(f"{box.slack_api_url}chat.postMessage", json=body) as answer,
            ):
                return {"status": answer.status, "answer": await answer.json(content_type=None)}
        except (aiohttp.ClientError, TimeoutError):
            raise Refused("The workspace gave no answer. Is a switch on?") from None

    def _person(self, asked: Mapping[str, Any]) -> Person:
        return self.stage.box.person(_text(asked, "person"))

    def _seen(self, person: Person, place: str, ts: str) -> Seen:
        space = self.stage.box.workspace
        channel = find_place(space.world, person.account, place)
        return Seen(space, person, feed.message_of(space.world, person.account, channel, ts))


def _shown(seen: Seen) -> Json:
    return {
        "ts": seen.ts,
        "thread": seen.thread_ts,
        "author": seen.author,
        "text": seen.text,
        "buttons": seen.buttons,
        "only_for": seen.only_for,
    }


def _text(asked: Mapping[str, Any], name: str, *, needed: bool = True) -> str:
    found = asked.get(name, "")
    if not isinstance(found, str):
        raise Refused(f'"{name}" must be a string.')
    if needed and not found.strip():
        raise Refused(f'"{name}" is missing.')
    return found
