"""What one Web API method needs and does, and what all of them may use."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.doors import Doors
from bot.sandbox.slack.files import Files
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.oauth import Installing
from bot.sandbox.slack.scheduled import Scheduled
from bot.sandbox.slack.socket_hub import SocketHub
from bot.sandbox.slack.views import Views
from bot.sandbox.slack.wire import Call, Json, SlackRefusal
from bot.sandbox.slack.world import World

# Calls a minute of https://docs.slack.dev/apis/web-api/rate-limits; `post` is one a second and channel.
TIERS = {"1": 1, "2": 20, "3": 50, "4": 100, "special": 600}
POST = "post"


@dataclass(frozen=True, kw_only=True)
class Office:
    """Everything that a method works on."""

    world: World
    views: Views
    doors: Doors
    files: Files
    scheduled: Scheduled
    hub: SocketHub
    installing: Installing
    base_url: str
    socket_url: str


@dataclass(frozen=True, kw_only=True)
class Method:
    """One method: what it does, the scopes of which the token needs one, its rate tier, and the kind of token."""

    run: Callable[[Office, Call], Json]
    scopes: tuple[str, ...] = ()
    tier: str = "3"
    token: str = "bot"


def channel_of(office: Office, call: Call, *, member: bool = True) -> Channel:
    """The channel argument as the bot may use it."""
    channel = office.world.seen_by_bot(call.required("channel", "channel_not_found"))
    if member and office.world.bot_user_id not in channel.members:
        raise SlackRefusal("not_in_channel")
    return channel


def message_of(channel: Channel, ts: str, error: str = "message_not_found") -> Message:
    """The message of this timestamp."""
    found = channel.messages.get(ts)
    if found is None:
        raise SlackRefusal(error)
    return found
