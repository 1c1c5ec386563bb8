"""Logging: event names with key=value pairs, as text or JSON, with secrets removed."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Literal

import structlog

# What is kept of a match stands in the group `name`: people should see what was there. Nothing reaches over a quote
# mark, so that a line of JSON stays one.
_SECRET = re.compile(
    r"xox[a-z]-[\w-]+|xapp-[\w-]+|xoxe[\w.-]+|AT[A-Z]TT[\w=-]{6,}"
    r"|(?<=://)[^\s/\"'@]*:[^\s/\"']*(?=@)"
    r"|https://hooks\.slack(?:-gov)?\.com/[^\s\"'\\>]+"
    r"|(?i:(?P<name>(?:proxy-)?authorization\\?[\"']?\s*[:=]\s*\\?[\"']?|\b(?=bearer\s))"
    r"(?:(?:basic|bearer)\s+)?[^\s\"',}\\]+)"
    r"|(?i:(?P<word>\b(?:trigger_id|client_secret|signing_secret|encryption_keys?|api_token|password)"
    r"\\?[\"']?\s*[:=]\s*\\?[\"']?)[^\s\"',&}\\]+)"
)
_QUIET = (
    "slack_bolt.RequestVerification",
    "slack_bolt",
    "slack_sdk",
    "jira",
    "sqlalchemy",
    "alembic",
    "apscheduler",
    "aiohttp",
    "urllib3",
    "asyncio",
)

Event = MutableMapping[str, Any]


def redact(text: str) -> str:
    """The text without tokens, logins, passwords in addresses, trigger ids and response addresses."""
    return _SECRET.sub(lambda found: f"{found['name'] or found['word'] or ''}[redacted]", text)


def _redact_event(_logger: Any, _name: str, event: Event) -> Event:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = redact(value)
    return event


def _redact_line(_logger: Any, _name: str, line: Any) -> str:
    # Whatever was inside other values than words, or in a trace, is in the line by now.
    return redact(line)


def set_up(level: str = "INFO", form: Literal["text", "json"] = "text") -> None:
    """Sends every log line of the bot and its libraries to standard error in one form."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.format_exc_info,
        _redact_event,
    ]
    last = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last, _redact_line],
    )
    out = logging.StreamHandler(sys.stderr)
    out.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [out]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    # Bolt logs every body that it rejects at INFO under this name.
    logging.getLogger("slack_bolt.RequestVerification").setLevel(logging.ERROR)
    # Bolt warns of a token beside `authorize`, and of calls that nobody listens to: both are meant.
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger whose first argument is an event name and whose keywords are its facts."""
    return structlog.stdlib.get_logger(name)
