"""A running simulated Jira of each edition, and a plain REST client for it."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from bot.sandbox.jira import JiraServer, JiraSite
from tests.support.jira_running import Clock, running


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    text: str
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Rest:
    """Signed-in REST calls of one version."""

    def __init__(self, session: aiohttp.ClientSession, server: JiraServer, version: str) -> None:
        self.session = session
        self.server = server
        self.version = version
        self.headers = sign_in(server.site)

    async def call(self, method: str, path: str, *, body: Any = None, **options: Any) -> Answer:
        url = f"{self.server.url}/rest/api/{self.version}/{path}"
        options.setdefault("headers", self.headers)
        async with self.session.request(method, url, json=body, allow_redirects=False, **options) as response:
            return Answer(status=response.status, text=await response.text(), headers=dict(response.headers))

    async def create(self, **fields: Any) -> Answer:
        given = {
            "project": {"key": "PAY"},
            "issuetype": {"name": "Task"},
            "summary": "Refund stuck",
            **fields,
        }
        return await self.call("POST", "issue", body={"fields": given})


def sign_in(site: JiraSite) -> dict[str, str]:
    account = site.bot_account
    if site.edition == "datacenter":
        return {"Authorization": f"Bearer {account.secret}"}
    return {"Authorization": aiohttp.encode_basic_auth(account.email, account.secret)}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["cloud", "datacenter"])
def edition(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest_asyncio.fixture
async def server(edition: Any, clock: Clock) -> AsyncIterator[JiraServer]:
    async with running(edition, clock, refused_too=False) as started:
        yield started


@pytest.fixture
def site(server: JiraServer) -> JiraSite:
    return server.site


@pytest_asyncio.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as opened:
        yield opened


@pytest.fixture
def rest(session: aiohttp.ClientSession, server: JiraServer) -> Rest:
    return Rest(session, server, "3" if server.site.edition == "cloud" else "2")
