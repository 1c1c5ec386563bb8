"""What a feature says about one kind of outgoing work."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from bot.outbox.outcomes import Outcome, Refused
from bot.outbox.unit_of_work import UnitOfWork

Ref = Mapping[str, Any]
Send = Callable[[], Awaitable[Ref]]


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
    error: str | None
    correlation: str | None


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """How one kind of entry is done.

    `prepare` reads the state as it is now and returns the call to make; it may raise Stale.
    `look_up` finds what an earlier attempt left outside; without it the call must be repeatable.
    `settle`, `give_up` and `held` run in the transaction that records the outcome; `held` is called when it has
    to wait for a new reason (the place is closed, the other side is down).
    `may_hang`: the other side may keep a call waiting for long; such entries never take all places of a relay.
    """

    prepare: Callable[[Entry], Awaitable[Send]]
    look_up: Callable[[Entry], Awaitable[Ref | None]] | None = None
    settle: Callable[[UnitOfWork, Entry, Ref], None] | None = None
    give_up: Callable[[UnitOfWork, Entry, Refused], None] | None = None
    held: Callable[[UnitOfWork, Entry, Outcome], None] | None = None
    rather: Literal["once", "delivered"] = "once"
    look_after: tuple[float, ...] = (2.0, 10.0)
    timeout: float = 10.0
    may_hang: bool = False


def may_hang(deliveries: Mapping[str, Delivery]) -> dict[str, Delivery]:
    """These deliveries, which leave room for others while the other side does not answer."""
    return {kind: replace(delivery, may_hang=True) for kind, delivery in deliveries.items()}
