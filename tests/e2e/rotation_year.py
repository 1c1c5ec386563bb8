"""What a year of a rotation is expected to have told, kept by the test beside the bot."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from bot.features.rotation.board import Board
from bot.features.rotation.domain import Shift
from bot.features.rotation.jobs import Looking
from bot.features.rotation.models import rotation_changes
from bot.features.rotation.standing import Standing
from bot.features.rotation.store import standing as store
from bot.sandbox.slack.channels import Channel
from bot.teams.domain import Team
from tests.e2e.office import Office
from tests.e2e.rotation_office import ON_DUTY, ROTATION, says

IDS = {
    "alice": "U0ALICE001",
    "bob": "U0BOB00001",
    "carol": "U0CAROL001",
    "erin": "U0ERIN0001",
    "frank": "U0FRANK001",
}
PEOPLE = {**IDS, "lead": "U0LEAD0001"}
NAMES = {id: name for name, id in PEOPLE.items()}
DAY = timedelta(days=1)
SIGHT = 100 * DAY


def plan(members: list[str], **more: Any) -> dict[str, Any]:
    turns = {**ROTATION, "members": members, "handoff": {"every": "day", "at": "10:00"}, **more}
    return ON_DUTY | {"members": list(IDS.values()), "rotation": turns}


@dataclass(kw_only=True)
class Year:
    """What is expected to have been told so far."""

    office: Office
    dice: random.Random
    board: Board = field(default_factory=Board)
    changes: int = 0
    yours: Counter[str] = field(default_factory=Counter[str])
    packs: int = 0
    gaps: list[tuple[datetime, datetime]] = field(default_factory=list[tuple[datetime, datetime]])
    gaps_told: int = 0
    handoffs: int = 0
    on_duty: str = ""
    away: list[str] = field(default_factory=list[str])
    last: str = ""
    done: Counter[str] = field(default_factory=Counter[str])

    def begin(self) -> None:
        """A second bot on the same database."""
        self.board = Board()
        self.twin = Looking(self.office.product.deps, self.board)

    @property
    def now(self) -> datetime:
        return self.office.clock.now()

    async def team(self) -> Team:
        return (await self.office.product.deps.directory.teams()).active[0]

    async def standing(self) -> Standing:
        found = await self.read(store.of_team, await self.team(), self.now - store.LATELY)
        assert found is not None
        return found

    async def read(self, query: Any, *args: Any) -> Any:
        return await self.office.product.database.read(query, *args)

    async def look(self) -> None:
        """Time has passed, or something was changed outside: both bots look."""
        jobs = [job for feature in self.office.product.features for job in feature.jobs]
        first = {job.name: job for job in jobs}
        await asyncio.gather(first["rotation.leavers"].run(self.now), self.twin.look_for_leavers(self.now))
        self.handoffs += self._pass_to((await self.standing()).on_duty(self.now))
        self._see_gaps(await self.standing())
        for name, twin in (("look", self.twin.look), ("ahead", self.twin.look_ahead)):
            await asyncio.gather(first[f"rotation.{name}"].run(self.now), twin(self.now))
        await self.office.settled()

    def _pass_to(self, shift: Shift | None) -> bool:
        person, before = shift.person if shift else "", self.on_duty
        self.packs += person not in ("", before)
        self.on_duty = person
        return person != before

    def _see_gaps(self, standing: Standing) -> None:
        found = [(gap.start, gap.end) for gap in standing.gaps(self.now, self.now + 14 * DAY)]
        news = [
            one for one in found if not any(one[0] <= end and start <= one[1] for start, end in self.gaps)
        ]
        self.gaps_told += bool(news)
        self.gaps = found

    async def change(self, by: str, line: str) -> None:
        """Somebody types a change; if it is taken, those whose hours differ are to hear of it."""
        before, rows = await self.standing(), await self.read(changes_of)
        answer = await says(self.office, by, line)
        self.last = f"{by}: {line}: {answer}"
        self.done[answer.split(";")[0].split(".")[0] if "Done" not in answer else line.split()[0]] += 1
        if await self.read(changes_of) != rows:
            await self.told(by, before, line.split()[0])

    async def told(self, by: str, before: Standing, word: str) -> None:
        after, now = await self.standing(), self.now
        self.changes += 1
        concerned = [one for one in NAMES if _hours(before, one, now) != _hours(after, one, now)]
        self.yours.update(one for one in concerned if one != PEOPLE[by])
        # Each state is looked at, or a gap could come and go between two looks of the bot's own.
        await self.twin.look_ahead(self.now)
        self._see_gaps(after)
        await self.office.settled()
        # Who begins at once by an override was told of with it.
        self.handoffs += self._pass_to(after.on_duty(self.now)) and word in ("skip", "undo")


def changes_of(connection: Connection) -> list[Any]:
    query = select(rotation_changes.c.id, rotation_changes.c.withdrawn_at, rotation_changes.c.end_at)
    return [tuple(row) for row in connection.execute(query.order_by(rotation_changes.c.id))]


def some_change(connection: Connection, share: float, now: datetime) -> int:
    changes = rotation_changes
    stands = changes.c.withdrawn_at.is_(None) & (changes.c.end_at > now)
    ids = list(connection.scalars(select(changes.c.id).where(stands).order_by(changes.c.id)))
    return ids[int(share * len(ids))] if ids else 0


def _hours(standing: Standing, person: str, now: datetime) -> list[tuple[datetime, datetime]]:
    found: list[tuple[datetime, datetime]] = []
    for one in standing.shifts(now, now + SIGHT):
        if not isinstance(one, Shift) or one.person != person:
            continue
        if found and found[-1][1] == one.start:
            found[-1] = (found[-1][0], one.end)
        else:
            found.append((one.start, one.end))
    return found


def told_in(office: Office) -> dict[str, Counter[str]]:
    """What stands in the channel and in everybody's direct messages, by kind and by place."""
    found: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    world = office.box.workspace.world
    for channel in world.channels.values():
        for message in channel.messages.values():
            kind = next(
                (kind for kind, marks in KINDS.items() if any(one in message.text for one in marks)), ""
            )
            if kind and message.bot_id:
                found[kind][_place(channel)] += 1
    return found


# The first that fits; a direct message about a change says what the channel was told.
KINDS = {
    "yours": ("Your next shifts", "You have no shift in sight"),
    "gap": ("nobody is left to be on duty",),
    "pack": ("You are on duty for",),
    "handoff": ("On duty now:", "Nobody is on duty now"),
    "changed": ("(changed by", "takes over", "covers from", "have traded", "is left out", "steps out",
                "has taken back"),
}  # fmt: skip


def _place(channel: Channel) -> str:
    if not channel.is_direct:
        return channel.name
    return next(one for one in channel.members if one in NAMES)
