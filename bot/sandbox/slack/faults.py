"""Faults that a test orders: what goes wrong, in which call, how often. The server carries them out."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal, TypeAlias

Kind: TypeAlias = Literal[
    "status",
    "status_after",
    "drop_before",
    "drop_after",
    "hang",
    "hang_after",
    "rate_limited",
    "html",
    "error",
    "no_ts",
]


@dataclass(kw_only=True)
class Fault:
    """One ordered fault; `hits` counts how often it has struck."""

    method: str
    kind: Kind
    channel: str = ""
    times: int | None = None
    every: int = 1
    probability: float = 1.0
    status: int = 500
    error: str = "internal_error"
    seconds: float = 5.0
    retry_after: int = 1
    dice: random.Random = field(default_factory=random.Random)
    seen: int = 0
    hits: int = 0

    def strikes(self, method: str, arguments: Mapping[str, Any]) -> bool:
        """Whether this call is hit; counts it."""
        if not fnmatchcase(method, self.method):
            return False
        if self.channel and arguments.get("channel") != self.channel:
            return False
        if self.times is not None and self.hits >= self.times:
            return False
        self.seen += 1
        if self.seen % self.every or self.dice.random() >= self.probability:
            return False
        self.hits += 1
        return True


class Faults:
    """The faults in the order in which they were ordered; the first that strikes counts."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(
        self,
        *,
        method: str = "*",
        kind: Kind,
        times: int | None = None,
        every: int = 1,
        probability: float = 1.0,
        seed: int | None = None,
        channel: str = "",
        status: int = 500,
        error: str = "internal_error",
        seconds: float = 5.0,
        retry_after: int = 1,
    ) -> Fault:
        """Order a fault for a method, a pattern such as `chat.*`, or `response_url`.

        `times` bounds the hits, `every` hits each n-th call, `probability` with `seed` throws dice, `channel` narrows;
        `status`, `error`, `seconds` (of a hang) and `retry_after` (seconds) belong to the kinds.
        """
        fault = Fault(
            method=method,
            kind=kind,
            channel=channel,
            times=times,
            every=every,
            probability=probability,
            status=status,
            error=error,
            seconds=seconds,
            retry_after=retry_after,
            dice=random.Random(seed),
        )
        self._faults.append(fault)
        return fault

    def remove(self, fault: Fault) -> None:
        """Take one order back; nothing happens when it was taken back already."""
        self._faults = [ordered for ordered in self._faults if ordered is not fault]

    def clear(self) -> None:
        """Take all orders back."""
        self._faults.clear()

    def striking(self, method: str, arguments: Mapping[str, Any]) -> Fault | None:
        """The fault that hits this call, if any."""
        return next((fault for fault in self._faults if fault.strikes(method, arguments)), None)
