"""One running workspace: state, server and courier put together. The words in which tests speak are in `bot.sandbox.story`."""

import secrets
import socket
from collections.abc import Iterable, Mapping
from typing import Any

from aiohttp import web

from bot.sandbox.clock import SandboxClock
from bot.sandbox.slack import cast, render
from bot.sandbox.slack.api.method import Office
from bot.sandbox.slack.courier import Courier
from bot.sandbox.slack.doors import Doors
from bot.sandbox.slack.faults import Faults
from bot.sandbox.slack.files import Files
from bot.sandbox.slack.interact import Interactions
from bot.sandbox.slack.journal import Journal
from bot.sandbox.slack.manifest import read_manifest
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.oauth import Installing
from bot.sandbox.slack.rate_limits import RateLimits
from bot.sandbox.slack.scheduled import Scheduled
from bot.sandbox.slack.server import Server
from bot.sandbox.slack.socket_hub import SocketHub
from bot.sandbox.slack.views import Views
from bot.sandbox.slack.wire import Grant
from bot.sandbox.slack.world import World


class Workspace:
    """A workspace that serves the Web API on 127.0.0.1 once started, and calls the bot where it is told to."""

    def __init__(
        self,
        manifest: Mapping[str, Any],
        *,
        people: Iterable[cast.PersonSpec] = cast.PEOPLE,
        channels: Iterable[cast.ChannelSpec] = cast.CHANNELS,
        groups: Iterable[cast.GroupSpec] = cast.GROUPS,
        clock: SandboxClock | None = None,
        limits: bool = False,
    ) -> None:
        self.clock = clock or SandboxClock()
        self.world = World(clock=self.clock, manifest=read_manifest(manifest))
        cast.seed(self.world, people, channels, groups)
        self.bot_token = f"xoxb-sandbox-{secrets.token_hex(12)}"
        self.app_token = f"xapp-1-sandbox-{secrets.token_hex(12)}"
        self.signing_secret = secrets.token_hex(16)
        self.journal = Journal(self.clock)
        self.faults = Faults()
        self.limits = RateLimits(clock=self.clock, on=limits)
        self.doors = Doors(world=self.world)
        self.views = Views(world=self.world)
        self.hub = SocketHub(world=self.world)
        self.courier = Courier(
            world=self.world, journal=self.journal, hub=self.hub, signing_secret=self.signing_secret
        )
        self.scheduled = Scheduled(world=self.world)
        self.installing = Installing(world=self.world, tokens=self._tokens())
        self.port = 0
        self._texts: dict[tuple[str, str, int], str] = {}
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> None:
        """Listen on a free port of 127.0.0.1, or on the one given."""
        # Bound first: what the server serves must know its own address.
        listener = socket.create_server(("127.0.0.1", port))
        self.port = int(listener.getsockname()[1])
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.files = Files(world=self.world, base_url=self.base_url)
        self.interactions = Interactions(
            world=self.world, doors=self.doors, views=self.views, base_url=self.base_url
        )
        office = Office(
            world=self.world,
            views=self.views,
            doors=self.doors,
            files=self.files,
            scheduled=self.scheduled,
            hub=self.hub,
            installing=self.installing,
            base_url=self.base_url,
            socket_url=f"ws://127.0.0.1:{self.port}/link",
        )
        self.office = office
        self.server = Server(
            office=office,
            journal=self.journal,
            faults=self.faults,
            limits=self.limits,
            tokens=self.installing.tokens,
        )
        self._runner = web.AppRunner(self.server.application(), shutdown_timeout=0.5, access_log=None)
        await self._runner.setup()
        await web.SockSite(self._runner, listener).start()
        self.world.listeners.append(self.courier.hear)

    async def stop(self) -> None:
        """Stop calling and stop listening."""
        self.scheduled.close()
        await self.courier.close()
        await self.hub.cut()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """Base of the Web API, for the bot's client."""
        return f"{self.base_url}/api/"

    def text_of(self, message: Message) -> str:
        """All that can be read of a message, the names of its files included."""
        key = (message.channel_id, message.ts, message.changed)
        if key not in self._texts:
            words = render.read_message(self.world, message.text, message.blocks, message.attachments)
            files = [str(found.get("name")) for found in message.files]
            self._texts[key] = "\n".join(part for part in (words, *files) if part)
        return self._texts[key]

    def _tokens(self) -> dict[str, Grant]:
        return {
            self.bot_token: Grant(kind="bot", scopes=self.world.manifest.scopes),
            self.app_token: Grant(kind="app", scopes=frozenset(("connections:write",))),
        }
