"""What the face shows and moves: the workspace, the Jira beside it, and what the launcher tells of the bot.

The bot is reached over the wire like every bot; what cannot be seen there (its outbox, what it will do next) comes
through the callables of `Backstage`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar, cast

from bot.sandbox.jira.model import Edition
from bot.sandbox.jira.server import JiraServer
from bot.sandbox.story import Sandbox

One = TypeVar("One")


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One piece of work in the bot's outbox; times are aware UTC, `done` is None while it is open.

    While it is open, `under_way` tells that the bot is at it, `in_doubt` that it may have been carried out already.
    """

    number: int
    kind: str
    about: str
    attempts: int
    run_at: datetime
    done: datetime | None
    result: str
    error: str
    under_way: bool = False
    in_doubt: bool = False


@dataclass(frozen=True, kw_only=True)
class Coming:
    """Something that the bot will do by itself at an instant (aware); `quiet` when people see nothing of it as a rule."""

    at: datetime
    what: str
    quiet: bool = False


@dataclass(frozen=True, kw_only=True)
class Fresh:
    """How the demo begins again; None keeps what is."""

    seed: str | None = None
    edition: Edition | None = None


async def _no_work() -> list[Waiting]:
    return []


async def _nothing_coming() -> list[Coming]:
    return []


async def _at_once() -> None:
    return None


async def _no_reset(_: Fresh) -> None:
    return None


def _no_parts() -> dict[str, str]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Backstage:
    """What the launcher tells of the bot, and can do with it.

    `parts` names each part of the bot and how it is (`ok`, `off` or what is wrong). `caught_up` returns once the bot
    has seen what time it is, so that `coming` is true of it, or after some seconds. `database_gate` opens or cuts the
    bot's way to its database, None where there is none to cut; `reset` begins the demo again.
    """

    parts: Callable[[], dict[str, str]] = _no_parts
    outbox: Callable[[], Awaitable[list[Waiting]]] = _no_work
    coming: Callable[[], Awaitable[list[Coming]]] = _nothing_coming
    caught_up: Callable[[], Awaitable[None]] = _at_once
    reset: Callable[[Fresh], Awaitable[None]] = _no_reset
    database_gate: Callable[[bool], Awaitable[None]] | None = None
    seed: str = "story"


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """Words that the bot sent by webhook to those who look after it."""

    at: datetime
    text: str


@dataclass(kw_only=True)
class Stage:
    """One run of the demo, from a start or reset to the next."""

    box: Sandbox
    jira: JiraServer
    backstage: Backstage = field(default_factory=Backstage)
    alarms: list[Alarm] = field(default_factory=list[Alarm])
    # What was said until then is old to everybody: a message timestamp.
    began_ts: str = ""
    # Where each person has read to, by (person's id, channel's id): a message timestamp.
    read: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    # What a form's person was told about its fields, by view id: block id to words.
    complaints: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    # Why there is no bot any more, in words for whoever wants to do something here; empty while there is one.
    ended: str = ""
    # How each fault that is on is taken back, by its switch's key (see `switches`).
    undo: dict[str, Callable[[], Awaitable[None]]] = field(
        default_factory=dict[str, Callable[[], Awaitable[None]]]
    )

    _kept: dict[str, tuple[object, object]] = field(default_factory=dict[str, tuple[object, object]])

    def kept(self, name: str, mark: object, make: Callable[[], One]) -> One:
        """What `make` makes, for all windows: made again only when `mark` differs from the last one of this name."""
        found = self._kept.get(name)
        if found is None or found[0] != mark:
            found = self._kept[name] = (mark, make())
        return cast(One, found[1])

    @property
    def now(self) -> datetime:
        """The stage's time, aware UTC."""
        return self.box.clock.now()
