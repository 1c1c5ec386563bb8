"""The inspector: every call both ways, how it went, its bodies; and the bot's outbox."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.sandbox.face.inspector import bodies, calls
from bot.sandbox.face.inspector.calls import Search
from bot.sandbox.face.stage import Backstage, Stage, Waiting
from bot.sandbox.jira.webhooks import Delivery
from tests.sandbox.face.conftest import Desk
from tests.sandbox.face.test_controls import patches_of

ASK = "C0ASKPAY01"


async def api(desk: Desk, method: str, token: str | None = None, **arguments: Any) -> dict[str, Any]:
    """A call of the bot to Slack."""
    headers = {"Authorization": f"Bearer {token or desk.box.bot_token}"}
    async with desk.session.post(
        f"{desk.box.slack_api_url}{method}", json=arguments, headers=headers
    ) as answer:
        return await answer.json()


async def jira(desk: Desk, path: str) -> int:
    account = desk.jira.site.bot_account
    auth = {"Authorization": aiohttp.encode_basic_auth(account.email, account.secret)}
    async with desk.session.get(f"{desk.jira.url}/rest/api/3/{path}", headers=auth) as answer:
        return answer.status


def deliver(desk: Desk, *, status: int = 200, began: float = 0.0) -> None:
    delivery = Delivery(
        event="comment_created",
        identifier="one",
        attempt=2,
        status=status,
        at=desk.box.clock.now(),
        url="http://127.0.0.1/jira",
        payload={"comment": {"body": "a word in a webhook"}},
        began=began,
        took=0.01,
    )
    desk.jira.site.webhooks.deliveries.append(delivery)


def rows(page: str) -> list[str]:
    """The calls on a page: their methods, events and paths, newest first."""
    return re.findall(r'<code class="what">([^<]+)</code>', page)


async def test_calls_of_all_four_ways_stand_newest_first(desk: Desk) -> None:
    await api(desk, "users.list")
    await jira(desk, "myself")
    await desk.box.person("ana").runs("/ask Help", in_="#ask-payments")
    deliver(desk, began=asyncio.get_running_loop().time() + 5)
    page = await desk.page("/inspector")
    found = rows(page)
    assert found[0] == "comment_created, try 2"
    assert found.index("slash_command") < found.index("GET /rest/api/3/myself") < found.index("users.list")
    for who in calls.WAYS.values():
        assert f"<span>{who}</span>" in page


async def test_the_order_is_true_though_the_clock_has_gone_back(desk: Desk) -> None:
    desk.box.clock.advance(timedelta(days=2))
    await api(desk, "users.list")
    desk.box.clock.reset()
    await api(desk, "team.info")
    assert rows(await desk.page("/inspector")) == ["team.info", "users.list"]


async def test_verdicts_are_said_in_words(desk: Desk) -> None:
    await api(desk, "chat.postMessage", channel="C0RANDOM01", text="x")
    await api(desk, "chat.postMessage", channel=ASK)
    await api(desk, "users.list", token="xoxb-wrong")
    desk.box.faults.add(method="team.info", kind="rate_limited", times=1)
    await api(desk, "team.info")
    page = await desk.page("/inspector")
    assert "refused, membership: not_in_channel" in page
    assert "broke a rule: no_text" in page
    assert "refused, scopes: invalid_auth" in page
    assert "fault ordered: too many requests" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("way=bot-jira", ["GET /rest/api/3/myself"]),
        ("way=bot-slack&verdict=refused", ["chat.postMessage"]),
        ("verdict=broke", []),
        ("words=MYSELF", ["GET /rest/api/3/myself"]),
        ("words=needle", ["chat.postMessage"]),
        ("words=not_in_channel", ["chat.postMessage"]),
        ("words=<script>", []),
        ("way=nonsense&verdict=7&before=nan", ["GET /rest/api/3/myself", "chat.postMessage", "users.list"]),
    ],
)
async def test_calls_are_filtered_by_way_verdict_and_words(desk: Desk, query: str, found: list[str]) -> None:
    await api(desk, "users.list")
    await api(desk, "chat.postMessage", channel="C0RANDOM01", text="a needle")
    await jira(desk, "myself")
    page = await desk.page(f"/inspector?{query}")
    assert rows(page) == found
    assert "<script>" not in page.replace('<script type="module"', "")


async def test_older_calls_are_on_further_pages(desk: Desk) -> None:
    for number in range(calls.PAGE + 30):
        desk.box.journal.begin("to_slack", f"m.{number}", {})
    page = await desk.page("/inspector?way=bot-slack")
    assert rows(page) == [f"m.{number}" for number in reversed(range(30, 130))]
    link = re.search(r'href="(/inspector\?[^"]*before=[^"]*)"', page)
    assert link
    older = await desk.page(link[1].replace("&amp;", "&"))
    assert rows(older) == [f"m.{number}" for number in reversed(range(30))]
    assert "before=" not in older
    assert "data-live" not in older


async def test_a_search_stops_and_goes_on_where_it_stopped(desk: Desk) -> None:
    desk.box.journal.begin("to_slack", "needle", {})
    for _ in range(calls.MOST_LOOKED_AT):
        desk.box.journal.begin("to_slack", "hay", {})
    found = calls.page(desk.face.stage, Search(words="needle"))
    assert found.calls == []
    assert found.before is not None
    further = calls.page(desk.face.stage, Search(words="needle", before=found.before))
    assert [one.what for one in further.calls] == ["needle"]


async def test_bodies_are_shown_when_a_call_is_opened(desk: Desk) -> None:
    blocks = '[{"type": "section", "text": {"type": "mrkdwn", "text": "<b>bold</b>"}}]'
    await api(desk, "chat.postMessage", channel=ASK, text="x", blocks=blocks)
    page = await desk.page("/inspector?way=bot-slack")
    address = re.search(r'data-fetch="([^"]+)"', page)
    assert address
    assert "&lt;b&gt;bold" not in page
    piece = await desk.page(address[1])
    assert "&#34;type&#34;: &#34;section&#34;" in piece
    assert "&lt;b&gt;bold&lt;/b&gt;" in piece
    assert "<b>bold" not in piece
    whole = await desk.page(address[1].removesuffix("?piece"))
    assert "Bot → Slack: chat.postMessage" in whole


async def test_signatures_and_tokens_are_not_shown(desk: Desk) -> None:
    await desk.box.person("ana").runs("/ask Help", in_="#ask-payments")
    await api(desk, "apps.connections.open", token=desk.box.app_token)
    told = desk.box.journal.told("slash_command")[-1]
    ids = re.findall(r'data-fetch="([^"]+)"', await desk.page("/inspector"))
    shown = "".join([await desk.page(one) for one in ids])
    assert "X-Slack-Signature" in shown
    assert told.headers["X-Slack-Signature"] not in shown
    opened = desk.box.journal.calls("apps.connections.open")[-1]
    assert opened.response["url"].partition("ticket=")[2] not in shown


@pytest.mark.parametrize("name", ["s-999", "x-1", "s-", "s--1", "s-²", "s-" + "9" * 50, "w-0"])
async def test_calls_that_are_not_there_are_answered_in_words(desk: Desk, name: str) -> None:
    async with desk.session.get(f"{desk.server.address}/inspector/call/{name}") as answer:
        assert answer.status == 404
        assert "not in the journal" in await answer.text()


async def test_new_and_ended_calls_appear_in_an_open_window(desk: Desk) -> None:
    await api(desk, "users.list")
    running = desk.box.journal.begin("to_slack", "slow.call", {})
    async with patches_of(desk, "/inspector/live") as following:
        first = await following()
        assert (first[0]["do"], first[0]["id"]) == ("fill", "calls")
        assert rows(first[0]["html"]) == ["slow.call", "users.list"]
        desk.box.journal.end(running, 200, {"ok": True})
        await api(desk, "team.info")
        found = await following()
        changed = {patch["id"]: patch["html"] for patch in found if patch["do"] == "swap"}
        assert rows(changed["newest-calls"]) == ["team.info"]
        assert 'class="verdict fine"' in changed["call-s-1"]


async def test_what_is_beyond_the_page_leaves_an_open_window(desk: Desk) -> None:
    for number in range(calls.PAGE):
        desk.box.journal.begin("to_slack", f"m.{number}", {})
    async with patches_of(desk, "/inspector/live") as following:
        await following()
        await api(desk, "users.list")
        assert [patch["id"] for patch in await following() if patch["do"] == "drop"] == ["call-s-0"]


def test_a_body_is_indented_and_cut() -> None:
    assert bodies.pretty({"a": '{"b": 1}'}) == '{\n  "a": {\n    "b": 1\n  }\n}'
    assert bodies.pretty("plain <words>") == "plain <words>"
    assert bodies.pretty({}) == ""
    long = bodies.pretty("x" * (bodies.MOST_SHOWN + 7))
    assert long.endswith("7 more characters are not shown.")
    assert bodies.pretty("[" * 100_000).startswith("[[[")


@pytest.mark.parametrize(
    ("body", "secret"),
    [
        ({"token": "abcdefgh"}, "abcdefgh"),
        ({"Authorization": "Basic abcdefgh"}, "abcdefgh"),
        ({"list": [{"client_secret": "abcdefgh"}]}, "abcdefgh"),
        ("text with xoxb-1-abcdefgh inside", "abcdefgh"),
        ({"url": "ws://127.0.0.1/link?ticket=abcdefgh"}, "abcdefgh"),
        ({"payload": '{"token": "abcdefgh"}'}, "abcdefgh"),
    ],
)
def test_secrets_are_shortened(body: Any, secret: str) -> None:
    assert secret not in bodies.pretty(body)


async def test_the_outbox_stands_on_its_own_page(desk: Desk) -> None:
    now = desk.box.clock.now()

    def work(number: int, **more: Any) -> Waiting:
        given: dict[str, Any] = {
            "kind": "slack.post",
            "about": "",
            "attempts": 1,
            "run_at": now,
            "done": None,
        }
        return Waiting(number=number, **{**given, "result": "", "error": "", **more})

    async def outbox() -> list[Waiting]:
        return [
            work(1, done=now, result="done"),
            work(2, done=now, result="dead", error="not_in_channel"),
            work(3, run_at=now + timedelta(minutes=2), error="Slack <away>"),
            work(4, under_way=True),
            work(5, in_doubt=True),
            work(6, done=now, result="doubtful"),
        ]

    desk.face.stage = Stage(box=desk.box, jira=desk.jira, backstage=Backstage(outbox=outbox))
    page = await desk.page("/inspector/outbox")
    numbers = [int(one) for one in re.findall(r'<th scope="row">(\d+)</th>', page)]
    assert numbers == [3, 4, 5, 6, 2, 1]
    for state in ("waiting for another try", "under way", "in doubt", "given up", "done"):
        assert f">{state}</span>" in page
    assert "Slack &lt;away&gt;" in page


async def test_an_empty_outbox_and_one_that_cannot_be_read_are_said_in_words(desk: Desk) -> None:
    assert "The outbox is empty." in await desk.page("/inspector/outbox")

    async def outbox() -> list[Waiting]:
        raise ConnectionError("cut")

    desk.face.stage = Stage(box=desk.box, jira=desk.jira, backstage=Backstage(outbox=outbox))
    assert "cannot tell just now" in await desk.page("/inspector/outbox")


async def test_health_checks_stand_there_only_for_those_who_ask(desk: Desk) -> None:
    await api(desk, "auth.test")
    await api(desk, "users.list")
    page = await desk.page("/inspector")
    assert rows(page) == ["users.list"]
    assert "Health checks are left out" in page
    asked = await desk.page("/inspector?checks=1&way=bot-slack")
    assert rows(asked) == ["users.list", "auth.test"]
    assert "left out" not in asked
    live = re.search(r'data-live="([^"]+)"', asked)
    assert live
    async with patches_of(desk, live[1].replace("&amp;", "&")) as following:
        assert rows((await following())[0]["html"]) == ["users.list", "auth.test"]
    async with patches_of(desk, "/inspector/live") as following:
        assert rows((await following())[0]["html"]) == ["users.list"]
