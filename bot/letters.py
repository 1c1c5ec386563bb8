"""`frontdesk outbox`: dead letters as lines of text, CSV or JSON; tried again and dropped. Printing is not here."""

import getpass
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot import migrate
from bot.bootstrap import Product, build
from bot.commands import UNMIGRATED, migrated_database
from bot.core.errors import ConfigError
from bot.core.logs import logger
from bot.export import as_csv, as_json
from bot.migrate import State
from bot.outbox import letters
from bot.outbox.letters import GIVEN_UP, STATES, Counts, Letter
from bot.outbox.unit_of_work import UnitOfWork
from bot.settings import load
from bot.slack.failures import in_words
from bot.what_for import what_for

COLUMNS = ("id", "kind", "state", "since", "what_for", "reason")
AT_ONCE = 100
_MORE = "There are more: a higher --limit shows them.\n"

log = logger(__name__)


async def list_letters(states: Sequence[str], kind: str | None, limit: int, format: str) -> str:
    """What was given up or waits, as text in this format. Raises ConfigError."""
    wanted = _states(states)
    async with migrated_database() as database:
        rows = await database.read(_rows, wanted, kind, limit + 1)
    shown, more = rows[:limit], len(rows) > limit
    if format == "json":
        return as_json(shown)
    return as_csv(shown, COLUMNS) if format == "csv" else _as_text(shown, wanted, kind) + more * _MORE


def _states(named: Sequence[str]) -> tuple[str, ...]:
    strange = [one for one in named if one not in (*STATES, "all")]
    if strange:
        raise ConfigError(f"--state {strange[0]} is not known: write dead, doubtful, waiting or all")
    return STATES if "all" in named else tuple(dict.fromkeys(named)) or GIVEN_UP


def _rows(
    connection: Connection, states: Sequence[str], kind: str | None, limit: int
) -> list[dict[str, Any]]:
    return [_row(connection, letter) for letter in letters.listed(connection, states, kind, limit)]


def _row(connection: Connection, letter: Letter) -> dict[str, Any]:
    reason = in_words(letter.reason) if letter.reason else "not tried yet"
    if letter.state == "doubtful":
        reason = f"it may have arrived: {reason}"
    return {
        "id": letter.id,
        "kind": letter.kind,
        "state": letter.state,
        "since": letter.since,
        "what_for": what_for(connection, letter.payload),
        "reason": reason,
    }


def _as_text(rows: Sequence[dict[str, Any]], states: Sequence[str], kind: str | None) -> str:
    if not rows:
        return f"nothing{f' of the kind {kind}' if kind else ''} is {' or '.join(states)}\n"
    return "".join(
        f"{row['id']:>6}  {row['kind']}  {row['state']} since {_at(row['since'])}, for {row['what_for']}\n"
        f"        {row['reason']}\n"
        for row in rows
    )


def _at(since: datetime) -> str:
    return f"{since:%Y-%m-%d %H:%M} UTC"


async def retry_letters(ids: Sequence[int], kind: str | None) -> str:
    """Gives these dead letters, or all (of a kind), back to the bots. Raises ConfigError for unknown ids."""
    async with _product() as product:
        kinds = product.deliveries
        counts = await _each(
            product, ids, kind, lambda uow, chosen: letters.retry(uow, chosen, kinds), "retried"
        )
    return _said(counts, "tried again as soon as a bot runs")


async def drop_letters(ids: Sequence[int], kind: str | None) -> str:
    """Closes these dead letters, or all of a kind, for good. Raises ConfigError for unknown ids."""
    async with _product() as product:
        by = getpass.getuser()
        counts = await _each(product, ids, kind, lambda uow, chosen: letters.drop(uow, chosen, by), "dropped")
    return _said(counts, "dropped")


@asynccontextmanager
async def _product() -> AsyncGenerator[Product]:
    """Everything joined and nothing running: how a letter is revived, its feature knows."""
    product = build(load())
    try:
        if await migrate.state(product.database) is State.BEHIND:
            raise ConfigError(UNMIGRATED)
        yield product
    finally:
        await product.answers.close()
        await product.deps.directory.close()
        await product.deps.slack.close()
        if product.deps.jira is not None:
            await product.deps.jira.close()
        await product.database.close()


Change = Callable[[UnitOfWork, Sequence[int]], Counts]


async def _each(
    product: Product, ids: Sequence[int], kind: str | None, change: Change, what: str
) -> list[Counts]:
    run, read = product.deps.transactions.run, product.deps.transactions.read
    chosen = list(dict.fromkeys(ids))
    unknown = await read(letters.unknown, chosen) if chosen else []
    if unknown:
        named = ", ".join(str(one) for one in unknown[:10])
        raise ConfigError(
            f"There is no entry {named}; nothing was changed. `frontdesk outbox list` shows the ids"
        )
    counts: list[Counts] = []
    after = 0
    while True:
        # A few at a time: the bots go on meanwhile.
        part = chosen[:AT_ONCE] if ids else await read(letters.given_up, kind, after, AT_ONCE)
        if not part:
            return counts
        counts.append(await run(change, part))
        log.warning(f"outbox.{what}", by=getpass.getuser(), ids=part, changed=counts[-1].changed)
        chosen, after = chosen[AT_ONCE:], part[-1]


def _said(counts: Sequence[Counts], done: str) -> str:
    changed, overtaken, unchanged, unserved = (
        sum(getattr(one, name) for one in counts)
        for name in ("changed", "overtaken", "unchanged", "unserved")
    )
    parts = [f"{changed} {done}"]
    parts += [f"{overtaken} closed, as overtaken meanwhile"] if overtaken else []
    parts += [f"{unchanged} left alone, not given up or not any more"] if unchanged else []
    parts += (
        [f"{unserved} left alone, of a kind that this release does not send: drop it"] if unserved else []
    )
    return ", ".join(parts)
