"""Payloads, events and answers of the sandbox beside Slack's own samples."""

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.story import Form, Sandbox
from tests.sandbox.slack.listener import Listener
from tests.sandbox.slack.shapes import differences, joined, missing, sample
from tests.sandbox.slack.tiny_bot import card, form

# Of other installations (Enterprise Grid) or no longer sent.
SPARE = frozenset(("enterprise_id", "enterprise_name", "authed_users", "authorizations", "event_context"))
ASK = "C0ASKPAY01"
CAPTURED = ("file_share", "thread_broadcast")


ENVELOPES = (
    "payloads/socket_mode/events_api.message.json",
    "payloads/socket_mode/events_api.app_mention.json",
)


async def says(box: Sandbox) -> None:
    await box.person("ana").says("hi @bob", in_="#ask-payments")


async def mentions(box: Sandbox) -> None:
    await box.person("ana").says("@tiny hi", in_="#ask-payments")


async def shares_a_file(box: Sandbox) -> None:
    await box.person("ana").says("see", in_="#ask-payments", files=[("log.txt", b"text")])


async def broadcasts(box: Sandbox) -> None:
    root = await box.person("ana").says("root", in_="#ask-payments")
    await box.person("bob").says("for all", thread=root, broadcast=True)


async def edits(box: Sandbox) -> None:
    said = await box.person("ana").says("one", in_="#ask-payments")
    await box.person("ana").edits(said, "two")


async def deletes(box: Sandbox) -> None:
    said = await box.person("ana").says("one", in_="#ask-payments")
    await box.person("ana").deletes(said)


async def reacts(box: Sandbox) -> None:
    said = await box.person("ana").says("one", in_="#ask-payments")
    await box.person("bob").reacts(said, "ticket")
    await box.person("bob").unreacts(said, "ticket")


async def joins(box: Sandbox) -> None:
    await box.person("boss").joins("#ask-payments")
    await box.person("boss").leaves("#ask-payments")


async def looks_at_home(box: Sandbox) -> None:
    await box.person("ana").opens_home()


async def archives(box: Sandbox) -> None:
    box.archive("#ask-payments")
    box.archive("#ask-payments", archived=False)
    box.rename("#ask-payments", "ask-money")


async def changes_people(box: Sandbox) -> None:
    box.add_person("new")
    box.change_person("bob", tz="Asia/Tokyo")
    box.set_user_group("support", ["erin", "bob"])


async def uninstalls(box: Sandbox) -> None:
    box.uninstall()


EVENTS: list[tuple[Callable[[Sandbox], Awaitable[None]], str, str]] = [
    (says, "message", "MessagePayload"),
    (mentions, "app_mention", "AppMentionPayload"),
    (shares_a_file, "file_share", "MessageFileSharePayload"),
    (broadcasts, "thread_broadcast", "MessageThreadBroadcastPayload"),
    (edits, "message_changed", "MessageChangedPayload"),
    (deletes, "message_deleted", "MessageDeletedPayload"),
    (reacts, "reaction_added", "ReactionAddedPayload"),
    (reacts, "reaction_removed", "ReactionRemovedPayload"),
    (joins, "member_joined_channel", "MemberJoinedChannelPayload"),
    (joins, "member_left_channel", "MemberLeftChannelPayload"),
    (joins, "channel_join", "MessageChannelJoinPayload"),
    (looks_at_home, "app_home_opened", "AppHomeOpenedPayload"),
    (archives, "channel_archive", "ChannelArchivePayload"),
    (archives, "channel_unarchive", "ChannelUnarchivePayload"),
    (archives, "channel_rename", "ChannelRenamePayload"),
    (changes_people, "team_join", "TeamJoinPayload"),
    (changes_people, "user_change", "UserChangePayload"),
    (changes_people, "subteam_members_changed", "SubteamMembersChangedPayload"),
    (changes_people, "subteam_updated", "SubteamUpdatedPayload"),
    (uninstalls, "app_uninstalled", "AppUninstalledPayload"),
    (uninstalls, "tokens_revoked", "TokensRevokedPayload"),
]


@pytest.mark.parametrize(("deed", "kind", "shape"), EVENTS, ids=[kind for _, kind, _ in EVENTS])
async def test_an_event_has_only_fields_of_slacks_sample(
    box: Sandbox, listener: Listener, deed: Callable[[Sandbox], Awaitable[None]], kind: str, shape: str
) -> None:
    await deed(box)
    await box.events_delivered()
    told = listener.events(kind)
    assert told
    known = sample(f"shapes/events/{shape}.json")
    if kind in CAPTURED:
        # The unions of shapes lack a few fields that captured events have.
        known = joined(known, sample(f"payloads/events/message.{kind}.json"))
    assert differences(told[-1], known) == []


@pytest.mark.parametrize(
    ("deed", "kind", "payload", "spare"),
    [
        (says, "message", "message.user.json", ()),
        (
            shares_a_file,
            "file_share",
            "message.file_share.json",
            "thumb media_display_type original_w original_h",
        ),
        (edits, "message_changed", "message.message_changed.json", ()),
        (deletes, "message_deleted", "message.message_deleted.json", ()),
        (broadcasts, "thread_broadcast", "message.thread_broadcast.json", ()),
        (mentions, "app_mention", "app_mention.json", ()),
        (reacts, "reaction_added", "reaction_added.json", ()),
        (joins, "member_left_channel", "member_left_channel.json", ()),
        (looks_at_home, "app_home_opened", "app_home_opened.json", ()),
        (uninstalls, "tokens_revoked", "tokens_revoked.json", ()),
    ],
)
async def test_an_event_lacks_no_field_of_a_captured_one(
    box: Sandbox, listener: Listener, deed: Any, kind: str, payload: str, spare: Any
) -> None:
    await deed(box)
    await box.events_delivered()
    known = SPARE | frozenset(spare.split() if spare else ())
    captured = sample(f"payloads/events/{payload}")
    assert missing(listener.events(kind)[-1], captured, spare=known) == []


async def test_a_slash_command_has_the_fields_of_slacks(box: Sandbox, listener: Listener) -> None:
    await box.person("ana").runs("/ask hello")
    sent = listener.heard[-1]
    shape = {**sample("shapes/interactivity/SlashCommandPayload.json"), "is_enterprise_install": ""}
    assert differences(sent, shape) == []
    assert missing(sent, sample("payloads/slash_command.json"), spare=SPARE) == []


async def test_shortcuts_have_the_fields_of_slacks(box: Sandbox, listener: Listener) -> None:
    await box.person("ana").shortcut("Open form")
    assert missing(listener.heard[-1], sample("payloads/shortcut_global.json"), spare=SPARE) == []
    said = await box.person("bob").says("hi", in_="#ask-payments")
    await box.person("ana").message_shortcut("Quote it", said)
    sent = next(body for body in listener.heard if body.get("type") == "message_action")
    assert missing(sent, sample("payloads/shortcut_message.json"), spare=SPARE) == []
    known = sample("shapes/interactivity/MessageShortcutPayload.json")
    known = {**known, "message": {**known["message"], "client_msg_id": ""}}
    assert differences(sent, known) == []


async def test_a_click_has_the_fields_of_slacks(
    box: Sandbox, listener: Listener, client: AsyncWebClient
) -> None:
    await client.chat_postMessage(channel="C0TRIAGE01", text="one", blocks=card("one"))
    seen = await box.person("bob").waits_for("one", in_="#triage-payments")
    await seen.click("Claim")
    sent = next(body for body in reversed(listener.heard) if body.get("type") == "block_actions")
    assert missing(sent, sample("payloads/block_actions_message.json"), spare=SPARE) == []
    assert differences(sent, sample("shapes/interactivity/BlockActionPayload.json")) == []


async def test_a_form_sent_and_closed_has_the_fields_of_slacks(
    box: Sandbox, listener: Listener, client: AsyncWebClient
) -> None:
    async def open_at_once() -> Form:
        await box.person("ana").shortcut("Open form")
        await client.views_open(trigger_id=listener.heard[-1]["trigger_id"], view=form())
        return await box.person("ana").form()

    opened = await open_at_once()
    opened.fill("Summary", "one")
    await opened.pick("Team", "Search")
    await opened.submit()
    sent = listener.heard[-1]
    assert missing(sent, sample("payloads/view_submission.json"), spare=SPARE) == []
    assert differences(sent["view"], sample("shapes/api/views.open.json")["view"]) == []
    await (await open_at_once()).close()
    assert missing(listener.heard[-1], sample("payloads/view_closed.json"), spare=SPARE) == []


CALLS: list[tuple[str, dict[str, Any]]] = [
    ("auth.test", {}),
    ("bots.info", {"bot": "B0SANDBOX1"}),
    ("team.info", {}),
    ("users.info", {"user": "U0ANA00001"}),
    ("users.list", {"limit": 200}),
    ("users.lookupByEmail", {"email": "ana@example.com"}),
    ("users.conversations", {"types": "public_channel,private_channel"}),
    ("conversations.info", {"channel": ASK, "include_num_members": True}),
    ("conversations.list", {}),
    ("conversations.members", {"channel": ASK}),
    ("conversations.join", {"channel": "C0RANDOM01"}),
    ("usergroups.list", {"include_users": True, "include_count": True}),
    ("usergroups.users.list", {"usergroup": "S0SUPPORT1"}),
    ("usergroups.users.update", {"usergroup": "S0SUPPORT1", "users": "U0BOB00001"}),
    ("files.getUploadURLExternal", {"filename": "a.txt", "length": 3}),
    ("views.publish", {"user_id": "U0ANA00001", "view": {"type": "home", "blocks": []}}),
    ("apps.connections.open", {}),
]


@pytest.mark.parametrize(("method", "arguments"), CALLS, ids=[method for method, _ in CALLS])
async def test_an_answer_has_only_fields_of_slacks_sample(
    box: Sandbox, client: AsyncWebClient, method: str, arguments: dict[str, Any]
) -> None:
    token = box.app_token if method == "apps.connections.open" else box.bot_token
    answer = await client.api_call(method, json=arguments, headers={"Authorization": f"Bearer {token}"})
    assert isinstance(answer.data, dict)
    assert differences(answer.data, sample(f"shapes/api/{method}.json")) == []


async def test_bytes_that_are_not_as_many_as_was_announced_are_no_file(
    box: Sandbox, client: AsyncWebClient
) -> None:
    place = await client.files_getUploadURLExternal(filename="a.txt", length=3)
    async with aiohttp.ClientSession() as session:
        async with session.post(str(place["upload_url"]), data=b"four") as answer:
            assert answer.status != 200
        with pytest.raises(SlackApiError, match="file_not_found"):
            await client.files_completeUploadExternal(files=[{"id": place["file_id"]}], channel_id=ASK)
        async with session.post(str(place["upload_url"]), data=b"abc") as answer:
            assert answer.status == 200
    assert (await client.files_completeUploadExternal(files=[{"id": place["file_id"]}], channel_id=ASK))["ok"]


async def test_a_posted_message_has_the_fields_of_slacks(box: Sandbox, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel=ASK, text="hi", blocks=card("one"))
    known = {**sample("shapes/events/MessagePayload.json")["event"], "app_id": ""}
    assert set(sample("responses/examples/chat.postMessage.ok.json")) <= set(posted.data)
    assert differences(posted["message"], known) == []
    listed = await client.conversations_history(channel=ASK)
    assert differences(listed.get("messages", [])[0], known) == []
    assert (
        missing(listed.data, {"ok": True, "messages": [], "has_more": False, "pin_count": 0}, spare=SPARE)
        == []
    )


async def test_hello_and_envelopes_of_a_socket_have_the_fields_of_slacks(
    box: Sandbox, client: AsyncWebClient
) -> None:
    opened = await client.apps_connections_open(app_token=box.app_token)
    session = await _session(str(opened.get("url")))
    async with session[0], session[1] as socket:
        hello = await socket.receive_json(timeout=2)
        assert differences(hello, sample("payloads/socket_mode/hello.json")) == []
        box.deliver_by_socket()
        await says(box)
        envelope = await socket.receive_json(timeout=2)
        assert differences(envelope, joined(*map(sample, ENVELOPES))) == []
        await socket.send_json({"envelope_id": envelope["envelope_id"]})


async def _session(url: str) -> Any:
    session = aiohttp.ClientSession()
    return session, await session.ws_connect(url)
