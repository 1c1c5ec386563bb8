"""Messages made ready for drawing: who, when in the viewer's zone, what may be done with it. Templates draw them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo

from bot.sandbox.face import addresses
from bot.sandbox.face.blocks.surface import Surface
from bot.sandbox.slack.files import Files
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.people import Account
from bot.sandbox.slack.world import World, instant

# A writer's next message within this time stands below the first without their name again, as in Slack's client.
_TOGETHER = timedelta(minutes=5)
_LINES_OF_SLACK = ("channel_join", "channel_topic", "group_join", "group_topic", "tombstone")


@dataclass(frozen=True, kw_only=True)
class Author:
    """Who wrote: `hue` colours the square with their initials."""

    name: str
    at_name: str
    initials: str
    hue: int
    is_app: bool


@dataclass(frozen=True, kw_only=True)
class Reaction:
    """An emoji below a message; `mine` when the viewer put it there too."""

    name: str
    count: int
    who: str
    mine: bool


@dataclass(frozen=True, kw_only=True)
class Line:
    """One message on somebody's screen."""

    message: Message
    surface: Surface
    author: Author
    at: datetime
    day: str
    together: bool
    address: str
    home: str
    reactions: list[Reaction]
    replies: int
    last_reply: datetime | None
    mine: bool
    quiet: bool
    files: list[Mapping[str, object]]

    @property
    def id(self) -> str:
        """Its id on the page; a thread's pane has its own."""
        return self.surface.prefix


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Whose screen it is, and which part of the page: `pane` is `m` for the feed and `t` for the thread."""

    world: World
    files: Files
    me: Account
    pane: str

    def lines(self, messages: list[Message], start: int = 0, end: int | None = None) -> list[Line]:
        """The messages from `start` to `end` of this list; those before are looked at only for names and days."""
        stop = len(messages) if end is None else end
        return [self._line(messages[at - 1] if at else None, messages[at]) for at in range(start, stop)]

    def _line(self, before: Message | None, message: Message) -> Line:
        zone = ZoneInfo(self.me.tz)
        at = instant(message.ts).astimezone(zone)
        earlier = instant(before.ts).astimezone(zone) if before else None
        replies = (
            []
            if message.is_reply
            else self.world.replies(self.world.channels[message.channel_id], message.ts)
        )
        new_day = earlier is None or earlier.date() != at.date()
        return Line(
            message=message,
            surface=Surface(
                kind="message",
                world=self.world,
                me=self.me,
                prefix=f"{self.pane}{message.ts.replace('.', '-')}",
            ),
            author=author_of(self.world, message),
            at=at,
            day=f"{at:%A}, {at.day} {at:%B %Y}" if new_day else "",
            together=bool(
                before and earlier and not new_day and _together(before, message) and at - earlier < _TOGETHER
            ),
            address=addresses.message(self.me, message),
            home=addresses.place(self.me, message.channel_id, thread=message.thread_ts or message.ts),
            reactions=[self._reaction(name, users) for name, users in message.reactions.items()],
            replies=len(replies),
            last_reply=instant(replies[-1].ts).astimezone(zone) if replies else None,
            mine=message.user == self.me.id and not message.subtype.startswith("channel_"),
            quiet=message.subtype in _LINES_OF_SLACK,
            files=[self._file(shape) for shape in message.files],
        )

    def _reaction(self, name: str, users: list[str]) -> Reaction:
        who = ", ".join(self.world.people[user].real_name for user in users if user in self.world.people)
        return Reaction(name=name, count=len(users), who=who, mine=self.me.id in users)

    def _file(self, shape: Mapping[str, object]) -> Mapping[str, object]:
        return {**shape, "address": f"{addresses.desk(self.me)}/files/{shape.get('id')}"}


def author_of(world: World, message: Message) -> Author:
    """Who wrote a message, as the screen shows them."""
    account = world.people.get(message.user)
    if account is None:
        own = message.bot_id == world.bot_id
        return _author(message.username or (world.manifest.bot_name if own else "App"), "", is_app=True)
    return _author(message.username or account.real_name, account.name, is_app=account.is_bot)


def face_of(account: Account) -> Author:
    """A person beside their name."""
    return _author(account.real_name, account.name, is_app=account.is_bot)


def _author(name: str, at_name: str, *, is_app: bool) -> Author:
    initials = "".join(word[0] for word in name.split()[:2]).upper()
    return Author(
        name=name, at_name=at_name, initials=initials, hue=crc32(name.encode()) % 360, is_app=is_app
    )


def _together(before: Message, message: Message) -> bool:
    same = (before.user, before.bot_id, before.ephemeral_to) == (
        message.user,
        message.bot_id,
        message.ephemeral_to,
    )
    return same and not (before.subtype or message.subtype or message.broadcast)
