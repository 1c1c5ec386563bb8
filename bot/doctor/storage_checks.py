"""The doctor's look at the database: does it answer, are its tables right, what was given up."""

from collections.abc import Sequence

from sqlalchemy import Connection

from bot import migrate
from bot.db.engine import Database
from bot.db.errors import DatabaseUnavailable
from bot.doctor.finding import Finding, ill, well
from bot.migrate import State
from bot.outbox import letters
from bot.outbox.letters import GIVEN_UP, Letter
from bot.slack.failures import in_words
from bot.teams.domain import Team
from bot.teams.store import all_teams, find_person

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
    counts, newest = await database.read(_given_up)
    if not any(counts.values()):
        return well("dead letters", "none")
    shown = "; ".join(
        f"{one.kind} {one.since:%Y-%m-%d %H:%M} UTC: {in_words(one.reason).rstrip('.')}" for one in newest
    )
    return ill(
        "dead letters",
        f"{counts['dead']} given up, {counts['doubtful']} perhaps arrived, in the last 90 days, newest first: {shown}. "
        "`frontdesk outbox list` shows them all, `frontdesk outbox retry` or `drop` ends them",
    )


def _given_up(connection: Connection) -> tuple[dict[str, int], list[Letter]]:
    return letters.count(connection, GIVEN_UP), letters.listed(connection, GIVEN_UP, None, SHOWN)


async def check_people(database: Database, teams: Sequence[Team]) -> list[Finding]:
    """Who is named in the teams file and has left Slack, as far as the bot has heard; no line where nobody has."""
    return [found for team in teams if (found := await database.read(_leavers, team)) is not None]


def _leavers(connection: Connection, team: Team) -> Finding | None:
    in_turn = team.rotation.members if team.rotation else ()
    gone: dict[str, str] = {}
    for user_id in dict.fromkeys((team.lead, *team.members, *in_turn)):
        known = find_person(connection, user_id)
        if known is not None and known[0].deleted:
            gone[user_id] = known[0].name
    name = f"people of {team.key}"
    if team.lead in gone:
        return ill(
            name, f"the lead {team.lead} ({gone[team.lead]}) has left Slack: name another in its settings"
        )
    if not gone:
        return None
    those = ", ".join(f"{user_id} ({called})" for user_id, called in gone.items())
    return well(name, f"{those} left Slack and get passed over: take them out of its settings")


async def teams_of(database: Database) -> list[Team]:
    """The active teams."""
    return [team for team in await database.read(all_teams) if team.active]
