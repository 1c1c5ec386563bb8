"""Slack's rate limits (https://docs.slack.dev/apis/web-api/rate-limits): tiers per method, one post a second and channel."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from bot.sandbox.clock import SandboxClock
from bot.sandbox.slack.api.method import POST, TIERS, Method
from bot.sandbox.slack.wire import Call

_MINUTE = timedelta(minutes=1)


@dataclass(kw_only=True)
class RateLimits:
    """Counts calls while `on`; `burst` posts in a row are let through per channel."""

    clock: SandboxClock
    on: bool = False
    burst: int = 1
    _calls: dict[str, list[datetime]] = field(default_factory=dict[str, list[datetime]])

    def wait_for(self, call: Call, method: Method) -> int:
        """Whole seconds until this call would be taken; 0 counts it and lets it through."""
        if not self.on:
            return 0
        if method.tier == POST:
            return self._take(
                f"{call.method} {call.text('channel')}", self.burst, timedelta(seconds=self.burst)
            )
        return self._take(call.method, TIERS[method.tier], _MINUTE)

    def _take(self, key: str, most: int, window: timedelta) -> int:
        now = self.clock.now()
        recent = [at for at in self._calls.get(key, []) if now - at < window]
        self._calls[key] = recent
        if len(recent) >= most:
            return max(1, ceil((recent[0] + window - now).total_seconds()))
        recent.append(now)
        return 0
