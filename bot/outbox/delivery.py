"""What a feature says about one kind of outgoing work."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from bot.outbox.outcomes import Outcome, Refused
from bot.outbox.unit_of_work import UnitOfWork

Ref = Mapping[str, Any]
Send = Callable[[], Awaitable[Ref]]
# `again`: the letter itself is tried; `anew`: another entry was made in its place; `overtaken`: nothing is left to do.
Revived = Literal["again", "anew", "overtaken"]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One piece of outgoing work, as it was claimed."""

    id: int
    kind: str
    payload: Mapping[str, Any]
    dedup: str
    owner: str
    attempts: int
    failures: int
    looks: int
    run_at: datetime
    created_at: datetime
    sent_at: datetime | None
    looking_since: datetime | None
    error: str | None
    correlation: str | None


Revive = Callable[[UnitOfWork, Entry], Revived]


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """How one kind of entry is done.

    `prepare` reads the state as it is now and returns the call to make; it may raise Stale.
    `look_up` finds what an earlier attempt left outside.
    `rather` says what is worse where nobody can tell whether it arrived: nothing, or the same twice. With a
    `look_up` it decides when looking is impossible, or got no answer for `longest_doubt` seconds (None: looks for
    ever). Without one, `delivered` is for calls that may be repeated, `once` for those never made a second time.
    `settle`, `give_up` and `held` run in the transaction that records the outcome; `held` is called when it has
    to wait for a new reason (the place is closed, the other side is down).
    `mends` says whether `give_up` has another way for this refusal: then nobody is alarmed, and no dead letter stays.
    `revive` runs when a person has a dead letter tried again: it takes back what `give_up` noted, and says what
    becomes of the letter (see Revived).
    `may_hang`: the other side may keep a call waiting for long; such entries never take all places of a relay.
    """

    prepare: Callable[[Entry], Awaitable[Send]]
    rather: Literal["once", "delivered"]
    look_up: Callable[[Entry], Awaitable[Ref | None]] | None = None
    settle: Callable[[UnitOfWork, Entry, Ref], None] | None = None
    give_up: Callable[[UnitOfWork, Entry, Refused], None] | None = None
    mends: Callable[[Entry, Refused], bool] | None = None
    held: Callable[[UnitOfWork, Entry, Outcome], None] | None = None
    revive: Revive | None = None
    longest_doubt: float | None = None
    look_after: tuple[float, ...] = (2.0, 10.0)
    timeout: float = 10.0
    may_hang: bool = False

    @property
    def at_most_once(self) -> bool:
        """Whether a second attempt is never made, as nobody could tell whether the first arrived."""
        return self.look_up is None and self.rather == "once"


def may_hang(deliveries: Mapping[str, Delivery]) -> dict[str, Delivery]:
    """These deliveries, which leave room for others while the other side does not answer."""
    return {kind: replace(delivery, may_hang=True) for kind, delivery in deliveries.items()}
