"""Slack's limits on messages, as the sink enforces them: so many at once, then so many a minute.

Each channel has its own limit, and the workspace has one for all. Its number is not published ("several hundred
messages per minute"), so it is measured under more than one.
"""

from dataclasses import dataclass, field
from math import ceil

CHANNEL_RATE, CHANNEL_BURST = 1.0, 4.0


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a workspace takes. `latency` is how long each call takes to be answered, in seconds."""

    at_once: int
    a_minute: int
    latency: float

    def best(self, messages: int) -> float:
        """Seconds in which so many messages to as many channels can have come at the soonest."""
        return max(messages - self.at_once, 0) * 60 / self.a_minute

    def __str__(self) -> str:
        return f"{self.at_once} at once, {self.a_minute} a minute"


@dataclass
class _Bucket:
    rate: float
    burst: float
    left: float
    at: float

    def wait(self, now: float) -> float:
        """Seconds until there is room; 0 where there is."""
        self.left = min(self.burst, self.left + (now - self.at) * self.rate)
        self.at = now
        return 0.0 if self.left >= 1 else (1 - self.left) / self.rate


@dataclass
class Limited:
    """Says to each message whether it may come now."""

    limits: Limits
    _channels: dict[str, _Bucket] = field(default_factory=dict[str, _Bucket])
    _workspace: _Bucket | None = None

    def retry_after(self, channel: str, now: float) -> int:
        """Takes the message and returns 0, or the whole seconds after which it may be tried again."""
        if self._workspace is None:
            burst = float(self.limits.at_once)
            self._workspace = _Bucket(self.limits.a_minute / 60, burst, burst, now)
        own = self._channels.setdefault(channel, _Bucket(CHANNEL_RATE, CHANNEL_BURST, CHANNEL_BURST, now))
        wait = max(self._workspace.wait(now), own.wait(now))
        if wait > 0:
            return max(ceil(wait), 1)
        self._workspace.left -= 1
        own.left -= 1
        return 0
