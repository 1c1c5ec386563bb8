"""What the Jira gateway says of a failure: surely not done, perhaps done, or refused in words."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import requests
from aiohttp import web

from bot.core.text import from_plain
from bot.jira.client import JiraClient
from bot.jira.failures import LoginRefused, outcome
from bot.jira.gateway import JiraGateway
from bot.outbox.outcomes import Doubt, Later, Refused
from bot.sandbox.jira import JiraServer, JiraSite
from tests.jira.conftest import draft, gateway_to

DOCUMENT = from_plain("It hangs.")

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(60)]


async def test_jiras_complaints_about_fields_are_handed_on(gateway: JiraGateway) -> None:
    with pytest.raises(Refused) as refused:
        await gateway.create_issue(draft(project="OPS", type_id="10004"))
    assert refused.value.fields == {"customfield_10030": "Severity is required."}
    assert "Severity is required." in refused.value.words


async def test_a_token_that_ran_out_loses_nothing(server: JiraServer) -> None:
    gateway = gateway_to(server, secret="wrong")
    found: list[LoginRefused] = []
    for asked in (
        gateway.myself(),
        gateway.create_issue(draft()),
        gateway.comments.add("PAY-1", DOCUMENT, "m"),
    ):
        with pytest.raises(LoginRefused) as refused:
            await asked
        found.append(refused.value)
    await gateway.close()
    assert {(one.after, one.counted) for one in found} == {(60.0, False)}
    assert "token" in found[0].words


async def test_an_unknown_issue_is_refused_in_words(gateway: JiraGateway) -> None:
    with pytest.raises(Refused) as refused:
        await gateway.issue("PAY-99")
    assert "does not know" in refused.value.words


@pytest.mark.parametrize(
    "kind", ["status", "status_after", "drop_before", "drop_after", "html", "invalid_json", "oversize"]
)
async def test_a_create_without_a_clear_answer_is_doubtful_and_sent_once(
    gateway: JiraGateway, site: JiraSite, kind: Any
) -> None:
    site.faults.add(operation="create_issue", kind=kind, times=None)
    with pytest.raises(Doubt):
        await gateway.create_issue(draft())
    assert [one.operation for one in site.journal].count("create_issue") == 1


@pytest.mark.parametrize("kind", ["status", "drop_before", "html", "invalid_json", "oversize"])
async def test_a_question_without_an_answer_is_for_later_and_asked_once(
    gateway: JiraGateway, site: JiraSite, kind: Any
) -> None:
    site.faults.add(operation="myself", kind=kind, times=None)
    with pytest.raises(Later) as later:
        await gateway.myself()
    assert (later.value.counted, len(site.journal)) == (False, 1)


async def test_a_limit_is_obeyed_and_leaves_no_doubt(gateway: JiraGateway, site: JiraSite) -> None:
    site.faults.add(operation="create_issue", kind="rate_limited", seconds=7)
    with pytest.raises(Later) as later:
        await gateway.create_issue(draft())
    assert (later.value.after, later.value.counted) == (7.0, False)


async def test_a_redirect_is_not_followed(gateway: JiraGateway, site: JiraSite, server: JiraServer) -> None:
    site.faults.add(operation="create_issue", kind="redirect", location=f"{server.url}/rest/api/2/myself")
    with pytest.raises(Refused) as refused:
        await gateway.create_issue(draft())
    assert "JIRA_URL" in refused.value.words
    assert [one.operation for one in site.journal] == ["server_info", "create_issue"]


async def test_a_site_that_is_down_means_later_and_no_create(gateway: JiraGateway, site: JiraSite) -> None:
    site.down = True
    with pytest.raises(Later):
        await gateway.create_issue(draft())
    assert [one.operation for one in site.journal] == ["server_info"]


async def test_a_refused_connection_means_later(gateway: JiraGateway, server: JiraServer) -> None:
    await server.pause()
    with pytest.raises(Later):
        await gateway.create_issue(draft())
    await server.resume()
    assert (await gateway.create_issue(draft())).key == "PAY-1"


@pytest.mark.parametrize(
    ("kind", "reason"), [("html", "web page"), ("oversize", "megabyte"), ("invalid_json", "JSON")]
)
async def test_an_answer_that_is_not_jiras_is_named(
    gateway: JiraGateway, site: JiraSite, kind: Any, reason: str
) -> None:
    site.faults.add(operation="create_issue", kind=kind)
    with pytest.raises(Doubt, match=reason):
        await gateway.create_issue(draft())


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_create_that_never_left_leaves_no_doubt(server: JiraServer, scheme: str) -> None:
    url = server.url.replace("http", scheme)
    if scheme == "http":
        await server.pause()
    client = JiraClient(url, version="2", basic=None, bearer="t")
    with pytest.raises(requests.RequestException) as failed:
        await asyncio.to_thread(client.send, "issue", {"fields": {}})
    assert isinstance(outcome(failed.value, unsafe=True), Later)


async def test_a_name_that_does_not_resolve_means_later() -> None:
    gateway = JiraGateway("http://jira.invalid", token="t")
    with pytest.raises(Later):
        await gateway.myself()
    await gateway.close()


async def test_tls_spoken_to_a_plain_site_means_later(server: JiraServer) -> None:
    gateway = JiraGateway(server.url.replace("http://", "https://"), token="t")
    with pytest.raises(Later):
        await gateway.create_issue(draft())
    await gateway.close()


@asynccontextmanager
async def one_that_lets_strangers_in(status: int) -> AsyncIterator[str]:
    """A site that passes over a wrong login, as Cloud does, and answers as to a stranger."""

    async def answer(_request: web.Request) -> web.Response:
        headers = {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}
        return web.json_response(
            {"serverTime": "2026-11-02T09:00:00.000+0000"}, status=status, headers=headers
        )

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("status", [200, 404])
async def test_an_answer_to_a_stranger_is_not_taken_for_an_issue_that_is_gone(status: int) -> None:
    async with one_that_lets_strangers_in(status) as url:
        gateway = JiraGateway(url, email="bot@example.com", api_token="ran out")
        for asked in (gateway.issues.state("PAY-1"), gateway.comments.get("PAY-1", "1")):
            with pytest.raises(LoginRefused):
                await asked
        await gateway.close()


async def test_what_a_stranger_may_know_is_told_nevertheless() -> None:
    async with one_that_lets_strangers_in(200) as url:
        gateway = JiraGateway(url, email="bot@example.com", api_token="ran out")
        assert (await gateway.metadata.server_time()).year == 2026
        await gateway.close()


async def test_nothing_of_login_or_text_is_logged(
    gateway: JiraGateway, site: JiraSite, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    site.faults.add(operation="create_issue", kind="invalid_json")
    with pytest.raises(Doubt):
        await gateway.create_issue(draft(summary="canary"))
    assert not [text for text in ("canary", site.bot_account.secret) if text in caplog.text]
