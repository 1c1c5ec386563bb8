"""What the demo's bot will do next, as the stage is told of it, and what it has done before anybody comes."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.sandbox.face.controls.timing import next_monday
from bot.sandbox.face.stage import Coming
from bot.sandbox.forms import Form
from bot.sandbox.launcher import Demo, Wishes
from bot.sandbox.seeds import Seed
from tests.support.waiting import until


@pytest.fixture
async def demo() -> AsyncIterator[Demo]:
    async with Demo(Wishes(port=0, seed=Seed(name="empty"))) as begun:
        yield begun


async def test_what_is_snoozed_is_seen_coming(demo: Demo) -> None:
    assert await _snoozed(demo) is None
    ana, alice = demo.stage.box.person("ana"), demo.stage.box.person("alice")
    await ana.runs("/ask-team payments Refund stuck", in_="#ask-payments")
    card = await alice.waits_for("Refund stuck", in_="#triage-payments", timeout=10)
    form = await card.choose("Snooze")
    assert isinstance(form, Form)
    form.pick("Until", "In 3 hours")
    await form.submit()
    await until(lambda: _is_snoozed(demo))
    coming = await _snoozed(demo)
    assert coming is not None
    assert coming.at > demo.stage.now
    demo.stage.box.clock.set(coming.at + timedelta(seconds=1))
    await demo.stage.backstage.caught_up()
    assert await _snoozed(demo) is None


async def _snoozed(demo: Demo) -> Coming | None:
    words = "a snoozed request comes back to its queue"
    return next((one for one in await demo.stage.backstage.coming() if one.what == words), None)


async def _is_snoozed(demo: Demo) -> bool:
    return await _snoozed(demo) is not None


async def test_the_next_handoff_is_seen_coming_and_after_it_the_one_that_follows(demo: Demo) -> None:
    monday = next_monday(demo.stage.now) + timedelta(hours=1)
    handoffs = [
        one.at for one in await demo.stage.backstage.coming() if one.what == "somebody else is on duty"
    ]
    assert len(handoffs) == 1
    assert handoffs[0] - monday in (timedelta(), timedelta(days=-7))
    demo.stage.box.clock.set(handoffs[0] + timedelta(seconds=1))
    await demo.stage.backstage.caught_up()
    after = [one.at for one in await demo.stage.backstage.coming() if one.what == "somebody else is on duty"]
    assert after[0] - handoffs[0] > timedelta(days=6)


async def test_whoever_comes_finds_the_topic_and_the_user_group_there(demo: Demo) -> None:
    world = demo.stage.box.workspace.world
    topic = world.channel("triage-payments").topic
    assert topic.startswith("On duty: @")
    person = world.account(topic.removeprefix("On duty: @").split()[0])
    await until(lambda: world.groups["S0ONDUTY01"].users == [person.id])
