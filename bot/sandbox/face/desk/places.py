"""The side bar: which conversations a person has, and in which of them something is new."""

from dataclasses import dataclass

from bot.sandbox.face import addresses
from bot.sandbox.face.controls.switches import switches
from bot.sandbox.face.desk.feed import threads_of, unread
from bot.sandbox.face.stage import Stage
from bot.sandbox.places import can_see
from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.people import SLACKBOT, Account

THREADS = "threads"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry: `new` counts unread messages, `meant` says that one of them names the person."""

    id: str
    name: str
    address: str
    sign: str = "#"
    new: int = 0
    meant: bool = False


@dataclass(frozen=True, kw_only=True)
class Role:
    """Somebody whom one may act as; `handle` is what stands behind their @."""

    id: str
    handle: str
    name: str
    role: str
    tz: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Places:
    """All entries, by heading; `faults` are the switched-on ones in words."""

    cast: list[Role]
    faults: list[str]

    threads: Entry
    channels: list[Entry]
    others: list[Entry]
    people: list[Entry]
    bot: Entry
    home: Entry | None


def places_of(stage: Stage, me: Account) -> Places:
    """The conversations of this person."""
    world = stage.box.workspace.world
    channels = sorted((c for c in world.channels.values() if c.name), key=lambda c: c.name)
    mine = [c for c in channels if me.id in c.members and not c.archived]
    others = [c for c in channels if me.id not in c.members and can_see(me, c) and not c.archived]
    direct = [c for c in world.channels.values() if c.is_direct and me.id in c.members]
    people = [c for c in direct if world.bot_user_id not in c.members]
    bot = world.direct(me.id, world.bot_user_id)
    name = world.manifest.bot_name
    home = Entry(id="home", name="Home", sign="⌂", address=f"{addresses.desk(me)}/home")
    return Places(
        cast=[_role(person) for person in world.people.values() if not (person.deleted or person.is_bot)],
        faults=[one.name for one in switches(stage) if one.is_on],
        threads=_threads(stage, me),
        channels=[_entry(stage, me, c, c.name, "🔒" if c.is_private else "#") for c in mine],
        others=[Entry(id=c.id, name=c.name, address=addresses.place(me, c.id)) for c in others],
        people=[_entry(stage, me, c, _other(stage, me, c), "●") for c in people],
        bot=_entry(stage, me, bot, name, "✦"),
        home=home if world.manifest.home_tab else None,
    )


def _role(person: Account) -> Role:
    kinds = {
        "Workspace admin": person.is_admin,
        "Guest": person.restricted,
        "Other company": person.is_external,
    }
    kind = next((words for words, is_so in kinds.items() if is_so), "Teammate")
    return Role(
        id=person.id,
        handle=person.name,
        name=person.real_name,
        role=person.title or kind,
        tz=person.tz,
        address=addresses.desk(person),
    )


def title_of(stage: Stage, me: Account, channel: Channel) -> str:
    """What a conversation is called on this person's screen."""
    if not channel.is_direct:
        return f"#{channel.name}"
    return _other(stage, me, channel)


def has_read(stage: Stage, me: Account, channel: Channel) -> None:
    """Note that this person sees the end of the conversation."""
    newest = next(reversed(channel.messages), None)
    if newest is not None:
        stage.read[(me.id, channel.id)] = newest


def _entry(stage: Stage, me: Account, channel: Channel, name: str, sign: str) -> Entry:
    new, meant = unread(me, channel, stage.read.get((me.id, channel.id), stage.began_ts))
    return Entry(
        id=channel.id, name=name, sign=sign, address=addresses.place(me, channel.id), new=new, meant=meant
    )


def _threads(stage: Stage, me: Account) -> Entry:
    seen = stage.read.get((me.id, THREADS), stage.began_ts)
    world = stage.box.workspace.world
    found = stage.kept(f"threads of {me.id}", world.bell.rings, lambda: threads_of(world, me))
    fresh = [
        said[-1]
        for _, said in found
        if said[-1].user != me.id and said[-1].ts > max(seen, stage.read.get((me.id, said[0].ts), ""))
    ]
    return Entry(
        id=THREADS,
        name="Threads",
        sign="❝",
        address=f"{addresses.desk(me)}/threads",
        new=len(fresh),
        meant=any(f"<@{me.id}>" in message.text for message in fresh),
    )


def _other(stage: Stage, me: Account, channel: Channel) -> str:
    people = stage.box.workspace.world.people
    other = next((member for member in channel.members if member != me.id), me.id)
    return people[other].real_name if other in people else SLACKBOT
