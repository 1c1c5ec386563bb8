"""How a demo begins: a story that lies in the past, nothing, or thousands of messages that a number stands for."""

import time
from collections.abc import AsyncIterator

import pytest

from bot.sandbox.seeds import Seed, plant, read_seed
from bot.sandbox.slack.world import World, instant
from bot.sandbox.story import Sandbox
from tests.sandbox.slack.tiny_bot import manifest


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    async with Sandbox.start(manifest=manifest()) as box:
        yield box


def _said(world: World) -> dict[str, list[str]]:
    return {id: [m.text for m in channel.messages.values()] for id, channel in world.channels.items()}


async def test_the_story_lies_in_the_past_and_the_bot_hears_nothing_of_it(box: Sandbox) -> None:
    world = box.workspace.world
    plant(box, Seed(name="story"))
    assert box.journal.records == []
    for place in ("#general", "#random", "#ask-payments", "#partner-acme", "#ask-mobile"):
        channel = world.channel(place)
        assert channel.messages, place
        assert list(channel.messages) == sorted(channel.messages)
        assert all(instant(ts) < box.clock.now() for ts in channel.messages)
    assert any(
        c.is_direct and c.messages and world.bot_user_id not in c.members for c in world.channels.values()
    )


async def test_an_empty_seed_says_nothing(box: Sandbox) -> None:
    plant(box, Seed(name="empty"))
    assert not any(_said(box.workspace.world).values())


async def test_a_busy_channel_is_the_same_for_a_number_and_quickly_written(box: Sandbox) -> None:
    began = time.monotonic()
    plant(box, read_seed("42"))
    took = time.monotonic() - began
    first = _said(box.workspace.world)["C0GENERAL1"]
    async with Sandbox.start(manifest=manifest()) as again, Sandbox.start(manifest=manifest()) as other:
        plant(again, Seed(name="busy", number=42))
        plant(other, read_seed("busy"))
        assert _said(again.workspace.world)["C0GENERAL1"] == first
        assert _said(other.workspace.world)["C0GENERAL1"] != first
    assert len(first) > 5_000
    assert took < 3


@pytest.mark.parametrize("words", ["", "sunny", "-1", "1.5", "٣", "1234567890"])
def test_a_bad_seed_is_refused_in_words(words: str) -> None:
    with pytest.raises(ValueError, match="is no seed"):
        read_seed(words)
