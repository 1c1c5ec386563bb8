"""Every call in both directions, kept for tests: what was asked, what was answered, and which rule it broke, if any."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.sandbox.clock import SandboxClock
from bot.sandbox.slack.wire import Json


def _nothing() -> Mapping[str, str]:
    return {}


@dataclass(kw_only=True)
class Record:
    """One call. `direction` is `to_slack` or `to_bot`; `kind` a method, or what the bot was told; `verdict` the rule broken.

    `began` and `took` are seconds of a clock that nobody can move: the true order of calls, and how long each lasted.
    `fault` names what was ordered to go wrong with it.
    """

    direction: str
    kind: str
    arguments: Json
    started: datetime
    finished: datetime | None = None
    status: int | None = None
    response: Any = None
    verdict: str | None = None
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=_nothing)
    fault: str = ""
    began: float = field(default_factory=time.monotonic)
    took: float | None = None


class Journal:
    """The records in the order in which the calls began."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self.records: list[Record] = []
        # Beginnings and ends: as long as this stays, nothing here has changed.
        self.changes = 0
        self._by_kind: dict[tuple[str, str], list[Record]] = {}

    def __iter__(self) -> Iterator[Record]:
        return iter(self.records)

    def __len__(self) -> int:
        return len(self.records)

    def begin(self, direction: str, kind: str, arguments: Json, **more: Any) -> Record:
        """Write down that a call has begun."""
        record = Record(
            direction=direction, kind=kind, arguments=arguments, started=self._clock.now(), **more
        )
        self.records.append(record)
        self._by_kind.setdefault((direction, kind), []).append(record)
        self.changes += 1
        return record

    def end(self, record: Record, status: int | None, response: Any, verdict: str | None = None) -> None:
        """Write down how it ended."""
        record.status, record.response, record.verdict = status, response, verdict
        record.finished = self._clock.now()
        record.took = time.monotonic() - record.began
        self.changes += 1

    def calls(self, kind: str = "") -> list[Record]:
        """The bot's calls to Slack, all or of one method."""
        return self._of("to_slack", kind)

    def told(self, kind: str = "") -> list[Record]:
        """What the bot was sent, all or of one kind, such as `event:message` or `slash_command`."""
        return self._of("to_bot", kind)

    def violations(self) -> list[Record]:
        """The calls that broke one of Slack's rules."""
        return [r for r in self.records if r.verdict]

    def _of(self, direction: str, kind: str) -> list[Record]:
        if kind:
            return list(self._by_kind.get((direction, kind), ()))
        return [record for record in self.records if record.direction == direction]
