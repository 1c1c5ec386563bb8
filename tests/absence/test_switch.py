"""The message that Slack posts when nobody pushes it on: one for all replicas, and none too many."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from bot.absence.switch import AHEAD, EVERY, Switch
from bot.alarms.ways import Ways
from bot.db.engine import Database
from bot.outbox.unit_of_work import Transactions
from bot.sandbox.clock import SandboxClock
from bot.sandbox.story import Sandbox
from bot.slack.gateway import SlackGateway
from bot.slack.pace import Pace
from tests.support.waiting import until

MANIFEST = Path(__file__).resolve().parents[2] / "manifest.yml"
ALERTS = "C0GENERAL1"

pytestmark = pytest.mark.by_turns


@dataclass
class Guard:
    """A workspace and replicas that guard one channel."""

    box: Sandbox
    slack: SlackGateway
    database: Database
    well: bool = True

    def replica(self) -> Switch:
        transactions = Transactions(self.database, self.box.clock.now, lambda: None)
        ways = Ways(self.slack, channel=ALERTS, webhook=None)
        return Switch(ways, transactions, lambda: self.well)

    async def pushes(self, switch: Switch, *, after: timedelta = timedelta()) -> None:
        self.box.clock.advance(after)
        await switch.push(self.box.clock.now())

    def waiting(self) -> list[str]:
        """What waits in Slack, in the order of its time."""
        scheduled = self.box.workspace.scheduled.waiting.values()
        return [one.text for one in sorted(scheduled, key=lambda one: one.post_at)]

    async def posted(self) -> list[str]:
        return [seen.text for seen in await self.box.person("ana").sees(in_="#general")]


@pytest.fixture
async def guard(database: Database) -> AsyncIterator[Guard]:
    manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    async with Sandbox.start(manifest=manifest, clock=SandboxClock()) as box:
        slack = SlackGateway(box.bot_token, box.slack_api_url, pace=Pace(generous=True))
        yield Guard(box=box, slack=slack, database=database)
        await slack.close()


async def test_while_it_is_pushed_on_one_message_waits_and_none_is_posted(guard: Guard) -> None:
    switch = guard.replica()
    await guard.pushes(switch)
    for _ in range(10):
        await guard.pushes(switch, after=EVERY)
        assert len(guard.waiting()) == 1
    assert "has not been working since" in guard.waiting()[0]
    assert await guard.posted() == []


async def test_when_nobody_pushes_it_on_it_is_posted(guard: Guard) -> None:
    switch = guard.replica()
    await guard.pushes(switch)
    guard.well = False
    await guard.pushes(switch, after=EVERY)
    guard.box.clock.advance(AHEAD)
    await until(lambda: guard.waiting() == [])
    (text,) = await guard.posted()
    assert "has not been working since" in text


async def test_several_replicas_share_one_message(guard: Guard) -> None:
    replicas = [guard.replica() for _ in range(3)]
    for _ in range(3):
        for switch in replicas:
            await guard.pushes(switch, after=timedelta(seconds=31))
        assert len(guard.waiting()) == 1
    assert len(guard.box.journal.calls("chat.scheduleMessage")) <= 3


async def test_what_a_death_left_behind_is_tidied_up(guard: Guard) -> None:
    # Scheduled, and killed before it was written down.
    later = int((guard.box.clock.now() + timedelta(minutes=12)).timestamp())
    await guard.slack.call("chat.scheduleMessage", channel=ALERTS, text="left behind", post_at=later)
    await guard.pushes(guard.replica())
    (text,) = guard.waiting()
    assert text != "left behind"


async def test_what_cannot_be_scheduled_is_tried_again_soon_and_the_old_one_stays(guard: Guard) -> None:
    switch = guard.replica()
    await guard.pushes(switch)
    guard.box.faults.add(method="chat.scheduleMessage", kind="error", error="fatal_error", times=1)
    await guard.pushes(switch, after=EVERY)
    assert len(guard.waiting()) == 1
    await guard.pushes(switch, after=timedelta(seconds=31))
    assert len(guard.box.journal.calls("chat.scheduleMessage")) == 3
    assert len(guard.waiting()) == 1


async def test_an_answer_that_names_no_message_breaks_no_stop_and_the_message_is_found_later(
    guard: Guard,
) -> None:
    switch = guard.replica()
    await guard.pushes(switch)
    guard.box.faults.add(method="chat.scheduleMessage", kind="no_ts", times=1)
    await switch.stopping(guard.box.clock.now())
    assert len(guard.waiting()) == 2
    await guard.pushes(guard.replica(), after=timedelta(seconds=1))
    (text,) = guard.waiting()
    assert "has not been working since" in text


async def test_a_list_that_slack_does_not_give_keeps_nobody_from_pushing(guard: Guard) -> None:
    switch = guard.replica()
    await guard.pushes(switch)
    guard.box.faults.add(method="chat.scheduledMessages.list", kind="error", error="fatal_error")
    await guard.pushes(switch, after=EVERY)
    # The one that is known from the table is taken away all the same.
    assert len(guard.waiting()) == 1


async def test_a_clean_stop_says_so_and_leaves_time_to_start_again(guard: Guard) -> None:
    switch = guard.replica()
    await guard.pushes(switch)
    await switch.stopping(guard.box.clock.now())
    (text,) = guard.waiting()
    assert "was stopped at" in text
    await guard.pushes(guard.replica(), after=timedelta(minutes=20))
    (text,) = guard.waiting()
    assert "has not been working since" in text
    assert await guard.posted() == []


async def test_a_bot_that_was_stopped_and_forgotten_is_told_of(guard: Guard) -> None:
    switch = guard.replica()
    await guard.pushes(switch)
    await switch.stopping(guard.box.clock.now())
    guard.box.clock.advance(timedelta(minutes=31))
    await until(lambda: guard.waiting() == [])
    (text,) = await guard.posted()
    assert "was stopped at" in text


async def test_one_of_several_that_stops_is_put_right_by_the_others(guard: Guard) -> None:
    one, other = guard.replica(), guard.replica()
    await guard.pushes(one)
    await one.stopping(guard.box.clock.now())
    await guard.pushes(other, after=timedelta(seconds=31))
    (text,) = guard.waiting()
    assert "has not been working since" in text


async def test_without_a_channel_nothing_is_scheduled(guard: Guard) -> None:
    transactions = Transactions(guard.database, guard.box.clock.now, lambda: None)
    switch = Switch(Ways(guard.slack, channel=None, webhook=None), transactions, lambda: True)
    await switch.push(guard.box.clock.now())
    await switch.stopping(guard.box.clock.now())
    assert guard.waiting() == []
