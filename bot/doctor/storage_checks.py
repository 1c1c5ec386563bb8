"""The doctor's look at the database: does it answer, are its tables right, what was given up."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from bot import migrate
from bot.db.engine import Database
from bot.db.errors import DatabaseUnavailable
from bot.doctor.finding import Finding, ill, well
from bot.migrate import State
from bot.outbox import store
from bot.outbox.models import outbox
from bot.teams.domain import Team
from bot.teams.store import all_teams

SHOWN = 10


async def check_storage(database: Database) -> list[Finding]:
    """Database, migrations, dead letters; ends at the first that makes the next pointless."""
    try:
        state = await migrate.state(database)
    except DatabaseUnavailable as error:
        mend = f"does not answer ({error}): check DATABASE_URL and that the server runs"
        return [ill("database", mend)]
    answers = well("database", f"{database.url.get_backend_name()} answers")
    if state is State.BEHIND:
        return [answers, ill("migrations", "behind this release: run `frontdesk migrate`")]
    words = "newest" if state is State.CURRENT else "of a later release; update this one soon"
    return [answers, well("migrations", words), await _dead_letters(database)]


async def _dead_letters(database: Database) -> Finding:
    count, letters = await database.read(_given_up)
    if not count:
        return well("dead letters", "none")
    shown = "; ".join(f"{kind} {at:%Y-%m-%d %H:%M} UTC: {reason}" for _, kind, reason, at in letters)
    return ill("dead letters", f"{count} given up in the last 90 days, newest first: {shown}")


def _given_up(connection: Connection) -> tuple[int, list[tuple[int, str, str, datetime]]]:
    count = connection.scalar(
        select(func.count()).select_from(outbox).where(outbox.c.result.in_(("dead", "doubtful")))
    )
    return count or 0, store.dead_letters(connection, SHOWN)


async def teams_of(database: Database) -> list[Team]:
    """The active teams."""
    return [team for team in await database.read(all_teams) if team.active]
