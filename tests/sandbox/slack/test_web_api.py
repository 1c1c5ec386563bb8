"""The Web API: who may do what where, what Slack refuses, paging."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.sandbox.clock import SandboxClock
from bot.sandbox.story import Sandbox
from tests.sandbox.slack.tiny_bot import card, manifest

STILL = SandboxClock(lambda: datetime(2026, 11, 2, 12, 0, tzinfo=UTC))
TRIAGE, ASK, SECRET, OLD, RANDOM = "C0TRIAGE01", "C0ASKPAY01", "C0SECRET01", "C0OLDNEWS1", "C0RANDOM01"


async def refused(client: AsyncWebClient, method: str, **arguments: Any) -> AsyncSlackResponse:
    """The answer to a call that must be refused."""
    with pytest.raises(SlackApiError) as caught:
        await client.api_call(method, json=arguments)
    assert isinstance(caught.value.response, AsyncSlackResponse)
    return caught.value.response


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("chat.postMessage", {"channel": RANDOM, "text": "x"}, "not_in_channel"),
        ("chat.postMessage", {"channel": SECRET, "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": OLD, "text": "x"}, "is_archived"),
        ("chat.postMessage", {"channel": "C0NOWHERE1", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "U0DAN00001", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": ASK}, "no_text"),
        ("chat.postMessage", {"channel": ASK, "text": "x" * 40_001}, "msg_too_long"),
        ("chat.postMessage", {"channel": ASK, "text": "x", "thread_ts": "soon"}, "invalid_thread_ts"),
        ("chat.postMessage", {"channel": ASK, "text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
        ("chat.postMessage", {"channel": ASK, "text": "x", "blocks": "{"}, "invalid_blocks_format"),
        ("chat.postMessage", {"channel": ASK, "text": "x", "username": "Else"}, "missing_scope"),
        (
            "chat.postMessage",
            {"channel": ASK, "text": "x", "metadata": {"event_type": 1}},
            "invalid_metadata_format",
        ),
        ("chat.postEphemeral", {"channel": ASK, "text": "x", "user": "U0BOSS0001"}, "user_not_in_channel"),
        ("chat.update", {"channel": ASK, "ts": "1.000001", "text": "x"}, "message_not_found"),
        ("chat.delete", {"channel": ASK, "ts": "1.000001"}, "message_not_found"),
        ("chat.scheduleMessage", {"channel": ASK, "text": "x", "post_at": 5}, "time_in_past"),
        ("conversations.history", {"channel": RANDOM}, "not_in_channel"),
        ("conversations.history", {"channel": SECRET}, "channel_not_found"),
        ("conversations.history", {"channel": ASK, "oldest": "soon"}, "invalid_ts_oldest"),
        ("conversations.history", {"channel": ASK, "limit": 1000}, "invalid_limit"),
        ("conversations.history", {"channel": ASK, "cursor": "???"}, "invalid_cursor"),
        ("conversations.replies", {"channel": ASK, "ts": "1.000001"}, "thread_not_found"),
        ("conversations.info", {"channel": SECRET}, "channel_not_found"),
        ("conversations.join", {"channel": OLD}, "is_archived"),
        ("conversations.open", {"users": "U0DAN00001"}, "user_disabled"),
        ("conversations.open", {"users": "U0NOBODY01"}, "user_not_found"),
        ("conversations.setTopic", {"channel": ASK, "topic": "x"}, "missing_scope"),
        ("reactions.add", {"channel": ASK, "timestamp": "1.000001", "name": "eyes"}, "message_not_found"),
        ("reactions.add", {"channel": ASK, "name": "eyes"}, "no_item_specified"),
        ("pins.add", {"channel": ASK, "timestamp": "1.000001"}, "message_not_found"),
        ("users.info", {"user": "U0NOBODY01"}, "user_not_found"),
        ("users.lookupByEmail", {"email": "dan@example.com"}, "users_not_found"),
        ("usergroups.users.update", {"usergroup": "S0SUPPORT1", "users": []}, "no_users_provided"),
        ("usergroups.users.update", {"usergroup": "S0SUPPORT1", "users": "U0DAN00001"}, "invalid_users"),
        ("usergroups.users.list", {"usergroup": "S0NOTHING1"}, "no_such_subteam"),
        ("files.info", {"file": "F00000001"}, "file_not_found"),
        ("views.open", {"trigger_id": "1.2.3", "view": {"type": "home", "blocks": []}}, "invalid_arguments"),
        ("views.update", {"view_id": "V1", "view": {"type": "home", "blocks": []}}, "not_found"),
        ("apps.connections.open", {}, "not_allowed_token_type"),
        ("search.messages", {"query": "x"}, "unknown_method"),
    ],
)
async def test_a_call_is_refused_in_slacks_words(
    client: AsyncWebClient, method: str, arguments: dict[str, Any], error: str
) -> None:
    assert (await refused(client, method, **arguments))["error"] == error


@pytest.mark.parametrize(("token", "error"), [("xoxb-wrong", "invalid_auth"), ("", "not_authed")])
async def test_a_wrong_token_is_refused(box: Sandbox, token: str, error: str) -> None:
    client = AsyncWebClient(token=token or None, base_url=box.slack_api_url, retry_handlers=[])
    assert (await refused(client, "auth.test"))["error"] == error


async def test_a_missing_scope_is_named() -> None:
    async with Sandbox.start(manifest=manifest(scopes=["commands", "channels:read"])) as box:
        client = AsyncWebClient(token=box.bot_token, base_url=box.slack_api_url, retry_handlers=[])
        answer = await refused(client, "chat.postMessage", channel=ASK, text="x")
        assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write")
        assert answer["provided"] == "channels:read,commands"


async def test_private_channels_are_listed_only_with_their_scope_and_the_bot_in_them(
    client: AsyncWebClient,
) -> None:
    listed = await client.conversations_list(types="private_channel")
    assert [channel["name"] for channel in listed.get("channels", [])] == ["payments-private"]
    assert (await refused(client, "conversations.list", types="mpim"))["needed"] == "mpim:read"


async def test_scopes_come_back_in_a_header(client: AsyncWebClient) -> None:
    answer = await client.auth_test()
    assert "chat:write" in answer.headers["X-OAuth-Scopes"].split(",")


async def test_only_own_messages_are_updated_and_deleted(box: Sandbox, client: AsyncWebClient) -> None:
    said = await box.person("ana").says("mine", in_="#ask-payments")
    assert (await refused(client, "chat.update", channel=ASK, ts=said.ts, text="x"))[
        "error"
    ] == "cant_update_message"
    assert (await refused(client, "chat.delete", channel=ASK, ts=said.ts))["error"] == "cant_delete_message"


async def test_an_update_keeps_the_blocks_that_it_does_not_name(client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel=ASK, text="one", blocks=card("one"))
    updated = await client.chat_update(channel=ASK, ts=str(posted.get("ts")), text="two")
    assert updated.get("message", {})["blocks"]
    emptied = await client.chat_update(channel=ASK, ts=str(posted.get("ts")), text="two", blocks=[])
    assert "blocks" not in emptied.get("message", {})


async def test_a_person_is_reached_by_their_id(box: Sandbox, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="U0ANA00001", text="for you")
    assert str(posted["channel"]).startswith("D")
    assert [seen.text for seen in await box.person("ana").sees(in_="dm")] == ["for you"]
    opened = await client.conversations_open(users="U0ANA00001")
    assert opened.get("channel", {})["id"] == posted["channel"]


async def test_an_ephemeral_is_seen_by_its_addressee_and_kept_nowhere(
    box: Sandbox, client: AsyncWebClient
) -> None:
    await client.chat_postEphemeral(channel=ASK, user="U0ANA00001", text="only you")
    assert [seen.text for seen in await box.person("ana").sees(in_="#ask-payments")] == ["only you"]
    assert await box.person("bob").sees(in_="#ask-payments") == []
    assert (await client.conversations_history(channel=ASK))["messages"] == []


async def test_history_is_read_page_by_page_newest_first(client: AsyncWebClient) -> None:
    for number in range(5):
        await client.chat_postMessage(channel=ASK, text=str(number))
    texts: list[str] = []
    cursor = ""
    while True:
        page = await client.conversations_history(channel=ASK, limit=2, cursor=cursor)
        texts += [message["text"] for message in page.get("messages", [])]
        if not page["has_more"]:
            break
        cursor = page.get("response_metadata", {})["next_cursor"]
    assert texts == ["4", "3", "2", "1", "0"]


async def test_oldest_and_latest_leave_the_ends_out_unless_inclusive(client: AsyncWebClient) -> None:
    stamps = [str((await client.chat_postMessage(channel=ASK, text=str(n))).get("ts")) for n in range(3)]
    between = await client.conversations_history(channel=ASK, oldest=stamps[0], latest=stamps[2])
    assert [message["text"] for message in between.get("messages", [])] == ["1"]
    whole = await client.conversations_history(
        channel=ASK, oldest=stamps[0], latest=stamps[2], inclusive=True
    )
    assert len(whole.get("messages", [])) == 3


async def test_a_thread_is_read_with_its_root_first_and_metadata_on_request(client: AsyncWebClient) -> None:
    root = await client.chat_postMessage(channel=ASK, text="root")
    metadata = {"event_type": "frontdesk", "event_payload": {"id": "1"}}
    thread_ts = str(root.get("ts"))
    await client.chat_postMessage(channel=ASK, text="reply", thread_ts=thread_ts, metadata=metadata)
    plain = await client.conversations_replies(channel=ASK, ts=thread_ts)
    assert [message["text"] for message in plain.get("messages", [])] == ["root", "reply"]
    assert plain.get("messages", [])[0]["reply_count"] == 1
    assert "metadata" not in plain.get("messages", [])[1]
    full = await client.conversations_replies(channel=ASK, ts=thread_ts, include_all_metadata=True)
    assert full.get("messages", [])[1]["metadata"] == metadata
    listed = await client.conversations_history(channel=ASK)
    assert [message["text"] for message in listed.get("messages", [])] == ["root"]


async def test_reactions_and_pins_are_set_once(client: AsyncWebClient) -> None:
    ts = str((await client.chat_postMessage(channel=ASK, text="x")).get("ts"))
    await client.reactions_add(channel=ASK, timestamp=ts, name="eyes")
    again = await refused(client, "reactions.add", channel=ASK, timestamp=ts, name="eyes")
    assert again["error"] == "already_reacted"
    got = await client.reactions_get(channel=ASK, timestamp=ts)
    assert got.get("message", {})["reactions"] == [{"name": "eyes", "users": ["U0SANDBOX1"], "count": 1}]
    await client.reactions_remove(channel=ASK, timestamp=ts, name="eyes")
    gone = await refused(client, "reactions.remove", channel=ASK, timestamp=ts, name="eyes")
    assert gone["error"] == "no_reaction"


async def test_a_list_of_people_is_read_page_by_page(client: AsyncWebClient) -> None:
    names: list[str] = []
    cursor = ""
    while not names or cursor:
        page = await client.users_list(limit=4, cursor=cursor)
        names += [member["name"] for member in page.get("members", [])]
        cursor = page.get("response_metadata", {})["next_cursor"]
    assert {"ana", "gina", "dan", "deploybot", "tiny"} <= set(names)
    assert len(names) == len(set(names))


async def test_addresses_are_shown_only_with_their_scope() -> None:
    async with Sandbox.start(manifest=manifest(scopes=["users:read"])) as box:
        client = AsyncWebClient(token=box.bot_token, base_url=box.slack_api_url)
        shown = await client.users_info(user="U0ANA00001")
        assert "email" not in shown.get("user", {})["profile"]


async def test_guests_strangers_and_the_deactivated_are_marked(client: AsyncWebClient) -> None:
    guest = (await client.users_info(user="U0GINA0001")).get("user", {})
    stranger = (await client.users_info(user="U0XENA0001")).get("user", {})
    gone = (await client.users_info(user="U0DAN00001")).get("user", {})
    assert guest["is_restricted"]
    assert stranger["team_id"] != guest["team_id"]
    assert gone["deleted"]


async def test_a_scheduled_message_comes_at_its_time(box: Sandbox, client: AsyncWebClient) -> None:
    at = int(box.clock.now().timestamp()) + 3600
    kept = await client.chat_scheduleMessage(channel=ASK, text="later", post_at=at)
    listed = await client.chat_scheduledMessages_list()
    assert [item["id"] for item in listed.get("scheduled_messages", [])] == [kept["scheduled_message_id"]]
    box.clock.advance(3601)
    assert (await box.person("ana").waits_for("later", in_="#ask-payments")).author == "tiny"


async def test_scheduled_messages_are_listed_by_channel_and_time_and_page_by_page(
    box: Sandbox, client: AsyncWebClient
) -> None:
    now = int(box.clock.now().timestamp())
    for channel, after in ((ASK, 600), (ASK, 1200), (TRIAGE, 900)):
        await client.chat_scheduleMessage(channel=channel, text=f"after {after}", post_at=now + after)

    async def listed(**how: Any) -> list[str]:
        answer = await client.chat_scheduledMessages_list(**how)
        return [item["text"] for item in answer.get("scheduled_messages", [])]

    assert await listed(channel=ASK) == ["after 600", "after 1200"]
    assert await listed(oldest=str(now + 700), latest=str(now + 1000)) == ["after 900"]
    first = await client.chat_scheduledMessages_list(limit=2)
    assert await listed(limit=2, cursor=first["response_metadata"]["next_cursor"]) == ["after 1200"]


async def test_a_scheduled_message_can_be_deleted_until_a_minute_before_its_time(
    box: Sandbox, client: AsyncWebClient
) -> None:
    at = int(box.clock.now().timestamp()) + 600
    kept = [await client.chat_scheduleMessage(channel=ASK, text="later", post_at=at) for _ in range(2)]
    one, other = (str(answer["scheduled_message_id"]) for answer in kept)
    await client.chat_deleteScheduledMessage(channel=ASK, scheduled_message_id=one)
    box.clock.advance(545)
    for channel, post_id in ((ASK, other), (TRIAGE, other), (ASK, one)):
        answer = await refused(
            client, "chat.deleteScheduledMessage", channel=channel, scheduled_message_id=post_id
        )
        assert answer["error"] == "invalid_scheduled_message_id"


async def test_thirty_messages_wait_for_the_same_five_minutes_and_no_more(
    box: Sandbox, client: AsyncWebClient
) -> None:
    at = int(box.clock.now().timestamp()) + 3600
    for second in range(30):
        await client.chat_scheduleMessage(channel=ASK, text="later", post_at=at + second)
    answer = await refused(client, "chat.scheduleMessage", channel=ASK, text="x", post_at=at + 299)
    assert answer["error"] == "restricted_too_many"
    await client.chat_scheduleMessage(channel=ASK, text="x", post_at=at + 329)
    await client.chat_scheduleMessage(channel=TRIAGE, text="x", post_at=at)


async def test_a_scheduled_message_with_metadata_is_never_posted(
    box: Sandbox, client: AsyncWebClient
) -> None:
    at = int(box.clock.now().timestamp()) + 600
    metadata = {"event_type": "x", "event_payload": {}}
    await client.chat_scheduleMessage(channel=ASK, text="lost", post_at=at, metadata=metadata)
    await client.chat_scheduleMessage(channel=ASK, text="later", post_at=at + 1)
    box.clock.advance(601)
    await box.person("ana").waits_for("later", in_="#ask-payments")
    assert all(seen.text != "lost" for seen in await box.person("ana").sees(in_="#ask-payments"))


async def test_a_file_is_uploaded_shared_and_fetched_with_the_token(
    box: Sandbox, client: AsyncWebClient
) -> None:
    done = await client.files_upload_v2(channel=ASK, filename="a.txt", content="hello", initial_comment="see")
    shared = await box.person("ana").waits_for("see", in_="#ask-payments")
    assert "a.txt" in shared.text
    address = done.get("files", [])[0]["url_private"]
    assert await _fetch(address, box.bot_token) == "hello"
    assert "Sign in" in await _fetch(address, "xoxb-wrong")


async def test_a_file_of_a_channel_without_the_bot_is_a_sign_in_page(
    box: Sandbox, client: AsyncWebClient
) -> None:
    said = await box.person("boss").says("see", in_="#secret", files=[("plan.txt", b"secret")])
    found = said.message.files[0]
    assert "Sign in" in await _fetch(found["url_private"], box.bot_token)
    assert (await refused(client, "files.info", file=found["id"]))["error"] == "file_not_found"


async def test_link_names_makes_mentions_of_names(client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel=ASK, text="hi @bob", link_names=True)
    assert posted.get("message", {})["text"] == "hi <@U0BOB00001>"


async def test_a_revoked_token_is_worth_nothing(box: Sandbox, client: AsyncWebClient) -> None:
    await client.auth_revoke()
    assert (await refused(client, "auth.test"))["error"] == "account_inactive"


@pytest.fixture
async def limited() -> AsyncIterator[AsyncWebClient]:
    async with Sandbox.start(manifest=manifest(), clock=STILL, limits=True, burst=2) as box:
        yield AsyncWebClient(token=box.bot_token, base_url=box.slack_api_url, retry_handlers=[])


async def test_posts_above_one_a_second_and_channel_are_sent_away_with_a_time(
    limited: AsyncWebClient,
) -> None:
    await limited.chat_postMessage(channel=ASK, text="1")
    await limited.chat_postMessage(channel=ASK, text="2")
    answer = await refused(limited, "chat.postMessage", channel=ASK, text="3")
    assert answer.status_code == 429
    assert answer["error"] == "ratelimited"
    assert int(answer.headers["Retry-After"]) >= 1
    await limited.chat_postMessage(channel=TRIAGE, text="elsewhere")


async def test_all_posts_together_are_limited_by_the_minute(box: Sandbox, client: AsyncWebClient) -> None:
    box.workspace.limits.on, box.workspace.limits.together = True, 2
    await client.chat_postMessage(channel=ASK, text="1")
    await client.chat_postMessage(channel=TRIAGE, text="2")
    answer = await refused(client, "chat.postMessage", channel="C0GENERAL1", text="3")
    assert int(answer.headers["Retry-After"]) > 1


async def test_a_method_is_limited_by_its_tier(limited: AsyncWebClient) -> None:
    for _ in range(20):
        await limited.users_list(limit=1)
    assert (await refused(limited, "users.list", limit=1)).status_code == 429


async def _fetch(address: str, token: str) -> str:
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession() as session, session.get(address, headers=headers) as answer:
        assert answer.status == 200
        return await answer.text()
