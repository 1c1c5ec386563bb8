"""Messages that the bot has asked Slack to post later."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.slack.world import World

# Seconds of one channel that take so many messages and no more.
WINDOW = 300


@dataclass(frozen=True, kw_only=True)
class Later:
    """One message that waits for its time (seconds since 1970)."""

    id: str
    channel_id: str
    text: str
    post_at: int
    created: int


@dataclass(kw_only=True)
class Scheduled:
    """What waits; each entry has a task that posts it when the sandbox's clock gets there."""

    world: World
    waiting: dict[str, Later] = field(default_factory=dict[str, Later])
    _tasks: "dict[str, asyncio.Task[None]]" = field(default_factory=dict[str, "asyncio.Task[None]"])

    def add(self, channel_id: str, text: str, post_at: int, post: Callable[[], object]) -> Later:
        """Have `post` called at that time."""
        later = Later(
            id=self.world.serials.make("Q"),
            channel_id=channel_id,
            text=text,
            post_at=post_at,
            created=self.world.seconds(),
        )
        self.waiting[later.id] = later
        self._tasks[later.id] = asyncio.get_running_loop().create_task(self._wait(later, post))
        return later

    def close_to(self, channel_id: str, post_at: int) -> int:
        """The most that would wait for the same five minutes of this channel, one at this time beside them."""
        times = sorted(one.post_at for one in self.waiting.values() if one.channel_id == channel_id)
        starts = [at for at in (*times, post_at) if at <= post_at < at + WINDOW]
        return max(sum(start <= at < start + WINDOW for at in times) for start in starts)

    def drop(self, later_id: str) -> bool:
        """Forget one; False when it is not waiting."""
        task = self._tasks.pop(later_id, None)
        if task is not None:
            task.cancel()
        return self.waiting.pop(later_id, None) is not None

    def close(self) -> None:
        """Forget all."""
        for later_id in list(self.waiting):
            self.drop(later_id)

    async def _wait(self, later: Later, post: Callable[[], object]) -> None:
        await self.world.clock.sleep(later.post_at - self.world.clock.now().timestamp())
        self.waiting.pop(later.id, None)
        self._tasks.pop(later.id, None)
        post()
