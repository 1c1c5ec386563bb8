"""Slack's limits, obeyed before it says so: a bucket for each method and channel, in this process.

Source: Slack, "Rate limits": one message a second and channel with short bursts, and a limit of the whole workspace,
of which the reference of `chat.postMessage` says "several hundred messages per minute"; tiers per method.
"""

from dataclasses import dataclass, field

_TIERS = {
    "chat.postMessage": (1.0, 4.0),
    "chat.update": (50 / 60, 20.0),
    "chat.unfurl": (50 / 60, 20.0),
    "chat.postEphemeral": (100 / 60, 20.0),
    "chat.scheduleMessage": (50 / 60, 20.0),
    "chat.deleteScheduledMessage": (50 / 60, 20.0),
    "chat.scheduledMessages.list": (50 / 60, 20.0),
    "auth.test": (200 / 60, 100.0),
    "chat.getPermalink": (1000 / 60, 50.0),
    "users.info": (100 / 60, 50.0),
    "conversations.history": (50 / 60, 20.0),
    "conversations.replies": (50 / 60, 20.0),
    "conversations.info": (50 / 60, 30.0),
    "conversations.open": (50 / 60, 20.0),
    "conversations.members": (100 / 60, 50.0),
    "files.completeUploadExternal": (100 / 60, 20.0),
    "files.getUploadURLExternal": (100 / 60, 20.0),
    "dnd.info": (50 / 60, 20.0),
    "views.open": (100 / 60, 100.0),
    "views.push": (100 / 60, 100.0),
    "views.update": (100 / 60, 100.0),
    "views.publish": (100 / 60, 100.0),
}
_OTHERS = (20 / 60, 10.0)
_PER_CHANNEL = frozenset({"chat.postMessage"})
# What the workspace takes beside each channel's own limit: everybody of the largest check-in is asked at once.
_TOGETHER = (300 / 60, 200.0)


@dataclass
class _Bucket:
    rate: float
    burst: float
    tokens: float
    at: float
    closed_until: float = 0.0
    # Whether the last place taken was the first one in a while.
    was_full: bool = False

    def take(self, now: float) -> float:
        """Takes a place; the seconds until it comes up."""
        self._fill(now)
        self.was_full = self.tokens >= self.burst
        self.tokens -= 1
        return max(self.closed_until - now, -self.tokens / self.rate, 0.0)

    def close(self, seconds: float, now: float) -> None:
        """Nothing before so many seconds are over."""
        self.closed_until = max(self.closed_until, now + seconds)

    def drain(self, seconds: float, now: float) -> None:
        """As `close`; then one after the other: that it takes a burst has turned out to be wrong."""
        self._fill(now)
        self.close(seconds, now)
        self.tokens = min(self.tokens, 1 - seconds * self.rate)

    def _fill(self, now: float) -> None:
        self.tokens = min(self.burst, self.tokens + (now - self.at) * self.rate)
        self.at = now


@dataclass
class Pace:
    """Says how long to wait before a call. Times are seconds of one monotonic clock."""

    generous: bool = False
    buckets: dict[str, _Bucket] = field(default_factory=dict[str, _Bucket])

    def reserve(self, method: str, channel: str | None, now: float) -> float:
        """Takes a place and returns the seconds until it comes up."""
        if self.generous:
            return max(self._bucket(method, channel, now).closed_until - now, 0.0)
        return max(bucket.take(now) for bucket in self._buckets(method, channel, now))

    def give_back(self, method: str, channel: str | None, now: float) -> None:
        """Nobody comes for the place that was taken: the next one may have it."""
        if not self.generous:
            for bucket in self._buckets(method, channel, now):
                bucket.tokens += 1

    def told_off(self, method: str, channel: str | None, retry_after: float, now: float) -> None:
        """Slack said 429: nothing of this kind before `retry_after` seconds are over."""
        own, *others = self._buckets(method, channel, now)
        own.close(retry_after, now)
        # Where the channel was quiet before, its own limit cannot have been meant.
        if own.was_full:
            for together in others:
                together.drain(retry_after, now)

    def _buckets(self, method: str, channel: str | None, now: float) -> list[_Bucket]:
        """The method's bucket, or the channel's and then the workspace's."""
        own = self._bucket(method, channel, now)
        return [own, self._bucket(method, None, now)] if method in _PER_CHANNEL and channel else [own]

    def _bucket(self, method: str, channel: str | None, now: float) -> _Bucket:
        by_channel = method in _PER_CHANNEL and channel
        key = f"{method} {channel}" if by_channel else method
        if key not in self.buckets:
            if len(self.buckets) > 10_000:
                self.buckets = {name: one for name, one in self.buckets.items() if " " not in name}
            rate, burst = (
                _TOGETHER if method in _PER_CHANNEL and not by_channel else _TIERS.get(method, _OTHERS)
            )
            self.buckets[key] = _Bucket(rate=rate, burst=burst, tokens=burst, at=now)
        return self.buckets[key]
