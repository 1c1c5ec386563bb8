"""Runs calls to one Jira site off the event loop; each of a few threads has a client of its own."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from bot.jira import reading
from bot.jira.client import JiraClient
from bot.jira.failures import FAILURES, outcome
from bot.metrics import JIRA_CALLS
from bot.outbox.outcomes import Outcome

THREADS = 4
PAGE = 50
MOST_PAGES = 20

_T = TypeVar("_T")


class Calls:
    """The way to one site: Data Center (REST v2) with `token`, else Cloud (REST v3) with email and API token."""

    def __init__(self, url: str, *, email: str | None, api_token: str | None, token: str | None) -> None:
        self.url = url.rstrip("/")
        self.cloud = token is None
        self._basic = (email or "", api_token or "") if self.cloud else None
        self._bearer = token
        self._pool: ThreadPoolExecutor | None = None
        self._own = threading.local()

    async def run(self, op: str, work: Callable[[JiraClient], _T], *, unsafe: bool = False) -> _T:
        """What `work` returns; what goes wrong is raised as an outcome. `unsafe`: not to be repeated blindly."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="jira")
        loop = asyncio.get_running_loop()
        try:
            done = await loop.run_in_executor(self._pool, self._in_thread, work, unsafe)
        except Outcome as found:
            JIRA_CALLS.labels(op, type(found).__name__.lower()).inc()
            raise
        JIRA_CALLS.labels(op, "ok").inc()
        return done

    async def close(self) -> None:
        """Let the threads go; a call under way ends by itself."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    def _in_thread(self, work: Callable[[JiraClient], _T], unsafe: bool) -> _T:
        try:
            if not hasattr(self._own, "client"):
                version = "3" if self.cloud else "2"
                self._own.client = JiraClient(
                    self.url, version=version, basic=self._basic, bearer=self._bearer
                )
            return work(self._own.client)
        except FAILURES as error:
            raise outcome(error, unsafe=unsafe) from error


def pages(
    client: JiraClient, path: str, members: tuple[str, ...], **query: str | int
) -> list[Mapping[str, Any]]:
    """All entries of a paged list, whichever of the members the edition calls them."""
    found: list[Mapping[str, Any]] = []
    for _ in range(MOST_PAGES):
        given = reading.mapping(client.fetch(path, startAt=len(found), maxResults=PAGE, **query))
        member = next((name for name in members if name in given), members[0])
        page = reading.mappings(given.get(member))
        found += page
        total: object = given.get("total")
        if not page or given.get("isLast") is True or (isinstance(total, int) and len(found) >= total):
            break
    return found
