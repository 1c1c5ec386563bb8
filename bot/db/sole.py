"""One bot per SQLite file: a lock beside it, held as long as the process lives. Other commands do not take it."""

import fcntl
from pathlib import Path
from typing import TextIO

from sqlalchemy.engine import URL

from bot.core.errors import ConfigError


class SoleRun:
    """Holds the lock until `close`, or until the process ends, however it ends."""

    def __init__(self, file: TextIO | None) -> None:
        self._file = file

    @classmethod
    def of(cls, url: URL) -> "SoleRun":
        """Takes the lock of a SQLite database; nothing to take on Postgres. Raises ConfigError."""
        if url.get_backend_name() != "sqlite":
            return cls(None)
        path = Path(f"{url.database}.lock")
        try:
            file = path.open("a", encoding="utf-8")
        except OSError as error:
            raise ConfigError(
                f"DATABASE_URL: cannot write beside {url.database} ({error.strerror})"
            ) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.close()
            raise ConfigError(
                f"Frontdesk runs already on {url.database}. Stop that one first, or use Postgres for several at once"
            ) from error
        return cls(file)

    def close(self) -> None:
        """Gives the lock back."""
        if self._file is not None:
            self._file.close()
            self._file = None
