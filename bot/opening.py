"""What a start needs once: tables as this release wants them. It waits for the database for ever."""

import asyncio

from bot import migrate
from bot.core.logs import logger
from bot.db.engine import Database
from bot.db.errors import DatabaseUnavailable
from bot.migrate import State
from bot.scheduling.loop import pause_for

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 5.0

log = logger(__name__)


class Opening:
    """The state of a start. `migrations` is `ok` or says what is missing."""

    def __init__(self, database: Database, *, migrate: bool) -> None:
        self._database = database
        self._migrate = migrate
        self.migrations = "waiting for the database"

    async def open_storage(self, stop: asyncio.Event) -> None:
        """Returns when the tables are as this release wants them, and lets everyone in; or at `stop`."""
        pause = FIRST_PAUSE
        while not stop.is_set():
            try:
                if await self._tables_are_ready():
                    self.migrations = "ok"
                    self._database.release()
                    return
            except DatabaseUnavailable as error:
                log.warning("database.waiting", why=str(error))
            await pause_for(pause, stop)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _tables_are_ready(self) -> bool:
        if self._migrate:
            self.migrations = "bringing the database up to date"
            await migrate.upgrade(self._database)
        state = await migrate.state(self._database)
        if state is State.BEHIND:
            if "behind" not in self.migrations:
                log.warning("database.behind", mend="run frontdesk migrate")
            self.migrations = "the database is behind: run frontdesk migrate"
            return False
        if state is State.NEWER:
            log.warning("database.newer", mend="a later release was here; update this one soon")
        return True
