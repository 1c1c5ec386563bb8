"""Addresses of the manifest's domains: what the bot is told of them, and what people see of its answer."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.story import Sandbox, Seen
from tests.sandbox.slack.listener import Listener
from tests.sandbox.slack.shapes import differences, sample
from tests.sandbox.slack.tiny_bot import EVENTS, SCOPES, manifest

ASK = "C0ASKPAY01"
PAY_1 = "https://acme.atlassian.net/browse/PAY-1"
PAY_2 = "https://acme.atlassian.net/browse/PAY-2?a=1&b=2"


def linking(
    *, without: tuple[str, ...] = (), domains: tuple[str, ...] = ("atlassian.net",)
) -> dict[str, Any]:
    scopes = [scope for scope in [*SCOPES, "links:read", "links:write"] if scope not in without]
    made = manifest(scopes=scopes, events=[*EVENTS, "link_shared"])
    made["features"]["unfurl_domains"] = list(domains)
    return made


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    async with Sandbox.start(manifest=linking(), settle=0.2, retry_delays=(0.0, 0.05, 0.1)) as box:
        yield box


def shown(words: str) -> dict[str, Any]:
    return {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": words}}]}


async def pasted(
    box: Sandbox, text: str = PAY_1, *, in_: str = "#ask-payments", thread: Seen | None = None
) -> Seen:
    return await box.person("ana").says(text, in_=in_, thread=thread)


async def told_of(box: Sandbox, listener: Listener) -> list[dict[str, Any]]:
    await box.events_delivered()
    return [body["event"] for body in listener.events("link_shared")]


async def test_the_bot_is_told_of_each_address_once_with_its_message(
    box: Sandbox, listener: Listener
) -> None:
    said = await pasted(box, f"see {PAY_1} and {PAY_2} again {PAY_1}")
    (event,) = await told_of(box, listener)
    assert event["links"] == [
        {"domain": "atlassian.net", "url": PAY_1},
        {"domain": "atlassian.net", "url": PAY_2},
    ]
    assert (event["channel"], event["message_ts"], event["user"]) == (ASK, said.ts, box.person("ana").id)
    assert (event["source"], event["is_bot_user_member"]) == ("conversations_history", True)
    assert "thread_ts" not in event


async def test_the_event_has_only_fields_of_slacks_sample(box: Sandbox, listener: Listener) -> None:
    root = await pasted(box, "no address")
    await pasted(box, thread=root)
    await box.events_delivered()
    (told,) = listener.events("link_shared")
    assert told["event"]["thread_ts"] == root.ts
    assert differences(told, sample("shapes/events/LinkSharedPayload.json")) == []


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/browse/PAY-1",
        "https://notatlassian.net/browse/PAY-1",
        "https://atlassian.net.example.com/browse/PAY-1",
        f"```{PAY_1}```",
        f"`{PAY_1}`",
        "acme.atlassian.net",
    ],
)
async def test_other_addresses_and_code_are_not_told_of(box: Sandbox, listener: Listener, text: str) -> None:
    await pasted(box, text)
    assert await told_of(box, listener) == []


async def test_the_domain_itself_counts_and_so_does_a_host_with_a_port(listener: Listener) -> None:
    async with Sandbox.start(manifest=linking(domains=("127.0.0.1",)), settle=0.2) as box:
        box.deliver_by_http(listener.url)
        await pasted(box, "http://127.0.0.1:8080/browse/PAY-1")
        (event,) = await told_of(box, listener)
        assert event["links"] == [{"domain": "127.0.0.1", "url": "http://127.0.0.1:8080/browse/PAY-1"}]


async def test_nothing_is_told_where_the_bot_is_not_and_of_what_it_says_itself(
    box: Sandbox, listener: Listener, client: AsyncWebClient
) -> None:
    await pasted(box, in_="#random")
    await client.chat_postMessage(channel=ASK, text=f"<{PAY_1}>")
    assert await told_of(box, listener) == []


async def test_without_the_scope_to_read_links_nothing_is_told(listener: Listener) -> None:
    async with Sandbox.start(manifest=linking(without=("links:read",)), settle=0.2) as box:
        box.deliver_by_http(listener.url)
        await pasted(box)
        assert await told_of(box, listener) == []


async def test_people_see_the_answer_below_the_message(
    box: Sandbox, listener: Listener, client: AsyncWebClient
) -> None:
    said = await pasted(box, f"see {PAY_1} and {PAY_2}")
    await client.chat_unfurl(channel=ASK, ts=said.ts, unfurls={PAY_2: shown("*Second* one")})
    seen = await said.now()
    assert seen.unfurled == {PAY_2: "Second one"}
    assert seen.text.endswith("\nSecond one")
    await box.events_delivered()
    changed = listener.events("message_changed")[-1]["event"]
    assert "edited" not in changed["message"]
    assert changed["message"]["attachments"][0]["from_url"] == PAY_2
    assert "attachments" not in changed["previous_message"]


async def test_a_second_answer_replaces_the_first(box: Sandbox, client: AsyncWebClient) -> None:
    said = await pasted(box)
    for words in ("one", "two"):
        await client.chat_unfurl(channel=ASK, ts=said.ts, unfurls={PAY_1: shown(words)})
    assert (await said.now()).unfurled == {PAY_1: "two"}


async def test_the_answer_may_name_the_event_instead_of_the_message(
    box: Sandbox, listener: Listener, client: AsyncWebClient
) -> None:
    said = await pasted(box)
    (event,) = await told_of(box, listener)
    await client.chat_unfurl(
        unfurl_id=event["unfurl_id"], source=event["source"], unfurls={PAY_1: shown("one")}
    )
    assert (await said.now()).unfurled == {PAY_1: "one"}


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"channel": None}, "missing_channel"),
        ({"ts": None}, "missing_ts"),
        ({"unfurls": {}}, "missing_unfurls"),
        ({"channel": "C0SECRET01"}, "cannot_find_channel"),
        ({"channel": "C0NOWHERE1"}, "cannot_find_channel"),
        ({"ts": "1.000001"}, "cannot_find_message"),
        ({"unfurls": {PAY_2: shown("one")}}, "cannot_unfurl_url"),
        ({"unfurls": {PAY_1: "one"}}, "invalid_unfurls_format"),
        ({"unfurls": {PAY_1: {"blocks": "one"}}}, "invalid_unfurls_format"),
        ({"unfurls": {PAY_1: {"blocks": [{"type": "section"}]}}}, "invalid_blocks"),
        ({"unfurl_id": "x"}, "missing_source"),
        ({"source": "conversations_history"}, "missing_unfurl_id"),
        ({"unfurl_id": "x", "source": "conversations_history"}, "invalid_unfurl_id"),
        ({"unfurl_id": "x", "source": "somewhere"}, "invalid_source"),
    ],
)
async def test_an_answer_is_refused_in_slacks_words(
    box: Sandbox, client: AsyncWebClient, change: dict[str, Any], error: str
) -> None:
    said = await pasted(box)
    given = {"channel": ASK, "ts": said.ts, "unfurls": {PAY_1: shown("one")}} | change
    with pytest.raises(SlackApiError) as caught:
        await client.api_call("chat.unfurl", json={k: v for k, v in given.items() if v is not None})
    assert caught.value.response["error"] == error
    assert (await said.now()).unfurled == {}


async def test_without_the_scope_to_write_links_an_answer_is_refused() -> None:
    async with Sandbox.start(manifest=linking(without=("links:write",)), settle=0.2) as box:
        said = await pasted(box)
        client = AsyncWebClient(token=box.bot_token, base_url=box.slack_api_url, retry_handlers=[])
        with pytest.raises(SlackApiError) as caught:
            await client.chat_unfurl(channel=ASK, ts=said.ts, unfurls={PAY_1: shown("one")})
        assert caught.value.response["error"] == "missing_scope"
