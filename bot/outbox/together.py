"""One transaction for all who ask for the same at the same time: a disk waits once for the whole group.

Who is refused, and why, the use case decides for each. How a transaction runs is in `unit_of_work`.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.core.clock import stopwatch
from bot.core.errors import UserError
from bot.db.engine import LONGEST_WAIT
from bot.db.errors import DatabaseUnavailable
from bot.outbox.unit_of_work import Transactions, UnitOfWork

A = TypeVar("A")
R = TypeVar("R")

MOST = 100
# Seconds that a group waits for company when the one before it had some.
COMPANY = 0.002


@dataclass(frozen=True, kw_only=True)
class _Asked(Generic[A, R]):
    what: A
    answer: "asyncio.Future[R]"
    since: float


class Together(Generic[A, R]):
    """Whoever asks while a group is under way is in the next one. Alone, nobody waits for company."""

    def __init__(
        self,
        transactions: Transactions,
        use_case: Callable[[UnitOfWork, Sequence[A]], Sequence[R | UserError]],
    ) -> None:
        self._transactions = transactions
        self._use_case = use_case
        self._waiting: list[_Asked[A, R]] = []
        self._running: asyncio.Task[None] | None = None
        self._had_company = False

    async def ask(self, what: A) -> R:
        """The result after the commit. Raises UserError, DatabaseUnavailable, and what the use case raises."""
        with self._transactions.somebody_waits():
            return await self._ask(what)

    async def _ask(self, what: A) -> R:
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Asked(what=what, answer=answer, since=stopwatch()))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run(), name="use cases together")
        return await answer

    async def _run(self) -> None:
        while self._waiting:
            if self._had_company:
                await asyncio.sleep(COMPANY)
            group = self._waiting[:MOST]
            del self._waiting[:MOST]
            self._had_company = len(group) > 1
            oldest = stopwatch() - LONGEST_WAIT
            # After a database that hung: whoever waited so long was told already that nothing is recorded.
            for asked in group:
                if asked.since < oldest:
                    _give(asked, DatabaseUnavailable("no turn to write"))
            fresh = [asked for asked in group if not asked.answer.done()]
            if fresh:
                await self._answer(fresh)

    async def _answer(self, group: Sequence[_Asked[A, R]]) -> None:
        outcomes = await asyncio.gather(
            self._transactions.run(self._for_those_who_wait, group), return_exceptions=True
        )
        outcome = outcomes[0]
        if not isinstance(outcome, BaseException):
            for asked, answer in outcome:
                _give(asked, answer)
        elif len(group) == 1 or isinstance(outcome, DatabaseUnavailable):
            for asked in group:
                _give(asked, outcome)
        else:
            # Whose fault it was shows when each is alone.
            for asked in group:
                await self._answer([asked])

    def _for_those_who_wait(
        self, uow: UnitOfWork, group: Sequence[_Asked[A, R]]
    ) -> list[tuple[_Asked[A, R], R | UserError]]:
        # The transaction may have begun late: whoever has gone since was told that nothing is recorded.
        waiting = [asked for asked in group if not asked.answer.done()]
        answers = self._use_case(uow, [asked.what for asked in waiting]) if waiting else ()
        return list(zip(waiting, answers, strict=True))


def _give(asked: _Asked[A, R], answer: R | BaseException) -> None:
    if asked.answer.done():
        return
    if isinstance(answer, BaseException):
        asked.answer.set_exception(answer)
    else:
        asked.answer.set_result(answer)
