"""Trigger ids, response urls and stacks of views."""

from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.clock import SandboxClock
from bot.sandbox.story import Sandbox
from tests.sandbox.slack.listener import Listener
from tests.sandbox.slack.tiny_bot import card, form, manifest

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


async def trigger(box: Sandbox, listener: Listener) -> str:
    await box.person("ana").shortcut("Open form")
    return str(listener.heard[-1]["trigger_id"])


async def respond(url: str, **body: Any) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as answer:
        return answer.status, await answer.text()


async def command_url(box: Sandbox, listener: Listener) -> str:
    await box.person("ana").runs("/ask hello", in_="#ask-payments")
    return str(listener.heard[-1]["response_url"])


async def card_url(box: Sandbox, listener: Listener, client: AsyncWebClient) -> str:
    await client.chat_postMessage(channel="C0TRIAGE01", text="one", blocks=card("one"))
    seen = await box.person("bob").waits_for("one", in_="#triage-payments")
    await seen.click("Claim")
    clicks = [body for body in listener.heard if body.get("type") == "block_actions"]
    return str(clicks[-1]["response_url"])


@pytest.mark.parametrize(("late", "error"), [(2.9, ""), (3.1, "expired_trigger_id")])
async def test_a_trigger_id_lives_three_seconds(listener: Listener, late: float, error: str) -> None:
    async with Sandbox.start(manifest=manifest(), clock=SandboxClock(lambda: NOON), settle=0.0) as still:
        still.deliver_by_http(listener.url)
        client = AsyncWebClient(token=still.bot_token, base_url=still.slack_api_url, retry_handlers=[])
        trigger_id = await trigger(still, listener)
        still.clock.advance(late)
        answer = await _open(client, trigger_id)
        assert answer == error


async def _open(client: AsyncWebClient, trigger_id: str) -> str:
    try:
        await client.views_open(trigger_id=trigger_id, view=form())
    except SlackApiError as refusal:
        return str(refusal.response["error"])
    return ""


async def test_a_trigger_id_is_used_once(box: Sandbox, listener: Listener, client: AsyncWebClient) -> None:
    trigger_id = await trigger(box, listener)
    await client.views_open(trigger_id=trigger_id, view=form())
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await client.views_open(trigger_id=trigger_id, view=form())


async def test_three_views_stand_on_each_other_and_no_more(
    box: Sandbox, listener: Listener, client: AsyncWebClient
) -> None:
    opened = await client.views_open(trigger_id=await trigger(box, listener), view=form())
    second = await client.views_push(trigger_id=await trigger(box, listener), view=form())
    await client.views_push(trigger_id=await trigger(box, listener), view=form())
    with pytest.raises(SlackApiError, match="push_limit_reached"):
        await client.views_push(trigger_id=await trigger(box, listener), view=form())
    assert second.get("view", {})["root_view_id"] == opened.get("view", {})["id"]


async def test_an_update_with_an_old_hash_is_refused(
    box: Sandbox, listener: Listener, client: AsyncWebClient
) -> None:
    view = (await client.views_open(trigger_id=await trigger(box, listener), view=form())).get("view", {})
    await client.views_update(view_id=view["id"], hash=view["hash"], view=form())
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_update(view_id=view["id"], hash=view["hash"], view=form())


async def test_a_closed_view_is_not_found(box: Sandbox, listener: Listener, client: AsyncWebClient) -> None:
    view = (await client.views_open(trigger_id=await trigger(box, listener), view=form())).get("view", {})
    await (await box.person("ana").form()).close()
    with pytest.raises(SlackApiError, match="not_found"):
        await client.views_update(view_id=view["id"], view=form())


async def test_a_home_tab_is_published_and_shown(box: Sandbox, client: AsyncWebClient) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*Your* requests"}}]
    await client.views_publish(user_id="U0ANA00001", view={"type": "home", "blocks": blocks})
    assert (await box.person("ana").home(shows="requests")).text == "Your requests"


async def test_a_response_url_answers_the_person_or_the_channel(box: Sandbox, listener: Listener) -> None:
    url = await command_url(box, listener)
    assert await respond(url, text="quiet") == (200, "ok")
    assert await respond(url, text="loud", response_type="in_channel") == (200, "ok")
    assert [seen.text for seen in await box.person("ana").answers()] == ["quiet"]
    assert [seen.text for seen in await box.person("bob").sees(in_="#ask-payments")] == ["loud"]


async def test_a_response_url_is_used_up_after_five(box: Sandbox, listener: Listener) -> None:
    url = await command_url(box, listener)
    for _ in range(5):
        assert (await respond(url, text="x"))[0] == 200
    status, text = await respond(url, text="x")
    assert status == 404
    assert "used_url" in text


async def test_a_response_url_ends_after_thirty_minutes(box: Sandbox, listener: Listener) -> None:
    url = await command_url(box, listener)
    box.clock.advance(31 * 60)
    status, text = await respond(url, text="x")
    assert status == 404
    assert "expired_url" in text


async def test_a_response_url_replaces_the_message_that_was_clicked(
    box: Sandbox, listener: Listener, client: AsyncWebClient
) -> None:
    url = await card_url(box, listener, client)
    await respond(url, text="two", replace_original=True)
    assert [seen.text for seen in await box.person("bob").sees(in_="#triage-payments")] == ["two"]


async def test_a_response_url_deletes_the_message_that_was_clicked(
    box: Sandbox, listener: Listener, client: AsyncWebClient
) -> None:
    url = await card_url(box, listener, client)
    await respond(url, delete_original=True)
    assert await box.person("bob").sees(in_="#triage-payments") == []


async def test_wrong_blocks_are_refused_at_a_response_url(box: Sandbox, listener: Listener) -> None:
    url = await command_url(box, listener)
    status, _ = await respond(url, text="x", blocks=[{"type": "banner"}])
    assert status == 400
    assert box.journal.violations()[0].kind == "response_url"


@pytest.mark.parametrize(
    ("told", "times"),
    [
        (None, 1),
        (["on_enter_pressed"], 1),
        (["on_character_entered"], 1),
        (["on_enter_pressed", "on_character_entered"], 2),
    ],
)
async def test_what_is_typed_is_told_when_the_field_asks_for_it(
    box: Sandbox, listener: Listener, client: AsyncWebClient, told: list[str] | None, times: int
) -> None:
    view = form()
    view["blocks"][1]["dispatch_action"] = True
    if told:
        view["blocks"][1]["element"]["dispatch_action_config"] = {"trigger_actions_on": told}
    await client.views_open(trigger_id=await trigger(box, listener), view=view)
    opened = await box.person("ana").form()
    await opened.fill("Summary", "one")
    await opened.enter("Summary")
    heard = [body["actions"][0] for body in listener.heard if body.get("type") == "block_actions"]
    assert [(action["type"], action["value"]) for action in heard] == [("plain_text_input", "one")] * times
