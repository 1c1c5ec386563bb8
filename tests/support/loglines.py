"""What the bot and its libraries wrote into the log while a block ran."""

import logging
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

from structlog.testing import capture_logs

from bot.core.logs import logger

_PROBE = "log.heard"


class LogLines(logging.Handler):
    """Lines of structlog (`lines`) and records of the libraries (`records`)."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[MutableMapping[str, Any]] = []
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    @property
    def errors(self) -> list[str]:
        """Everything at ERROR or above, and everything with a traceback."""
        ours = [
            str(line)
            for line in self.lines
            if line["log_level"] in ("error", "critical") or "exc_info" in line
        ]
        theirs = [
            record.getMessage()
            for record in self.records
            if record.levelno >= logging.ERROR or record.exc_info
        ]
        return ours + theirs

    @property
    def text(self) -> str:
        """All of it, to be searched for what must not be there."""
        return "\n".join([*map(str, self.lines), *(record.getMessage() for record in self.records)])

    def events(self, name: str) -> list[MutableMapping[str, Any]]:
        """The lines with this event name."""
        return [line for line in self.lines if line["event"] == name]


@contextmanager
def log_lines() -> Iterator[LogLines]:
    """Listens until the block ends. Raises AssertionError where the bot's lines cannot be heard."""
    heard = LogLines()
    root = logging.getLogger()
    root.addHandler(heard)
    try:
        with capture_logs() as lines:
            heard.lines = lines
            logger(__name__).warning(_PROBE)
            assert heard.events(_PROBE), "nothing of the log can be heard here"
            yield heard
    finally:
        root.removeHandler(heard)
