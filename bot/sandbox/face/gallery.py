"""Every block and element of Slack's reference on one page. What is pressed there is answered in words, by no bot."""

import json
from dataclasses import dataclass, replace

from aiohttp import web

from bot.sandbox.face.acts import shown_option
from bot.sandbox.face.face import Face
from bot.sandbox.face.gallery_blocks import block_examples
from bot.sandbox.face.gallery_elements import CITIES, element_examples
from bot.sandbox.face.gallery_parts import Example
from bot.sandbox.face.picking import action_of, find_placed, state_of
from bot.sandbox.face.surface import Surface, key_of
from bot.sandbox.slack.ids import Serials
from bot.sandbox.slack.people import Account
from bot.sandbox.slack.state import KINDS, Placed, elements, with_ids
from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.world import World

VIEWER = "ana"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """All examples of one kind, under one heading."""

    name: str
    shown: list[tuple[Example, Surface]]


def routes(face: Face) -> list[web.RouteDef]:
    """The page, and what its examples ask and send."""
    room = _Room(face)
    return [
        web.get("/gallery", room.page),
        web.post("/gallery/act", room.act),
        web.post("/gallery/submit", room.submit),
        web.get("/gallery/options", room.options),
    ]


def examples(world: World) -> tuple[list[Example], list[Example]]:
    """The examples of blocks and those of elements, with ids that are the same each time."""
    serials = Serials()
    blocks, others = block_examples(world), element_examples(world)
    return tuple([replace(one, blocks=with_ids(one.blocks, serials)) for one in part] for part in (blocks, others))  # pyright: ignore[reportReturnType]


class _Room:
    def __init__(self, face: Face) -> None:
        self._face = face

    @property
    def _world(self) -> World:
        return self._face.stage.box.workspace.world

    @property
    def _viewer(self) -> Account:
        return self._world.account(VIEWER)

    async def page(self, request: web.Request) -> web.Response:
        blocks, others = examples(self._world)
        parts = [("Blocks", "block", self._kinds(blocks)), ("Elements", "element", self._kinds(others))]
        return self._face.page("gallery.html", here="gallery", parts=parts)

    async def act(self, request: web.Request) -> web.Response:
        """Say what Slack would send to the bot for what was pressed or chosen."""
        fields = await request.post()
        placed = self._placed(str(fields.get("key", "")))
        values = [str(value) for value in fields.getall("value", [])]
        return _said("Slack would send this action", action_of(placed, values, self._viewer.tz))

    async def submit(self, request: web.Request) -> web.Response:
        """Say what Slack would send for a form."""
        fields = await request.post()
        found: Json = {}
        for placed in elements(self._all()):
            key = key_of(placed.block, placed.element)
            if key in fields and str(placed.element["type"]) in KINDS:
                given = [_words(value) for value in fields.getall(key)]
                found.setdefault(placed.key[0], {})[placed.key[1]] = self._state(placed, given)
        return _said("Slack would send these values", found)

    async def options(self, request: web.Request) -> web.Response:
        """What a bot might offer for the letters that were typed."""
        self._placed(request.query.get("key", ""))
        typed = request.query.get("typed", "").lower()
        fits = [shown_option(city) for city in CITIES if city["text"]["text"].lower().startswith(typed)]
        return web.json_response({"options": fits})

    def _kinds(self, found: list[Example]) -> list[Kind]:
        kinds: dict[str, Kind] = {}
        for number, example in enumerate(found):
            kind = kinds.setdefault(example.kind, Kind(name=example.kind, shown=[]))
            prefix = f"{example.kind}-{number}-"
            surface = Surface(kind=example.surface, world=self._world, me=self._viewer, prefix=prefix)
            kind.shown.append((example, surface))
        return list(kinds.values())

    def _all(self) -> list[Json]:
        return [block for part in examples(self._world) for example in part for block in example.blocks]

    def _placed(self, key: str) -> Placed:
        placed = find_placed(self._all(), key)
        if not str(placed.element["type"]).endswith("external_select"):
            return placed
        return replace(placed, element={**placed.element, "options": CITIES})

    def _state(self, placed: Placed, given: list[str]) -> Json:
        if placed.element["type"] == "file_input":
            return {"type": "file_input", "files": [{"name": name} for name in given if name]}
        return state_of(self._placed(key_of(placed.block, placed.element)), given, self._viewer.tz)


def _words(value: str | bytearray | web.FileField) -> str:
    return value.filename if isinstance(value, web.FileField) else str(value)


def _said(words: str, what: Json) -> web.Response:
    return web.json_response({"say": f"{words}: {json.dumps(what, ensure_ascii=False)}"})
