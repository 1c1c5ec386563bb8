"""People's profiles, remembered in memory and in the database, asked of Slack when old.

An old profile is good enough while a new one is on its way; nobody waits long for a name.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.core.clock import Clock
from bot.core.logs import logger
from bot.db.engine import Database
from bot.db.errors import DatabaseUnavailable
from bot.outbox.outcomes import Outcome
from bot.slack.gateway import SlackGateway
from bot.teams import store
from bot.teams.people import Person, person_from_slack

IN_MEMORY = timedelta(hours=1)
IN_TABLE = timedelta(hours=24)
# How long somebody whom Slack could not tell us about stays unknown before it is asked again.
UNKNOWN = timedelta(seconds=15)
PATIENCE = 1.5
MOST = 20_000

_Work = Callable[[str], Coroutine[Any, Any, None]]

log = logger(__name__)


@dataclass(frozen=True, kw_only=True)
class _Remembered:
    person: Person
    until: float


class Profiles:
    """One per process. `elapsed` is a stopwatch in seconds, for ages in memory."""

    def __init__(
        self, database: Database, slack: SlackGateway, clock: Clock, elapsed: Callable[[], float]
    ) -> None:
        self._database = database
        self._slack = slack
        self._clock = clock
        self._elapsed = elapsed
        self._memory: dict[str, _Remembered] = {}
        self._looking: dict[str, asyncio.Task[None]] = {}
        self._asking: dict[str, asyncio.Task[None]] = {}

    async def get(self, user_id: str) -> Person:
        """The person; `Person.unknown` where neither the database nor Slack can tell within 1.5 s."""
        remembered = self._memory.get(user_id)
        if remembered is not None and self._elapsed() < remembered.until:
            return remembered.person
        looking = self._once(self._looking, user_id, self._look)
        if remembered is not None and remembered.person.is_known:
            return remembered.person
        self._memory.pop(user_id, None)
        await asyncio.wait({looking}, timeout=PATIENCE)
        found = self._memory.get(user_id)
        return found.person if found else self._remember(Person.unknown(user_id), UNKNOWN)

    async def forget(self, user_id: str) -> None:
        """Drops what is remembered, so that the next look asks Slack. Raises DatabaseUnavailable."""
        self._memory.pop(user_id, None)
        # What is being asked just now may be the old profile still.
        self._looking.pop(user_id, None)
        self._asking.pop(user_id, None)
        await self._database.write(store.forget_person, user_id)

    async def close(self) -> None:
        """Ends what is still being asked."""
        tasks = [*self._looking.values(), *self._asking.values()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=PATIENCE)

    def _once(self, running: dict[str, asyncio.Task[None]], user_id: str, work: _Work) -> asyncio.Task[None]:
        if user_id not in running:
            task = asyncio.create_task(work(user_id), name=f"profile {user_id}")
            running[user_id] = task
            task.add_done_callback(lambda done: _drop(running, user_id, done))
        return running[user_id]

    async def _look(self, user_id: str) -> None:
        try:
            found = await self._database.read(store.find_person, user_id)
        except DatabaseUnavailable:
            found = None
        if found is not None and self._looking.get(user_id) is asyncio.current_task():
            person, fetched_at = found
            is_fresh = self._clock.now() - fetched_at < IN_TABLE
            self._remember(person, IN_MEMORY if is_fresh else UNKNOWN)
            if is_fresh:
                return
        asking = self._once(self._asking, user_id, self._ask)
        if found is None:
            await asyncio.wait({asking})

    async def _ask(self, user_id: str) -> None:
        try:
            answer = await self._slack.call("users.info", user=user_id)
        except Outcome as outcome:
            log.info("profiles.not_told", reason=outcome.reason)
            self._remember(self._last_known(user_id), UNKNOWN)
            return
        if self._asking.get(user_id) is not asyncio.current_task():
            return
        person = self._remember(person_from_slack(answer.get("user") or {"id": user_id}), IN_MEMORY)
        try:
            await self._database.write(store.keep_person, person, self._clock.now())
        except DatabaseUnavailable:
            log.warning("profiles.not_stored")

    def _last_known(self, user_id: str) -> Person:
        remembered = self._memory.get(user_id)
        return remembered.person if remembered is not None else Person.unknown(user_id)

    def _remember(self, person: Person, length: timedelta) -> Person:
        self._memory.pop(person.id, None)
        while len(self._memory) >= MOST:
            del self._memory[next(iter(self._memory))]
        until = self._elapsed() + length.total_seconds()
        self._memory[person.id] = _Remembered(person=person, until=until)
        return person


def _drop(running: dict[str, asyncio.Task[None]], user_id: str, done: asyncio.Task[None]) -> None:
    if running.get(user_id) is done:
        del running[user_id]
    if not done.cancelled() and done.exception() is not None:
        log.error("profiles.look_broke", exc_info=done.exception())
