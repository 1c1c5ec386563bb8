"""One transaction of a use case: rows, wishes for the outside, events for the other slices.

Delivery is not here: the relay does it after the commit.
"""

import secrets
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

import structlog
from sqlalchemy import BindParameter, Connection, bindparam, case, func, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.db.engine import Database
from bot.outbox.models import inbox, outbox

P = ParamSpec("P")
T = TypeVar("T")

Subscriber = Callable[["UnitOfWork", Any], None]


def upsert(connection: Connection, table: Any) -> Any:
    """An INSERT that knows ON CONFLICT, in the dialect of the connection."""
    make = postgres_insert if connection.dialect.name == "postgresql" else sqlite_insert
    return make(table)


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A wish that nothing of its lane can come before, named for ever by `once`. See `UnitOfWork.enqueue`."""

    kind: str
    payload: Mapping[str, Any]
    once: str
    lane: str | None
    correlation: str | None


def correlation() -> str | None:
    """What ties the log lines of the present call together."""
    return structlog.contextvars.get_contextvars().get("correlation")


@dataclass(kw_only=True)
class UnitOfWork:
    """What a use case gets. It never commits: the caller does, once, when the use case returns."""

    connection: Connection
    now: datetime
    subscribers: Mapping[type, Sequence[Subscriber]] = field(default_factory=dict[type, Sequence[Subscriber]])
    enqueued: int = 0

    def enqueue(
        self,
        kind: str,
        payload: Mapping[str, Any],
        *,
        once: str | None = None,
        merge: str | None = None,
        lane: str | None = None,
        not_before: datetime | None = None,
    ) -> None:
        """Asks for one effect outside, after the commit.

        `once` names it for ever: a second wish of that name is ignored. `merge` joins a wish of that name
        that still waits. Entries of one `lane` happen one after the other, in the order of asking.
        """
        lane = lane or merge
        row = {
            "kind": kind,
            "payload": dict(payload),
            "dedup": once or f"{merge or kind}:{secrets.token_hex(8)}",
            "merge_key": merge,
            "lane": lane,
            "depends_on": self._last_of(lane) if lane else None,
            "run_at": not_before or self.now,
            "created_at": self.now,
            "correlation": correlation(),
        }
        self.connection.execute(self._insert(row, merge))
        self.enqueued += 1

    def enqueue_openings(self, openings: Sequence[Opening]) -> None:
        """Asks for many effects in one statement; an opening whose name is taken is ignored."""
        if not openings:
            return
        rows = [
            {
                "kind": opening.kind,
                "payload": dict(opening.payload),
                "dedup": opening.once,
                "lane": opening.lane,
                "run_at": self.now,
                "created_at": self.now,
                "correlation": opening.correlation,
            }
            for opening in openings
        ]
        insert = upsert(self.connection, outbox).on_conflict_do_nothing(index_elements=["dedup"])
        self.connection.execute(insert, rows)
        self.enqueued += len(rows)

    def enqueue_merged(
        self, kind: str, payloads: Mapping[str, Mapping[str, Any]], *, not_before: datetime | None = None
    ) -> None:
        """Asks for many effects in one statement, each under the name that it merges by, as `enqueue` does.

        Of several wishes that wait, the one that may come soonest says when.
        """
        if not payloads:
            return
        rows = [
            {
                "kind": kind,
                "payload": dict(payload),
                "dedup": f"{merge}:{secrets.token_hex(8)}",
                "merge_key": merge,
                "lane": merge,
                "in_lane": merge,
                "run_at": not_before or self.now,
                "created_at": self.now,
                "correlation": correlation(),
            }
            # All in one order, or two of us could wait for each other.
            for merge, payload in sorted(payloads.items())
        ]
        insert = upsert(self.connection, outbox).values(depends_on=self._last_of(bindparam("in_lane")))
        self.connection.execute(self._merging(insert), rows)
        self.enqueued += len(rows)

    def _insert(self, row: Mapping[str, Any], merge: str | None) -> Any:
        insert = upsert(self.connection, outbox).values(**row)
        if merge is None:
            return insert.on_conflict_do_nothing(index_elements=["dedup"])
        return self._merging(insert)

    def _merging(self, insert: Any) -> Any:
        # Touching the waiting row locks it until we commit: it cannot be rendered without our change.
        sooner = case(
            (outbox.c.run_at < insert.excluded.run_at, outbox.c.run_at), else_=insert.excluded.run_at
        )
        return insert.on_conflict_do_update(
            index_elements=["merge_key"],
            index_where=outbox.c.closed_at.is_(None) & outbox.c.claimed_at.is_(None),
            set_={"run_at": sooner},
        )

    def _last_of(self, lane: str | BindParameter[str]) -> Any:
        query = select(func.max(outbox.c.id)).where(outbox.c.lane == lane, outbox.c.closed_at.is_(None))
        return query.scalar_subquery()

    def first_time(self, key: str, answer: Any = None) -> bool:
        """Whether this input is new. The key is kept with the transaction, for days."""
        insert = upsert(self.connection, inbox).values(key=key, at=self.now, answer=answer)
        done = self.connection.execute(
            insert.on_conflict_do_nothing(index_elements=["key"]).returning(inbox.c.key)
        )
        return done.first() is not None

    def answer_to(self, key: str) -> Any:
        """What was answered to an input that came before; None where there was no answer or no input."""
        return self.connection.scalar(select(inbox.c.answer).where(inbox.c.key == key))

    def emit(self, event: object) -> None:
        """Tells the other slices, inside this transaction."""
        for subscriber in self.subscribers.get(type(event), ()):
            subscriber(self, event)


class Transactions:
    """Runs use cases, each in one committed transaction, and wakes the relay when there is work for it."""

    def __init__(self, database: Database, now: Callable[[], datetime], wake: Callable[[], None]) -> None:
        self.database = database
        self._now = now
        self._wake = wake
        self._subscribers: Mapping[type, Sequence[Subscriber]] = {}
        self._asking = 0

    @property
    def people_wait(self) -> bool:
        """Whether somebody waits for an acknowledgement just now."""
        return self._asking > 0

    @contextmanager
    def somebody_waits(self) -> Generator[None]:
        """Inside, what is done in the background makes room."""
        self._asking += 1
        try:
            yield
        finally:
            self._asking -= 1

    def subscribe(self, subscribers: Mapping[type, Sequence[Subscriber]]) -> None:
        """Called once, by the composition root."""
        self._subscribers = subscribers

    async def run(
        self, use_case: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The use case's result after the commit. Raises DatabaseUnavailable, and what the use case raises."""

        def work(connection: Connection) -> tuple[T, int]:
            uow = UnitOfWork(connection=connection, now=self._now(), subscribers=self._subscribers)
            return use_case(uow, *args, **kwargs), uow.enqueued

        try:
            result, enqueued = await self.database.write(work)
        except DBAPIError as error:
            if not (isinstance(error, IntegrityError) or "deadlock" in str(error).lower()):
                raise
            # A twin won the race for a unique key, or for locks: this time the use case finds what it left.
            result, enqueued = await self.database.write(work)
        if enqueued:
            self._wake()
        return result

    async def read(
        self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """A query's result over one snapshot. Raises DatabaseUnavailable."""
        return await self.database.read(query, *args, **kwargs)
