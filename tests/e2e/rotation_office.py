"""An office whose team has people on duty, and the moves that their stories have in common."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.story import Answer, Seen
from tests.e2e.office import PAYMENTS, Office, open_office

KYIV = ZoneInfo("Europe/Kyiv")
CHANNEL = "#triage-payments"
# Alice since Monday 23 November 10:00, Bob from the 30th, Carol from 7 December.
ROTATION: dict[str, Any] = {**PAYMENTS["rotation"], "user_group": "S0ONDUTY01"}
ON_DUTY = PAYMENTS | {"rotation": ROTATION}


def kyiv(text: str) -> datetime:
    """`2026-11-24 12:00` in Kyiv, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=KYIV).astimezone(UTC)


@asynccontextmanager
async def open_rotation(database_url: str, directory: Path, **more: Any) -> AsyncIterator[Office]:
    """The Payments team with a rotation and its user group, on a Tuesday noon of Alice's week."""
    team = ON_DUTY | more.pop("team", {})
    async with open_office(database_url, directory, teams=(), **more) as office:
        await office.apply(team)
        await looked(office)
        yield office


async def looked(office: Office) -> None:
    """Returns when the clock's jobs have looked at the present, and all that follows is done."""
    jobs = [
        job for feature in office.product.features for job in feature.jobs if job.name.startswith("rotation.")
    ]
    for job in jobs:
        await job.run(office.clock.now())
    await office.settled()


async def later(office: Office, when: str) -> None:
    """It is this time in Kyiv, and what was due by then is done."""
    office.clock.set(kyiv(when))
    await looked(office)


async def says(office: Office, name: str, line: str, *, in_: str = CHANNEL) -> str:
    """What somebody is answered to `/rotation …`, once all that follows is done."""
    answer = await office.person(name).runs(f"/rotation {line}".strip(), in_=in_)
    assert isinstance(answer, Answer), answer
    await office.settled()
    return answer.text


async def told(office: Office, name: str = "alice") -> list[str]:
    """What the bot says in the team's channel, cards apart."""
    return [one.text for one in await posts(office, name)]


async def posts(office: Office, name: str = "alice") -> list[Seen]:
    """The same as messages."""
    seen = await office.person(name).sees(in_=CHANNEL)
    return [
        one
        for one in seen
        if one.message.bot_id and not one.message.ephemeral_to and "Claim" not in one.buttons
    ]


async def direct(office: Office, name: str) -> list[Seen]:
    """The bot's direct messages to this person."""
    return [one for one in await office.person(name).sees() if one.channel.startswith("D")]


def group(office: Office) -> list[str]:
    """Who is in the user group of those on duty, by name."""
    users = office.box.workspace.world.groups["S0ONDUTY01"].users
    world = office.box.workspace.world
    return [world.people[user].name for user in users]


def topic(office: Office) -> str:
    """What stands above the team's channel."""
    return office.box.workspace.world.channels["C0TRIAGE01"].topic
