"""The state of one workspace and the questions asked of it.

Changing what is said is in `talk`, members and topics in `membership`, forms in `views`; nothing here speaks HTTP.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.sandbox.clock import SandboxClock
from bot.sandbox.slack.bell import Bell
from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.ids import Serials, make_id
from bot.sandbox.slack.manifest import Manifest
from bot.sandbox.slack.messages import Byline, Message, message_shape
from bot.sandbox.slack.people import Account
from bot.sandbox.slack.wire import Json, SlackRefusal

TEAM_ID = "T0SANDBOX1"
OTHER_TEAM_ID = "T0PARTNER1"
APP_ID = "A0SANDBOX1"


class Unknown(LookupError):
    """Somebody or something of this name is not there; its words say so to people."""


@dataclass(kw_only=True)
class UserGroup:
    """A user group such as `@payments`; never empty while enabled."""

    id: str
    name: str
    handle: str
    users: list[str]
    created: int
    updated: int
    updated_by: str = ""


@dataclass(frozen=True, kw_only=True)
class Happening:
    """Something the bot may be told: `name` is the subscription it needs, `channel` where it happened, if anywhere."""

    name: str
    event: Json
    channel: Channel | None = None


@dataclass(kw_only=True)
class World:
    """One workspace with one app installed in it."""

    clock: SandboxClock
    manifest: Manifest
    team_name: str = "Sandbox"
    domain: str = "sandbox"
    people: dict[str, Account] = field(default_factory=dict[str, Account])
    channels: dict[str, Channel] = field(default_factory=dict[str, Channel])
    groups: dict[str, UserGroup] = field(default_factory=dict[str, UserGroup])
    ephemerals: list[Message] = field(default_factory=list[Message])
    bell: Bell = field(default_factory=Bell)
    serials: Serials = field(default_factory=Serials)
    # Messages that were taken away, for screens that show them: number of the change, channel, timestamp.
    gone: list[tuple[int, str, str]] = field(default_factory=list[tuple[int, str, str]])
    listeners: list[Callable[[Happening], None]] = field(default_factory=list[Callable[[Happening], None]])
    bot_user_id: str = ""
    bot_id: str = ""
    installed: bool = True
    _last_ts: int = 0

    def now_ts(self) -> str:
        """A message timestamp: microseconds of the clock, never the same twice, never going back."""
        micros = int(self.clock.now().timestamp() * 1_000_000)
        self._last_ts = max(micros, self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def seconds(self) -> int:
        """The present instant in whole seconds since 1970."""
        return int(self.clock.now().timestamp())

    def change(self) -> int:
        """Number a visible change; whoever waits is woken by `bell`, after the change is made."""
        return self.serials.number()

    def announce(self, happening: Happening) -> None:
        """Tell whoever delivers events to the bot, and wake those who watch the screen."""
        self.bell.ring()
        for listener in self.listeners:
            listener(happening)

    @property
    def bot(self) -> Account:
        """The bot's own user."""
        return self.people[self.bot_user_id]

    @property
    def byline(self) -> Byline:
        """Who the bot is, for its messages."""
        profile: Json = {
            "id": self.bot_id,
            "deleted": False,
            "name": self.manifest.bot_name,
            "updated": self.bot.updated,
            "app_id": APP_ID,
            "icons": {
                "image_36": "https://a.slack-edge.com/80588/img/plugins/app/bot_36.png",
                "image_48": "https://a.slack-edge.com/80588/img/plugins/app/bot_48.png",
                "image_72": "https://a.slack-edge.com/80588/img/plugins/app/service_72.png",
            },
            "team_id": TEAM_ID,
        }
        return Byline(team_id=TEAM_ID, bot_profile=profile)

    def account(self, name: str) -> Account:
        """The person of this name or id. Raises Unknown, in words."""
        found = self.people.get(name) or next((p for p in self.people.values() if p.name == name), None)
        if found is None:
            raise Unknown(f"Nobody here is called {name}.")
        return found

    def channel(self, name: str) -> Channel:
        """The channel of this `#name` or id. Raises Unknown, in words."""
        plain = name.removeprefix("#")
        found = self.channels.get(plain) or next((c for c in self.channels.values() if c.name == plain), None)
        if found is None:
            raise Unknown(f"There is no channel {name}.")
        return found

    def seen_by_bot(self, channel_id: str) -> Channel:
        """The channel of this id as the bot may know it; a private one without it is `channel_not_found`."""
        channel = self.channels.get(channel_id)
        if channel is None or (channel.is_private and self.bot_user_id not in channel.members):
            raise SlackRefusal("channel_not_found")
        return channel

    def direct(self, person: str, other: str) -> Channel:
        """The direct message of these two, made when it is not there yet."""
        for channel in self.channels.values():
            if channel.is_direct and set(channel.members) == {person, other}:
                return channel
        stem = person[2:] if other == self.bot_user_id else person[2:6] + other[2:6]
        channel = Channel(
            id=make_id("D", stem, set(self.channels)),
            name="",
            kind="im",
            members=[person, other],
            creator=person,
            created=self.seconds(),
        )
        self.channels[channel.id] = channel
        return channel

    def replies(self, channel: Channel, root_ts: str) -> list[Message]:
        """The replies of a thread, oldest first; a root carries its own `thread_ts` from its first reply on."""
        if root_ts not in channel.messages or not channel.messages[root_ts].thread_ts:
            return []
        return [m for m in channel.messages.values() if m.thread_ts == root_ts and m.ts != root_ts]

    def shape(self, message: Message, *, with_metadata: bool = False) -> Json:
        """A message's wire shape with its thread's figures."""
        channel = self.channels[message.channel_id]
        root = channel.messages.get(message.thread_ts) if message.is_reply else None
        replies = [] if message.is_reply else self.replies(channel, message.ts)
        shape = message_shape(message, self.byline, replies=replies, root_user=root.user if root else "")
        if with_metadata and message.metadata is not None:
            shape["metadata"] = message.metadata
        if channel.pins and message.ts in channel.pins:
            shape["pinned_to"] = [channel.id]
        return shape

    def permalink(self, message: Message) -> str:
        """The address of a message, as Slack's clients copy it."""
        link = f"https://{self.domain}.slack.com/archives/{message.channel_id}/p{message.ts.replace('.', '')}"
        return f"{link}?thread_ts={message.thread_ts}&cid={message.channel_id}" if message.is_reply else link


def instant(ts: str) -> datetime:
    """The moment of a message timestamp."""
    return datetime.fromtimestamp(float(ts), UTC)
