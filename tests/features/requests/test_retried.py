"""A card that could not be posted, tried again by the operators: never a second one."""

import pytest

from bot.core.threads import ThreadRef
from bot.features.requests import store
from bot.features.requests.deliveries.card import revive_card
from bot.features.requests.service.queue import refresh_card
from bot.outbox import letters
from bot.outbox.delivery import Delivery, Entry, Send
from bot.outbox.letters import Counts
from bot.outbox.models import outbox
from bot.outbox.unit_of_work import UnitOfWork
from tests.features.requests.conftest import Queue

pytestmark = pytest.mark.by_turns

KIND = "request.card"


def _given_up(uow: UnitOfWork) -> None:
    """Slack has refused every card that waits."""
    dead = {"closed_at": uow.now, "result": "dead", "error": "restricted_action", "claimed_at": uow.now}
    uow.connection.execute(
        outbox.update().where(outbox.c.kind == KIND, outbox.c.closed_at.is_(None)).values(**dead)
    )


def _retry_all(uow: UnitOfWork) -> Counts:
    kinds = {KIND: Delivery(prepare=_prepare, rather="delivered", revive=revive_card)}
    return letters.retry(uow, letters.given_up(uow.connection, KIND, 0, 100), kinds)


async def _prepare(_entry: Entry) -> Send:
    raise NotImplementedError


async def test_a_card_that_is_not_there_is_tried_again(office: Queue) -> None:
    await office.file()
    await office.transactions.run(_given_up)
    assert await office.transactions.run(_retry_all) == Counts(changed=1)


async def test_where_a_change_has_asked_for_the_card_anew_the_first_is_overtaken(office: Queue) -> None:
    filed = await office.file()
    await office.transactions.run(_given_up)
    await office.transactions.run(refresh_card, filed.request_id)
    assert await office.transactions.run(_retry_all) == Counts(overtaken=1)


async def test_of_two_cards_that_were_refused_one_is_tried_again(office: Queue) -> None:
    filed = await office.file()
    await office.transactions.run(_given_up)
    await office.transactions.run(refresh_card, filed.request_id)
    await office.transactions.run(_given_up)
    assert await office.transactions.run(_retry_all) == Counts(changed=1, overtaken=1)


async def test_where_the_card_stands_nothing_is_posted(office: Queue) -> None:
    filed = await office.file()
    await office.transactions.run(_given_up)
    place = ThreadRef(channel="C0TRIAGE01", thread_ts="100.000001")
    await office.transactions.run(
        lambda uow: store.add_thread(uow.connection, filed.request_id, "card", place)
    )
    assert await office.transactions.run(_retry_all) == Counts(overtaken=1)
