"""Slack's limits, obeyed before it says so: a bucket for each method and channel, in this process.

Source: Slack, "Rate limits": one message a second and channel with short bursts; tiers per method.
"""

from dataclasses import dataclass, field

_TIERS = {
    "chat.postMessage": (1.0, 4.0),
    "chat.update": (50 / 60, 20.0),
    "chat.unfurl": (50 / 60, 20.0),
    "chat.postEphemeral": (100 / 60, 20.0),
    "auth.test": (200 / 60, 100.0),
    "chat.getPermalink": (1000 / 60, 50.0),
    "users.info": (100 / 60, 50.0),
    "conversations.history": (50 / 60, 20.0),
    "conversations.replies": (50 / 60, 20.0),
    "conversations.info": (50 / 60, 30.0),
    "conversations.open": (50 / 60, 20.0),
    "conversations.members": (100 / 60, 50.0),
    "views.open": (100 / 60, 100.0),
    "views.push": (100 / 60, 100.0),
    "views.update": (100 / 60, 100.0),
    "views.publish": (100 / 60, 100.0),
}
_OTHERS = (20 / 60, 10.0)
_PER_CHANNEL = frozenset({"chat.postMessage"})


@dataclass
class _Bucket:
    rate: float
    burst: float
    tokens: float
    at: float
    closed_until: float = 0.0


@dataclass
class Pace:
    """Says how long to wait before a call. Times are seconds of one monotonic clock."""

    generous: bool = False
    buckets: dict[str, _Bucket] = field(default_factory=dict[str, _Bucket])

    def reserve(self, method: str, channel: str | None, now: float) -> float:
        """Takes a place and returns the seconds until it comes up."""
        bucket = self._bucket(method, channel, now)
        wait = max(bucket.closed_until - now, 0.0)
        if self.generous:
            return wait
        bucket.tokens = min(bucket.burst, bucket.tokens + (now - bucket.at) * bucket.rate)
        bucket.at = now
        bucket.tokens -= 1
        return max(wait, -bucket.tokens / bucket.rate if bucket.tokens < 0 else 0.0)

    def give_back(self, method: str, channel: str | None, now: float) -> None:
        """Nobody comes for the place that was taken: the next one may have it."""
        if not self.generous:
            self._bucket(method, channel, now).tokens += 1

    def told_off(self, method: str, channel: str | None, retry_after: float, now: float) -> None:
        """Slack said 429: nothing of this kind before `retry_after` seconds are over."""
        bucket = self._bucket(method, channel, now)
        bucket.closed_until = max(bucket.closed_until, now + retry_after)

    def _bucket(self, method: str, channel: str | None, now: float) -> _Bucket:
        key = f"{method} {channel}" if method in _PER_CHANNEL else method
        if key not in self.buckets:
            if len(self.buckets) > 10_000:
                self.buckets.clear()
            rate, burst = _TIERS.get(method, _OTHERS)
            self.buckets[key] = _Bucket(rate=rate, burst=burst, tokens=burst, at=now)
        return self.buckets[key]
