"""Moves of the stage's clock, and what is scheduled on it.

A move is one jump, as if the demo had slept: whatever was due in between happens at once, in its order, at the new
time. What is on its way during a jump goes on by real seconds, but is judged by the new time: a button pressed before
it may find its 3 seconds over, and Slack delivers a message again whose signature has become too old.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.sandbox.face.controls.offstage import Offstage
from bot.sandbox.face.stage import Coming, Stage

TEAM_ZONE = "Europe/Kyiv"
HOUR = timedelta(hours=1)
MOST = timedelta(days=366)
# Past the instant at which something is due, so that it is due for everybody.
A_LITTLE = timedelta(seconds=1)
_START = time(9)
# Messages keep their order: none is ever older than the one before it.
STILL_DATED = (
    " What is said from now on stays dated just after the last message until the clock has caught up with it."
)


class CannotMove(ValueError):
    """A move of the clock that makes no sense; its words say why."""


def next_monday(now: datetime, zone: str = TEAM_ZONE) -> datetime:
    """The first Monday 09:00 in this zone that is after `now` (aware); in UTC."""
    local = now.astimezone(ZoneInfo(zone))
    day = local.date() + timedelta(days=-local.weekday() % 7)
    found = datetime.combine(day, _START, ZoneInfo(zone)).astimezone(UTC)
    if found > now:
        return found
    return datetime.combine(day + timedelta(days=7), _START, ZoneInfo(zone)).astimezone(UTC)


def next_of(things: Iterable[Coming], now: datetime) -> Coming | None:
    """The earliest thing that is still to come, a quiet one only where nothing else is; None when there is none."""
    ahead = (thing for thing in things if thing.at > now)
    return min(ahead, key=lambda thing: (thing.quiet, thing.at), default=None)


def read_instant(words: str, zone: str | None = None) -> datetime:
    """An instant as ISO 8601 writes it, in UTC; without an offset it is read in `zone`. Raises CannotMove, in words."""
    try:
        found = datetime.fromisoformat(words.strip())
    except ValueError:
        raise CannotMove(f"{words!r} is no time. Write it like 2026-11-30T09:00+02:00.") from None
    if found.tzinfo is None:
        if zone is None:
            raise CannotMove(
                "This time does not say in which zone. Add an offset, like 2026-11-30T09:00+02:00."
            )
        found = found.replace(tzinfo=ZoneInfo(zone))
    try:
        return found.astimezone(UTC)
    except OverflowError:
        raise CannotMove("This time is too far away.") from None


async def scheduled(stage: Stage, offstage: Offstage) -> list[Coming]:
    """All that is scheduled: by the bot, by Slack for the bot, and what will be tried again; earliest first."""
    space = stage.box.workspace
    later = [
        Coming(
            at=datetime.fromtimestamp(one.post_at, UTC),
            what="Slack posts a message that the bot has scheduled",
        )
        for one in space.scheduled.waiting.values()
    ]
    again = [
        Coming(at=at, what="Slack tells the bot again what it has not acknowledged")
        for at in space.courier.due
    ]
    retries = [
        Coming(at=one.run_at, what=f"the bot tries again: {one.kind}")
        for one in (await offstage.outbox()).items
        if one.done is None
    ]
    found = [*await offstage.coming(), *later, *again, *retries]
    return sorted((one for one in found if one.at > stage.now), key=lambda one: one.at)


async def move(stage: Stage, offstage: Offstage, to: str, *, zone: str | None = None) -> str:
    """Move the clock: `now`, `hour`, `next`, `monday` or an ISO instant. Returns words; raises CannotMove.

    It returns once the bot has seen the new time: what comes next after it is known by then.
    """
    words = await _move(stage, offstage, to, zone)
    await offstage.caught_up()
    return words


async def _move(stage: Stage, offstage: Offstage, to: str, zone: str | None) -> str:
    clock = stage.box.clock
    if to == "now":
        was_ahead = clock.ahead > timedelta()
        clock.reset()
        return f"The clock shows this machine's time again.{STILL_DATED if was_ahead else ''}"
    if to == "hour":
        clock.advance(HOUR)
        return "An hour has passed."
    if to == "next":
        return await _to_next(stage, offstage)
    target = next_monday(clock.now()) if to == "monday" else read_instant(to, zone)
    _must_be_ahead(clock.now(), target)
    clock.set(target)
    return f"It is {target.astimezone(ZoneInfo(TEAM_ZONE)):%A %d %B %Y, %H:%M} in {TEAM_ZONE} now."


async def _to_next(stage: Stage, offstage: Offstage) -> str:
    found = next_of(await scheduled(stage, offstage), stage.now)
    if found is None:
        raise CannotMove("Nothing is scheduled, so there is nowhere to go. Snooze a request, for one.")
    stage.box.clock.set(found.at + A_LITTLE)
    return f"The clock has moved on to the next thing: {found.what}."


def _must_be_ahead(now: datetime, target: datetime) -> None:
    if target <= now:
        raise CannotMove(
            "That time has passed. The clock only goes forward; “Now” brings it back to the present."
        )
    if target - now > MOST:
        raise CannotMove("That is more than a year away. Go there in smaller steps.")
