"""The simulated Jira tells others of changes, signed, with an identifier that stays the same."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from bot.sandbox.jira import JiraSite, hands, seed
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

    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(raw) for _, raw in self.got]

    def events(self) -> list[str]:
        return [one["webhookEvent"] for one in self.bodies()]

    def identifiers(self) -> list[str]:
        return [headers["X-Atlassian-Webhook-Identifier"] for headers, _ in self.got]


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
    # Data Center tells of a comment as a change of its issue too.
    twice = ["jira:issue_updated"] if site.edition == "datacenter" else []
    assert receiver.events() == ["jira:issue_created", *twice, "comment_created", "jira:issue_updated"]


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


@pytest.mark.parametrize("edition", ["cloud"], indirect=True)
async def test_cloud_tells_of_a_comment_once_without_a_user(
    rest: Rest, site: JiraSite, receiver: Receiver
) -> None:
    await rest.create()
    site.webhooks.add(receiver.url)
    site.says("PAY-1", "Fixed", by=seed.ALICE)
    await site.webhooks.idle()
    (body,) = receiver.bodies()
    assert "user" not in body
    assert set(body["issue"]["fields"]) >= {"summary", "issuetype", "project", "assignee", "status"}
    assert "description" not in body["issue"]["fields"]
    assert (body["comment"]["body"], body["comment"]["author"]["accountId"]) == (
        "Fixed",
        seed.ALICE.account_id,
    )


@pytest.mark.parametrize("edition", ["datacenter"], indirect=True)
async def test_data_center_tells_of_a_comment_twice_and_names_its_issue_once(
    rest: Rest, site: JiraSite, receiver: Receiver
) -> None:
    made = (await rest.create()).json
    site.webhooks.add(receiver.url)
    comment = site.says("PAY-1", "Frist", by=seed.ALICE)
    hands.rewords(site, seed.ALICE, site.stored["PAY-1"], comment, "First")
    site.takes_away(site.stored["PAY-1"], comment, by=seed.BOB)
    await site.webhooks.idle()
    bodies = receiver.bodies()
    assert [one.get("issue_event_type_name") for one in bodies[::2]] == [
        "issue_commented",
        "issue_comment_edited",
        "issue_comment_deleted",
    ]
    assert bodies[0]["comment"]["id"] == bodies[1]["comment"]["id"] == comment.comment_id
    assert bodies[0]["user"]["key"] and bodies[4]["user"]["name"] == "bob"
    assert "issue" not in bodies[1] and f"/issue/{made['id']}/comment/" in bodies[1]["comment"]["self"]


@pytest.mark.parametrize("edition", ["datacenter"], indirect=True)
async def test_a_newer_data_center_names_the_issue_of_a_comment(
    rest: Rest, site: JiraSite, receiver: Receiver
) -> None:
    await rest.create()
    site.comments_come_bare = False
    site.webhooks.add(receiver.url, events=frozenset({"comment_created"}))
    site.says("PAY-1", "Fixed")
    await site.webhooks.idle()
    assert receiver.bodies()[0]["issue"]["key"] == "PAY-1"


async def test_hidden_comments_are_marked_in_what_is_told(
    rest: Rest, site: JiraSite, receiver: Receiver
) -> None:
    await rest.create()
    site.webhooks.add(receiver.url, events=frozenset({"comment_created"}))
    site.says("PAY-1", "For few", visibility={"type": "group", "value": "site-admins"})
    site.says("PAY-1", "For agents", internal=True)
    await site.webhooks.idle()
    few, agents = (one["comment"] for one in receiver.bodies())
    assert few["visibility"]["value"] == "site-admins" and agents["jsdPublic"] is False


async def test_a_moved_and_a_deleted_issue_are_told(rest: Rest, site: JiraSite, receiver: Receiver) -> None:
    await rest.create()
    site.webhooks.add(receiver.url)
    site.moves_to_project("PAY-1", "OPS")
    hands.deletes(site, seed.NINA, site.stored["OPS-1"])
    await site.webhooks.idle()
    moved, deleted = receiver.bodies()
    assert (moved["issue_event_type_name"], moved["issue"]["key"]) == ("issue_moved", "OPS-1")
    assert (deleted["webhookEvent"], deleted["issue"]["id"]) == ("jira:issue_deleted", moved["issue"]["id"])


async def test_a_changelog_tells_ids_beside_words(rest: Rest, site: JiraSite, receiver: Receiver) -> None:
    await rest.create()
    site.webhooks.add(receiver.url)
    hands.assigns(site, seed.NINA, site.stored["PAY-1"], seed.LEAD)
    await site.webhooks.idle()
    body = receiver.bodies()[0]
    (item,) = body["changelog"]["items"]
    name = seed.LEAD.account_id if site.edition == "cloud" else "lead"
    assert (item["from"], item["to"], item["toString"]) == (None, name, "Lea Dorn")
    assert body["issue_event_type_name"] == "issue_assigned" and body["changelog"]["id"]


async def test_held_events_wait_and_may_come_in_any_order(
    rest: Rest, site: JiraSite, receiver: Receiver
) -> None:
    await rest.create()
    site.webhooks.add(receiver.url, events=frozenset({"comment_created"}))
    site.webhooks.shuffle(3)
    site.webhooks.hold()
    for number in range(20):
        site.says("PAY-1", str(number))
    await site.webhooks.idle()
    assert receiver.got == []
    site.webhooks.release()
    await site.webhooks.idle()
    said = [int(one["comment"]["body"]) for one in receiver.bodies()]
    assert sorted(said) == list(range(20)) and said != sorted(said)


async def test_an_event_comes_again_under_the_same_identifier(
    rest: Rest, site: JiraSite, receiver: Receiver
) -> None:
    site.webhooks.add(receiver.url)
    site.webhooks.redeliver(2)
    await rest.create()
    await site.webhooks.idle()
    assert (len(receiver.got), len(set(receiver.identifiers()))) == (3, 1)


async def test_some_events_are_lost(rest: Rest, site: JiraSite, receiver: Receiver) -> None:
    await rest.create()
    site.webhooks.add(receiver.url, events=frozenset({"comment_created"}))
    site.webhooks.lose(0.5, seed=1)
    for number in range(20):
        site.says("PAY-1", str(number))
    site.webhooks.lose(0)
    site.says("PAY-1", "last")
    await site.webhooks.idle()
    assert 0 < len(site.webhooks.lost) < 20
    assert len(receiver.got) == 21 - len(site.webhooks.lost)
    assert receiver.bodies()[-1]["comment"]["body"] == "last"


async def test_only_an_administrator_sees_the_registered_webhooks(rest: Rest, site: JiraSite) -> None:
    site.webhooks.add("http://127.0.0.1:9/hook")
    path = "webhooks/1.0/webhook" if site.edition == "cloud" else "jira-webhook/1.0/webhooks"
    other = "jira-webhook/1.0/webhooks" if site.edition == "cloud" else "webhooks/1.0/webhook"
    refused = await rest.call("GET", f"../../{path}")
    site.make_admin(site.bot_account)
    shown = await rest.call("GET", f"../../{path}")
    assert (refused.status, (await rest.call("GET", f"../../{other}")).status) == (403, 404)
    (one,) = shown.json
    assert one["url"] == "http://127.0.0.1:9/hook"
    assert one["enabled" if site.edition == "cloud" else "active"] is True


@pytest.mark.parametrize("edition", ["datacenter"], indirect=True)
async def test_an_older_data_center_lists_webhooks_as_cloud_does(rest: Rest, site: JiraSite) -> None:
    site.version = "9.12.5"
    site.make_admin(site.bot_account)
    site.webhooks.add("http://127.0.0.1:9/hook")
    assert (await rest.call("GET", "../../webhooks/1.0/webhook")).json[0]["enabled"] is True
    assert (await rest.call("GET", "../../jira-webhook/1.0/webhooks")).status == 404
