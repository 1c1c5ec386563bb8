"""Where a person can look, and what of it is on their screen. What they do there is in `persons`."""

from bot.sandbox.screen import NotVisible, Seen
from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.people import Account
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.slack.world import World


def can_see(account: Account, channel: Channel) -> bool:
    """Members see a channel; full members see every public one."""
    if account.id in channel.members:
        return True
    stranger = account.restricted or account.is_external or account.is_bot
    return channel.kind == "channel" and not stranger and not account.deleted


def find_place(world: World, account: Account, in_: str) -> Channel:
    """The channel of this name as this person sees it; `dm` is their direct message with the bot."""
    if in_ == "dm":
        return world.direct(account.id, world.bot_user_id)
    channel = world.channel(in_)
    if not can_see(account, channel):
        raise NotVisible(f"{account.name} does not see {in_}")
    return channel


def find_message(world: World, account: Account, message: Message) -> Message | None:
    """This message as it is now, if this person can see it."""
    if message.ephemeral_to:
        mine = (m for m in world.ephemerals if m.ts == message.ts and m.ephemeral_to == account.id)
        return next(mine, None)
    channel = world.channels[message.channel_id]
    return channel.messages.get(message.ts) if can_see(account, channel) else None


def visible_messages(
    space: Workspace, account: Account, place: str | None, thread: Seen | None
) -> list[Message]:
    """What is on the screen, oldest first: a thread, a channel without its threads, or everything everywhere."""
    world = space.world
    inside = (thread.thread_ts or thread.ts) if thread is not None else ""
    if thread is not None:
        channels = [world.channels[thread.channel]]
    elif place:
        channels = [find_place(world, account, place)]
    else:
        channels = list(world.channels.values())
    shown = [channel for channel in channels if can_see(account, channel)]
    found = [m for channel in shown for m in channel.messages.values()]
    ids = {channel.id for channel in channels}
    found += [m for m in world.ephemerals if m.ephemeral_to == account.id and m.channel_id in ids]
    everywhere = place is None and thread is None
    return sorted((m for m in found if everywhere or _is_shown(m, inside)), key=lambda m: m.ts)


def contains(shown: str, text: str) -> bool:
    """Whether these words are there; a number at their end is a whole number, so `#1` is not found in `#12`."""
    at = shown.find(text)
    while at >= 0:
        after = shown[at + len(text) : at + len(text) + 1]
        if not (text[-1:].isdigit() and after.isdigit()):
            return True
        at = shown.find(text, at + 1)
    return False


def _is_shown(message: Message, inside: str) -> bool:
    if inside:
        return inside in (message.thread_ts, message.ts)
    return message.broadcast or not (message.is_reply or (message.ephemeral_to and message.thread_ts))
