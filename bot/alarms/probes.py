"""The two things that are watched: the database and Slack. Each look ends within a few seconds, whatever hangs."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.db.engine import single_engine
from bot.db.errors import DatabaseUnavailable, as_unavailable
from bot.metrics import DB_UP
from bot.outbox.outcomes import Doubt, Later, Outcome
from bot.slack.failures import UNTIL_MENDED
from bot.slack.gateway import SlackGateway

LIMIT = 2.0
BUSY_SHARE = 0.75


def database_probe(url: URL, *, limit: float = LIMIT) -> Callable[[], Awaitable[str | None]]:
    """Asks over a connection of its own, so that a full pool is not taken for a dead server.

    It also asks for the right to write: a file that another program holds keeps us from storing, and so does a
    Postgres that only lets us read.
    """
    engine = single_engine(url, command_timeout=limit)
    question = "SELECT 1" if url.get_backend_name() == "sqlite" else "SHOW transaction_read_only"
    if url.get_backend_name() == "sqlite":
        _wait_less(engine, limit * BUSY_SHARE)

    async def ask() -> None:
        with as_unavailable():
            async with engine.begin() as connection:
                found = await connection.execute(text(question))
                if found.scalar() == "on":
                    raise DatabaseUnavailable("it takes no writes")

    async def probe() -> str | None:
        asking = asyncio.create_task(ask())
        done, _ = await asyncio.wait({asking}, timeout=limit)
        trouble = _outcome(asking) if done else "does not answer"
        if not done:
            # Cancelling can itself hang on a frozen server: nobody waits for it.
            asking.add_done_callback(_outcome)
            asking.cancel()
        DB_UP.set(0 if trouble else 1)
        return trouble

    return probe


def _wait_less(engine: AsyncEngine, seconds: float) -> None:
    # SQLite waits in a thread that nobody can cancel: it must give up before the probe does.
    def prepare(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={round(seconds * 1000)}")
        cursor.close()

    event.listen(engine.sync_engine, "connect", prepare)


def _outcome(asking: "asyncio.Task[None]") -> str | None:
    if asking.cancelled():
        return "does not answer"
    error = asking.exception()
    if error is None:
        return None
    if isinstance(error, DatabaseUnavailable):
        return f"cannot be used ({error})"
    return f"refuses ({type(error).__name__})"


def slack_probe(slack: SlackGateway, *, limit: float = LIMIT) -> Callable[[], Awaitable[str | None]]:
    """Asks who we are, and so learns it. A refused login counts as away too; the gateway asks once a minute then."""

    async def probe() -> str | None:
        if not slack.token:
            # Not installed yet: that is told by /readyz, and no outage of Slack's.
            return None
        try:
            await asyncio.wait_for(
                slack.who_am_i() if slack.identity is None else slack.call("auth.test"), limit
            )
        except TimeoutError:
            return "does not answer"
        except Outcome as outcome:
            return _trouble(outcome)
        return None

    return probe


def _trouble(outcome: Outcome) -> str | None:
    if outcome.reason in UNTIL_MENDED:
        return "refuses the bot's token"
    if isinstance(outcome, Doubt) or (isinstance(outcome, Later) and outcome.counted):
        return "does not answer"
    # Told to slow down, or refused for a reason of its own: it is there.
    return None
