"""Those who ask at the same time share a transaction, and nothing else."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.core.errors import UserError
from bot.db.engine import Database
from bot.outbox.together import Together
from bot.outbox.unit_of_work import Transactions, UnitOfWork
from tests.outbox.conftest import rows_of


def note(uow: UnitOfWork, numbers: Sequence[int]) -> list[int | UserError]:
    """Refuses 3, breaks on 7, wishes for the rest."""
    if 7 in numbers:
        raise ZeroDivisionError
    for number in numbers:
        if number != 3:
            uow.enqueue("note", {"n": number})
    return [UserError("not three") if number == 3 else len(numbers) for number in numbers]


async def test_those_who_ask_at_once_are_stored_in_few_transactions(
    database: Database, transactions: Transactions
) -> None:
    together = Together(transactions, note)
    sizes = await asyncio.gather(*(together.ask(number) for number in range(20, 30)))
    assert max(sizes) > 1
    assert len(await rows_of(database)) == 10


async def test_a_refusal_reaches_only_its_caller(database: Database, transactions: Transactions) -> None:
    together = Together(transactions, note)
    answers = await asyncio.gather(*(together.ask(n) for n in (1, 2, 3, 4)), return_exceptions=True)
    assert [isinstance(answer, UserError) for answer in answers] == [False, False, True, False]
    assert len(await rows_of(database)) == 3


async def test_what_breaks_for_one_is_done_for_the_others(
    database: Database, transactions: Transactions
) -> None:
    together = Together(transactions, note)
    answers = await asyncio.gather(*(together.ask(n) for n in (1, 2, 7, 4)), return_exceptions=True)
    assert [isinstance(answer, ZeroDivisionError) for answer in answers] == [False, False, True, False]
    assert len(await rows_of(database)) == 3


async def test_the_background_makes_room_only_while_somebody_waits(transactions: Transactions) -> None:
    together = Together(transactions, note)
    asking = asyncio.create_task(together.ask(1))
    await asyncio.sleep(0)
    assert transactions.people_wait
    await asking
    assert not transactions.people_wait


async def test_one_who_gives_up_does_not_hinder_the_next(transactions: Transactions) -> None:
    together = Together(transactions, note)
    asking = asyncio.create_task(together.ask(1))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert await together.ask(2) == 1
