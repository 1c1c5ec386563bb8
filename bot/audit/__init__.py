"""Who tried what they may not do: a row for each refusal for want of a right, kept for 90 days.

Written after the answer, beside it: nobody waits for the row, and a refusal is one without it too.
"""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert

from bot.audit.models import refused_attempts
from bot.core.logs import logger
from bot.db.engine import Database
from bot.db.errors import DatabaseUnavailable
from bot.slack.calls import Action, Call

KEPT_FOR = timedelta(days=90)
MOST_AT_ONCE = 50
LONGEST = 200

log = logger(__name__)


class Audit:
    """One per process. `close` waits for what is still being written."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._writing: set[asyncio.Task[None]] = set()

    def refused(self, call: Call, name: str) -> None:
        """Begins to write it down and returns. A flood is not written whole: the log has each line."""
        if len(self._writing) >= MOST_AT_ONCE:
            return
        task = asyncio.create_task(self._write(call, name))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def close(self) -> None:
        if self._writing:
            await asyncio.wait(self._writing, timeout=5)

    async def _write(self, call: Call, name: str) -> None:
        try:
            await self._database.write(add, call, name)
        except DatabaseUnavailable:
            log.warning("audit.not_written", name=name, by=call.user_id)


def add(connection: Connection, call: Call, name: str) -> None:
    """One refused attempt."""
    about = call.value if isinstance(call, Action) else ""
    values = {"at": call.now, "workspace_id": call.workspace_id, "user_id": call.user_id}
    connection.execute(insert(refused_attempts).values(**values, name=name[:LONGEST], about=about[:LONGEST]))


def purge(connection: Connection, now: datetime) -> None:
    """Forgets attempts after 90 days."""
    connection.execute(delete(refused_attempts).where(refused_attempts.c.at < now - KEPT_FOR))
