"""The sandbox as tests and the demo hold it: a running workspace in the words of the people in it."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from bot.sandbox.clock import SandboxClock
from bot.sandbox.forms import Form
from bot.sandbox.home import Home
from bot.sandbox.persons import Person
from bot.sandbox.screen import Answer, NotVisible, Seen
from bot.sandbox.slack import cast, membership
from bot.sandbox.slack.api.app import uninstall
from bot.sandbox.slack.cast import ChannelSpec, GroupSpec, PersonSpec
from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.courier import Reply
from bot.sandbox.slack.faults import Faults
from bot.sandbox.slack.journal import Journal, Record
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.slack.world import TEAM_ID

__all__ = [
    "Answer",
    "ChannelSpec",
    "Form",
    "GroupSpec",
    "Home",
    "NotVisible",
    "Person",
    "PersonSpec",
    "Sandbox",
    "Seen",
]


class _Starting:
    """Awaited, it is a running sandbox; with `async with`, it also stops."""

    def __init__(self, box: "Sandbox", port: int) -> None:
        self._box = box
        self._port = port

    def __await__(self) -> Any:
        return self._start().__await__()

    async def __aenter__(self) -> "Sandbox":
        return await self._start()

    async def __aexit__(self, *_: object) -> None:
        await self._box.stop()

    async def _start(self) -> "Sandbox":
        await self._box.workspace.start(self._port)
        return self._box


class Sandbox:
    """A Slack-shaped workspace on this machine. `settle` is how long an action waits for news after the bot's reply."""

    def __init__(self, workspace: Workspace, settle: float) -> None:
        self.workspace = workspace
        self.settle = settle

    @classmethod
    def start(
        cls,
        *,
        manifest: Mapping[str, Any],
        people: Iterable[PersonSpec] = cast.PEOPLE,
        channels: Iterable[ChannelSpec] = cast.CHANNELS,
        groups: Iterable[GroupSpec] = cast.GROUPS,
        clock: SandboxClock | None = None,
        limits: bool = False,
        burst: int = 1,
        settle: float = 0.3,
        retry_delays: tuple[float, ...] | None = None,
        patience: float | None = None,
        port: int = 0,
    ) -> _Starting:
        """Start one, as patient as Slack unless `patience` says how many seconds an answer may take.

        `async with Sandbox.start(…) as box`, or `box = await Sandbox.start(…)` and `await box.stop()`.
        """
        space = Workspace(
            manifest, people=people, channels=channels, groups=groups, clock=clock, limits=limits
        )
        space.limits.burst = burst
        space.courier.retry_delays = space.courier.retry_delays if retry_delays is None else retry_delays
        if patience is not None:
            space.courier.patience = patience
            space.doors.trigger_life = timedelta(seconds=patience)
        return _Starting(cls(space, settle), port)

    async def stop(self) -> None:
        """Stop it; nothing is sent or answered afterwards."""
        await self.workspace.stop()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self.workspace.port

    @property
    def slack_api_url(self) -> str:
        """Base of the Web API."""
        return self.workspace.api_url

    @property
    def bot_token(self) -> str:
        """The bot's token."""
        return self.workspace.bot_token

    @property
    def app_token(self) -> str:
        """The token for Socket Mode."""
        return self.workspace.app_token

    @property
    def signing_secret(self) -> str:
        """What calls to the bot are signed with."""
        return self.workspace.courier.signing_secret

    @property
    def team_id(self) -> str:
        """The workspace's id."""
        return TEAM_ID

    @property
    def bot_user_id(self) -> str:
        """The bot's user id."""
        return self.workspace.world.bot_user_id

    @property
    def clock(self) -> SandboxClock:
        """The workspace's clock."""
        return self.workspace.clock

    @property
    def journal(self) -> Journal:
        """Every call in both directions."""
        return self.workspace.journal

    @property
    def faults(self) -> Faults:
        """What is to go wrong."""
        return self.workspace.faults

    def deliver_by_http(self, url: str, signing_secret: str | None = None) -> None:
        """Call the bot at this address from now on."""
        self.workspace.courier.url = url
        self.workspace.courier.by_socket = False
        if signing_secret is not None:
            self.workspace.courier.signing_secret = signing_secret

    def deliver_by_socket(self) -> None:
        """Call the bot over its Socket Mode connections from now on."""
        self.workspace.courier.by_socket = True

    def deliver_twice(self, twice: bool = True) -> None:
        """Deliver every event twice, with the same event id."""
        self.workspace.courier.twice = twice

    def slack_down(self, down: bool = True) -> None:
        """Answer every call of the bot with 503, or serve again."""
        self.workspace.server.down = down

    async def disconnect_sockets(self, reason: str = "refresh_requested") -> None:
        """Send the sockets away with Slack's reason; `cut` breaks them without a word."""
        if reason == "cut":
            await self.workspace.hub.cut()
        else:
            await self.workspace.hub.disconnect(reason)

    async def socket_connected(self, timeout: float = 5.0) -> None:
        """Return once the bot has a Socket Mode connection."""
        hub = self.workspace.hub
        if await self.workspace.world.bell.until(lambda: True if hub.sockets else None, timeout) is None:
            raise NotVisible("the bot has not connected a socket")

    async def events_delivered(self, timeout: float = 30.0) -> None:
        """Return once every event has been acknowledged or given up; TimeoutError when some still are on their way."""
        if not await self.workspace.courier.quiet(timeout):
            raise TimeoutError(f"events are still on their way after {timeout:g} s")

    def person(self, name: str) -> Person:
        """The person of this name or id."""
        return Person(self, self.workspace.world.account(name))

    def add_person(self, name: str, **more: Any) -> Person:
        """Somebody new; `role`, `tz`, `real_name`, `id` and `title` as in PersonSpec."""
        account = cast.make_account(self.workspace.world, PersonSpec(name=name, **more))
        membership.welcome(self.workspace.world, account)
        return Person(self, account)

    def add_channel(
        self,
        name: str,
        *,
        private: bool = False,
        members: Iterable[str] = (),
        with_bot: bool = True,
        shared: bool = False,
        id: str = "",
    ) -> Channel:
        """A new channel with these people in it."""
        spec = ChannelSpec(
            name=name, private=private, members=tuple(members), with_bot=with_bot, shared=shared, id=id
        )
        channel = cast.make_channel(self.workspace.world, spec)
        self.workspace.world.channels[channel.id] = channel
        return channel

    def add_user_group(self, handle: str, members: Iterable[str], *, id: str = "") -> str:
        """A new user group; returns its id."""
        group = cast.make_group(self.workspace.world, GroupSpec(handle=handle, members=tuple(members), id=id))
        self.workspace.world.groups[group.id] = group
        return group.id

    def channel(self, name: str) -> Channel:
        """The channel of this name or id."""
        return self.workspace.world.channel(name)

    def archive(self, name: str, *, by: str = "olga", archived: bool = True) -> None:
        """Archive a channel, or open it again."""
        world = self.workspace.world
        membership.archive(world, world.channel(name), by=world.account(by).id, archived=archived)

    def remove_bot(self, name: str) -> None:
        """Take the bot out of a channel."""
        world = self.workspace.world
        membership.leave(world, world.channel(name), world.bot_user_id)

    def invite_bot(self, name: str, *, by: str = "olga") -> None:
        """Bring the bot into a channel."""
        world = self.workspace.world
        membership.join(world, world.channel(name), world.bot_user_id, inviter=world.account(by).id)

    def rename(self, name: str, new_name: str) -> None:
        """Rename a channel."""
        membership.rename(self.workspace.world, self.workspace.world.channel(name), new_name)

    def deactivate(self, name: str) -> None:
        """Deactivate a person."""
        membership.change_account(self.workspace.world, self.workspace.world.account(name), deleted=True)

    def change_person(self, name: str, **changes: str | bool) -> None:
        """Change a profile: `tz`, `real_name`, `title`, `is_admin`."""
        membership.change_account(self.workspace.world, self.workspace.world.account(name), **changes)

    def set_user_group(self, handle: str, members: Iterable[str], *, by: str = "olga") -> None:
        """Replace the members of a user group."""
        world = self.workspace.world
        group = next(g for g in world.groups.values() if handle in (g.handle, g.id))
        membership.set_group(world, group, [world.account(m).id for m in members], by=world.account(by).id)

    def uninstall(self) -> None:
        """Take the app out of the workspace: its tokens end and it is told so."""
        uninstall(self.workspace.office)

    def sign(self, body: bytes, timestamp: int | str) -> str:
        """The signature of a body at a time (seconds since 1970)."""
        return self.workspace.courier.sign(body, timestamp)

    def signed_headers(self, body: bytes, content_type: str = "application/json") -> dict[str, str]:
        """The headers of a genuine call with this body, made now."""
        return self.workspace.courier.signed_headers(body, content_type)

    async def send_raw(self, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Post exactly these bytes and headers to the bot."""
        return await self.workspace.courier.send_raw(body, headers)

    async def replay(self, record: Record, *, fresh: bool = False) -> Reply:
        """Send a journaled call again, byte for byte; `fresh` signs it anew."""
        headers = dict(record.headers)
        if fresh:
            headers |= self.signed_headers(record.body, headers["Content-Type"])
        return await self.workspace.courier.send_raw(record.body, headers, kind=record.kind)
