"""A demo's SQLite file: one that was named, or one of its own in a folder that goes with the demo."""

import asyncio
import logging
import os
import shutil
import sqlite3
import stat
import tempfile
from contextlib import closing
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote

from sqlalchemy.engine import URL

from bot.core.errors import ConfigError
from bot.db.engine import parse_url
from bot.db.sole import SoleRun
from bot.sandbox.gate import Gate
from bot.sandbox.launcher.database import MARKING, must_be_ours

_NAMES = "SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
BUSY_SECONDS = 2.0
# The folder of a demo's own file tells whose it is: the process that made it.
PREFIX = "frontdesk-demo-"
FILE = "demo.db"

log = logging.getLogger(__name__)


class SqliteDemo:
    """See `DemoDatabase`. The bot's own lock keeps two of them off one file."""

    def __init__(self, path: Path, folder: tempfile.TemporaryDirectory[str] | None = None) -> None:
        self.gate: Gate | None = None
        self._path = path
        self._folder = folder

    @classmethod
    async def take(cls, url: URL | None) -> "SqliteDemo":
        """The file of this address, or one of the demo's own. Raises ConfigError, having changed nothing."""
        if url is None:
            await asyncio.to_thread(_sweep)
            folder = tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-")
            return cls(Path(folder.name) / FILE, folder)
        path = await asyncio.to_thread(_writable, str(url.database))
        found = cls(path)
        await asyncio.to_thread(_must_be_ours, path)
        return found

    @property
    def url(self) -> str:
        """The bot's DATABASE_URL."""
        return f"sqlite:///{quote(str(self._path))}"

    async def empty(self) -> None:
        """Take everything out, unless it is not a demo's or a bot runs on it. Raises ConfigError."""
        await asyncio.to_thread(self._empty)

    async def close(self) -> None:
        """Take the folder away, if it was made for this demo."""
        if self._folder is not None:
            await asyncio.to_thread(self._folder.cleanup)

    def _empty(self) -> None:
        alone = self._alone()
        try:
            # Looked at again: until now somebody else might have been at it.
            _must_be_ours(self._path)
            with closing(
                sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
            ) as connection:
                _take_out(connection)
        except sqlite3.Error as error:
            _refuse(self._path, error)
        finally:
            alone.close()

    def _alone(self) -> SoleRun:
        try:
            return SoleRun.of(parse_url(self.url))
        except ConfigError as error:
            if not isinstance(error.__cause__, BlockingIOError):
                raise ConfigError(f"--database: cannot write beside {self._path}") from error
            raise ConfigError(
                f"--database: a demo or a bot is at work on {self._path}: end that one first, or name another file"
            ) from error


def _sweep() -> None:
    """Take away the folders of demos that were killed; those of other people stay."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        pid = folder.name.removeprefix(PREFIX).partition("-")[0]
        try:
            found = folder.lstat()
            if stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and _has_ended(pid, folder):
                shutil.rmtree(folder)
        except OSError as error:
            # It costs a little room; the next start tries again.
            log.warning("The folder of an earlier demo could not be taken away: %s", error)


def _has_ended(pid: str, folder: Path) -> bool:
    if not (pid.isascii() and pid.isdecimal() and len(pid) < 10) or int(pid) == os.getpid():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return _is_free(folder / FILE)
    except PermissionError:
        return False
    return False


def _is_free(path: Path) -> bool:
    """Whether nobody is at work on it, also nobody whose processes cannot be seen from here."""
    try:
        SoleRun.of(URL.create("sqlite", database=str(path))).close()
    except ConfigError:
        return False
    return True


def _take_out(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for kind, name in connection.execute(_NAMES).fetchall():
        quoted = str(name).replace('"', '""')
        # A full-text index takes its own tables along; they come after it.
        connection.execute(f'DROP {kind} IF EXISTS "{quoted}"')
    for statement in MARKING:
        connection.execute(statement)
    connection.execute("COMMIT")


def _writable(name: str) -> Path:
    path = Path(name).absolute()
    if path.is_dir():
        raise ConfigError(f"--database: {path} is a folder: name a file")
    if not path.parent.is_dir():
        raise ConfigError(f"--database: there is no folder {path.parent}")
    try:
        # Opened for writing, and nothing written; a new file is made only once the bot makes it.
        if path.exists():
            path.open("r+b").close()
        else:
            tempfile.TemporaryFile(dir=path.parent).close()
    except OSError as error:
        raise ConfigError(f"--database: cannot write {path} ({error.strerror})") from error
    return path


def _must_be_ours(path: Path) -> None:
    """Looks without leaving a trace, also beside the file."""
    if not path.exists():
        return
    wal = path.with_name(f"{path.name}-wal")
    # Without a log there is nothing but the file; with one, part of what is there stands in the log.
    how = "mode=ro" if wal.exists() and wal.stat().st_size else "mode=ro&immutable=1"
    try:
        with closing(
            sqlite3.connect(f"file:{quote(str(path))}?{how}", uri=True, timeout=BUSY_SECONDS)
        ) as connection:
            names = [str(name) for _, name in connection.execute(_NAMES)]
            must_be_ours(names, str(path), lambda query: [str(row[0]) for row in connection.execute(query)])
    except sqlite3.Error as error:
        _refuse(path, error)


def _refuse(path: Path, error: sqlite3.Error) -> NoReturn:
    raise ConfigError(f"--database: {path} cannot be used ({error})") from error
