"""What a person does with messages: writing, reacting, shortcuts, pressing buttons. Forms are in `form_acts`."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from multidict import MultiDictProxy

from bot.sandbox.face.blocks.picking import action_of, find_placed, shown_option
from bot.sandbox.face.blocks.words import emoji_called
from bot.sandbox.face.desk import feed
from bot.sandbox.face.desk.workspace import person_of
from bot.sandbox.face.face import Face
from bot.sandbox.persons import Person
from bot.sandbox.screen import Answer, NotVisible, Seen, options_of
from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.views import View
from bot.sandbox.slack.wire import Json

Fields = MultiDictProxy[Any]
# A word with a slash before it is a command, known or not; `//` begins a note inside the team.
# Slack's client takes this as an emoji for the last message.
_REACTION = re.compile(r"\+:([^\s:]+):")
_COMMAND = re.compile(r"/[\w-]")


def routes(face: Face) -> list[web.RouteDef]:
    """What pages send."""
    room = _Room(face)
    here = "/as/{person}/c/{channel}"
    return [
        web.post(f"{here}/say", room.say),
        web.post(f"{here}/join", room.join),
        web.post(f"{here}/invite", room.invite),
        web.post(f"{here}/shortcut", room.shortcut),
        web.get(f"{here}/m/{{ts}}/options", room.options_of_message),
        web.post(f"{here}/m/{{ts}}/{{act}}", room.on_message),
        web.get("/as/{person}/home/options", room.options_of_home),
        web.post("/as/{person}/home/act", room.on_home),
        web.post("/as/{person}/write", room.write_to),
    ]


def said(answer: object) -> web.Response:
    """The reply to a page; a bot that did not answer is spoken of in Slack's words by the message that stands there."""
    return web.json_response(
        {"failed": answer.failed} if isinstance(answer, Answer) and answer.failed else {}
    )


class _Room:
    def __init__(self, face: Face) -> None:
        self._face = face

    def _person(self, request: web.Request) -> Person:
        return self._face.stage.box.person(person_of(self._face, request).id)

    def _channel(self, request: web.Request, person: Person) -> Channel:
        return feed.channel_of(
            self._face.stage.box.workspace.world, person.account, request.match_info["channel"]
        )

    async def say(self, request: web.Request) -> web.Response:
        person = self._person(request)
        channel = self._channel(request, person)
        fields = await request.post()
        text, thread = str(fields.get("text", "")), str(fields.get("thread", ""))
        files = [
            (part.filename, part.file.read())
            for part in fields.getall("files", [])
            if isinstance(part, web.FileField) and part.filename
        ]
        if _COMMAND.match(text) and not files:
            return await self._command(person, channel, text.strip(), thread)
        if (emoji := _REACTION.fullmatch(text.strip())) and not files:
            return await self._react_to_last(person, channel, thread, emoji[1])
        if not text.strip() and not files:
            raise NotVisible("There is nothing to send yet. Write something first.")
        root = self._seen(person, channel, thread) if thread else None
        await person.says(
            text.replace("\r\n", "\n").strip(),
            in_=channel.id,
            thread=root,
            files=files,
            broadcast=fields.get("broadcast") == "on",
        )
        return said(None)

    async def _command(self, person: Person, channel: Channel, line: str, thread: str) -> web.Response:
        name, _, words = line.partition(" ")
        world = self._face.stage.box.workspace.world
        if name == "/invite":
            return await self._invited(person, channel, words)
        if name not in world.manifest.commands:
            raise NotVisible(f"{name} is not a command here. Type / to see those that there are.")
        if thread:
            raise NotVisible(
                f"{name} does not work in threads: Slack has no commands there. Use it in the channel."
            )
        return said(await person.runs(line, in_=channel.id))

    async def _invited(self, person: Person, channel: Channel, words: str) -> web.Response:
        world = self._face.stage.box.workspace.world
        bot, wanted = world.bot, words.strip().removeprefix("@").casefold()
        if channel.is_direct:
            raise NotVisible("Nobody can be invited into a direct message.")
        if wanted not in (bot.name.casefold(), world.manifest.bot_name.casefold()):
            raise NotVisible(f"The demo can invite its app only: /invite @{bot.name}")
        if person.id not in channel.members or channel.archived:
            raise NotVisible("Only members can invite somebody, and into no archived channel.")
        if bot.id in channel.members:
            raise NotVisible(f"{world.manifest.bot_name} is here already.")
        await person.invites_bot(channel.id)
        return web.json_response({"patches": [{"do": "go", "id": "", "html": ""}]})

    async def _react_to_last(self, person: Person, channel: Channel, thread: str, name: str) -> web.Response:
        world = self._face.stage.box.workspace.world
        shown = (
            feed.thread(world, person.account, channel, thread)
            if thread
            else feed.feed(world, person.account, channel)
        )
        last = next((one for one in reversed(shown) if not one.ephemeral_to), None)
        if last is None:
            raise NotVisible("There is no message here yet that an emoji could go to.")
        await person.reacts(self._seen(person, channel, last.ts), _emoji(name))
        return said(None)

    async def join(self, request: web.Request) -> web.Response:
        person = self._person(request)
        await person.joins(self._channel(request, person).id)
        return web.json_response({"patches": [{"do": "go", "id": "", "html": ""}]})

    async def invite(self, request: web.Request) -> web.Response:
        """Bring the bot into the channel, as `/invite` does."""
        person = self._person(request)
        await person.invites_bot(self._channel(request, person).id)
        return web.json_response({"patches": [{"do": "go", "id": "", "html": ""}]})

    async def shortcut(self, request: web.Request) -> web.Response:
        person = self._person(request)
        fields = await request.post()
        return said(await person.shortcut(str(fields.get("name", ""))))

    async def write_to(self, request: web.Request) -> web.Response:
        """Begin a direct message with somebody."""
        person = self._person(request)
        world = self._face.stage.box.workspace.world
        fields = await request.post()
        other = world.account(str(fields.get("to", "")).lstrip("@"))
        channel = world.direct(person.id, other.id)
        address = f"/as/{person.name}/c/{channel.id}"
        return web.json_response({"patches": [{"do": "go", "id": address, "html": ""}]})

    async def on_message(self, request: web.Request) -> web.Response:
        act = _ACTS.get(request.match_info["act"])
        if act is None:
            raise NotVisible("This cannot be done with a message.")
        person = self._person(request)
        seen = self._seen(person, self._channel(request, person), request.match_info["ts"])
        return said(await act(person, seen, await request.post()))

    async def on_home(self, request: web.Request) -> web.Response:
        person = self._person(request)
        view = self._face.stage.box.workspace.views.homes.get(person.id)
        if view is None:
            raise NotVisible("The Home tab is empty.")
        fields = await request.post()
        # The bot may have published another view while the finger came down: Slack sends that click all the same.
        placed = find_placed([*view.blocks, *view.before], str(fields.get("key", "")))
        action = action_of(placed, _values(fields), person.account.tz, view.typed.get(placed.key))
        return said(await person.act_in_view(view, action))

    async def options_of_message(self, request: web.Request) -> web.Response:
        """What the bot offers for letters typed into an external select of a message."""
        person = self._person(request)
        seen = self._seen(person, self._channel(request, person), request.match_info["ts"])
        # What is offered is kept with the message as it is now, so that it can be chosen afterwards.
        now = person.visible(seen.message)
        return await self._options(request, person, now, now.blocks if now else [])

    async def options_of_home(self, request: web.Request) -> web.Response:
        """The same for the Home tab."""
        person = self._person(request)
        view = self._face.stage.box.workspace.views.homes.get(person.id)
        return await self._options(request, person, view, view.blocks if view else [])

    async def _options(
        self, request: web.Request, person: Person, source: Message | View | None, blocks: list[Json]
    ) -> web.Response:
        placed = find_placed(blocks, request.query.get("key", ""))
        if source is None:
            raise NotVisible("This is not there any more.")
        space = self._face.stage.box.workspace
        typed = request.query.get("typed", "")
        asked = space.interactions.suggestion(person.account, source, *placed.key, typed)
        reply = await space.courier.ask("block_suggestion", asked.payload)
        placed.element["options"] = options_of(reply.content)
        return web.json_response({"options": [shown_option(option) for option in placed.element["options"]]})

    def _seen(self, person: Person, channel: Channel, ts: str) -> Seen:
        space = self._face.stage.box.workspace
        return Seen(space, person, feed.message_of(space.world, person.account, channel, ts))


def _values(fields: Fields) -> list[str]:
    return [str(value) for value in fields.getall("value", [])]


async def _press(person: Person, seen: Seen, fields: Fields) -> object:
    # The message itself, not how it was seen: the bot may write over it.
    message = person.visible(seen.message)
    if message is None:
        raise NotVisible("This message is not there any more.")
    placed = find_placed(message.blocks, str(fields.get("key", "")))
    return await person.act(message, action_of(placed, _values(fields), person.account.tz))


async def _react(person: Person, seen: Seen, fields: Fields) -> object:
    given = str(fields.get("emoji", "")).strip().strip(":")
    if not given:
        raise NotVisible("Write the emoji's name, such as eyes.")
    # What the bot has put there may be an emoji that only its own workspace knows.
    name = given if given in seen.reactions else _emoji(given)
    mine = person.name in seen.reactions.get(name, [])
    await (person.unreacts(seen, name) if mine else person.reacts(seen, name))
    return None


def _emoji(given: str) -> str:
    name = emoji_called(given)
    if not name:
        raise NotVisible(f"There is no emoji called {given}. Try tada, eyes or white_check_mark.")
    return name


async def _edit(person: Person, seen: Seen, fields: Fields) -> object:
    text = str(fields.get("text", "")).replace("\r\n", "\n").strip()
    if not text:
        raise NotVisible("A message cannot be empty. Delete it instead.")
    return await person.edits(seen, text)


async def _delete(person: Person, seen: Seen, fields: Fields) -> object:
    return await person.deletes(seen)


async def _shortcut(person: Person, seen: Seen, fields: Fields) -> object:
    return await person.message_shortcut(str(fields.get("name", "")), seen)


_ACTS: dict[str, Callable[[Person, Seen, Fields], Awaitable[object]]] = {
    "act": _press,
    "react": _react,
    "edit": _edit,
    "delete": _delete,
    "shortcut": _shortcut,
}
