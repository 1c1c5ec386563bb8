"""Slack's rate limits (https://docs.slack.dev/apis/web-api/rate-limits): tiers per method, one post a second and channel.

Of all posts to a workspace together the reference of `chat.postMessage` says "several hundred messages per minute".
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from bot.sandbox.clock import SandboxClock
from bot.sandbox.slack.api.method import POST, TIERS, Method
from bot.sandbox.slack.wire import Call

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class _Limit:
    key: str
    most: int
    window: timedelta


@dataclass(kw_only=True)
class RateLimits:
    """Counts calls while `on`; `burst` posts in a row are let through per channel, `together` in any minute."""

    clock: SandboxClock
    on: bool = False
    burst: int = 1
    together: int = 300
    _calls: dict[str, list[datetime]] = field(default_factory=dict[str, list[datetime]])

    def wait_for(self, call: Call, method: Method) -> int:
        """Whole seconds until this call would be taken; 0 counts it and lets it through."""
        if not self.on:
            return 0
        now, limits = self.clock.now(), self._limits(call, method)
        wait = max(self._wait(limit, now) for limit in limits)
        if not wait:
            for limit in limits:
                self._calls[limit.key].append(now)
        return wait

    def _limits(self, call: Call, method: Method) -> list[_Limit]:
        if method.tier != POST:
            return [_Limit(key=call.method, most=TIERS[method.tier], window=_MINUTE)]
        channel = f"{call.method} {call.text('channel')}"
        return [
            _Limit(key=channel, most=self.burst, window=timedelta(seconds=self.burst)),
            _Limit(key=call.method, most=self.together, window=_MINUTE),
        ]

    def _wait(self, limit: _Limit, now: datetime) -> int:
        recent = [at for at in self._calls.get(limit.key, []) if now - at < limit.window]
        self._calls[limit.key] = recent
        if len(recent) < limit.most:
            return 0
        return max(1, ceil((recent[0] + limit.window - now).total_seconds()))
