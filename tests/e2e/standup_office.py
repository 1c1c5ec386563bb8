"""An office whose team has check-ins, and the moves that their stories have in common."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.features.standup.models import standup_checkins
from bot.sandbox.story import Form, Seen
from tests.e2e.office import PAYMENTS, Office, open_office
from tests.support.waiting import until

KYIV = ZoneInfo("Europe/Kyiv")
# A Monday; Kyiv is two hours ahead of UTC, New York five behind, Kolkata five and a half ahead.
DAY = datetime(2026, 11, 30, tzinfo=UTC).date()
CHANNEL = "#standup-payments"
MORNING: dict[str, Any] = {
    "name": "Morning",
    "at": "09:30",
    "days": "mon-fri",
    "timezone": "team",
    "open_for": "2h",
    "remind_before": "30m",
    "channel": "C0STANDUP1",
    "questions": ["What did you finish?", "What is next?", "Anything in your way?"],
    "blocker_question": 3,
}
QUESTIONS = MORNING["questions"]


def at(clock: str, *, days: int = 0) -> datetime:
    """This time in Kyiv on the stories' day, or so many days later."""
    day = datetime.combine(DAY, datetime.strptime(clock, "%H:%M").time(), KYIV)  # noqa: DTZ007
    return (day + timedelta(days=days)).astimezone(UTC)


@asynccontextmanager
async def open_standups(
    database_url: str, directory: Path, *standups: dict[str, Any], begins: str = "09:00", **more: Any
) -> AsyncIterator[Office]:
    """The Payments team with these check-ins (usually Morning), at this time in Kyiv."""
    team = PAYMENTS | {"standups": list(standups or (MORNING,))} | more.pop("team", {})
    async with open_office(database_url, directory, teams=(), **more) as office:
        office.clock.set(at(begins))
        await office.apply(team)
        await looked(office)
        yield office


async def looked(office: Office) -> None:
    """Returns when the clock's jobs have looked at the present, and all that follows is done."""
    jobs = [
        job for feature in office.product.features for job in feature.jobs if job.name.startswith("standup.")
    ]
    for job in jobs:
        await job.run(office.clock.now())
    await office.settled()


async def later(office: Office, clock: str, *, days: int = 0) -> None:
    """It is this time in Kyiv, and what was due by then is done."""
    office.clock.set(at(clock, days=days))
    await looked(office)


async def prompts(office: Office, name: str, words: str = "Open until") -> list[Seen]:
    """The bot's direct messages to this person that say so."""
    seen = await office.person(name).sees()
    return [one for one in seen if words in one.text and one.channel.startswith("D")]


async def asked(office: Office, name: str) -> list[Seen]:
    """The prompts of Morning that this person got, whatever they say by now."""
    return await prompts(office, name, "Morning ·")


async def fills_in(office: Office, name: str, *answers: str, button: str = "Fill in") -> None:
    """Opens the newest prompt's form, writes these answers and sends it."""
    form = await newest_form(office, name, button)
    for question, answer in zip(QUESTIONS, answers, strict=False):
        form.fill(question, answer)
    assert await form.submit() is None, form.errors
    await looked(office)


async def replan(office: Office, *standups: dict[str, Any]) -> None:
    """The team's check-ins are these from now on."""
    await office.apply(PAYMENTS | {"standups": list(standups)})
    await looked(office)


async def newest_form(office: Office, name: str, button: str) -> Form:
    """The form behind the newest such button that this person sees."""
    seen = [one for one in await office.person(name).sees() if button in one.buttons][-1]
    form = await seen.click(button)
    assert isinstance(form, Form)
    return form


async def summaries(office: Office) -> list[Seen]:
    """The bot's messages in the team's channel, without those in threads."""
    seen = await office.person("alice").sees(in_=CHANNEL)
    return [
        one
        for one in seen
        if one.message.bot_id and not one.message.is_reply and not one.message.ephemeral_to
    ]


async def thread_of(office: Office, summary: Seen) -> list[str]:
    """What stands below a summary."""
    seen = await office.person("alice").sees(thread=summary)
    return [one.text for one in seen if one.ts != summary.ts]


async def rows_in(office: Office, state: str) -> int:
    """How many check-ins are in this state."""
    query = select(func.count()).select_from(standup_checkins).where(standup_checkins.c.state == state)
    return await office.product.database.read(lambda c: c.scalar(query) or 0)


async def eventually(office: Office, words: str) -> Seen:
    """The summary that says this."""

    async def look() -> Seen | None:
        return next((one for one in await summaries(office) if words in one.text), None)

    found: list[Seen] = []

    async def there() -> bool:
        found[:] = [one for one in [await look()] if one]
        return bool(found)

    await until(there)
    return found[0]
