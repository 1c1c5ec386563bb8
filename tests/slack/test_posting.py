"""Posts that carry their name and are found again by it."""

from datetime import timedelta
from typing import Any

import pytest

from bot.core.clock import SystemClock
from bot.outbox.delivery import Delivery, Entry
from bot.outbox.outcomes import Doubt, Later, Parked, Refused
from bot.sandbox.story import Sandbox
from bot.slack.blocks import Message
from bot.slack.gateway import SlackGateway
from bot.slack.posting import Post, call_delivery, find_post, post_delivery

BEGAN = SystemClock().now()


def entry(dedup: str = "req:1:card", **more: Any) -> Entry:
    values: dict[str, Any] = {
        "id": 1, "kind": "request.card", "payload": {}, "dedup": dedup, "owner": "me", "attempts": 1,
        "failures": 0, "looks": 0, "run_at": BEGAN, "created_at": BEGAN, "sent_at": None, "looking_since": None, "error": None,
        "correlation": None,
    }  # fmt: skip
    return Entry(**{**values, **more})


def posting(slack: SlackGateway, post: Post) -> Delivery:
    async def render(_: Entry) -> Post:
        return post

    return post_delivery(slack, render, rather="once")


TO_CHANNEL = Post(message=Message(text="A card"), channel="C0GENERAL1")


async def post(delivery: Delivery, dedup: str = "req:1:card") -> Any:
    send = await delivery.prepare(entry(dedup))
    return await send()


async def test_a_post_is_found_by_its_name(gateway: SlackGateway) -> None:
    delivery = posting(gateway, TO_CHANNEL)
    assert delivery.look_up is not None
    ref = await post(delivery)
    assert await delivery.look_up(entry()) == ref
    assert await delivery.look_up(entry("req:2:card")) is None


async def test_a_reply_is_found_in_its_thread(gateway: SlackGateway) -> None:
    root = await post(posting(gateway, TO_CHANNEL))
    reply = Post(message=Message(text="Below"), channel="C0GENERAL1", thread_ts=root["ts"])
    delivery = posting(gateway, reply)
    assert delivery.look_up is not None
    ref = await post(delivery, "req:1:ping:0")
    assert await delivery.look_up(entry("req:1:ping:0")) == ref


async def test_a_direct_message_is_opened_and_found(gateway: SlackGateway, box: Sandbox) -> None:
    delivery = posting(gateway, Post(message=Message(text="For you"), to_user="U0ANA00001"))
    assert delivery.look_up is not None
    ref = await post(delivery, "req:1:receipt")
    assert await delivery.look_up(entry("req:1:receipt")) == ref
    await box.person("ana").waits_for("For you", in_="dm")


async def test_the_look_up_goes_through_every_page(gateway: SlackGateway, box: Sandbox) -> None:
    ref = await post(posting(gateway, TO_CHANNEL))
    ana = box.person("ana")
    for number in range(210):
        await ana.says(f"Talk {number}")
    found = await find_post(gateway, "C0GENERAL1", None, "req:1:card", BEGAN)
    assert found == ref
    assert len(box.journal.calls("conversations.history")) == 2


async def test_messages_long_before_the_attempt_are_not_looked_at(
    gateway: SlackGateway, box: Sandbox
) -> None:
    await post(posting(gateway, TO_CHANNEL))
    since = box.clock.now() + timedelta(minutes=5)
    assert await find_post(gateway, "C0GENERAL1", None, "req:1:card", since) is None


async def test_what_was_written_long_after_the_attempt_is_not_looked_through(
    gateway: SlackGateway, box: Sandbox
) -> None:
    ref = await post(posting(gateway, TO_CHANNEL))
    box.clock.advance(timedelta(hours=2))
    for number in range(210):
        await box.person("ana").says(f"Talk {number}")
    assert await find_post(gateway, "C0GENERAL1", None, "req:1:card", BEGAN) == ref
    assert len(box.journal.calls("conversations.history")) == 1


@pytest.mark.parametrize("kind", ["drop_after", "html"])
async def test_a_look_up_without_an_answer_is_made_again_before_anything_is_sent(
    gateway: SlackGateway, box: Sandbox, kind: Any
) -> None:
    box.faults.add(method="conversations.history", kind=kind)
    with pytest.raises(Later):
        await find_post(gateway, "C0GENERAL1", None, "req:1:card", BEGAN)


async def test_a_look_up_in_a_closed_channel_says_so(gateway: SlackGateway, box: Sandbox) -> None:
    box.remove_bot("general")
    with pytest.raises(Parked):
        await find_post(gateway, "C0GENERAL1", None, "req:1:card", BEGAN)


async def test_an_answer_that_names_no_message_is_a_doubt(gateway: SlackGateway, box: Sandbox) -> None:
    box.faults.add(method="chat.postMessage", kind="no_ts")
    with pytest.raises(Doubt):
        await post(posting(gateway, TO_CHANNEL))


async def test_a_post_has_plain_words_no_previews_and_its_name(gateway: SlackGateway, box: Sandbox) -> None:
    await post(posting(gateway, TO_CHANNEL))
    said = box.journal.calls("chat.postMessage")[0].arguments
    assert said["text"] == "A card"
    assert (said["unfurl_links"], said["unfurl_media"]) == (False, False)
    assert said["metadata"]["event_payload"] == {"id": "req:1:card"}


def whispering(slack: SlackGateway, channel: str, user: str) -> Delivery:
    async def compose(_: Entry) -> tuple[str, dict[str, Any]]:
        return "chat.postEphemeral", {"channel": channel, "user": user, "text": "Only for you"}

    done = frozenset({"user_not_in_channel", "channel_not_found", "is_archived"})
    return call_delivery(slack, compose, rather="once", done_when=done)


async def test_a_call_counts_as_done_where_its_refusal_means_that_nothing_is_left_to_do(
    gateway: SlackGateway, box: Sandbox
) -> None:
    assert await post(whispering(gateway, "C0TRIAGE01", "U0ANA00001")) == {}
    assert box.journal.calls("chat.postEphemeral")[0].response["error"] == "user_not_in_channel"


async def test_a_closed_channel_counts_as_done_where_the_feature_says_so(gateway: SlackGateway) -> None:
    assert await post(whispering(gateway, "C0OLDNEWS1", "U0ANA00001")) == {}


async def test_any_other_refusal_of_such_a_call_is_one(gateway: SlackGateway, box: Sandbox) -> None:
    box.faults.add(method="chat.postEphemeral", kind="error", error="restricted_action")
    with pytest.raises(Refused):
        await post(whispering(gateway, "C0GENERAL1", "U0ANA00001"))
