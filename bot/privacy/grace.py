"""So long after the app was removed everything goes. Never because of a token alone, and never without OAuth.

Only Slack's word that the app was removed (docs.slack.dev, "app_uninstalled") begins the time; a token that is taken
back may be renewed. With SLACK_BOT_TOKEN nobody but the operator knows whether the workspace is meant to come back.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, Table, delete, select, update

from bot.core.logs import logger
from bot.db.base import metadata
from bot.db.engine import Database
from bot.features.requests.models import requests
from bot.installation.models import installations
from bot.installation.store import served
from bot.privacy import rows

AT_ONCE = 500
EVERY = timedelta(minutes=10)

log = logger(__name__)


async def erase_all(database: Database, now: datetime, grace: timedelta) -> int:
    """Empties every table if the app was removed so long ago; returns how many rows went. Raises DatabaseUnavailable.

    Each step looks again: an installation ends it. Whoever is stopped goes on at the next look.
    """
    if not await database.read(is_over, now, grace):
        return 0
    log.warning("privacy.workspace_goes", after_days=grace.days)
    erased = 0
    # What refers to others before what is referred to; who it was last, or nobody would go on after a stop.
    tables = [table for table in reversed(metadata.sorted_tables) if table is not installations]
    for table in (*tables, installations):
        while count := await database.write(_some, table, now, grace):
            erased += count
    log.warning("privacy.workspace_gone", rows=erased)
    return erased


def is_over(connection: Connection, now: datetime, grace: timedelta) -> bool:
    """Whether the app is removed, was not installed again, and the time is over. Without a grace it never is."""
    found = served(connection)
    if not grace or found is None or found.sealed_token is not None or found.uninstalled_at is None:
        return False
    return found.uninstalled_at + grace <= now


def _some(connection: Connection, table: Table, now: datetime, grace: timedelta) -> int:
    if not is_over(connection, now, grace):
        return 0
    if table is requests:
        # One may be the duplicate of another that goes before it.
        connection.execute(
            update(requests).where(requests.c.duplicate_of.is_not(None)).values(duplicate_of=None)
        )
    columns = list(table.primary_key.columns)
    chosen = [tuple(row) for row in connection.execute(select(*columns).limit(AT_ONCE))]
    if chosen:
        connection.execute(delete(table).where(rows.one_of(table, chosen)))
    return len(chosen)
