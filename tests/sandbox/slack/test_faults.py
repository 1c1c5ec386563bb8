"""Faults that a test orders, and the journal's account of them."""

import asyncio

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.faults import Faults, Kind
from bot.sandbox.story import Sandbox

ASK = "C0ASKPAY01"


async def posted(box: Sandbox) -> list[str]:
    return [seen.text for seen in await box.person("ana").sees(in_="#ask-payments")]


async def post(client: AsyncWebClient, text: str = "x") -> str:
    return str((await client.chat_postMessage(channel=ASK, text=text)).get("ts"))


@pytest.mark.parametrize(("kind", "done"), [("status", []), ("status_after", ["x"])])
async def test_a_status_comes_before_or_after_the_deed(
    box: Sandbox, client: AsyncWebClient, kind: Kind, done: list[str]
) -> None:
    box.faults.add(method="chat.postMessage", kind=kind, status=503, times=1)
    with pytest.raises(SlackApiError) as caught:
        await post(client)
    assert caught.value.response.status_code == 503
    assert await posted(box) == done
    await post(client, "again")
    assert await posted(box) == [*done, "again"]


@pytest.mark.parametrize(("kind", "done"), [("drop_before", []), ("drop_after", ["x"])])
async def test_a_connection_is_cut_before_or_after_the_deed(
    box: Sandbox, client: AsyncWebClient, kind: Kind, done: list[str]
) -> None:
    box.faults.add(method="chat.*", kind=kind, times=1)
    with pytest.raises(aiohttp.ClientError):
        await post(client)
    assert await posted(box) == done


async def test_a_hanging_call_is_done_though_the_bot_has_gone(box: Sandbox) -> None:
    impatient = AsyncWebClient(token=box.bot_token, base_url=box.slack_api_url, retry_handlers=[], timeout=1)
    box.faults.add(method="chat.postMessage", kind="hang_after", seconds=3, times=1)
    with pytest.raises(asyncio.TimeoutError):
        await post(impatient)
    assert await posted(box) == ["x"]


async def test_a_rate_limit_names_the_seconds(box: Sandbox, client: AsyncWebClient) -> None:
    box.faults.add(method="chat.postMessage", kind="rate_limited", retry_after=7, times=1)
    with pytest.raises(SlackApiError) as caught:
        await post(client)
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "7"


async def test_an_error_code_can_be_ordered(box: Sandbox, client: AsyncWebClient) -> None:
    box.faults.add(method="chat.postMessage", kind="error", error="fatal_error", times=1)
    with pytest.raises(SlackApiError, match="fatal_error"):
        await post(client)


async def test_an_answer_can_come_as_a_page(box: Sandbox, client: AsyncWebClient) -> None:
    box.faults.add(method="chat.postMessage", kind="html", times=1)
    with pytest.raises(SlackApiError):
        await post(client)
    assert await posted(box) == []


async def test_an_answer_can_lack_its_timestamp(box: Sandbox, client: AsyncWebClient) -> None:
    box.faults.add(method="chat.postMessage", kind="no_ts", times=1)
    answer = await client.chat_postMessage(channel=ASK, text="x")
    assert answer["ok"] is True
    assert answer.get("ts") is None
    assert await posted(box) == ["x"]


async def test_every_third_call_can_be_hit(box: Sandbox, client: AsyncWebClient) -> None:
    fault = box.faults.add(method="chat.postMessage", kind="error", every=3)
    results: list[bool] = []
    for _ in range(6):
        try:
            await post(client)
        except SlackApiError:
            results.append(False)
        else:
            results.append(True)
    assert results == [True, True, False, True, True, False]
    assert fault.hits == 2


async def test_dice_with_a_seed_fall_the_same_way() -> None:
    def throws() -> list[bool]:
        faults = Faults()
        fault = faults.add(method="*", kind="error", probability=0.5, seed=7)
        return [fault.strikes("chat.postMessage", {}) for _ in range(20)]

    assert throws() == throws()
    assert set(throws()) == {True, False}


async def test_while_slack_is_down_every_call_fails_and_nothing_is_done(
    box: Sandbox, client: AsyncWebClient
) -> None:
    box.slack_down()
    with pytest.raises(SlackApiError) as caught:
        await post(client)
    assert caught.value.response.status_code == 503
    box.slack_down(False)
    await post(client, "back")
    assert await posted(box) == ["back"]


async def test_the_journal_tells_what_was_asked_and_answered(box: Sandbox, client: AsyncWebClient) -> None:
    ts = await post(client)
    record = box.journal.calls("chat.postMessage")[0]
    assert record.arguments["channel"] == ASK
    assert record.response["ts"] == ts
    assert (record.status, record.verdict) == (200, None)


async def test_the_journal_names_the_rule_that_was_broken(box: Sandbox, client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        await client.chat_postMessage(channel=ASK, text="x", blocks=[{"type": "banner"}])
    assert "unsupported type: banner" in str(box.journal.violations()[0].verdict)
