"""Faults of the simulated Jira happen as planned, and leave behind what they should."""

import asyncio
from typing import Any

import aiohttp
import pytest

from bot.sandbox.jira import JiraServer, JiraSite
from tests.sandbox.jira.conftest import Rest

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(30)]


@pytest.mark.parametrize(
    ("kind", "status", "created"),
    [
        ("status", 503, 0),
        ("status_after", 503, 1),
        ("html", 200, 0),
        ("redirect", 302, 0),
        ("rate_limited", 429, 0),
        ("invalid_json", 200, 0),
    ],
)
async def test_a_planned_fault_happens_once(
    rest: Rest, site: JiraSite, kind: Any, status: int, created: int
) -> None:
    site.faults.add(operation="create_issue", kind=kind)
    answer = await rest.create()
    assert (answer.status, len(site.issues())) == (status, created)
    assert (await rest.create()).status == 201


@pytest.mark.parametrize(("kind", "created"), [("drop_before", 0), ("drop_after", 1)])
async def test_a_dropped_connection_may_leave_an_issue(
    rest: Rest, site: JiraSite, kind: Any, created: int
) -> None:
    site.faults.add(operation="*/issue", kind=kind)
    with pytest.raises(aiohttp.ClientConnectionError):
        await rest.create()
    assert (len(site.issues()), site.journal[-1].status) == (created, 0)


async def test_a_hang_outlasts_the_callers_patience(rest: Rest, site: JiraSite) -> None:
    site.faults.add(operation="create_issue", kind="hang", seconds=0.5)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(rest.create(), 0.1)


async def test_a_site_that_is_down_answers_503_to_everything(rest: Rest, site: JiraSite) -> None:
    site.down = True
    assert (await rest.call("GET", "serverInfo")).status == 503


async def test_a_paused_server_refuses_connections_until_it_resumes(rest: Rest, server: JiraServer) -> None:
    await server.pause()
    with pytest.raises(aiohttp.ClientConnectorError):
        await rest.call("GET", "serverInfo")
    await server.resume()
    assert (await rest.call("GET", "serverInfo")).status == 200
