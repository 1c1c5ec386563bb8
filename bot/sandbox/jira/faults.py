"""Faults on order: which calls go wrong, how, and how often. The server carries them out."""

import random
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal, get_args

Kind = Literal[
    "status",
    "status_after",
    "drop_before",
    "drop_after",
    "hang",
    "html",
    "redirect",
    "rate_limited",
    "invalid_json",
    "oversize",
]


@dataclass(kw_only=True)
class Fault:
    """One planned fault; `times` None means for ever."""

    operation: str
    kind: Kind
    times: int | None = 1
    probability: float = 1.0
    status: int = 503
    seconds: float = 5.0
    before: bool = False
    location: str = "https://elsewhere.example/"
    rng: random.Random = field(default_factory=lambda: random.Random(0))
    used: int = 0

    def hits(self, operation: str, path: str) -> bool:
        """Whether this call goes wrong; counts the hit."""
        if self.operation not in ("*", operation) and not fnmatchcase(path, self.operation):
            return False
        if self.times is not None and self.used >= self.times:
            return False
        if self.rng.random() >= self.probability:
            return False
        self.used += 1
        return True


class Faults:
    """The faults planned for a site, first match wins."""

    def __init__(self) -> None:
        self._planned: list[Fault] = []

    def add(
        self,
        *,
        operation: str = "*",
        kind: Kind,
        times: int | None = 1,
        probability: float = 1.0,
        seed: int = 0,
        status: int = 503,
        seconds: float = 5.0,
        before: bool = False,
        location: str = "https://elsewhere.example/",
    ) -> Fault:
        """Plan a fault for an operation's name or a path pattern; `seconds` are a hang or a `Retry-After`."""
        if kind not in get_args(Kind):
            raise ValueError(f"no such fault: {kind}")
        fault = Fault(
            operation=operation,
            kind=kind,
            times=times,
            probability=probability,
            status=status,
            seconds=seconds,
            before=before,
            location=location,
            rng=random.Random(seed),
        )
        self._planned.append(fault)
        return fault

    def remove(self, fault: Fault) -> None:
        """Take one order back; nothing happens when it was taken back already."""
        self._planned = [planned for planned in self._planned if planned is not fault]

    def clear(self) -> None:
        """Everything works again."""
        self._planned.clear()

    def pick(self, operation: str, path: str) -> Fault | None:
        """The fault for this call, if one is planned."""
        return next((fault for fault in self._planned if fault.hits(operation, path)), None)
