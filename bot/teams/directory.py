"""Answers "which teams are there" and "who is this" for everyone, from memory as far as it is fresh.

It keeps answering with what it knew last while the database is away.
"""

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.core.clock import Clock, stopwatch
from bot.core.leavers import SOMEONE, is_gone
from bot.core.logs import logger
from bot.db.engine import Database
from bot.db.errors import DatabaseUnavailable
from bot.outbox.outcomes import Outcome
from bot.outbox.unit_of_work import Transactions
from bot.slack.gateway import SlackGateway
from bot.teams import groups, store
from bot.teams.people import Person
from bot.teams.profiles import Profiles
from bot.teams.roster import Teams
from bot.teams.settings import team_of

FRESH_SECONDS = 1.0
# With something to fall back on, a database that hangs may not hold up an answer.
PATIENCE = 0.5
GROUP_TIMEOUT = 10.0

log = logger(__name__)


class Directory:
    """One per process. `elapsed` is a stopwatch in seconds, for ages in memory.

    Who came into a group or left it is told to the subscribers of `transactions`; without it to nobody.
    """

    def __init__(
        self,
        database: Database,
        slack: SlackGateway,
        clock: Clock,
        elapsed: Callable[[], float] = stopwatch,
        transactions: Transactions | None = None,
    ) -> None:
        self._database = database
        self._transactions = transactions or Transactions(database, clock.now, _no_relay)
        self._slack = slack
        self._elapsed = elapsed
        self._profiles = Profiles(database, slack, clock, elapsed)
        self._teams: Teams | None = None
        self._kept = _Kept(rows=[], teams=Teams(all=(), groups={}))
        self._looked_at = 0.0
        self._loading: asyncio.Task[Teams] | None = None

    async def teams(self) -> Teams:
        """The teams, never known to be older than 1 s while the database answers.

        Raises DatabaseUnavailable only if there has never been an answer.
        """
        last = self._teams
        if last is not None and self._elapsed() - self._looked_at < FRESH_SECONDS:
            return last
        loading = self._load()
        if last is None:
            await asyncio.wait({loading})
            return loading.result()
        await asyncio.wait({loading}, timeout=PATIENCE)
        # After a failure too: a database that is away is not asked for every answer.
        self._looked_at = self._elapsed()
        return self._teams or last

    def _load(self) -> asyncio.Task[Teams]:
        if self._loading is None or self._loading.done():
            self._loading = asyncio.create_task(self._look(), name="look at the teams")
            self._loading.add_done_callback(_note_failure)
        return self._loading

    async def _look(self) -> Teams:
        self._kept = await self._database.read(_snapshot, self._kept)
        self._teams = self._kept.teams
        self._looked_at = self._elapsed()
        return self._teams

    async def person(self, user_id: str) -> Person:
        """The person; `is_known` is False where neither the database nor Slack can tell within 1.5 s."""
        if is_gone(user_id):
            return Person(id=user_id, name=SOMEONE, deleted=True)
        return await self._profiles.get(user_id)

    async def forget_person(self, user_id: str) -> None:
        """After a change of the profile: the next look asks Slack. Raises DatabaseUnavailable."""
        await self._profiles.forget(user_id)

    async def refresh_groups(self, now: datetime) -> Mapping[str, str]:
        """Asks Slack who is in the groups that the teams name; returns the groups that failed, with reasons.

        A group that failed keeps the members it had. Raises DatabaseUnavailable.
        """
        named = (await self._database.read(_snapshot, self._kept)).teams.all
        wanted = frozenset[str]().union(*(team.user_groups for team in named))
        failed: dict[str, str] = {}
        for group_id in sorted(wanted):
            try:
                members = await self._members_of(group_id)
            except Outcome as outcome:
                failed[group_id] = outcome.reason
                log.warning("directory.group_not_told", group=group_id, reason=outcome.reason)
                continue
            await self._transactions.run(groups.keep_members, group_id, members)
        await self._transactions.run(groups.keep_only, wanted)
        log.debug("directory.groups_refreshed", at=now.isoformat(), groups=len(wanted), failed=len(failed))
        self._looked_at = float("-inf")
        return failed

    async def _members_of(self, group_id: str) -> Iterable[str]:
        call = self._slack.call("usergroups.users.list", usergroup=group_id)
        try:
            answer = await asyncio.wait_for(call, GROUP_TIMEOUT)
        except TimeoutError as error:
            raise Outcome("no answer in time") from error
        return [str(user_id) for user_id in answer.get("users") or ()]

    async def close(self) -> None:
        """Ends what is still being looked at."""
        await self._profiles.close()
        if self._loading is not None and not self._loading.done():
            self._loading.cancel()


@dataclass(frozen=True, kw_only=True)
class _Kept:
    """The teams, and the rows that they were read from."""

    rows: Sequence[tuple[int, bool, str]]
    teams: Teams


def _snapshot(connection: Connection, last: _Kept) -> _Kept:
    """The teams as they are. As long as nothing changes they are the very same, and nothing is read out of JSON."""
    rows, groups = store.settings_texts(connection), store.groups_of_people(connection)
    if rows == last.rows and groups == last.teams.groups:
        return last
    known = dict(zip(last.rows, last.teams.all, strict=True))
    teams = (known.get(row) or team_of(json.loads(row[2]), id=row[0], active=row[1]) for row in rows)
    return _Kept(rows=rows, teams=Teams(all=tuple(teams), groups=groups))


def _no_relay() -> None:
    """Nothing is sent of what nobody hears."""


def _note_failure(loading: asyncio.Task[Teams]) -> None:
    if loading.cancelled():
        return
    error = loading.exception()
    if isinstance(error, DatabaseUnavailable):
        log.warning("directory.teams_not_read", why=str(error))
    elif error is not None:
        log.error("directory.teams_broke", exc_info=error)
