"""Which messages stand in a person's window, oldest first: a channel's feed, a thread, the threads they are in."""

from heapq import merge

from bot.sandbox.places import can_see
from bot.sandbox.screen import NotVisible
from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.people import Account
from bot.sandbox.slack.world import World

# As many messages as a page begins with, and as many as scrolling up brings.
PAGE = 60


def channel_of(world: World, me: Account, channel_id: str) -> Channel:
    """The channel as this person may open it. Raises NotVisible, in words."""
    channel = world.channels.get(channel_id)
    if channel is None or not can_see(me, channel):
        raise NotVisible(f"{me.real_name} does not see this conversation.")
    return channel


def feed(world: World, me: Account, channel: Channel) -> list[Message]:
    """What stands in the channel itself."""
    said = (m for m in channel.messages.values() if m.broadcast or not m.is_reply)
    shown = (m for m in _private(world, me, channel) if not m.thread_ts)
    return list(merge(said, shown, key=_ts))


def thread(world: World, me: Account, channel: Channel, root_ts: str) -> list[Message]:
    """A thread with its first message. Raises NotVisible when there is none."""
    if root_ts not in channel.messages:
        raise NotVisible("This thread is not there (any more).")
    said = (m for m in channel.messages.values() if root_ts in (m.ts, m.thread_ts))
    shown = (m for m in _private(world, me, channel) if m.thread_ts == root_ts)
    return list(merge(said, shown, key=_ts))


def message_of(world: World, me: Account, channel: Channel, ts: str) -> Message:
    """One message that this person sees. Raises NotVisible when it is gone."""
    found = channel.messages.get(ts) or next((m for m in _private(world, me, channel) if m.ts == ts), None)
    if found is None:
        raise NotVisible("This message is not there any more.")
    return found


def threads_of(world: World, me: Account) -> list[tuple[Channel, list[Message]]]:
    """The threads (first message, then replies) in which this person wrote or was named; the liveliest first.

    Only conversations that they are in count: being named elsewhere tells nobody.
    """
    found = [
        (channel, said)
        for channel in world.channels.values()
        if me.id in channel.members
        for said in _threads(channel)
        if _takes_part(me, channel, said)
    ]
    return sorted(found, key=lambda one: one[1][-1].ts, reverse=True)


def _threads(channel: Channel) -> list[list[Message]]:
    """All threads of a channel in one pass."""
    found: dict[str, list[Message]] = {}
    for message in channel.messages.values():
        if message.is_reply and message.thread_ts in channel.messages:
            found.setdefault(message.thread_ts, [channel.messages[message.thread_ts]]).append(message)
    return list(found.values())


def unread(me: Account, channel: Channel, read_to: str) -> tuple[int, bool]:
    """How many messages of others are new to this person, and whether one of them is meant for them."""
    count, meant = 0, False
    for message in reversed(channel.messages.values()):
        if message.ts <= read_to:
            break
        beside = message.is_reply and not message.broadcast and not channel.is_direct
        if message.user != me.id and not beside:
            count += 1
            meant = meant or channel.is_direct or f"<@{me.id}>" in message.text
    return count, meant


def _takes_part(me: Account, channel: Channel, said: list[Message]) -> bool:
    return channel.is_direct or any(m.user == me.id or f"<@{me.id}>" in m.text for m in said)


def _private(world: World, me: Account, channel: Channel) -> list[Message]:
    return [m for m in world.ephemerals if m.ephemeral_to == me.id and m.channel_id == channel.id]


def _ts(message: Message) -> str:
    return message.ts
