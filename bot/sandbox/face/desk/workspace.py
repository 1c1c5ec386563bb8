"""The workspace's pages: what a person sees in a channel, a thread, their threads, their Home tab."""

from typing import Any

from aiohttp import web

from bot.sandbox.face import addresses
from bot.sandbox.face.desk import feed
from bot.sandbox.face.desk.names import names
from bot.sandbox.face.desk.places import THREADS, has_read, title_of
from bot.sandbox.face.desk.sight import Sight
from bot.sandbox.face.desk.window import Window
from bot.sandbox.face.face import Face
from bot.sandbox.face.live import send_away, stream
from bot.sandbox.screen import NotVisible
from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.people import Account
from bot.sandbox.slack.world import Unknown

MOST_DIGITS = 20
FIRST_PERSON, FIRST_PLACE = "ana", "ask-payments"


def routes(face: Face) -> list[web.RouteDef]:
    """The pages of this room."""
    room = _Room(face)
    return [
        web.get("/", room.start),
        web.get("/as/{person}", room.desk),
        web.get("/as/{person}/c/{channel}", room.channel),
        web.get("/as/{person}/c/{channel}/older", room.older),
        web.get("/as/{person}/home", room.home),
        web.get("/as/{person}/threads", room.threads),
        web.get("/as/{person}/live", room.live),
        web.get("/as/{person}/files/{file}", room.file),
    ]


def person_of(face: Face, request: web.Request) -> Account:
    """Whose page it is. Raises Unknown when nobody has this name; deactivated people have no screen."""
    account = face.stage.box.workspace.world.account(request.match_info["person"])
    if account.deleted or account.is_bot:
        raise NotVisible(f"{account.real_name} has no screen to look at.")
    return account


class _Room:
    def __init__(self, face: Face) -> None:
        self._face = face

    async def start(self, request: web.Request) -> web.StreamResponse:
        world = self._face.stage.box.workspace.world
        raise web.HTTPFound(addresses.place(world.account(FIRST_PERSON), world.channel(FIRST_PLACE).id))

    async def desk(self, request: web.Request) -> web.StreamResponse:
        me = person_of(self._face, request)
        world = self._face.stage.box.workspace.world
        channel = world.channel(FIRST_PLACE)
        if me.id not in channel.members:
            channel = next(
                (c for c in world.channels.values() if c.name and me.id in c.members), None
            ) or world.direct(me.id, world.bot_user_id)
        raise web.HTTPFound(addresses.place(me, channel.id))

    async def channel(self, request: web.Request) -> web.StreamResponse:
        me = person_of(self._face, request)
        channel = self._channel(request, me)
        thread_ts, looked_at = request.query.get("thread", ""), request.query.get("at", "")
        root_ts = _thread_of(channel, looked_at)
        if root_ts and not thread_ts:
            raise web.HTTPFound(addresses.place(me, channel.id, thread=root_ts, at=looked_at))
        sight = Sight(face=self._face, me=me, channel=channel, thread_ts=thread_ts)
        messages, thread = sight.feed(), sight.thread()
        first = _first_shown(sight, messages, looked_at)
        has_read(sight.stage, me, channel)
        return self._page(
            sight,
            title_of(sight.stage, me, channel),
            lines=[sight.line(line) for line in sight.reader("m").lines(messages, first)],
            more=first > 0,
            looked_at=looked_at.replace(".", "-"),
            notice=_missing(sight, [*messages, *thread], looked_at),
        )

    def _page(self, sight: Sight, title: str, **context: Any) -> web.Response:
        thread = sight.thread()
        return self._face.page(
            "workspace.html",
            here="slack",
            sight=sight,
            me=sight.me,
            title=title,
            channel=sight.channel,
            side=sight.side(),
            thread=[sight.line(line) for line in sight.reader("t").lines(thread)],
            thread_ts=sight.thread_ts if thread else "",
            live=sight.live(sight.world.change()),
            world=sight.world,
            names=names(sight),
            **context,
        )

    async def older(self, request: web.Request) -> web.StreamResponse:
        me = person_of(self._face, request)
        sight = Sight(face=self._face, me=me, channel=self._channel(request, me))
        messages = sight.feed()
        before = request.query.get("before", "")
        end = next((at for at, message in enumerate(messages) if message.ts >= before), 0)
        first = max(0, end - feed.PAGE)
        lines = sight.reader("m").lines(messages, first, end)
        return web.json_response({"html": "".join(map(sight.line, lines)), "more": first > 0})

    async def home(self, request: web.Request) -> web.StreamResponse:
        me = person_of(self._face, request)
        await self._face.stage.box.person(me.id).opens_home()
        sight = Sight(face=self._face, me=me, room="home")
        return self._face.page(
            "home.html",
            here="slack",
            sight=sight,
            me=me,
            side=sight.side(),
            live=sight.live(sight.world.change()),
            world=sight.world,
            names=names(sight),
        )

    async def threads(self, request: web.Request) -> web.StreamResponse:
        me = person_of(self._face, request)
        sight = Sight(face=self._face, me=me, room=THREADS)
        return self._face.page(
            "threads.html",
            here="slack",
            me=me,
            threads=sight.threads_page(),
            side=sight.side(),
            live=sight.live(sight.world.change()),
            world=sight.world,
            names=names(sight),
        )

    async def live(self, request: web.Request) -> web.StreamResponse:
        try:
            me = person_of(self._face, request)
        except (NotVisible, Unknown):
            return await send_away(request, "/")
        try:
            return await self._live(request, me)
        except NotVisible:
            return await send_away(request, addresses.desk(me))

    async def _live(self, request: web.Request, me: Account) -> web.StreamResponse:
        channel_id = request.query.get("channel", "")
        channel = (
            feed.channel_of(self._face.stage.box.workspace.world, me, channel_id) if channel_id else None
        )
        sight = Sight(
            face=self._face,
            me=me,
            room=request.query.get("room", "channel"),
            channel=channel,
            thread_ts=request.query.get("thread", ""),
        )
        since = request.query.get("since", "")
        window = Window(
            sight=sight,
            since=int(since) if since.isdecimal() and len(since) < MOST_DIGITS else sight.world.change(),
        )
        return await stream(request, self._face, window.look, anew=addresses.desk(me))

    async def file(self, request: web.Request) -> web.StreamResponse:
        me = person_of(self._face, request)
        found = self._face.stage.box.workspace.files.stored.get(request.match_info["file"])
        if found is None or not any(self._sees(me, channel_id) for channel_id in found.channels):
            raise NotVisible("This file is not there for you.")
        kind = str(self._face.stage.box.workspace.files.shape(found)["mimetype"])
        shown = kind in ("image/png", "image/jpeg", "image/gif", "image/webp")
        # Whatever else people upload is only ever saved, never opened as a page of the demo.
        headers = {} if shown else {"Content-Disposition": "attachment"}
        return web.Response(
            body=found.content, content_type=kind if shown else "application/octet-stream", headers=headers
        )

    def _sees(self, me: Account, channel_id: str) -> bool:
        try:
            feed.channel_of(self._face.stage.box.workspace.world, me, channel_id)
        except NotVisible:
            return False
        return True

    def _channel(self, request: web.Request, me: Account) -> Channel:
        return feed.channel_of(self._face.stage.box.workspace.world, me, request.match_info["channel"])


def _thread_of(channel: Channel, ts: str) -> str:
    """The thread in which alone a message stands; "" for one that stands in the channel, or nowhere."""
    found = channel.messages.get(ts)
    return found.thread_ts if found is not None and found.is_reply and not found.broadcast else ""


def _missing(sight: Sight, shown: list[feed.Message], looked_at: str) -> str:
    """What to say of a thread or message that was asked for and is not on the page."""
    if sight.thread_ts and not sight.thread():
        return "This thread is not there any more."
    if looked_at and all(message.ts != looked_at for message in shown):
        return "This message is not there any more."
    return ""


def _first_shown(sight: Sight, messages: list[feed.Message], looked_at: str) -> int:
    """A page's worth of the newest, and as many more as it takes to show the message that is looked for."""
    at = next((index for index, message in enumerate(messages) if message.ts == looked_at), len(messages))
    return max(0, min(len(messages) - feed.PAGE, at - feed.PAGE // 2))
