"""How the bot is called: signatures, redelivery, patience, duplicates; over HTTP and Socket Mode."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.story import Answer, Sandbox
from tests.sandbox.slack.listener import Answering, Listener
from tests.sandbox.slack.tiny_bot import manifest


def failing(times: int, *, status: int = 500, headers: dict[str, str] | None = None) -> Answering:
    left = iter(range(times))

    async def answer(_: web.Request) -> web.Response:
        return (
            web.Response(status=status, headers=headers) if next(left, None) is not None else web.Response()
        )

    return answer


async def test_a_call_is_signed_over_its_raw_body(box: Sandbox, listener: Listener) -> None:
    await box.person("ana").runs("/ask hello")
    headers, body = listener.headers[0], listener.bodies[0]
    base = b"v0:" + headers["x-slack-request-timestamp"].encode() + b":" + body
    expected = "v0=" + hmac.new(box.signing_secret.encode(), base, hashlib.sha256).hexdigest()
    assert headers["x-slack-signature"] == expected


async def test_an_event_is_sent_again_until_it_is_acknowledged(box: Sandbox, listener: Listener) -> None:
    listener.answer = failing(2)
    await box.person("ana").says("hi", in_="#ask-payments")
    await box.events_delivered()
    told = listener.events()
    assert len(told) == 3
    assert len({body["event_id"] for body in told}) == 1
    numbers = [headers.get("x-slack-retry-num") for headers in listener.headers]
    assert numbers == [None, "1", "2"]
    assert listener.headers[1]["x-slack-retry-reason"] == "http_error"


async def test_an_event_is_given_up_after_three_more_tries(box: Sandbox, listener: Listener) -> None:
    listener.answer = failing(99)
    await box.person("ana").says("hi", in_="#ask-payments")
    await box.events_delivered()
    assert len(listener.events()) == 4


async def test_no_retry_is_honoured(box: Sandbox, listener: Listener) -> None:
    listener.answer = failing(99, headers={"x-slack-no-retry": "1"})
    await box.person("ana").says("hi", in_="#ask-payments")
    await box.events_delivered()
    assert len(listener.events()) == 1


async def test_redelivery_goes_by_the_sandboxs_clock(listener: Listener) -> None:
    async with Sandbox.start(manifest=manifest()) as box:
        box.deliver_by_http(listener.url)
        listener.answer = failing(2)
        await box.person("ana").says("hi", in_="#ask-payments")
        await listener.until(2)
        box.clock.advance(timedelta(minutes=1))
        await box.events_delivered()
        assert len(listener.heard) == 3


async def test_an_event_can_be_delivered_twice(box: Sandbox, listener: Listener) -> None:
    box.deliver_twice()
    await box.person("ana").says("hi", in_="#ask-payments")
    await box.events_delivered()
    first, second = listener.events()
    assert first == second


async def test_a_slow_command_is_an_operation_timeout(listener: Listener) -> None:
    async def slow(_: web.Request) -> web.Response:
        await asyncio.sleep(5)
        return web.Response()

    listener.answer = slow
    async with Sandbox.start(manifest=manifest(), patience=0.1) as box:
        box.deliver_by_http(listener.url)
        answer = await box.person("ana").runs("/ask hello")
        assert isinstance(answer, Answer)
        assert answer.failed == "operation_timeout"
        assert len(listener.heard) == 1


async def test_a_command_to_nobody_is_a_dispatch_failed(box: Sandbox) -> None:
    answer = await box.person("ana").runs("/ask hello")
    assert isinstance(answer, Answer)
    assert answer.failed == "dispatch_failed"


async def test_names_in_a_command_are_resolved_where_the_manifest_says_so(
    box: Sandbox, listener: Listener
) -> None:
    await box.person("ana").runs("/ask for @bob in #general & <you>")
    assert listener.heard[-1]["text"] == "for <@U0BOB00001|bob> in <#C0GENERAL1|general> &amp; &lt;you&gt;"
    await box.person("ana").runs("/form for @bob")
    assert listener.heard[-1]["text"] == "for @bob"


async def test_only_subscribed_events_with_their_scope_from_where_the_bot_is_are_sent(
    listener: Listener,
) -> None:
    scopes = ["channels:history", "chat:write"]
    events = ["message.channels", "message.groups", "reaction_added"]
    async with Sandbox.start(manifest=manifest(scopes=scopes, events=events)) as box:
        box.deliver_by_http(listener.url)
        said = await box.person("ana").says("here", in_="#ask-payments")
        await box.person("ana").reacts(said, "ticket")
        await box.person("ana").says("private", in_="#payments-private")
        await box.person("ana").says("elsewhere", in_="#random")
        await box.person("ana").tells_bot("direct")
        await box.events_delivered()
        assert [body["event"]["text"] for body in listener.events()] == ["here"]


async def test_an_event_that_the_manifest_does_not_name_is_not_sent(listener: Listener) -> None:
    async with Sandbox.start(manifest=manifest(events=["message.im"])) as box:
        box.deliver_by_http(listener.url)
        await box.person("ana").says("in a channel", in_="#ask-payments")
        await box.person("ana").tells_bot("direct")
        await box.events_delivered()
        assert [body["event"]["text"] for body in listener.events()] == ["direct"]


async def test_raw_and_replayed_calls_reach_the_bot_as_they_are(box: Sandbox, listener: Listener) -> None:
    reply = await box.send_raw(b"{broken", {"Content-Type": "text/plain"})
    assert reply.status in (200, 500)
    await box.person("ana").runs("/ask hello")
    await box.replay(box.journal.told("slash_command")[0])
    assert listener.bodies[-1] == listener.bodies[-2]


async def test_every_call_to_the_bot_is_in_the_journal(box: Sandbox, listener: Listener) -> None:
    await box.person("ana").runs("/ask hello")
    record = box.journal.told("slash_command")[0]
    assert record.arguments["text"] == "hello"
    assert record.status == 200
    assert record.finished is not None
    assert record.finished >= record.started


@pytest.fixture
async def socket(box: Sandbox, client: AsyncWebClient) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    opened = await client.apps_connections_open(app_token=box.app_token)
    async with aiohttp.ClientSession() as session, session.ws_connect(str(opened.get("url"))) as socket:
        assert (await socket.receive_json(timeout=2))["type"] == "hello"
        box.deliver_by_socket()
        yield socket


async def test_an_unacknowledged_envelope_comes_again_with_its_count(client: AsyncWebClient) -> None:
    async with Sandbox.start(manifest=manifest(), patience=0.1, retry_delays=(0.0,)) as box:
        opened = await AsyncWebClient(base_url=box.slack_api_url).apps_connections_open(
            app_token=box.app_token
        )
        async with aiohttp.ClientSession() as session, session.ws_connect(str(opened.get("url"))) as socket:
            await socket.receive_json(timeout=2)
            await box.person("ana").says("hi", in_="#ask-payments")
            first = await socket.receive_json(timeout=2)
            second = await socket.receive_json(timeout=2)
            await socket.send_json({"envelope_id": second["envelope_id"]})
            await box.events_delivered()
            assert first["payload"]["event_id"] == second["payload"]["event_id"]
            assert (first["retry_attempt"], second["retry_attempt"]) == (0, 1)
            assert second["retry_reason"] == "timeout"


async def test_a_command_is_answered_in_its_acknowledgement(
    box: Sandbox, socket: aiohttp.ClientWebSocketResponse
) -> None:
    asked = asyncio.create_task(box.person("ana").runs("/ask hello"))
    envelope = await socket.receive_json(timeout=2)
    assert envelope["type"] == "slash_commands"
    assert envelope["accepts_response_payload"] is True
    await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "done"}})
    answer = await asked
    assert isinstance(answer, Answer)
    assert answer.text == "done"


async def test_sockets_are_told_why_they_are_sent_away(
    box: Sandbox, socket: aiohttp.ClientWebSocketResponse
) -> None:
    await box.disconnect_sockets("refresh_requested")
    farewell: dict[str, Any] = await socket.receive_json(timeout=2)
    assert (farewell["type"], farewell["reason"]) == ("disconnect", "refresh_requested")
    assert (await socket.receive(timeout=2)).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)


async def test_a_ticket_opens_one_connection(box: Sandbox, client: AsyncWebClient) -> None:
    opened = str((await client.apps_connections_open(app_token=box.app_token)).get("url"))
    async with aiohttp.ClientSession() as session, session.ws_connect(opened):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(opened)
