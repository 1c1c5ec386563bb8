"""The simulated Jira tells others of changes, signed, with an identifier that stays the same."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from aiohttp import web

from bot.sandbox.jira import JiraSite
from tests.sandbox.jira.conftest import Rest

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(30)]


@dataclass(kw_only=True)
class Receiver:
    """A web hook's other end; `statuses` are the answers to come, then 200."""

    url: str = ""
    statuses: list[int] = field(default_factory=list[int])
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list[tuple[dict[str, str], bytes]])

    async def take(self, request: web.Request) -> web.Response:
        self.got.append((dict(request.headers), await request.read()))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    def events(self) -> list[str]:
        return [json.loads(raw)["webhookEvent"] for _, raw in self.got]


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    one = Receiver()
    app = web.Application()
    app.router.add_post("/hook", one.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    one.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield one
    await runner.cleanup()


async def test_changes_reach_the_webhook_in_order(rest: Rest, site: JiraSite, receiver: Receiver) -> None:
    site.webhooks.add(receiver.url, secret="s")
    await rest.create()
    site.says("PAY-1", "Fixed")
    site.moves("PAY-1", "Done")
    await site.webhooks.idle()
    assert receiver.events() == ["jira:issue_created", "comment_created", "jira:issue_updated"]


async def test_the_signature_covers_the_raw_body(rest: Rest, site: JiraSite, receiver: Receiver) -> None:
    site.webhooks.add(receiver.url, secret="s")
    await rest.create()
    await site.webhooks.idle()
    headers, raw = receiver.got[0]
    assert headers["X-Hub-Signature"] == "sha256=" + hmac.new(b"s", raw, hashlib.sha256).hexdigest()


async def test_a_change_of_status_carries_its_changelog(
    rest: Rest, site: JiraSite, receiver: Receiver
) -> None:
    await rest.create()
    site.webhooks.add(receiver.url)
    site.moves("PAY-1", "Done")
    await site.webhooks.idle()
    item = json.loads(receiver.got[0][1])["changelog"]["items"][0]
    assert (item["field"], item["fromString"], item["toString"]) == ("status", "To Do", "Done")


async def test_a_failed_delivery_is_tried_again_under_the_same_identifier(
    rest: Rest, site: JiraSite, receiver: Receiver
) -> None:
    site.webhooks.retry_delays = (0.0, 0.0)
    receiver.statuses = [503]
    site.webhooks.add(receiver.url)
    await rest.create()
    await site.webhooks.idle()
    assert len({headers["X-Atlassian-Webhook-Identifier"] for headers, _ in receiver.got}) == 1
    assert [one.status for one in site.webhooks.deliveries] == [503, 200]


async def test_only_the_events_asked_for_are_sent(rest: Rest, site: JiraSite, receiver: Receiver) -> None:
    site.webhooks.add(receiver.url, events=frozenset({"comment_created"}))
    await rest.create()
    site.says("PAY-1", "Fixed")
    await site.webhooks.idle()
    assert receiver.events() == ["comment_created"]
