"""`frontdesk status`: is it at work, what waits, and how well it worked. It only reads the database."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot import migrate
from bot.core.clock import Clock, SystemClock
from bot.db.engine import Database
from bot.indicators import store, words
from bot.indicators.domain import WINDOW, Component, Indicators, first_day, indicators
from bot.migrate import State
from bot.outbox import store as outbox
from bot.settings import load

_MIGRATIONS = {
    State.CURRENT: "newest",
    State.NEWER: "of a later release; update this one soon",
    State.BEHIND: "behind this release: run `frontdesk migrate`",
}


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the database tells. `oldest` is for how many seconds the oldest open entry has been due."""

    waiting: int
    oldest: float
    dead: int
    doubtful: int
    service: Indicators


async def status(format: str, clock: Clock | None = None) -> tuple[bool, str]:
    """Whether it is fine, and the text to print; `format` is text or json. Raises DatabaseUnavailable, ConfigError."""
    database = Database(load().database_url)
    now = (clock or SystemClock()).now()
    try:
        state = await migrate.state(database)
        known = None if state is State.BEHIND else await database.read(_known, now)
    finally:
        await database.close()
    kind = database.url.get_backend_name()
    shown = as_json(kind, state, known) if format == "json" else as_text(kind, state, known, now)
    return state is not State.BEHIND, shown


def _known(connection: Connection, now: datetime) -> Known:
    waiting, oldest = outbox.backlog(connection, now)
    given_up = outbox.given_up(connection)
    return Known(
        waiting=waiting,
        oldest=oldest,
        dead=given_up.get("dead", 0),
        doubtful=given_up.get("doubtful", 0),
        service=indicators(store.since(connection, first_day(now.date()))),
    )


def as_text(kind: str, state: State, known: Known | None, now: datetime) -> str:
    """Lines for people."""
    rows = [("database", f"{kind} answers"), ("migrations", _MIGRATIONS[state])]
    if known is None:
        return _table(rows)
    rows += [("waiting", _waiting(known)), ("given up", _given_up(known))]
    told = [(line.label, line.value, line.detail) for line in words.lines(known.service)]
    return f"{_table(rows)}\n{words.heading(known.service, now.date())}\n{_table(told, indent='  ')}"


def _waiting(known: Known) -> str:
    if not known.waiting:
        return "nothing"
    things = "1 job" if known.waiting == 1 else f"{known.waiting:,} jobs"
    if known.oldest < 1:
        return f"{things}, none of them late"
    return f"{things}, the oldest due for {_length(known.oldest)}"


def _length(seconds: float) -> str:
    for size, word in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size:.0f} {word}"
    return f"{seconds:.0f} s"


def _given_up(known: Known) -> str:
    if not known.dead and not known.doubtful:
        return "nothing in the last 90 days"
    counts = f"{known.dead:,} dead, {known.doubtful:,} in doubt in the last 90 days"
    return f"{counts}; `frontdesk outbox list` shows them"


def _table(rows: Sequence[Sequence[str]], indent: str = "") -> str:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    padded = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
    return "".join(f"{indent}{line}\n" for line in padded)


def as_json(kind: str, state: State, known: Known | None) -> str:
    """One object for machines; ratios go from 0 to 1 and are null where there was no work."""
    found: dict[str, Any] = {
        "database": {"kind": kind, "answers": True},
        "migrations": {"state": state.value, "newest": migrate.head()},
    }
    if known is not None:
        found |= {
            "waiting": {"jobs": known.waiting, "oldest_seconds": round(known.oldest, 1)},
            "given_up": {"dead": known.dead, "doubtful": known.doubtful},
            "service": _service(known.service),
        }
    return json.dumps(found, indent=2) + "\n"


def _service(found: Indicators) -> dict[str, Any]:
    rates = {component: found.rate(component) for component in Component}
    return {
        "days": WINDOW,
        "since": found.since.isoformat() if found.since else None,
        "jobs_processed": found.processed,
        "possible_duplicates": found.repeated,
        "components": {
            component.value: {"good": rate.good, "total": rate.total, "ratio": rate.ratio}
            for component, rate in rates.items()
        },
    }
