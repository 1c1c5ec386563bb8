"""The `jira` package works against the simulated Jira as against the real one."""

import asyncio
from typing import Any

import pytest
from jira import JIRA, JIRAError

from bot.sandbox.jira import JiraServer

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(30)]


def client(server: JiraServer) -> JIRA:
    account = server.site.bot_account
    options: dict[str, Any] = {"rest_api_version": "3" if server.site.edition == "cloud" else "2"}
    sign_in: dict[str, Any] = {"token_auth": account.secret}
    if server.site.edition == "cloud":
        sign_in = {"basic_auth": (account.email, account.secret)}
    return JIRA(server=server.url, options=options, max_retries=0, timeout=(3, 10), **sign_in)


def fields(**more: Any) -> dict[str, Any]:
    return {"project": {"key": "PAY"}, "issuetype": {"name": "Task"}, "summary": "Refund stuck", **more}


async def test_the_package_creates_reads_and_searches(server: JiraServer) -> None:
    def work() -> list[str]:
        jira = client(server)
        created = jira.create_issue(fields(labels=["frontdesk-x"]))
        found = jira.search_issues('project = PAY AND labels = "frontdesk-x"', fields="summary")
        return [created.fields.summary, *[one.key for one in found]]

    assert await asyncio.to_thread(work) == ["Refund stuck", "PAY-1"]


async def test_the_package_raises_jiras_own_complaint(server: JiraServer) -> None:
    def work() -> None:
        client(server).create_issue(fields(labels=["two words"]))

    with pytest.raises(JIRAError, match="contains spaces"):
        await asyncio.to_thread(work)


async def test_the_package_lists_projects_and_moves_an_issue(server: JiraServer) -> None:
    def work() -> list[str]:
        jira = client(server)
        jira.create_issue(fields())
        jira.transition_issue("PAY-1", "Done")
        return [one.key for one in jira.projects()]

    assert await asyncio.to_thread(work) == ["PAY", "OPS"]
    assert server.site.issue("PAY-1").status == "Done"
