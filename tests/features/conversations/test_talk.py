"""Two threads in a sandboxed workspace, kept in step by listeners, relay and deliveries."""

import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest

from bot.features.conversations.service import CATCH_UP
from bot.sandbox.story import Seen
from tests.features.conversations.conftest import Talk

pytestmark = pytest.mark.by_turns


async def texts(seen: Awaitable[list[Seen]]) -> list[str]:
    return [one.text for one in await seen]


async def test_words_go_from_each_thread_to_the_other_with_the_speakers_name(talk: Talk) -> None:
    await talk.person("ana").says("It is order 123", thread=talk.asker)
    await talk.person("alice").says("Looking", thread=talk.card)
    await talk.quiet()
    assert await texts(talk.in_card()) == ["ana: It is order 123"]
    assert await texts(talk.in_asker()) == ["alice: Looking"]


async def test_messages_arrive_once_and_in_order_though_slack_delivers_them_twice(talk: Talk) -> None:
    talk.twice = True
    for number in range(5):
        await talk.person("ana").says(f"line {number}", thread=talk.asker)
        await talk.heard_all()
    await talk.quiet()
    assert await texts(talk.in_card()) == [f"ana: line {number}" for number in range(5)]
    assert len(talk.threads.heard) == 5


async def test_the_counterpart_makes_no_echo(talk: Talk) -> None:
    await talk.person("ana").says("hello", thread=talk.asker)
    await talk.quiet()
    assert await talk.in_asker() == []


async def test_a_mention_pings_nobody_on_the_other_side(talk: Talk) -> None:
    await talk.person("alice").says("@channel @bob @payments see #general and #secret", thread=talk.card)
    await talk.quiet()
    (mirror,) = await talk.in_asker()
    assert mirror.text == "alice: @channel @bob @payments see #general and #private-channel"
    sent = json.dumps(talk.box.journal.calls("chat.postMessage")[-1].arguments)
    assert "<!" not in sent and '"user_id"' not in sent and "C0SECRET01" not in sent


async def test_the_name_of_a_private_channel_stays_where_it_is_known(talk: Talk) -> None:
    await talk.person("alice").says("as said in #payments-private", thread=talk.card)
    await talk.quiet()
    assert await texts(talk.in_asker()) == ["alice: as said in #private-channel"]


async def test_an_aside_stays_in_the_team_until_its_strokes_are_gone(talk: Talk) -> None:
    aside = await talk.person("alice").says("// who knows?", thread=talk.card)
    await talk.quiet()
    assert await talk.in_asker() == []
    await talk.person("alice").edits(aside, "We are asking around")
    await talk.quiet()
    assert await texts(talk.in_asker()) == ["alice: We are asking around (edited)"]


async def test_a_message_made_an_aside_is_covered(talk: Talk) -> None:
    said = await talk.person("alice").says("Ana is wrong", thread=talk.card)
    await talk.quiet()
    await talk.person("alice").edits(said, "// Ana is wrong")
    await talk.quiet()
    assert await texts(talk.in_asker()) == ["alice deleted this message."]


async def test_an_edit_changes_the_counterpart(talk: Talk) -> None:
    said = await talk.person("ana").says("order 123", thread=talk.asker)
    await talk.quiet()
    await talk.person("ana").edits(said, "order 124")
    await talk.quiet()
    (mirror,) = await talk.in_card()
    assert mirror.text == "ana: order 124 (edited)"
    assert mirror.fallback == "ana: order 124 (edited)"


async def test_a_deletion_leaves_a_tombstone_without_the_words(talk: Talk) -> None:
    said = await talk.person("ana").says("my password", thread=talk.asker)
    await talk.quiet()
    await talk.person("ana").deletes(said)
    await talk.quiet()
    (mirror,) = await talk.in_card()
    assert mirror.text == mirror.fallback == "ana deleted this message."


async def test_a_message_deleted_before_it_was_passed_on_never_appears(talk: Talk) -> None:
    talk.box.faults.add(method="chat.postMessage", kind="rate_limited", times=1, retry_after=1)
    said = await talk.person("ana").says("oops", thread=talk.asker)
    await talk.heard_all()
    await _until(lambda: len(talk.box.journal.calls("chat.postMessage")) == 3)
    await talk.person("ana").deletes(said)
    await talk.quiet()
    assert await talk.in_card() == []


async def test_an_edit_while_the_counterpart_is_posted_is_not_lost(talk: Talk) -> None:
    talk.box.faults.add(method="chat.postMessage", kind="hang_after", times=1, seconds=0.5)
    said = await talk.person("ana").says("one", thread=talk.asker)
    await _until(lambda: len(talk.box.journal.calls("chat.postMessage")) == 3)
    await talk.person("ana").edits(said, "two")
    await talk.quiet()
    assert await texts(talk.in_card()) == ["ana: two (edited)"]


async def test_a_post_whose_answer_was_lost_appears_once_and_stays_true(talk: Talk) -> None:
    fault = talk.box.faults.add(method="chat.postMessage", kind="drop_after", times=1)
    said = await talk.person("ana").says("secret", thread=talk.asker)
    await _until(lambda: fault.hits == 1)
    await talk.person("ana").deletes(said)
    await talk.quiet()
    assert await texts(talk.in_card()) == ["ana deleted this message."]


async def test_files_are_passed_on_as_links(talk: Talk) -> None:
    await talk.person("ana").says("the log", thread=talk.asker, files=[("app.log", b"x" * 2_000)])
    await talk.quiet()
    (mirror,) = await talk.in_card()
    assert "ana: the log" in mirror.text and "app.log" in mirror.text
    assert "https://sandbox.slack.com/files/" in mirror.fallback


async def test_a_broadcast_reply_is_passed_on(public_talk: Talk) -> None:
    await public_talk.person("ana").says("still stuck", thread=public_talk.asker, broadcast=True)
    await public_talk.quiet()
    assert await texts(public_talk.in_card()) == ["ana: still stuck"]


async def test_everybodys_replies_leave_a_public_thread(public_talk: Talk) -> None:
    await public_talk.person("gina").says("me too", thread=public_talk.asker)
    await public_talk.quiet()
    assert await texts(public_talk.in_card()) == ["gina: me too"]


async def test_only_the_requesters_replies_leave_a_private_thread(private_talk: Talk) -> None:
    await private_talk.person("bob").says("between us", thread=private_talk.asker)
    await private_talk.person("ana").says("please help", thread=private_talk.asker)
    await private_talk.quiet()
    assert await texts(private_talk.in_card()) == ["ana: please help"]


async def test_a_long_message_of_a_public_thread_comes_with_its_address(public_talk: Talk) -> None:
    said = await public_talk.person("ana").says("x" * 9_000, thread=public_talk.asker)
    await public_talk.quiet()
    (mirror,) = await public_talk.in_card()
    assert said.permalink in json.dumps(mirror.blocks)


async def test_a_long_message_of_a_private_thread_comes_without_its_address(private_talk: Talk) -> None:
    await private_talk.person("ana").says("x" * 9_000, thread=private_talk.asker)
    await private_talk.quiet()
    (mirror,) = await private_talk.in_card()
    assert "more)" in mirror.text and "/archives/" not in json.dumps(mirror.blocks)


async def test_a_thread_that_was_private_when_asked_in_gives_no_address_later(public_talk: Talk) -> None:
    public_talk.threads.private = True
    await public_talk.person("ana").says("x" * 9_000, thread=public_talk.asker)
    await public_talk.quiet()
    (mirror,) = await public_talk.in_card()
    assert "more)" in mirror.text and "/archives/" not in json.dumps(mirror.blocks)


async def test_the_team_is_told_when_the_requester_cannot_be_reached(talk: Talk) -> None:
    talk.threads.asker = None
    await talk.person("alice").says("Are you there?", thread=talk.card)
    await talk.quiet()
    assert await texts(talk.in_card()) == ["ana cannot be reached in Slack: your message was not delivered."]
    assert await talk.dead_letters() == ["conversation.mirror"]


async def test_the_asker_is_told_when_the_team_cannot_be_reached(talk: Talk) -> None:
    talk.box.faults.add(
        method="chat.postMessage", kind="error", channel="C0TRIAGE01", error="restricted_action"
    )
    await talk.person("ana").says("Are you there?", thread=talk.asker)
    await talk.quiet()
    (line,) = await talk.in_asker()
    assert line.text.startswith("Your message was not delivered")


async def test_replies_that_were_missed_are_caught_up_with_once(talk: Talk) -> None:
    talk.deaf = True
    for number in range(3):
        await talk.person("alice").says(f"missed {number}", thread=talk.card)
    talk.deaf = False
    await talk.person("alice").says("heard", thread=talk.card)
    await talk.quiet()
    for _ in range(2):
        await talk.asks(CATCH_UP, {"channel": talk.card.channel, "thread_ts": talk.card.ts})
        await talk.quiet()
    assert sorted(await texts(talk.in_asker())) == ["alice: heard"] + [f"alice: missed {n}" for n in range(3)]
    assert await texts(talk.in_card()) == []


async def test_catching_up_reads_every_page(talk: Talk) -> None:
    talk.deaf = True
    for number in range(230):
        await talk.person("alice").says(f"// aside {number}", thread=talk.card)
    await talk.person("alice").says("the last", thread=talk.card)
    talk.deaf = False
    await talk.asks(CATCH_UP, {"channel": talk.card.channel, "thread_ts": talk.card.ts})
    await talk.quiet()
    assert await texts(talk.in_asker()) == ["alice: the last"]
    assert len(talk.box.journal.calls("conversations.replies")) == 2


async def test_catching_up_with_a_thread_that_is_gone_ends_quietly(talk: Talk) -> None:
    await talk.asks(CATCH_UP, {"channel": talk.card.channel, "thread_ts": "1.000001"})
    await talk.quiet()
    assert await talk.dead_letters() == []


async def _until(condition: Callable[[], bool]) -> None:
    for _ in range(1_000):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError("it did not come to that")


async def test_a_reply_that_is_faster_than_our_note_of_the_card_is_not_lost(talk: Talk) -> None:
    known, talk.threads.card = talk.threads.card, None
    await talk.person("alice").says("On it already", thread=talk.card)
    await talk.heard_all()
    talk.threads.card = known
    await talk.quiet()
    assert await texts(talk.in_asker()) == ["alice: On it already"]
