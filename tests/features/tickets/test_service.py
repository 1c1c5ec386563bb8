"""Use cases of tickets on a real database: one thread, one ticket; what is asked of Jira and Slack."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from bot.core.errors import UserError
from bot.db.engine import Database
from bot.features.tickets import service, store
from bot.features.tickets.domain import CREATING, Issue, Step, TicketState
from bot.features.tickets.models import tickets
from bot.features.tickets.service import Wished
from bot.outbox.models import outbox
from bot.outbox.unit_of_work import Transactions
from tests.features.tickets.make import ASKER, CARD, ELSEWHERE, Known, facts, place, wish
from tests.support.clock import MovableClock


class Tables:
    """The slice's use cases, each in a transaction of its own."""

    def __init__(self, database: Database, known: Known) -> None:
        self.known = known
        self.transactions = Transactions(database, MovableClock().now, lambda: None)

    async def wish(self, **more) -> Wished:
        return await self.transactions.run(service.wish, wish(**more), self.known.joined())

    async def created(self, ticket_id: int, key: str = "PAY-7", issue_id: str = "10007") -> None:
        issue = Issue(key=key, url=f"https://jira.example/browse/{key}", id=issue_id)
        await self.transactions.run(service.created, ticket_id, issue, self.known.renew)

    async def failed(self, ticket_id: int, attempt: int = 1) -> None:
        await self.transactions.run(
            service.failed, ticket_id, attempt, "Jira refused this.", {}, self.known.renew
        )

    async def ticket(self, ticket_id: int):
        return await self.transactions.read(store.by_id, ticket_id)

    async def entries(self) -> list[tuple[str, str | None]]:
        query = select(outbox.c.kind, outbox.c.lane).order_by(outbox.c.id)
        return [tuple(row) for row in await self.transactions.read(lambda c: c.execute(query).all())]

    async def count(self) -> int:
        return await self.transactions.read(
            lambda c: c.execute(select(func.count()).select_from(tickets)).scalar_one()
        )


@pytest.fixture
def tables(database: Database) -> Tables:
    return Tables(database, Known())


@pytest.fixture
def of_request(database: Database) -> Tables:
    """The same where both threads belong to request #12."""
    return Tables(database, Known(request=facts()))


async def test_a_wish_is_stored_and_asked_of_jira_once(tables: Tables) -> None:
    wished = await tables.wish()
    assert wished.new
    assert wished.ticket.state is TicketState.WISHED
    assert await tables.entries() == [("ticket.create", f"ticket:{wished.ticket.id}")]
    history = await tables.transactions.read(store.history, wished.ticket.id)
    assert history == [(Step.WISHED, "U0ALICE001")]


async def test_a_second_wish_finds_the_first(tables: Tables) -> None:
    first = await tables.wish()
    second = await tables.wish(sending="V2", by="U0BOB00001", summary="Something else")
    assert (second.new, second.repeated, second.ticket.id) == (False, False, first.ticket.id)
    assert (await tables.ticket(first.ticket.id)).summary == "Refund stuck"
    assert len(await tables.entries()) == 1


async def test_the_same_form_again_is_known_as_repeated(tables: Tables) -> None:
    await tables.wish()
    again = await tables.wish()
    assert (again.new, again.repeated) == (False, True)


async def test_two_wishes_at_the_same_moment_make_one_ticket(tables: Tables) -> None:
    both = await asyncio.gather(*(tables.wish(sending=f"V{n}") for n in range(4)))
    assert sum(one.new for one in both) == 1
    assert await tables.count() == 1
    assert len(await tables.entries()) == 1


async def test_a_form_with_a_wrong_field_may_be_sent_again(tables: Tables) -> None:
    with pytest.raises(UserError):
        await tables.wish(summary=" ")
    assert (await tables.wish()).new


async def test_either_thread_of_a_request_finds_the_requests_ticket(of_request: Tables) -> None:
    first = await of_request.wish(place=place(thread=ASKER))
    second = await of_request.wish(place=place(thread=CARD), request_id=12, sending="V2")
    assert first.ticket.subject == "request:12"
    assert second.ticket.id == first.ticket.id
    assert not second.new


async def test_a_thread_that_becomes_a_request_brings_its_ticket(tables: Tables) -> None:
    first = await tables.wish(place=place(thread=ASKER))
    tables.known.request = facts()
    second = await tables.wish(request_id=12, place=place(thread=CARD), sending="V2")
    assert second.ticket.id == first.ticket.id
    assert (await tables.ticket(first.ticket.id)).request_id == 12
    assert tables.known.renewed == [12]


async def test_an_issue_is_announced_in_its_thread_and_linked(tables: Tables) -> None:
    ticket = (await tables.wish()).ticket
    await tables.created(ticket.id)
    stored = await tables.ticket(ticket.id)
    assert (stored.state, stored.key) == (TicketState.CREATED, "PAY-7")
    assert (await tables.entries())[1:] == [
        ("ticket.announce", None),
        ("ticket.remote_link", f"ticket:{ticket.id}"),
    ]


async def test_a_requests_issue_is_announced_in_both_threads_and_on_its_card(of_request: Tables) -> None:
    ticket = (await of_request.wish(place=place(thread=CARD), request_id=12)).ticket
    await of_request.created(ticket.id)
    posts = [entry for entry in await of_request.entries() if entry[0] == "ticket.announce"]
    assert posts == [("ticket.announce", "card:12"), ("ticket.announce", "asker:12")]
    assert of_request.known.renewed == [12, 12]


async def test_an_issue_told_twice_is_announced_once(tables: Tables) -> None:
    ticket = (await tables.wish()).ticket
    await tables.created(ticket.id)
    await tables.created(ticket.id, "PAY-8")
    assert (await tables.ticket(ticket.id)).key == "PAY-7"
    assert len(await tables.entries()) == 3


async def test_a_refused_wish_is_told_and_may_be_wished_again_on_the_same_ticket(tables: Tables) -> None:
    first = (await tables.wish()).ticket
    await tables.failed(first.id)
    assert (await tables.ticket(first.id)).failure == "Jira refused this."
    again = await tables.wish(sending="V2", by="U0BOB00001", project="OPS")
    assert again.new
    assert (again.ticket.id, again.ticket.label, again.ticket.attempt) == (first.id, first.label, 2)
    assert (again.ticket.state, again.ticket.project, again.ticket.failure) == (
        TicketState.WISHED,
        "OPS",
        None,
    )
    kinds = [kind for kind, _ in await tables.entries()]
    assert kinds == ["ticket.create", "ticket.refused", "ticket.create"]


async def test_an_old_attempts_failure_does_not_undo_a_new_wish(tables: Tables) -> None:
    ticket = (await tables.wish()).ticket
    await tables.failed(ticket.id)
    await tables.wish(sending="V2")
    await tables.failed(ticket.id, attempt=1)
    assert (await tables.ticket(ticket.id)).state is TicketState.WISHED


async def test_that_a_wish_has_to_wait_is_said_once(tables: Tables) -> None:
    ticket = (await tables.wish()).ticket
    for _ in range(2):
        await tables.transactions.run(service.held, ticket.id, 1)
    assert [kind for kind, _ in await tables.entries()] == ["ticket.create", "ticket.held"]


async def test_the_card_is_told_creating_then_the_key_and_nothing_of_a_failure(of_request: Tables) -> None:
    async def shown():
        return await of_request.transactions.read(service.issue_of, 12)

    assert await shown() is None
    ticket = (await of_request.wish(place=place(thread=CARD), request_id=12)).ticket
    assert ((await shown()).key, (await shown()).url) == (CREATING, None)
    await of_request.failed(ticket.id)
    assert await shown() is None
    await of_request.wish(place=place(thread=CARD), request_id=12, sending="V2")
    await of_request.created(ticket.id)
    assert ((await shown()).key, (await shown()).url) == ("PAY-7", "https://jira.example/browse/PAY-7")


async def test_other_threads_have_tickets_of_their_own(tables: Tables) -> None:
    first = await tables.wish()
    other = replace(ELSEWHERE, thread_ts="200.000001")
    second = await tables.wish(place=place(thread=other), sending="V2")
    assert second.new
    assert first.ticket.label != second.ticket.label
