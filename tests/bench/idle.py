"""What one look for due work costs when nothing is due, at 10 schedules and at 10,000.

The job that every bot runs each second, against its real tables. How to read it is in README.md.
"""

import argparse
import asyncio
import importlib
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from sqlalchemy import Connection, insert

from bot.core.clock import stopwatch
from bot.db.engine import Database
from bot.feature import Deps
from bot.features.standup.domain.checkins import State
from bot.features.standup.jobs import LOOK_AGAIN, MOST_AGAIN, Looking
from bot.features.standup.models import standup_rounds
from bot.features.standup.store import rows
from bot.features.standup.store.rows import NewCheckin
from bot.outbox.unit_of_work import Transactions
from bot.settings import Settings
from bot.slack.gateway import SlackGateway
from bot.teams import store
from bot.teams.apply import apply
from bot.teams.directory import Directory
from bot.teams.file import TeamsFile, read_text
from bot.teams.people import Person
from tests.bench.servers import ROOT, database
from tests.support.clock import MovableClock
from tests.support.postgres import create_tables

# Nobody is asked before nine; what was opened earlier ends after that.
NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
FEW, MANY = 10, 10_000
A_TEAM = 10
MOST_PLANS = 1_000
PEOPLE = ("U0ALICE001", "U0BOB00001")
SECOND = timedelta(seconds=1)
TEAM = """
teams:
  - key: team
    name: Team
    lead: U0LEAD0001
    members: [U0ALICE001, U0BOB00001]
    timezone: UTC
    triage_channel: C0TRIAGE01
    standups: [{name: Morning, at: "09:00", timezone: team, channel: C0STANDUP1, questions: [Well?]}]
"""


def _teams(schedules: int) -> TeamsFile:
    (settings,) = read_text(TEAM, "teams.yml").settings
    (standup,) = settings["standups"]
    names = [f"Morning {number}" for number in range(min(A_TEAM, schedules))]
    several = [{**standup, "name": name} for name in names]
    return TeamsFile(
        settings=tuple(
            {**settings, "key": f"team-{number}", "name": f"Team {number}", "standups": several}
            for number in range(schedules // len(several))
        )
    )


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Milliseconds: of a look at which nothing is due; for each schedule, when it is looked at again or first."""

    quiet: float
    again: float
    first: float


def _fill(connection: Connection, schedules: int) -> None:
    apply(connection, _teams(schedules), NOW)
    for user_id in PEOPLE:
        store.keep_person(connection, Person(id=user_id, name=user_id, tz="UTC"), NOW)
    # An open round for each schedule and two people who will be reminded: what the look has to pass over.
    whole = {"team_id": 1, "name": "Evening", "day": NOW.date(), "period": NOW.date(), "asked": {"questions": []},
             "channel": "C0STANDUP1", "closes_at": LATER, "created_at": NOW}  # fmt: skip
    connection.execute(insert(standup_rounds), [{**whole, "series": f"old {n}"} for n in range(schedules)])
    wanted = [
        NewCheckin(
            user_id=f"U{number}", day=NOW.date(), zone="UTC", opens_at=NOW, closes_at=LATER, remind_at=LATER,
            state=State.ASKED,
        )
        for number in range(2 * schedules)
    ]  # fmt: skip
    rows.add_checkins(connection, 1, wanted, NOW)


def _deps(opened: Database, clock: MovableClock, elapsed: Callable[[], float]) -> Deps:
    slack = SlackGateway("", "http://127.0.0.1:9/")
    return Deps(
        settings=Settings(_env_file=None),  # pyright: ignore[reportCallIssue]
        clock=clock,
        transactions=Transactions(opened, clock.now, lambda: None),
        slack=slack,
        jira=None,
        directory=Directory(opened, slack, clock, elapsed),
    )


async def cost(url: str, schedules: int, looks: int) -> Cost:
    """Each look reads the teams anew, as after a second."""
    opened, clock = Database(url), MovableClock(NOW)
    try:
        await opened.write(_fill, schedules)
        looking = Looking(_deps(opened, clock, itertools.count(0, 2).__next__))
        (first,) = await _looks(looking, clock, 1)
        quiet = await _looks(looking, clock, looks)
        # From now on each schedule is due for another look, so many at a time.
        clock.advance(LOOK_AGAIN.total_seconds())
        plans = min(schedules, MOST_PLANS)
        again = await _looks(looking, clock, -(-plans // MOST_AGAIN))
        return Cost(first=first / schedules, quiet=median(quiet), again=sum(again) / plans)
    finally:
        await opened.close()


async def _looks(looking: Looking, clock: MovableClock, count: int) -> list[float]:
    """Milliseconds of so many looks, a second apart."""
    took: list[float] = []
    for _ in range(count):
        began = stopwatch()
        await looking.look(clock.now())
        took.append((stopwatch() - began) * 1000)
        clock.advance(SECOND.total_seconds())
    return took


def measure(kind: str, schedules: int, looks: int) -> Cost:
    """On an empty database of its own."""
    with database(kind) as url:
        create_tables(url)
        return asyncio.run(cost(url, schedules, looks))


def _lines(few: Cost, many: Cost) -> str:
    figures = (
        ("a look, nothing due", few.quiet, many.quiet),
        ("a schedule that is looked at again", few.again, many.again),
        ("a schedule in the first look", few.first, many.first),
    )
    return "\n".join(
        f"{name:<36} {much / little:>6.2f}   {much:.1f} / {little:.1f}" for name, little, much in figures
    )


def main() -> None:
    """Prints the ratios; nothing makes it fail but an error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--looks", type=int, default=200)
    parser.add_argument("--schedules", type=int, default=MANY)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--smoke", action="store_true", help="50 schedules on SQLite: that it works")
    chosen = parser.parse_args()
    kinds = ("sqlite", "postgres") if chosen.database == "both" else (chosen.database,)
    schedules, looks = chosen.schedules, chosen.looks
    if chosen.smoke:
        kinds, schedules, looks = ("sqlite",), 50, 20
    for path in sorted((ROOT / "bot").rglob("models.py")):
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    for kind in kinds:
        few, many = (measure(kind, count, looks) for count in (FEW, schedules))
        print(f"\n{kind}: one look at {schedules} schedules / at {FEW}; milliseconds")
        print(_lines(few, many), flush=True)


if __name__ == "__main__":
    main()
