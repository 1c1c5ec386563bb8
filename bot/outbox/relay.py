"""Takes entries out of the outbox and does them: claim, write down, send, confirm; look before a second send."""

import asyncio
import contextlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from bot.core.clock import Clock, stopwatch
from bot.core.logs import logger
from bot.db.errors import DatabaseUnavailable
from bot.metrics import DOUBLED, JOB_SECONDS, JOBS
from bot.outbox import store
from bot.outbox.delivery import Delivery, Entry, Ref
from bot.outbox.doubts import LookAgain, Unanswered, decide_blindly
from bot.outbox.outcomes import Doubt, Later, Outcome, Parked, Refused
from bot.outbox.retry import RESULTS, Again, decide, is_over
from bot.outbox.unit_of_work import Transactions, UnitOfWork

LEASE = timedelta(seconds=30)
POLL = 0.5
AT_ONCE = 16
# Of those, so many whose other side may hang.
HANGING = 8
LAST_WAIT = 8.0
# A look-up is several calls, and each may have to wait its turn for long when there is much to be looked up. Within
# the lease, or somebody else would look for the same.
LOOKING = 20.0
# While somebody waits for an acknowledgement: so few at a time, so many seconds apart.
FEW = 8
MAKE_ROOM = 0.5

Alive = Callable[[], None]
Closed = Callable[[UnitOfWork, Entry, Parked], None]
GivenUp = Callable[[UnitOfWork, Entry, str, str], None]
Repeated = Callable[[Connection, Entry, datetime], None]

log = logger(__name__)


class LeaseLost(Exception):
    """Another relay has the entry by now, or we were asleep too long to be sure."""


class Relay:
    """One per process; several share a database. Every entry is done by one of them.

    Whoever has been silent for `lease` has lost its entry; nothing is sent later than half of it after the claim.
    """

    def __init__(
        self,
        transactions: Transactions,
        clock: Clock,
        wake: asyncio.Event,
        *,
        lease: timedelta = LEASE,
        stopwatch: Callable[[], float] = stopwatch,
    ) -> None:
        self._lease = lease
        self._transactions = transactions
        self._clock = clock
        self._stopwatch = stopwatch
        self._wake = wake
        self._owner = secrets.token_hex(6)
        self._deliveries: Mapping[str, Delivery] = {}
        self._closed: Closed = _nobody_listens
        self._given_up: GivenUp = _nobody_listens
        self._repeated: Repeated = _nobody_listens
        self._running: set[asyncio.Task[None]] = set()
        self._hanging: set[asyncio.Task[None]] = set()
        # What is sent just now although a first one may have arrived.
        self._second: set[int] = set()

    def serve(
        self,
        deliveries: Mapping[str, Delivery],
        *,
        closed: Closed | None = None,
        given_up: GivenUp | None = None,
        repeated: Repeated | None = None,
    ) -> None:
        """Called once, by the composition root. Closed places and dead letters (result, reason) are told to the two.

        `repeated` is told of a second send of what may have arrived, in the transaction that notes how it went.
        """
        self._deliveries = deliveries
        self._closed = closed or _nobody_listens
        self._given_up = given_up or _nobody_listens
        self._repeated = repeated or _nobody_listens
        for kind in deliveries:
            for result in RESULTS:
                # Whoever watches for an increase must have seen the nought before it.
                JOBS.labels(kind, result)

    async def run(self, stop: asyncio.Event, alive: Alive = lambda: None) -> None:
        """Goes on until `stop`, then lets what is under way end. No exception ends it.

        `alive` is called each time round.
        """
        pause = 0.1
        while not stop.is_set():
            alive()
            try:
                took = await self._round()
                pause = 0.1
            except DatabaseUnavailable:
                await _sleep(pause, stop)
                pause = min(pause * 2, 5.0)
                continue
            except Exception:
                log.exception("relay.round_failed")
                await _sleep(pause, stop)
                pause = min(pause * 2, 5.0)
                continue
            if not took:
                await self._rest(stop)
            elif self._transactions.people_wait:
                # Slack takes a few messages a second; somebody's acknowledgement has two seconds in all.
                await _sleep(MAKE_ROOM, stop)
        if self._running:
            await asyncio.wait(self._running, timeout=LAST_WAIT)
        # What hangs is left to its lease: the next attempt looks before it sends.
        for task in self._running:
            task.cancel()

    async def _rest(self, stop: asyncio.Event) -> None:
        waits = [asyncio.ensure_future(event.wait()) for event in (self._wake, stop)]
        await asyncio.wait(waits, timeout=POLL, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        self._wake.clear()

    async def _round(self) -> int:
        free = AT_ONCE - len(self._running)
        if free <= 0:
            await asyncio.wait(self._running, timeout=POLL, return_when=asyncio.FIRST_COMPLETED)
            return 1
        claimed_at = self._stopwatch()
        limit = min(free, FEW) if self._transactions.people_wait else free
        entries = await self._transactions.database.write(self._claim, dict(self._deliveries), limit)
        for entry in entries:
            task = asyncio.create_task(self._deliver(entry, claimed_at), name=f"deliver {entry.kind}")
            self._running.add(task)
            if self._deliveries[entry.kind].may_hang:
                self._hanging.add(task)
            task.add_done_callback(self._ended)
        return len(entries)

    def _claim(self, connection: Connection, deliveries: Mapping[str, Delivery], limit: int) -> list[Entry]:
        hanging = [kind for kind, delivery in deliveries.items() if delivery.may_hang]
        others = [kind for kind, delivery in deliveries.items() if not delivery.may_hang]
        room = min((limit + 1) // 2, HANGING - len(self._hanging))
        taken = self._claim_of(connection, hanging, room) if hanging and room > 0 else []
        if limit > len(taken):
            taken += self._claim_of(connection, others, limit - len(taken))
        return taken

    def _claim_of(self, connection: Connection, kinds: Sequence[str], limit: int) -> list[Entry]:
        now = self._clock.now()
        return store.claim(
            connection, owner=self._owner, now=now, lease=self._lease, limit=limit, kinds=kinds
        )

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._hanging.discard(task)
        self._wake.set()

    async def _deliver(self, entry: Entry, claimed_at: float) -> None:
        delivery = self._deliveries[entry.kind]
        with structlog.contextvars.bound_contextvars(correlation=entry.correlation, entry=entry.id):
            try:
                ref = await self._attempt(entry, delivery, claimed_at)
                await self._transactions.run(self._done, entry, delivery, ref)
            except Outcome as outcome:
                await self._after(entry, delivery, outcome)
            except (LeaseLost, DatabaseUnavailable) as error:
                # The lease runs out by itself; the next attempt looks first.
                log.warning("relay.left_to_lease", kind=entry.kind, why=type(error).__name__)
            except Exception as error:
                log.exception("relay.attempt_broke", kind=entry.kind)
                await self._after(
                    entry, delivery, Doubt(f"it broke ({type(error).__name__}), as the log tells")
                )
            finally:
                self._second.discard(entry.id)

    async def _attempt(self, entry: Entry, delivery: Delivery, claimed_at: float) -> Ref:
        if entry.sent_at is not None and delivery.at_most_once:
            raise Doubt("perhaps done already, and never done twice")
        if entry.sent_at is not None and delivery.look_up is not None:
            found = await self._look(entry, delivery)
            if found is not None:
                return found
            self._second.add(entry.id)
            # The doubt is over: whether it is still to be said is decided as at first.
            entry = replace(entry, sent_at=None)
        send = await delivery.prepare(entry)
        if delivery.look_up is not None or delivery.at_most_once:
            await self._mark(entry)
        if self._stopwatch() - claimed_at > self._lease.total_seconds() / 2:
            raise LeaseLost
        try:
            return await asyncio.wait_for(send(), delivery.timeout)
        except TimeoutError as error:
            raise Doubt("no answer in time") from error

    async def _look(self, entry: Entry, delivery: Delivery) -> Ref | None:
        """What is there already; None: send it again. Raises what ends this attempt otherwise."""
        assert delivery.look_up is not None
        try:
            found = await asyncio.wait_for(delivery.look_up(entry), max(delivery.timeout, LOOKING))
        except (TimeoutError, Later) as error:
            unanswered = error if isinstance(error, Later) else Later("no answer to the look-up", after=2.0)
            if not is_over(entry, delivery, self._clock.now()):
                raise Unanswered(unanswered) from error
            return decide_blindly(delivery, unanswered)
        except (Refused, Parked) as error:
            return decide_blindly(delivery, error)
        if found is not None:
            return found
        if entry.looks + 1 < len(delivery.look_after):
            raise LookAgain(delivery.look_after[entry.looks + 1])
        return None

    async def _mark(self, entry: Entry) -> None:
        write = self._transactions.database.write
        if not await write(store.mark_sent, entry, now=self._clock.now(), lease=self._lease):
            raise LeaseLost

    def _note_second(self, uow: UnitOfWork, entry: Entry) -> None:
        if entry.id in self._second:
            DOUBLED.inc()
            self._repeated(uow.connection, entry, uow.now)

    def _done(self, uow: UnitOfWork, entry: Entry, delivery: Delivery, ref: Ref) -> None:
        if not store.close(uow.connection, entry, now=uow.now, result="done", ref=ref, error=None):
            raise LeaseLost
        self._note_second(uow, entry)
        if delivery.settle is not None:
            delivery.settle(uow, entry, ref)
        JOBS.labels(entry.kind, "done").inc()
        JOB_SECONDS.labels(entry.kind).observe(max((uow.now - entry.run_at).total_seconds(), 0))

    async def _after(self, entry: Entry, delivery: Delivery, outcome: Outcome) -> None:
        with contextlib.suppress(DatabaseUnavailable, LeaseLost):
            await self._transactions.run(self._record, entry, delivery, outcome)

    def _record(self, uow: UnitOfWork, entry: Entry, delivery: Delivery, outcome: Outcome) -> None:
        if isinstance(outcome, Doubt):
            self._note_second(uow, entry)
        if isinstance(outcome, LookAgain):
            again = Again(after=outcome.after, failures=entry.failures, looks=entry.looks + 1, unsent=False)
            store.put_back(uow.connection, entry, now=uow.now, again=again, error=outcome.reason)
            return
        looking_since = None
        if isinstance(outcome, Unanswered):
            looking_since, outcome = entry.looking_since or uow.now, outcome.why
        decision = decide(entry, delivery, outcome, sent_before=entry.sent_at is not None)
        log.info("relay.not_done", kind=entry.kind, outcome=type(outcome).__name__, reason=outcome.reason)
        if isinstance(decision, Again):
            self._again(uow, entry, delivery, outcome, decision, looking_since)
            return
        result = "doubtful" if looking_since and decision.result == "dead" else decision.result
        self._close(uow, entry, delivery, outcome, result)

    def _close(
        self, uow: UnitOfWork, entry: Entry, delivery: Delivery, outcome: Outcome, result: str
    ) -> None:
        reason = outcome.reason
        # Whoever has it tried again need not look for it first, and may send what is never sent twice.
        unsent = entry.sent_at is None and not isinstance(outcome, Doubt)
        if not store.close(
            uow.connection, entry, now=uow.now, result=result, ref=None, error=reason, unsent=unsent
        ):
            raise LeaseLost
        JOBS.labels(entry.kind, result).inc()
        if result in ("stale", "dropped"):
            return
        if result != "refused":
            log.error("relay.dead_letter", kind=entry.kind, reason=reason)
            self._given_up(uow, entry, result, reason)
        if delivery.give_up is not None:
            refused = outcome if isinstance(outcome, Refused) else Refused(reason)
            delivery.give_up(uow, entry, refused)

    def _again(
        self,
        uow: UnitOfWork,
        entry: Entry,
        delivery: Delivery,
        outcome: Outcome,
        again: Again,
        looking_since: datetime | None,
    ) -> None:
        store.put_back(
            uow.connection, entry, now=uow.now, again=again, error=outcome.reason, looking_since=looking_since
        )
        if entry.error == outcome.reason:
            return
        if isinstance(outcome, Parked):
            self._closed(uow, entry, outcome)
        if delivery.held is not None:
            delivery.held(uow, entry, outcome)


def _nobody_listens(*_: object) -> None:
    """Where nothing was passed in."""


async def _sleep(seconds: float, stop: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
