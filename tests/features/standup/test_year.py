"""A year of a team in seven time zones, with holidays, absences, moves, restarts and two replicas, counted twice."""

import asyncio
import random
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from sqlalchemy import Connection, func, select

from bot.db.engine import Database
from bot.feature import Deps
from bot.features.standup.jobs import Looking
from bot.features.standup.models import standup_checkins, standup_rounds, standup_summaries
from bot.outbox.models import outbox
from bot.outbox.unit_of_work import Transactions
from bot.sandbox.story import Sandbox
from bot.settings import Settings
from bot.slack.gateway import SlackGateway
from bot.teams import absences, holidays, zones
from bot.teams.apply import apply
from bot.teams.directory import Directory
from bot.teams.file import read_text
from tests.support.clock import MovableClock
from tests.support.long_run import IS_LONG

MANIFEST = Path(__file__).resolve().parents[3] / "manifest.yml"
HOMES = {
    "U0ALICE001": "Europe/Kyiv",
    "U0BOB00001": "America/New_York",
    "U0CAROL001": "Asia/Kolkata",
    "U0ERIN0001": "Asia/Tokyo",
    "U0FRANK001": "America/Sao_Paulo",
    "U0BOSS0001": "America/Los_Angeles",
    "U0ANA00001": "Europe/Paris",
}
PLACES = {"U0BOB00001": "US", "U0ERIN0001": "JP"}
AT, OPEN_FOR, BEFORE = time(9, 30), timedelta(hours=3), timedelta(minutes=45)
DAY = timedelta(days=1)
TEAM = {
    "key": "far", "name": "Far", "lead": "U0LEAD0001", "members": list(HOMES), "timezone": "Europe/Kyiv",
    "triage_channel": "C0TRIAGE01", "holidays": "PL",
    "people": {person: {"holidays": place} for person, place in PLACES.items()},
    "standups": [{
        "name": "Morning", "at": "09:30", "open_for": "3h", "remind_before": "45m", "channel": "C0STANDUP1",
        "questions": ["What is next?"], "days": "mon-fri", "timezone": "member",
    }],
}  # fmt: skip


@dataclass(kw_only=True)
class World:
    """What befalls the team: who moves where and when, who is away when, and when no bot runs."""

    first: date
    days: int
    dice: random.Random
    moves: list[tuple[datetime, str, str]] = field(default_factory=list[tuple[datetime, str, str]])
    away: list[tuple[str, date, date]] = field(default_factory=list[tuple[str, date, date]])
    down: list[tuple[datetime, datetime]] = field(default_factory=list[tuple[datetime, datetime]])

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.first, time(0), UTC)

    @property
    def ends(self) -> datetime:
        return self.begins + DAY * self.days

    def befall(self) -> None:
        """Throws it all."""
        people, dice = list(HOMES), self.dice
        for _ in range(self.days // 12):
            at = self.begins + timedelta(minutes=dice.randrange(self.days * 24 * 60))
            self.moves.append((at, dice.choice(people), dice.choice(list(HOMES.values()))))
        for _ in range(self.days // 8):
            start = self.first + DAY * dice.randrange(self.days)
            self.away.append((dice.choice(people), start, start + DAY * dice.randrange(8)))
        at = self.begins
        while (at := at + timedelta(hours=dice.randrange(24, 24 * 9))) < self.ends - DAY:
            back = at + timedelta(minutes=dice.randrange(5, 10 * 60))
            self.down.append((at, back))
            at = back
        self.moves.sort()

    def is_down(self, at: datetime) -> bool:
        return any(start <= at < end for start, end in self.down)

    def up_from(self, at: datetime) -> datetime:
        """The first instant at or after this one at which a bot runs."""
        return next((end for start, end in self.down if start <= at < end), at)


def _offset_zone(world: World, person: str, day: date) -> ZoneInfo:
    """By which zone the day goes: the last move known before the day had begun in the old zone or in the new one."""
    zone = ZoneInfo(HOMES[person])
    for at, who, where in world.moves:
        new = ZoneInfo(where)
        if who != person or new.key == zone.key:
            continue
        begins = min(
            datetime.combine(day, time(0), zone).astimezone(UTC),
            datetime.combine(day, time(0), new).astimezone(UTC),
        )
        if world.up_from(at) > begins:
            break
        zone = new
    return zone


def _expected(world: World) -> dict[str, int]:
    """Prompts, reminders, people missed, and days with a summary, by going through all days one by one."""
    found = {"prompts": 0, "reminders": 0, "missed": 0, "summaries": 0}
    for number in range(-1, world.days + 1):
        day = world.first + DAY * number
        told = [_of_day(world, person, day) for person in HOMES]
        for one in told:
            for name in one:
                found[name] += 1
        found["summaries"] += any("prompts" in one for one in told)
    return found


def _of_day(world: World, person: str, day: date) -> tuple[str, ...]:
    is_off = holidays.name_of((PLACES.get(person, "PL"),), day) is not None
    is_away = any(who == person and start <= day <= end for who, start, end in world.away)
    if day.weekday() > 4 or is_off or is_away:
        return ()
    opens = datetime.combine(day, AT, _offset_zone(world, person, day)).astimezone(UTC)
    closes = opens + OPEN_FOR
    if not world.begins < opens or closes >= world.ends:
        return ()
    if world.up_from(opens) >= closes:
        return ("missed",)
    reminded = world.up_from(closes - BEFORE) < closes
    return ("prompts", "reminders") if reminded else ("prompts",)


@dataclass(kw_only=True)
class Replicas:
    """Two bots on one database; each begins anew whenever `restart` is called."""

    deps: Deps
    clock: MovableClock
    looking: list[Looking] = field(default_factory=list[Looking])

    def restart(self) -> None:
        self.looking = [Looking(self.deps), Looking(self.deps)]

    async def look(self, dice: random.Random) -> None:
        """One of them looks, or both at once, or one after the other."""
        now = self.clock.now()
        if dice.random() < 0.1:
            await asyncio.gather(*(one.look(now) for one in self.looking))
        elif dice.random() < 0.2:
            await self.looking[1].look(now)
        await self.looking[0].look(now)

    async def next_due(self, now: datetime) -> datetime | None:
        return await self.deps.transactions.read(self.looking[0].next_due, now)


@pytest.fixture
async def replicas(database: Database) -> AsyncIterator[Replicas]:
    clock = MovableClock(datetime(2026, 1, 1, tzinfo=UTC))
    async with Sandbox.start(manifest=yaml.safe_load(MANIFEST.read_text("utf-8"))) as box:
        slack = SlackGateway(box.bot_token, box.slack_api_url)
        directory = Directory(database, slack, clock, elapsed=lambda: 0.0)
        deps = Deps(
            settings=Settings(_env_file=None),  # pyright: ignore[reportCallIssue]
            clock=clock,
            transactions=Transactions(database, clock.now, lambda: None),
            slack=slack,
            jira=None,
            directory=directory,
        )
        await database.write(apply, read_text(yaml.safe_dump({"teams": [TEAM]}), "teams.yml"), clock.now())
        yield Replicas(deps=deps, clock=clock)
        await directory.close()
        await slack.close()


async def _live(replicas: Replicas, world: World) -> None:
    database, clock = replicas.deps.transactions.database, replicas.clock
    await database.write(_prepare, world)
    replicas.restart()
    moves = iter(_learnt(world))
    move = next(moves, None)
    now = world.begins
    while now < world.ends:
        if world.is_down(now):
            now = world.up_from(now)
            replicas.restart()
        clock.advance((now - clock.now()).total_seconds())
        while move is not None and move[0] <= now:
            await database.write(zones.learn, move[1], move[2], move[0])
            for one in replicas.looking:
                one.forget()
            move = next(moves, None)
        await replicas.look(world.dice)
        due = await replicas.next_due(now)
        then = min(at for at in (due, move[0] if move else None, now + DAY) if at is not None)
        now = max(then, now + timedelta(seconds=1))


def _learnt(world: World) -> Iterator[tuple[datetime, str, str]]:
    return iter(sorted((world.up_from(at), who, where) for at, who, where in world.moves))


def _prepare(connection: Connection, world: World) -> None:
    for person, home in HOMES.items():
        zones.learn(connection, person, home, world.begins - 30 * DAY)
    for person, first, last in world.away:
        absences.add(connection, user_id=person, first_day=first, last_day=last, reason="", set_by=person,
                     now=world.begins)  # fmt: skip


def _counted(connection: Connection) -> dict[str, int]:
    def entries(kind: str) -> int:
        return connection.scalar(select(func.count()).where(outbox.c.kind == kind)) or 0

    missed = select(func.count()).where(standup_checkins.c.state == "missed")
    return {
        "prompts": entries("standup.prompt"),
        "reminders": entries("standup.remind"),
        "missed": connection.scalar(missed) or 0,
        "summaries": connection.scalar(select(func.count()).select_from(standup_summaries)) or 0,
    }


def _open(connection: Connection) -> int:
    query = select(func.count()).where(standup_rounds.c.closed_at.is_(None))
    return connection.scalar(query) or 0


# The short run sees the clocks change once; `make faults` lives the whole year.
DAYS = {"sqlite": 365, "postgres": 365} if IS_LONG else {"sqlite": 100, "postgres": 30}


@pytest.mark.by_turns
@pytest.mark.timeout(900 if IS_LONG else 120)
async def test_everybody_is_asked_reminded_and_reported_exactly_as_often_as_they_should(
    replicas: Replicas, backend: str
) -> None:
    world = World(first=date(2026, 1, 1), days=DAYS[backend], dice=random.Random(5))
    world.befall()
    await _live(replicas, world)
    database = replicas.deps.transactions.database
    counted, expected = await database.read(_counted), _expected(world)
    sys.stdout.write(f"{backend}: {counted} in {world.days} days, {len(world.down)} times down\n")
    assert counted == expected
    assert await database.read(_open) <= 1
