"""How a demo's workspace looks at its beginning: what people have said there before the bot is told of anything."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.sandbox.screen import NotVisible
from bot.sandbox.slack import written
from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.world import World
from bot.sandbox.small_talk import ABOUT, BEGINNINGS, ENDS, STORY, Said
from bot.sandbox.story import Sandbox

NAMES = ("story", "busy", "empty")
ZONE = ZoneInfo("Europe/Kyiv")
OLDER_MESSAGES = 5_000
# The older talk lies in these days, before the story's first.
OLDER_DAYS = 90
MOST_DIGITS = 9


@dataclass(frozen=True, kw_only=True)
class Seed:
    """`name` is one of NAMES; `number` throws the older talk of `busy`."""

    name: str
    number: int = 1


def read_seed(words: str) -> Seed:
    """One of NAMES, or a whole number: `busy`, thrown with it. Raises ValueError, in words."""
    if words in NAMES:
        return Seed(name=words)
    if words.isascii() and words.isdecimal() and len(words) <= MOST_DIGITS:
        return Seed(name="busy", number=int(words))
    raise ValueError(f"{words!r} is no seed: write {', '.join(NAMES)}, or a whole number for a busy one")


def plant(box: Sandbox, seed: Seed) -> None:
    """Write the talk of the days before into the workspace; nobody is told. To be done before anybody speaks."""
    if seed.name == "empty":
        return
    world = box.workspace.world
    now = world.clock.now()
    if seed.name == "busy":
        older = _older_talk(world, random.Random(seed.number), _workday(now, _first_day()))
        _write(world, world.channel("general"), older)
    for place in dict.fromkeys(said.place for said in STORY):
        lines = [said for said in STORY if said.place == place]
        _tell(world, _channel(world, place), lines, now)


def _first_day() -> int:
    return max(said.days_ago for said in STORY)


def _channel(world: World, place: str) -> Channel:
    """`#name`, or two names joined by `+` for a talk of these two."""
    if place.startswith("#"):
        return world.channel(place)
    one, _, other = place.partition("+")
    return world.direct(world.account(one).id, world.account(other).id)


def _tell(world: World, channel: Channel, lines: list[Said], now: datetime) -> None:
    for said in lines:
        at = _instant(now, said.days_ago, said.at)
        root = _message(world, channel, said.who, said.text, at)
        if said.emoji:
            root.reactions[said.emoji] = [world.account(name).id for name in said.by]
        for number, (who, text) in enumerate(said.replies, start=1):
            reply = _message(
                world, channel, who, text, at + timedelta(minutes=4 * number, seconds=11 * number)
            )
            reply.thread_ts = root.thread_ts = root.ts
    # A channel holds its messages in the order of their time; a thread may go on below what came after it.
    channel.messages = dict(sorted(channel.messages.items()))


def _write(world: World, channel: Channel, lines: Iterable[tuple[datetime, str, str]]) -> None:
    for at, who, text in lines:
        _message(world, channel, who, text, at)


def _message(world: World, channel: Channel, who: str, text: str, at: datetime) -> Message:
    account = world.account(who)
    if account.id not in channel.members:
        raise NotVisible(f"{who} cannot write in #{channel.name or channel.id}")
    words = written.write(world, text, f"b{world.serials.number():04d}")
    message = Message(
        ts=_free_ts(channel, at),
        channel_id=channel.id,
        user=account.id,
        bot_id=account.bot_id,
        app_id=account.app_id,
        text=words.text,
        blocks=words.blocks,
        client_msg_id="" if account.is_bot else world.serials.unique(),
        changed=world.change(),
    )
    channel.messages[message.ts] = message
    return message


def _free_ts(channel: Channel, at: datetime) -> str:
    micros = int(at.timestamp() * 1_000_000)
    while (ts := f"{micros // 1_000_000}.{micros % 1_000_000:06d}") in channel.messages:
        micros += 1
    return ts


def _instant(now: datetime, days_ago: int, at: str) -> datetime:
    return datetime.combine(_workday(now, days_ago), time.fromisoformat(at), ZONE)


def _workday(now: datetime, days_ago: int) -> datetime:
    """The day that lies so many working days before today, so that nothing is said in the future or on a Sunday."""
    day = now.astimezone(ZONE)
    for _ in range(days_ago):
        day -= timedelta(days=1)
        while day.weekday() > 4:
            day -= timedelta(days=1)
    return day


def _older_talk(world: World, dice: random.Random, until: datetime) -> Iterator[tuple[datetime, str, str]]:
    channel = world.channel("general")
    people = [world.people[id].name for id in channel.members if not world.people[id].is_bot]
    end = datetime.combine(until, time(0), ZONE)
    span = timedelta(days=OLDER_DAYS).total_seconds()
    moments = sorted(dice.uniform(1, span) for _ in range(OLDER_MESSAGES))
    for number, moment in enumerate(moments, start=1):
        words = f"{dice.choice(BEGINNINGS)} {dice.choice(ABOUT)}{dice.choice(ENDS)}"
        at = end - timedelta(seconds=span - moment + 1)
        yield at, dice.choice(people), f"{words} ({number})"
