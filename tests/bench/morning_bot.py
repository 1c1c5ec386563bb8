"""The product shortly before the morning, in a process of its own: its clock stands at 08:59:58 once it is ready.

Everything but the clock is as in `frontdesk run`. Its people are known to it already, as on any other morning.
"""

import asyncio
import json
import signal
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import SecretStr
from sqlalchemy import Connection

from bot import bootstrap, running
from bot.core.clock import stopwatch
from bot.core.logs import set_up
from bot.sandbox.clock import SandboxClock
from bot.settings import Settings
from bot.teams import apply, store
from bot.teams.file import read_text
from bot.teams.people import Person

PROMPT_TIME = datetime(2026, 11, 30, 9, tzinfo=UTC)
LEAD = timedelta(seconds=2)
TEAM = """
teams:
  - key: everybody
    name: Everybody
    lead: U0LEAD0001
    members: [{members}]
    timezone: UTC
    triage_channel: C0TRIAGE01
    standups:
      - name: Morning
        at: "09:00"
        timezone: team
        channel: C0STANDUP1
        questions: [What did you finish?, What is next?, Anything in your way?]
        blocker_question: 3
"""


@dataclass(frozen=True, kw_only=True)
class Morning:
    """Where the product works and how many it asks."""

    database_url: str
    slack_api_url: str
    people: int


def people_of(morning: Morning) -> list[str]:
    """Their ids."""
    return [f"U0PERSON{number:03d}" for number in range(morning.people)]


def _fill(connection: Connection, user_ids: list[str], now: datetime) -> None:
    apply.apply(connection, read_text(TEAM.format(members=", ".join(user_ids)), "teams.yml"), now)
    for user_id in user_ids:
        store.keep_person(connection, Person(id=user_id, name=user_id, tz="UTC"), now)


async def serve(morning: Morning) -> None:
    """Prints what the stopwatch shows at 09:00, and runs until it is told to end."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    settings = Settings(  # pyright: ignore[reportCallIssue]
        _env_file=None,  # pyright: ignore[reportCallIssue]
        slack_bot_token=SecretStr("xoxb-bench"),
        slack_signing_secret=SecretStr("bench-signing-secret"),
        slack_api_url=morning.slack_api_url,
        database_url=morning.database_url,
        port=0,
    )
    clock = SandboxClock()
    clock.set(PROMPT_TIME - timedelta(minutes=5))
    product = bootstrap.build(settings, clock=clock)
    run = await running.start(product)
    await run.wait_ready(30)
    await product.database.write(_fill, people_of(morning), clock.now())
    await product.deps.directory.teams()
    clock.set(PROMPT_TIME - LEAD)
    print(stopwatch() + LEAD.total_seconds(), flush=True)
    await stop.wait()
    await run.close()


if __name__ == "__main__":
    # Standard output is for the one line.
    set_up("ERROR", "text")
    asyncio.run(serve(Morning(**json.loads(sys.argv[1]))))
