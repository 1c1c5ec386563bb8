"""`frontdesk privacy`: one person's data handed out as JSON, or taken away. Printing is not here."""

import json
import re
from collections.abc import Mapping

import bot.bootstrap  # noqa: F401  # pyright: ignore[reportUnusedImport]  # with it every table is known
from bot.commands import migrated_database
from bot.core.clock import Clock, SystemClock
from bot.core.errors import ConfigError
from bot.core.logs import logger
from bot.privacy.erasing import erase, find_traces, named_in_teams
from bot.privacy.handing_out import handed_out

log = logger(__name__)


def check_person(user_id: str) -> None:
    """Raises ConfigError for what is no id of a person."""
    if not re.fullmatch(r"[UW][A-Z0-9]{1,30}", user_id):
        raise ConfigError(
            f"{user_id} is not the id of a person: it begins with U or W, such as U0ALICE001 (profile, Copy member ID)"
        )


async def exported_person(user_id: str) -> str:
    """Everything that names the person or that they wrote, as JSON. Raises ConfigError, DatabaseUnavailable."""
    check_person(user_id)
    async with migrated_database() as database:
        told = await database.read(handed_out, user_id)
    return json.dumps({"person": user_id, "tables": told}, ensure_ascii=False, indent=2) + "\n"


async def looked_for(user_id: str) -> list[str]:
    """What would be erased, a line for each table. Raises ConfigError, DatabaseUnavailable."""
    check_person(user_id)
    async with migrated_database() as database:
        found = await database.read(find_traces, user_id)
        teams = await database.read(named_in_teams, user_id)
    return [*_lines(found.counts, user_id), *([_refusal(user_id, teams)] if teams else [])]


async def erased_person(user_id: str, clock: Clock | None = None) -> list[str]:
    """Takes the person out of every table, and says what was changed, a line for each table.

    Raises ConfigError while an active team's settings name them, and DatabaseUnavailable; then begin again.
    """
    check_person(user_id)
    async with migrated_database() as database:
        teams = await database.read(named_in_teams, user_id)
        if teams:
            raise ConfigError(_refusal(user_id, teams))
        changed = await erase(database, user_id, (clock or SystemClock()).now())
        left = (await database.read(find_traces, user_id)).counts
    # Who it was is not for the log: that would be the next trace.
    log.warning("privacy.erased", rows=sum(changed.values()))
    if left:
        raise ConfigError(
            f"Somebody wrote meanwhile: {len(left)} tables name {user_id} again. Run it once more"
        )
    return _lines(changed, user_id)


def _lines(counts: Mapping[str, int], user_id: str) -> list[str]:
    if not counts:
        return [f"nothing of {user_id} is kept"]
    return [f"{table}: {count} {'row' if count == 1 else 'rows'}" for table, count in counts.items()]


def _refusal(user_id: str, teams: list[str]) -> str:
    return f"{user_id} still stands in {', '.join(teams)}: take them out of the team first; nothing is erased before"
