"""What the slice tells the others, inside its transaction."""

from dataclasses import dataclass

from bot.features.requests.domain import Move, Request


@dataclass(frozen=True, kw_only=True)
class RequestFiled:
    """A request got its number. `key` names the call that filed it, where the door gave it a name."""

    request: Request
    key: str | None = None


@dataclass(frozen=True, kw_only=True)
class CardPosted:
    """The request's card stands in the triage channel; again where it was posted anew."""

    request: Request


@dataclass(frozen=True, kw_only=True)
class RequestMoved:
    """A request changed by this move, made by `actor` (None: the clock, or Jira)."""

    request: Request
    move: Move
    actor: str | None


@dataclass(frozen=True, kw_only=True)
class RequestShown:
    """The card shows how the request stands now, or cannot. `people` had to do with it lately.

    Told when the outbox has done its part, not by what people wait for.
    """

    request: Request
    people: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class ActedAtHome:
    """Somebody did something on their Home tab, and waits to see it there."""

    user_id: str


@dataclass(frozen=True, kw_only=True)
class AskersTold:
    """The people who joined a request hear that it moved."""

    user_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AskerJoined:
    """One more person asks for the same as this request."""

    request: Request
    user_id: str
