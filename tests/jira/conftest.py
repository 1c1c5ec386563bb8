"""A gateway against a simulated Jira of each edition; every call it makes is compared with Atlassian's document."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from bot.core.text import from_plain
from bot.jira.gateway import JiraGateway
from bot.jira.shapes import IssueDraft
from bot.sandbox.jira import JiraServer, JiraSite
from tests.jira import adf_schema
from tests.support.jira_running import Clock, running

LABEL = "frontdesk-abcd2345"


def draft(**changes: Any) -> IssueDraft:
    """A plain wish for an issue, with changes."""
    given: dict[str, Any] = {
        "project": "PAY",
        "type_id": "10001",
        "summary": "Refund stuck",
        "description": from_plain("It hangs.\n\nSince noon."),
        "labels": ("from-slack", LABEL),
    }
    return IssueDraft(**(given | changes))


def gateway_to(server: JiraServer, *, secret: str | None = None) -> JiraGateway:
    """A gateway that signs in as the site's bot account, or with another secret."""
    account = server.site.bot_account
    if server.site.edition == "cloud":
        return JiraGateway(server.url, email=account.email, api_token=secret or account.secret)
    return JiraGateway(server.url, token=secret or account.secret)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["cloud", "datacenter"])
def edition(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest_asyncio.fixture
async def server(edition: Any, clock: Clock) -> AsyncIterator[JiraServer]:
    async with running(edition, clock, refused_too=True) as started:
        yield started


@pytest.fixture
def site(server: JiraServer) -> JiraSite:
    return server.site


@pytest_asyncio.fixture
async def gateway(server: JiraServer) -> AsyncIterator[JiraGateway]:
    opened = gateway_to(server)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def schema() -> Any:
    """Atlassian's own schema of documents."""
    path = adf_schema.schema_path()
    if path is None:
        pytest.skip("Atlassian's schema of documents is not on this machine: set FRONTDESK_ADF_SCHEMA")
    return adf_schema.load(path)
