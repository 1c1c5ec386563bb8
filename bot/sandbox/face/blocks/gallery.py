"""Every block and element of Slack's reference on one page. What is pressed there is answered in words, by no bot."""

import json
from dataclasses import dataclass, replace
from functools import cached_property

from aiohttp import web

from bot.sandbox.face.blocks.examples import Example, examples
from bot.sandbox.face.blocks.picking import action_of, find_placed, shown_option, state_of
from bot.sandbox.face.blocks.surface import Surface, key_of
from bot.sandbox.face.face import Face
from bot.sandbox.slack.people import Account
from bot.sandbox.slack.state import KINDS, Placed, elements
from bot.sandbox.slack.wire import Json

VIEWER = "ana"
# What the examples of external selects find, in place of a bot.
_ISSUES = ("PAY-1 Refund stuck", "PAY-2 Card declined", "PAY-3 Slow payments", "MOB-7 No sound")
OFFERED: list[Json] = [
    {"text": {"type": "plain_text", "text": issue}, "value": issue.split()[0]} for issue in _ISSUES
]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """All examples of one kind, under one heading."""

    name: str
    group: str
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


class _Room:
    def __init__(self, face: Face) -> None:
        self._face = face

    @cached_property
    def _examples(self) -> list[Example]:
        return examples()

    @property
    def _viewer(self) -> Account:
        return self._face.stage.box.workspace.world.account(VIEWER)

    async def page(self, request: web.Request) -> web.Response:
        kinds: dict[tuple[str, str], Kind] = {}
        for example in self._examples:
            kind = Kind(name=example.kind, group=example.group, shown=[])
            shown = kinds.setdefault((kind.group, kind.name), kind).shown
            shown.append((example, self._surface(example)))
        return self._face.page("gallery.html", here="gallery", kinds=list(kinds.values()), words_of=_json)

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
        for placed in elements(self._blocks):
            key = key_of(placed.block, placed.element)
            if key in fields and str(placed.element["type"]) in KINDS:
                given = [_words(value) for value in fields.getall(key)]
                found.setdefault(placed.key[0], {})[placed.key[1]] = self._state(key, given)
        return _said("Slack would send these values", found)

    async def options(self, request: web.Request) -> web.Response:
        """What a bot might offer for the letters that were typed."""
        self._placed(request.query.get("key", ""))
        typed = request.query.get("typed", "").lower()
        fits = [shown_option(option) for option in OFFERED if typed in option["text"]["text"].lower()]
        return web.json_response({"options": fits})

    @property
    def _blocks(self) -> list[Json]:
        return [example.kept for example in self._examples]

    def _surface(self, example: Example) -> Surface:
        return Surface(
            kind=example.surface,
            world=self._face.stage.box.workspace.world,
            me=self._viewer,
            prefix=f"{example.kept['block_id']}-",
            complaints=example.complaints,
        )

    def _placed(self, key: str) -> Placed:
        placed = find_placed(self._blocks, key)
        if not str(placed.element["type"]).endswith("external_select"):
            return placed
        return replace(placed, element={**placed.element, "options": OFFERED})

    def _state(self, key: str, given: list[str]) -> Json:
        placed = self._placed(key)
        if placed.element["type"] == "file_input":
            return {"type": "file_input", "files": [{"name": name} for name in given if name]}
        return state_of(placed, given, self._viewer.tz)


def _words(value: object) -> str:
    return value.filename if isinstance(value, web.FileField) else str(value)


def _json(sent: Json) -> str:
    return json.dumps(sent, ensure_ascii=False, indent=2)


def _said(words: str, what: Json) -> web.Response:
    return web.json_response({"say": f"{words}: {json.dumps(what, ensure_ascii=False)}"})
