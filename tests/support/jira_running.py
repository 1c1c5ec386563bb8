"""A simulated Jira that runs for one test; every accepted call is compared with Atlassian's own document."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.sandbox.jira import JiraServer, JiraSite
from tests.support.jira_specs import check_call, specs_path


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.instant = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.instant

    def advance(self, seconds: float) -> None:
        self.instant += timedelta(seconds=seconds)


@asynccontextmanager
async def running(edition: Any, clock: Clock, *, refused_too: bool) -> AsyncIterator[JiraServer]:
    """A server; at its end the journal is compared, calls that the site refused only where `refused_too`."""
    server = await JiraServer.start(JiraSite(edition=edition, clock=clock))
    try:
        yield server
    finally:
        await server.stop()
    if not specs_path().exists():
        pytest.skip("Atlassian's API document is not on this machine (FRONTDESK_SPECS)")
    compared = [one for one in server.site.journal if refused_too or 200 <= one.status < 300]
    assert [problem for record in compared for problem in check_call(record)] == []
