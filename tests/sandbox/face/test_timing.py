"""Moves of the stage's clock."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox.clock import SandboxClock
from bot.sandbox.face.controls import timing
from bot.sandbox.face.controls.offstage import Offstage
from bot.sandbox.face.controls.timing import CannotMove, next_monday, next_of, read_instant
from bot.sandbox.face.face import Face
from bot.sandbox.face.stage import Backstage, Coming, Stage, Waiting
from tests.sandbox.face.conftest import Desk

TUESDAY = datetime(2026, 11, 24, 12, tzinfo=UTC)


def on_stage(desk: Desk, **more: object) -> tuple[Stage, Offstage]:
    stage = Stage(box=desk.box, jira=desk.jira, backstage=Backstage(**more))  # type: ignore[arg-type]
    return stage, Offstage(Face(stage))


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        (TUESDAY, datetime(2026, 11, 30, 7, tzinfo=UTC)),
        (datetime(2026, 11, 30, 6, 59, tzinfo=UTC), datetime(2026, 11, 30, 7, tzinfo=UTC)),
        (datetime(2026, 11, 30, 7, tzinfo=UTC), datetime(2026, 12, 7, 7, tzinfo=UTC)),
        # Sunday evening in UTC is Monday in Kyiv already; in spring the clocks there go forward on a Sunday.
        (datetime(2026, 11, 29, 23, tzinfo=UTC), datetime(2026, 11, 30, 7, tzinfo=UTC)),
        (datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 30, 6, tzinfo=UTC)),
    ],
)
def test_next_monday_is_nine_oclock_of_the_teams_zone(now: datetime, monday: datetime) -> None:
    assert next_monday(now) == monday


def test_next_monday_of_another_zone_is_another_instant() -> None:
    assert next_monday(TUESDAY, "America/Los_Angeles") == datetime(2026, 11, 30, 17, tzinfo=UTC)


def test_the_next_thing_is_the_earliest_that_has_not_been() -> None:
    things = [Coming(at=TUESDAY + timedelta(minutes=by), what=str(by)) for by in (-5, 0, 30, 10)]
    found = next_of(things, TUESDAY)
    assert found is not None
    assert found.what == "10"
    assert next_of([], TUESDAY) is None


def test_what_nobody_sees_is_the_next_thing_only_where_nothing_else_comes() -> None:
    poll = Coming(at=TUESDAY + timedelta(minutes=1), what="a poll", quiet=True)
    handoff = Coming(at=TUESDAY + timedelta(days=1), what="a handoff")
    assert next_of([poll, handoff], TUESDAY) is handoff
    assert next_of([poll], TUESDAY) is poll


def test_an_instant_is_read_with_its_offset_or_in_a_zone() -> None:
    assert read_instant("2026-11-30T09:00+02:00") == datetime(2026, 11, 30, 7, tzinfo=UTC)
    assert read_instant("2026-11-30T09:00", "Europe/Kyiv") == datetime(2026, 11, 30, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "words", ["", "soon", "2026-13-01T00:00Z", "2026-11-30T09:00", "0001-01-01T00:00+23:00"]
)
def test_what_is_no_instant_is_refused_in_words(words: str) -> None:
    with pytest.raises(CannotMove, match=r"time"):
        read_instant(words)


def test_a_clock_comes_back_and_wakes_nobody_too_early() -> None:
    clock = SandboxClock(lambda: TUESDAY)
    clock.advance(timedelta(hours=5))
    assert clock.ahead == timedelta(hours=5)
    clock.reset()
    assert clock.now() == TUESDAY


async def test_an_hour_passes_and_comes_back(desk: Desk) -> None:
    stage, offstage = on_stage(desk)
    await timing.move(stage, offstage, "hour")
    assert timedelta(minutes=59) < stage.box.clock.ahead < timedelta(minutes=61)
    words = await timing.move(stage, offstage, "now")
    assert stage.box.clock.ahead == timedelta()
    assert "stays dated just after the last message" in words
    assert "dated" not in await timing.move(stage, offstage, "now")


async def test_the_clock_goes_a_second_past_the_next_thing(desk: Desk) -> None:
    at = desk.box.clock.now() + timedelta(hours=3)

    async def coming() -> list[Coming]:
        return [Coming(at=at + timedelta(days=1), what="later"), Coming(at=at, what="a snooze ends")]

    stage, offstage = on_stage(desk, coming=coming)
    words = await timing.move(stage, offstage, "next")
    assert "a snooze ends" in words
    assert timedelta(seconds=1) <= stage.now - at < timedelta(seconds=30)


async def test_messages_that_slack_posts_later_are_scheduled(desk: Desk) -> None:
    space = desk.box.workspace
    space.scheduled.add("C0ASKPAY01", "x", space.world.seconds() + 900, lambda: None)
    stage, offstage = on_stage(desk)
    assert [one.what for one in await timing.scheduled(stage, offstage)] == [
        "Slack posts a message that the bot has scheduled"
    ]
    await timing.move(stage, offstage, "next")
    assert await _soon(lambda: not space.scheduled.waiting)


async def test_what_the_bot_did_not_acknowledge_is_scheduled_again(desk: Desk) -> None:
    desk.box.workspace.courier.retry_delays = (600.0,)
    desk.box.deliver_by_http("http://127.0.0.1:9/nobody")
    await desk.box.person("ana").says("Hello?", in_="#ask-payments")
    stage, offstage = on_stage(desk)

    async def waiting() -> bool:
        return bool(await timing.scheduled(stage, offstage))

    async with asyncio.timeout(5):
        while not await waiting():
            await asyncio.sleep(0.02)
    assert "has not acknowledged" in await timing.move(stage, offstage, "next")


async def test_work_that_waits_for_another_try_is_scheduled(desk: Desk) -> None:
    at = desk.box.clock.now() + timedelta(minutes=4)

    async def outbox() -> list[Waiting]:
        more = {"about": "", "attempts": 2, "run_at": at, "result": "", "error": ""}
        return [
            Waiting(number=1, kind="slack.post", done=None, **more),
            Waiting(number=2, kind="jira.create", done=at, **more),
        ]

    stage, offstage = on_stage(desk, outbox=outbox)
    assert [one.what for one in await timing.scheduled(stage, offstage)] == [
        "the bot tries again: slack.post"
    ]


async def test_with_nothing_scheduled_there_is_nowhere_to_go(desk: Desk) -> None:
    stage, offstage = on_stage(desk)
    with pytest.raises(CannotMove, match="Nothing is scheduled"):
        await timing.move(stage, offstage, "next")


@pytest.mark.parametrize(
    ("by", "words"), [(timedelta(hours=-1), "has passed"), (timedelta(days=800), "a year away")]
)
async def test_the_past_and_the_far_future_are_refused(desk: Desk, by: timedelta, words: str) -> None:
    stage, offstage = on_stage(desk)
    before = stage.box.clock.ahead
    with pytest.raises(CannotMove, match=words):
        await timing.move(stage, offstage, (stage.now + by).isoformat())
    assert stage.box.clock.ahead == before


async def test_a_bot_that_cannot_tell_stops_nothing(desk: Desk) -> None:
    told = [Coming(at=desk.box.clock.now() + timedelta(hours=1), what="told before")]
    asked = 0

    async def coming() -> list[Coming]:
        nonlocal asked
        asked += 1
        if asked > 1:
            raise ConnectionError("cut")
        return told

    stage, _ = on_stage(desk, coming=coming)
    seconds = 0.0
    offstage = Offstage(Face(stage), lambda: seconds)
    assert await offstage.coming() == told
    assert await offstage.coming() == told
    assert asked == 1
    seconds += 1.05
    assert await offstage.coming() == told
    assert asked == 2


async def _soon(look) -> bool:
    async with asyncio.timeout(5):
        while not look():
            await asyncio.sleep(0.02)
    return True


async def test_a_move_waits_for_the_bot_and_forgets_what_it_told_before(desk: Desk) -> None:
    told = [Coming(at=desk.box.clock.now() + timedelta(hours=2), what="it opens")]

    async def coming() -> list[Coming]:
        return list(told)

    async def caught_up() -> None:
        # By the new time the bot knows when it closes.
        told.append(Coming(at=told[0].at + timedelta(hours=1), what="it closes"))

    stage, offstage = on_stage(desk, coming=coming, caught_up=caught_up)
    assert "it opens" in await timing.move(stage, offstage, "next")
    assert "it closes" in await timing.move(stage, offstage, "next")
