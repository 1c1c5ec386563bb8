"""What the other slices learn of tickets: their threads, their issue, a new key."""

from functools import partial

import pytest

from bot.core.threads import IssueThreads
from bot.db.engine import Database
from bot.features.tickets import offers, service
from bot.features.tickets.domain import Issue, Ticket
from bot.features.tickets.events import IssueKnown
from bot.outbox.unit_of_work import Transactions, UnitOfWork
from tests.features.tickets.make import ASKER, CARD, ELSEWHERE, Known, facts, place, wish
from tests.support.clock import MovableClock

URL = "https://jira.example/browse/"


class Offers:
    """The use cases and questions of the slice, each in a transaction of its own; `known` issues are remembered."""

    def __init__(self, database: Database) -> None:
        self.known = Known()
        self.told: list[object] = []
        self.transactions = Transactions(database, MovableClock().now, lambda: None)
        self.transactions.subscribe({IssueKnown: [lambda _, event: self.told.append(event)]})

    async def wish(self, **more) -> Ticket:
        return (await self.transactions.run(service.wish, wish(**more), self.known.joined())).ticket

    async def has(
        self, ticket: Ticket, key: str, issue_id: str | None, told_until: str | None = None
    ) -> None:
        issue = Issue(key=key, url=URL + key, id=issue_id, told_until=told_until)
        use_case = service.linked if ticket.is_linked else service.created
        await self.transactions.run(use_case, ticket.id, issue, self.known.renew)

    async def ask(self, question, *what):
        return await self.transactions.read(partial(question, facts=self.known.facts), *what)

    async def rename(self, issue_id: str, key: str) -> None:
        def use_case(uow: UnitOfWork) -> None:
            offers.rename(uow, issue_id, key, card_changed=self.known.renew)

        await self.transactions.run(use_case)


@pytest.fixture
def tables(database: Database) -> Offers:
    return Offers(database)


async def test_a_thread_of_no_request_is_told_with_its_issue(tables: Offers) -> None:
    ticket = await tables.wish()
    await tables.has(ticket, "PAY-7", "10007", "100.5")
    found = await tables.ask(offers.threads_of_issue, "10007")
    assert found == [
        IssueThreads(
            ticket_id=ticket.id, issue_id="10007", key="PAY-7", url=URL + "PAY-7", request_id=None, number=None,
            team_id=1, private=False, asked_by="U0ALICE001", threads=(("thread", ELSEWHERE),), told_until="100.5",
        )
    ]  # fmt: skip
    assert await tables.ask(offers.ticket_of_thread, ELSEWHERE.channel, ELSEWHERE.thread_ts) == found[0]
    assert await tables.ask(offers.threads_of_ticket, ticket.id) == found[0]


async def test_a_request_is_told_with_both_threads_and_is_no_thread_of_its_own(tables: Offers) -> None:
    tables.known.request = facts(private=True)
    ticket = await tables.wish(request_id=12, place=place(thread=CARD))
    found = await tables.ask(offers.ticket_of_request, 12)
    assert (found.ticket_id, found.request_id, found.number, found.private) == (ticket.id, 12, 12, True)
    assert (found.key, found.url, found.issue_id) == (None, None, None)
    assert found.threads == (("card", CARD), ("asker", ASKER))
    assert await tables.ask(offers.ticket_of_thread, CARD.channel, CARD.thread_ts) is None


async def test_a_thread_that_the_bot_cannot_read_is_not_named(tables: Offers) -> None:
    ticket = await tables.wish(place=place(reachable=False))
    assert (await tables.ask(offers.threads_of_ticket, ticket.id)).threads == ()


async def test_a_failed_ticket_has_no_threads_and_a_linked_one_no_key_before_it_is_linked(
    tables: Offers,
) -> None:
    ticket = await tables.wish(link="PAY-7")
    assert (await tables.ask(offers.threads_of_ticket, ticket.id)).key is None
    await tables.transactions.run(service.failed, ticket.id, 1, "No.", {}, tables.known.renew)
    assert await tables.ask(offers.threads_of_ticket, ticket.id) is None
    assert await tables.ask(offers.threads_of_ticket, 999) is None


async def test_several_threads_that_are_linked_to_one_issue_are_all_told(tables: Offers) -> None:
    for number in (1, 2):
        thread = place(thread=type(ELSEWHERE)(channel="C0GENERAL1", thread_ts=f"{number}.1"))
        ticket = await tables.wish(place=thread, link="PAY-7", sending=f"V{number}")
        await tables.has(ticket, "PAY-7", "10007")
    found = await tables.ask(offers.threads_of_issue, "10007")
    assert [one.threads[0][1].thread_ts for one in found] == ["1.1", "2.1"]
    assert await tables.ask(offers.threads_of_issue, "1") == []


async def test_an_issue_is_made_known_once_in_the_transaction_that_makes_or_links_it(tables: Offers) -> None:
    made = await tables.wish()
    other = place(thread=type(ELSEWHERE)(channel="C0GENERAL1", thread_ts="2.1"))
    linked = await tables.wish(place=other, link="PAY-8", sending="V2")
    for ticket, key, issue_id in ((made, "PAY-7", "10007"), (linked, "PAY-8", "10008")):
        await tables.has(ticket, key, issue_id)
        await tables.has(ticket, key, issue_id)
    assert tables.told == [
        IssueKnown(ticket_id=made.id, issue_id="10007", key="PAY-7", is_linked=False),
        IssueKnown(ticket_id=linked.id, issue_id="10008", key="PAY-8", is_linked=True),
    ]


async def test_a_moved_issue_has_its_new_key_everywhere_and_its_card_is_renewed(tables: Offers) -> None:
    tables.known.request = facts()
    ticket = await tables.wish(request_id=12, place=place(thread=CARD))
    await tables.has(ticket, "PAY-7", "10007")
    before = len(tables.known.renewed)
    await tables.rename("10007", "OPS-3")
    await tables.rename("10007", "OPS-3")
    found = await tables.ask(offers.ticket_of_request, 12)
    assert (found.key, found.url) == ("OPS-3", URL + "OPS-3")
    assert len(tables.known.renewed) == before + 1
