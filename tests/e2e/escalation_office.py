"""An office whose clock is moved past deadlines, and what its stories read in a card's thread. No test is here."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.sandbox.story import Seen
from bot.teams import absences
from tests.e2e.office import PAYMENTS, Office, open_office

KYIV = ZoneInfo("Europe/Kyiv")
# The Tuesday on which every story begins at noon; Alice is on duty, then Bob, then Carol.
DAY = datetime(2026, 11, 24, tzinfo=UTC).date()
IDS = {"alice": "U0ALICE001", "bob": "U0BOB00001", "carol": "U0CAROL001", "lead": "U0LEAD0001"}


def at(clock: str, *, days: int = 0) -> datetime:
    """This time in Kyiv on the stories' day, or so many days later."""
    day = datetime.combine(DAY, datetime.strptime(clock, "%H:%M").time(), KYIV)  # noqa: DTZ007
    return (day + timedelta(days=days)).astimezone(UTC)


@asynccontextmanager
async def open_payments(directory: Path, url: str = "", **team: Any) -> AsyncIterator[Office]:
    """The Payments team with these keys changed, on SQLite and over HTTP unless another database is named."""
    url = url or f"sqlite:///{directory}/frontdesk.db"
    async with open_office(url, directory, teams=(PAYMENTS | team,), with_jira=False) as office:
        yield office


async def looked(office: Office) -> None:
    """Returns when the clock's job has looked at the present, and all that follows is done."""
    jobs = [
        job for feature in office.product.features for job in feature.jobs if job.name == "escalation.look"
    ]
    for job in (*jobs, *jobs):
        await job.run(office.clock.now())
        await office.settled()


async def later(office: Office, clock: str, *, days: int = 0) -> None:
    """It is this time in Kyiv, and what was due by then is done."""
    office.clock.set(at(clock, days=days))
    await looked(office)


async def below(office: Office, card: Seen, words: str = "") -> list[Seen]:
    """What stands in the card's thread and says so, by the bot."""
    seen = await office.person("alice").sees(thread=card)
    return [one for one in seen if one.ts != card.ts and words in one.text and one.message.bot_id]


async def pings(office: Office, card: Seen) -> list[str]:
    """Who was asked in the card's thread, in order."""
    return [one.text.split(",")[0].lstrip("@") for one in await below(office, card) if one.text.startswith("@")
            and any(words in one.text for words in ("you are", "nobody has", "who takes it"))]  # fmt: skip


async def goes_away(office: Office, *names: str, days: int = 0) -> None:
    """These people are away from the stories' day on, to so many days later."""

    def add(connection: Connection) -> None:
        for name in names:
            absences.add(
                connection, user_id=IDS[name], first_day=DAY, last_day=DAY + timedelta(days=days),
                reason="", set_by=IDS[name], now=office.clock.now(),
            )  # fmt: skip

    await office.product.database.write(add)


async def triage(office: Office, words: str = "") -> list[Seen]:
    """The bot's messages in the triage channel that say so, without those in threads."""
    seen = await office.person("alice").sees(in_="#triage-payments")
    return [one for one in seen if words in one.text and not one.message.is_reply and one.message.bot_id]
