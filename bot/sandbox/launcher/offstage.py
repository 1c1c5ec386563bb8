"""What the face is told of the bot and cannot see over the wire: its parts, its outbox, what it will do by itself."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NoReturn, TypeVar

from sqlalchemy import Connection

from bot.core.text import cut
from bot.db.errors import DatabaseUnavailable
from bot.feature import Job
from bot.outbox import store
from bot.sandbox.face.stage import Backstage, Coming, Fresh, Waiting
from bot.sandbox.launcher.database import DemoDatabase
from bot.sandbox.launcher.life import Life

MOST_ENTRIES = 200
LONGEST_ABOUT = 60

# Every few minutes, and mostly without any news: nobody would get ahead who stopped at each of them.
QUIET = frozenset({"in_step.catch_up"})

One = TypeVar("One")


def backstage_of(
    life: Life, database: DemoDatabase, *, seed: str, reset: Callable[[Fresh], Awaitable[None]]
) -> Backstage:
    """Backstage of this life. While the database is away, `outbox` and `coming` raise ConnectionError."""
    product = life.product
    jobs = [job for feature in product.features for job in feature.jobs]

    async def outbox() -> list[Waiting]:
        rows = await _told(product.database.read(store.recent, MOST_ENTRIES))
        now = product.deps.clock.now()
        return [_waiting(row, now) for row in rows]

    async def coming() -> list[Coming]:
        return await _told(product.database.read(_coming, jobs, product.deps.clock.now()))

    return Backstage(
        parts=life.bot.parts,
        outbox=outbox,
        coming=coming,
        caught_up=life.beat.caught_up,
        reset=reset,
        database_gate=database.gate.let_through if database.gate else None,
        seed=seed,
    )


def backstage_of_none(last: Backstage) -> Backstage:
    """Backstage once the bot has ended: all that is left to do is to begin again."""

    async def silent() -> NoReturn:
        raise ConnectionError("the demo's bot has ended")

    return Backstage(
        parts=lambda: {"bot": "has ended: begin again"},
        outbox=silent,
        coming=silent,
        reset=last.reset,
        database_gate=last.database_gate,
        seed=last.seed,
    )


async def _told(asked: Awaitable[One]) -> One:
    try:
        return await asked
    except DatabaseUnavailable as error:
        raise ConnectionError("the database does not answer") from error
    except RuntimeError as error:
        # A life that ends lets go of its threads; a window may still ask before it hears of the next one.
        if "after shutdown" not in str(error):
            raise
        raise ConnectionError("the bot is ending") from error


def _coming(connection: Connection, jobs: Iterable[Job], now: datetime) -> list[Coming]:
    found = ((job, job.next_due(connection, now)) for job in jobs if job.next_due)
    return sorted(
        (
            Coming(at=at, what=job.in_words or job.name, quiet=job.name in QUIET)
            for job, at in found
            if at is not None
        ),
        key=lambda coming: coming.at,
    )


def _waiting(row: Mapping[str, Any], now: datetime) -> Waiting:
    is_open = row["closed_at"] is None
    under_way = is_open and row["lease_until"] is not None and row["lease_until"] >= now
    return Waiting(
        number=row["id"],
        kind=row["kind"],
        about=_about(row["payload"]),
        attempts=row["attempts"],
        run_at=row["run_at"],
        done=row["closed_at"],
        result=row["result"] or "",
        error=row["error"] or "",
        under_way=under_way,
        in_doubt=is_open and not under_way and row["sent_at"] is not None,
    )


def _about(payload: Mapping[str, Any]) -> str:
    """What it concerns, short: of people's words no more than a beginning."""
    return cut(", ".join(f"{name} {value}" for name, value in payload.items()), LONGEST_ABOUT)
