"""Each switch: on, the bot's calls fail as its words say; off, they work as before."""

import asyncio

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.face.controls import switches
from bot.sandbox.face.controls.switches import RETRY_AFTER, Switch, Unusable, switch
from bot.sandbox.face.stage import Backstage, Stage
from bot.sandbox.jira.api import routes
from tests.sandbox.face.conftest import Desk

ASK = "C0ASKPAY01"
ISSUE = {"fields": {"project": {"key": "PAY"}, "issuetype": {"name": "Task"}, "summary": "Refund stuck"}}


@pytest.fixture
def stage(desk: Desk) -> Stage:
    return desk.face.stage


@pytest.fixture
def client(desk: Desk) -> AsyncWebClient:
    return AsyncWebClient(token=desk.box.bot_token, base_url=desk.box.slack_api_url, retry_handlers=[])


async def posted(desk: Desk) -> list[str]:
    return [seen.text for seen in await desk.box.person("ana").sees(in_="#ask-payments")]


async def jira_status(desk: Desk, method: str = "GET", path: str = "myself", body: object = None) -> int:
    account = desk.jira.site.bot_account
    auth = {"Authorization": aiohttp.encode_basic_auth(account.email, account.secret)}
    address = f"{desk.jira.url}/rest/api/3/{path}"
    async with desk.session.request(method, address, json=body, headers=auth) as answer:
        return answer.status


async def connects(desk: Desk) -> bool:
    """Whether a bot can open a socket now, and is greeted."""
    app = AsyncWebClient(token=desk.box.app_token, base_url=desk.box.slack_api_url, retry_handlers=[])
    opened = await app.apps_connections_open(app_token=desk.box.app_token)
    try:
        async with desk.session.ws_connect(str(opened["url"])) as socket:
            return (await socket.receive_json(timeout=3))["type"] == "hello"
    except aiohttp.WSServerHandshakeError as error:
        assert error.status == 503
        return False


async def test_messages_are_refused_with_seconds_to_wait(
    desk: Desk, stage: Stage, client: AsyncWebClient
) -> None:
    await switch(stage, "slack-429").turn(True)
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=ASK, text="x")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == str(RETRY_AFTER)
    await client.users_list()
    await switch(stage, "slack-429").turn(False)
    await client.chat_postMessage(channel=ASK, text="y")
    assert await posted(desk) == ["y"]


async def test_every_call_fails_while_slack_is_down(desk: Desk, stage: Stage, client: AsyncWebClient) -> None:
    await switch(stage, "slack-down").turn(True)
    with pytest.raises(SlackApiError) as caught:
        await client.auth_test()
    assert caught.value.response.status_code == 503
    await switch(stage, "slack-down").turn(False)
    await client.auth_test()
    assert await connects(desk)


async def test_slack_that_was_down_before_stays_so(desk: Desk, stage: Stage) -> None:
    desk.box.slack_down()
    await switch(stage, "slack-down").turn(True)
    await switch(stage, "slack-down").turn(False)
    assert desk.box.workspace.server.down


async def test_answers_of_slack_are_lost_after_the_deed(
    desk: Desk, stage: Stage, client: AsyncWebClient
) -> None:
    await switch(stage, "slack-lost").turn(True)
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=ASK, text="x")
    assert await posted(desk) == ["x"]
    await switch(stage, "slack-lost").turn(False)
    await client.chat_postMessage(channel=ASK, text="y")
    assert await posted(desk) == ["x", "y"]


async def test_other_orders_survive_a_switch(desk: Desk, stage: Stage, client: AsyncWebClient) -> None:
    desk.box.faults.add(method="users.list", kind="error", error="fatal_error")
    await switch(stage, "slack-429").turn(True)
    await switch(stage, "slack-429").turn(False)
    with pytest.raises(SlackApiError, match="fatal_error"):
        await client.users_list()


async def test_orders_that_were_cleared_meanwhile_do_no_harm(stage: Stage) -> None:
    for key in ("slack-429", "jira-lost"):
        await switch(stage, key).turn(True)
        stage.box.faults.clear()
        stage.jira.site.faults.clear()
        await switch(stage, key).turn(False)
        assert not switch(stage, key).is_on


async def test_every_event_comes_twice(desk: Desk, stage: Stage) -> None:
    async def told(text: str) -> int:
        await desk.box.person("ana").says(text, in_="#ask-payments")
        await desk.box.events_delivered()
        return sum(
            1 for one in desk.box.journal.told("event:message") if one.arguments["event"]["text"] == text
        )

    await switch(stage, "twice").turn(True)
    assert await told("once more") == 2
    await switch(stage, "twice").turn(False)
    assert await told("once") == 1


async def test_the_socket_breaks_and_stays_away(desk: Desk, stage: Stage) -> None:
    desk.box.deliver_by_socket()
    app = AsyncWebClient(token=desk.box.app_token, base_url=desk.box.slack_api_url)
    opened = await app.apps_connections_open(app_token=desk.box.app_token)
    async with desk.session.ws_connect(str(opened["url"])) as socket:
        assert (await socket.receive_json(timeout=3))["type"] == "hello"
        turning = asyncio.create_task(switch(stage, "socket").turn(True))
        farewell = await socket.receive_json(timeout=3)
        assert (farewell["type"], farewell["reason"]) == ("disconnect", "refresh_requested")
        assert (await socket.receive(timeout=3)).type == aiohttp.WSMsgType.CLOSE
        await turning
    assert not await connects(desk)
    await switch(stage, "socket").turn(False)
    assert await connects(desk)


async def test_two_reasons_keep_the_socket_away_until_both_are_gone(desk: Desk, stage: Stage) -> None:
    desk.box.deliver_by_socket()
    await switch(stage, "socket").turn(True)
    await switch(stage, "slack-down").turn(True)
    await switch(stage, "slack-down").turn(False)
    assert not await connects(desk)
    await switch(stage, "socket").turn(False)
    assert await connects(desk)


async def test_without_a_socket_its_switch_says_why_it_cannot_be_used(stage: Stage) -> None:
    found = switch(stage, "socket")
    assert "over HTTP" in found.off_because
    with pytest.raises(Unusable, match="over HTTP"):
        await found.turn(True)
    assert not found.is_on


async def test_every_call_fails_while_jira_is_down(desk: Desk, stage: Stage) -> None:
    await switch(stage, "jira-down").turn(True)
    assert await jira_status(desk) == 503
    assert desk.jira.site.journal[-1].fault == "down"
    await switch(stage, "jira-down").turn(False)
    assert await jira_status(desk) == 200


async def test_a_slow_jira_does_it_at_once_and_answers_late(desk: Desk, stage: Stage) -> None:
    await switch(stage, "jira-slow").turn(True)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.7):
            await jira_status(desk, "POST", "issue", ISSUE)
    assert [one.summary for one in desk.jira.site.issues()] == ["Refund stuck"]
    await switch(stage, "jira-slow").turn(False)
    async with asyncio.timeout(0.7):
        assert await jira_status(desk) == 200


async def test_answers_of_jira_are_lost_after_the_deed(desk: Desk, stage: Stage) -> None:
    await switch(stage, "jira-lost").turn(True)
    assert await jira_status(desk) == 200  # questions are answered, or the bot would not come to its deed
    with pytest.raises(aiohttp.ClientError):
        await jira_status(desk, "POST", "issue", ISSUE)
    assert [one.summary for one in desk.jira.site.issues()] == ["Refund stuck"]
    await switch(stage, "jira-lost").turn(False)
    assert await jira_status(desk, "POST", "issue", ISSUE) == 201


def test_every_deed_of_jira_that_can_be_lost_is_one() -> None:
    deeds = {route.name for route in routes() if route.method != "GET"}
    assert set(switches.JIRA_WRITES) <= deeds


async def test_the_database_is_cut_and_opened(desk: Desk) -> None:
    moves: list[bool] = []

    async def gate(opened: bool) -> None:
        moves.append(opened)

    stage = Stage(box=desk.box, jira=desk.jira, backstage=Backstage(database_gate=gate))
    await switch(stage, "database").turn(True)
    assert moves == [False]
    await switch(stage, "database").turn(False)
    assert moves == [False, True]


async def test_a_gate_that_fails_is_said_in_words_and_leaves_the_switch_off(desk: Desk) -> None:
    async def gate(opened: bool) -> None:
        raise ConnectionError("no relay")

    stage = Stage(box=desk.box, jira=desk.jira, backstage=Backstage(database_gate=gate))
    with pytest.raises(Unusable, match="no relay"):
        await switch(stage, "database").turn(True)
    assert not switch(stage, "database").is_on


async def test_without_a_gate_the_database_says_what_it_needs(stage: Stage) -> None:
    assert "Postgres" in switch(stage, "database").off_because


async def test_turning_twice_is_turning_once(desk: Desk, stage: Stage) -> None:
    found = switch(stage, "twice")
    await found.turn(False)
    await found.turn(True)
    await found.turn(True)
    await found.turn(False)
    assert not desk.box.workspace.courier.twice


async def test_switches_end_with_their_stage(desk: Desk, stage: Stage) -> None:
    await switch(stage, "twice").turn(True)
    fresh = Stage(box=desk.box, jira=desk.jira)
    assert not any(one.is_on for one in switches.switches(fresh))


async def test_an_unknown_switch_is_answered_with_those_that_there_are(stage: Stage) -> None:
    with pytest.raises(LookupError, match="slack-429"):
        switch(stage, "gravity")


async def test_every_switch_says_what_it_does(stage: Stage) -> None:
    def is_told(one: Switch) -> bool:
        return bool(one.name) and one.words.endswith(".")

    assert all(is_told(one) for one in switches.switches(stage))


class _SlowToClose(web.WebSocketResponse):
    """A connection that takes its time to end."""

    def __init__(self) -> None:
        super().__init__()
        self.going, self.go_on = asyncio.Event(), asyncio.Event()

    async def send_json(self, *_: object, **__: object) -> None:
        return None

    async def close(self, **_: object) -> bool:
        self.going.set()
        await self.go_on.wait()
        return True


@pytest.mark.parametrize("key", ["slack-down", "socket"])
async def test_a_switch_that_is_turned_off_while_it_works_leaves_nothing(
    desk: Desk, stage: Stage, key: str
) -> None:
    space, socket = desk.box.workspace, _SlowToClose()
    desk.box.deliver_by_socket()
    space.hub.sockets.append(socket)
    turning = asyncio.create_task(switch(stage, key).turn(True))
    await asyncio.wait_for(socket.going.wait(), 5)
    await switch(stage, key).turn(False)
    socket.go_on.set()
    await asyncio.wait_for(turning, 5)
    assert not switch(stage, key).is_on
    assert not space.server.down
    assert space.hub.shut_by == set()
