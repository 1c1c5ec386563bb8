"""What people may type beside words: an invitation, an emoji for the last message; and what is completed."""

import html
import json
import re

import pytest

from bot.sandbox.face.blocks.surface import key_of
from bot.sandbox.face.blocks.words import emoji_called
from bot.sandbox.face.desk.names import EMOJI
from tests.sandbox.face.conftest import Desk

RANDOM = "/as/ana/c/C0RANDOM01"
GENERAL = "/as/ana/c/C0GENERAL1"


@pytest.mark.parametrize("name", ["@{}", "{}", "@{} "])
async def test_the_bot_is_invited_by_a_command(desk: Desk, name: str) -> None:
    world = desk.box.workspace.world
    channel = world.channels["C0RANDOM01"]
    assert world.bot_user_id not in channel.members
    told = await desk.post(f"{RANDOM}/say", {"text": f"/invite {name.format(world.bot.name.upper())}"})
    assert told["patches"][0]["do"] == "go"
    assert world.bot_user_id in channel.members
    assert "already" in (await desk.post(f"{RANDOM}/say", {"text": f"/invite @{world.bot.name}"}))["say"]


@pytest.mark.parametrize("text", ["/invite", "/invite @bob", "/invite @nobody"])
async def test_others_are_not_invited_and_it_is_said_in_words(desk: Desk, text: str) -> None:
    assert "its app only" in (await desk.post(f"{RANDOM}/say", {"text": text}))["say"]


async def test_a_stranger_to_a_channel_invites_nobody(desk: Desk) -> None:
    world = desk.box.workspace.world
    world.channels["C0RANDOM01"].members.remove(world.account("ana").id)
    told = await desk.post(f"{RANDOM}/say", {"text": f"/invite @{world.bot.name}"})
    assert "Only members" in told["say"]
    direct = world.direct(world.account("ana").id, world.account("bob").id)
    told = await desk.post(f"/as/ana/c/{direct.id}/say", {"text": f"/invite @{world.bot.name}"})
    assert "direct message" in told["say"]


async def test_an_emoji_behind_a_plus_goes_to_the_last_message(desk: Desk) -> None:
    bob = desk.box.person("bob")
    first, last = await bob.says("one"), await bob.says("two")
    reply = await bob.says("inside", thread=first)
    await desk.post(f"{GENERAL}/say", {"text": "+:tada:"})
    assert (await last.now()).reactions == {"tada": ["ana"]}
    await desk.post(f"{GENERAL}/say", {"text": "+:eyes:", "thread": first.ts})
    assert (await reply.now()).reactions == {"eyes": ["ana"]}
    assert len(await desk.box.person("ana").sees(in_="#general")) == 2


async def test_where_nothing_was_said_no_emoji_can_go(desk: Desk) -> None:
    assert "no message here yet" in (await desk.post(f"{GENERAL}/say", {"text": "+:tada:"}))["say"]


@pytest.mark.parametrize("name", ["nonsense", "<b>", "x y", "Ä"])
async def test_an_emoji_that_there_is_not_is_refused_in_words(desk: Desk, name: str) -> None:
    seen = await desk.box.person("bob").says("Hello")
    told = await desk.post(f"{GENERAL}/m/{seen.ts}/react", {"emoji": name})
    assert "There is no emoji called" in told["say"]
    assert (await seen.now()).reactions == {}


async def test_an_emoji_that_stands_there_can_be_joined_whatever_it_is(desk: Desk) -> None:
    seen = await desk.box.person("bob").says("Hello")
    await desk.box.person("bob").reacts(seen, "our_own_logo")
    await desk.post(f"{GENERAL}/m/{seen.ts}/react", {"emoji": "our_own_logo"})
    assert (await seen.now()).reactions == {"our_own_logo": ["bob", "ana"]}


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("tada", "tada"),
        (":eyes:", "eyes"),
        ("👍", "+1"),
        ("🔥", "fire"),
        ("large_green_circle", "large_green_circle"),
        ("no_such_thing", ""),
        ("", ""),
    ],
)
def test_emoji_are_called_as_slack_calls_them(given: str, name: str) -> None:
    assert emoji_called(given) == name


def test_every_emoji_that_is_offered_is_one() -> None:
    assert [name for name in EMOJI if not emoji_called(name)] == []
    assert len(EMOJI) == len(set(EMOJI))


async def test_the_composer_offers_calls_emoji_and_the_invitation(desk: Desk) -> None:
    found = re.search(r'id="names">(.*?)</script>', await desk.page(GENERAL), re.DOTALL)
    assert found
    names = json.loads(html.unescape(found[1]))
    assert {"@here", "@channel", "@ana"} <= {one["name"] for one in names["@"]}
    assert {"name": ":tada:", "hint": "", "words": "🎉"} in names[":"]
    assert "/invite" in {one["name"] for one in names["/"]}


async def test_a_click_on_what_the_home_tab_showed_a_moment_ago_is_sent_all_the_same(desk: Desk) -> None:
    button = {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": "go", "value": "1"}
    views = desk.box.workspace.views
    keys: list[str] = []
    for _ in range(3):
        body = {"type": "home", "blocks": [{"type": "actions", "elements": [dict(button)]}]}
        shown = views.publish("U0ANA00001", body, "")
        keys.append(key_of(shown.blocks[0], shown.blocks[0]["elements"][0]))
    await desk.post("/as/ana/home/act", {"key": keys[1]})
    (told,) = desk.box.journal.told("block_actions")
    assert told.arguments["actions"][0]["value"] == "1"
    assert "not there any more" in (await desk.post("/as/ana/home/act", {"key": keys[0]}))["say"]
