"""What the controls show of a stage: its clocks, its switches, and what the bot does about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.sandbox.face.controls import timing
from bot.sandbox.face.controls.offstage import Offstage
from bot.sandbox.face.controls.switches import switches
from bot.sandbox.face.face import Face
from bot.sandbox.face.inspector import calls
from bot.sandbox.face.stage import Coming, Stage, Waiting

ALARMS_SHOWN = 5
COMING_SHOWN = 4


@dataclass(frozen=True, kw_only=True)
class ZoneTime:
    """A zone of the cast: its time now, and who lives there."""

    zone: str
    at: datetime
    people: str


@dataclass(frozen=True, kw_only=True)
class OutboxState:
    """The outbox in figures. `next_try` is the earliest retry, `oldest` the open work that came first."""

    open: int
    retrying: int
    next_try: datetime | None
    oldest: Waiting | None
    in_doubt: int
    given_up: int


def summary(items: Sequence[Waiting], now: datetime) -> OutboxState:
    """The figures of these entries."""
    open_ones = [one for one in items if one.done is None]
    retrying = [one for one in open_ones if one.attempts and one.run_at > now]
    return OutboxState(
        open=len(open_ones),
        retrying=len(retrying),
        next_try=min((one.run_at for one in retrying), default=None),
        oldest=min(open_ones, key=lambda one: one.number, default=None),
        in_doubt=sum(1 for one in items if state_of(one, now) == IN_DOUBT),
        given_up=sum(1 for one in items if state_of(one, now) == GIVEN_UP),
    )


DONE, GIVEN_UP, IN_DOUBT = "done", "given up", "in doubt"
_RESULTS = {
    "done": DONE,
    "dead": GIVEN_UP,
    "doubtful": IN_DOUBT,
    "stale": "no longer needed",
    "refused": "refused, and told",
}


def state_of(one: Waiting, now: datetime) -> str:
    """How a piece of work stands, in words."""
    if one.done is not None:
        return _RESULTS.get(one.result, one.result or DONE)
    if one.in_doubt:
        return IN_DOUBT
    if one.under_way:
        return "under way"
    return "waiting for another try" if one.attempts and one.run_at > now else "waiting"


def zones(stage: Stage) -> list[ZoneTime]:
    """The zones of the people who can act, from west to east."""
    people: dict[str, list[str]] = {}
    for one in stage.box.workspace.world.people.values():
        if not (one.is_bot or one.deleted):
            people.setdefault(one.tz, []).append(one.real_name.split()[0])
    now = stage.now
    found = [
        ZoneTime(zone=zone, at=now.astimezone(ZoneInfo(zone)), people=", ".join(names))
        for zone, names in people.items()
    ]
    return sorted(found, key=lambda one: (one.at.utcoffset() or timedelta(), one.zone))


def ahead_words(ahead: timedelta) -> str:
    """How far the clock has been moved, in words."""
    seconds = round(abs(ahead).total_seconds())
    if seconds == 0:
        return "It shows this machine's time."
    days, rest = divmod(seconds, 86_400)
    hours, minutes = rest // 3600, rest % 3600 // 60
    parts = [f"{count} {name}" for count, name in ((days, "d"), (hours, "h"), (minutes, "min")) if count]
    words = " ".join(parts) or f"{seconds} s"
    return f"It is {words} {'ahead of' if ahead > timedelta() else 'behind'} this machine's time."


class Panel:
    """Draws the changing parts of the controls, by the id of the place where each stands."""

    def __init__(self, face: Face, offstage: Offstage) -> None:
        self._face = face
        self._offstage = offstage
        self._failed: tuple[Stage, tuple[int, ...], list[calls.Exchange]] | None = None

    async def paint(self) -> dict[str, str]:
        """Everything that may have changed."""
        stage = self._face.stage
        coming = await timing.scheduled(stage, self._offstage)
        return {
            "clock": self._face.piece("_clock.html", ahead=ahead_words(stage.box.clock.ahead)),
            "zones": self._face.piece("_zones.html", zones=zones(stage)),
            "coming": self._coming(coming),
            "switches": self._face.piece("_switches.html", switches=switches(stage)),
            "bot": await self._bot(stage),
        }

    def _coming(self, coming: list[Coming]) -> str:
        return self._face.piece("_coming.html", coming=coming[:COMING_SHOWN], zone=timing.TEAM_ZONE)

    async def _bot(self, stage: Stage) -> str:
        known = await self._offstage.outbox()
        return self._face.piece(
            "_bot.html",
            parts=stage.backstage.parts(),
            outbox=summary(known.items, stage.now),
            trouble=known.trouble,
            failed=self._last_failed(stage),
            alarms=stage.alarms[-ALARMS_SHOWN:][::-1],
        )

    def _last_failed(self, stage: Stage) -> list[calls.Exchange]:
        mark = calls.mark(stage)
        if self._failed is None or self._failed[0] is not stage or self._failed[1] != mark:
            self._failed = (stage, mark, calls.failed(stage))
        return self._failed[2]
