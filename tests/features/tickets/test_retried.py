"""What operators have tried again: the issue is looked for first, and the thread hears what becomes of it."""

from typing import Any

import pytest
from sqlalchemy import update

from bot.features.tickets import store
from bot.features.tickets.domain import TicketState
from bot.outbox.letters import Counts
from bot.outbox.models import outbox
from bot.outbox.unit_of_work import UnitOfWork
from tests.features.tickets.complete import allow, ask, attached, made
from tests.features.tickets.conftest import Desk
from tests.features.tickets.test_attach import all_done

pytestmark = pytest.mark.by_turns


@pytest.fixture
def edition() -> Any:
    return "cloud"


def _lost(uow: UnitOfWork) -> None:
    """As if Jira had made the issue and never said so, until everybody gave up."""
    store.set_failed(uow.connection, 1, "Jira did not say whether it made the issue.", {}, uow.now)
    given_up = {"result": "doubtful", "error": "no answer"}
    uow.connection.execute(update(outbox).where(outbox.c.kind == "ticket.create").values(**given_up))


async def test_an_issue_that_is_there_already_is_found_by_its_label_and_told(desk: Desk) -> None:
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    await (await desk.jira_form(root)).submit()
    await desk.quiet()
    await desk.deps.transactions.run(_lost)
    assert await desk.retries("ticket.create") == Counts(changed=1)
    await desk.quiet()
    assert [issue.key for issue in desk.site.issues()] == ["PAY-1"]
    ticket = await desk.deps.transactions.read(store.by_id, 1)
    assert ticket is not None
    assert (ticket.state, ticket.key, ticket.attempt) == (TicketState.CREATED, "PAY-1", 2)


async def test_a_refusal_that_is_mended_makes_the_issue_and_one_that_is_not_is_told_anew(desk: Desk) -> None:
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    desk.site.forbid(desk.site.bot_account, "PAY", "CREATE_ISSUES")
    await ask(desk, root)
    await desk.settled()
    await desk.later(120)
    assert await desk.retries("ticket.create") == Counts(changed=1)
    await desk.later(120)
    await desk.quiet()
    refusals = [result for kind, result in await desk.results() if kind == "ticket.refused"]
    assert len(refusals) == 2
    desk.site.permit(desk.site.bot_account, "PAY")
    assert await desk.retries("ticket.create") == Counts(changed=1)
    await desk.quiet()
    assert [issue.key for issue in desk.site.issues()] == ["PAY-1"]
    assert any("PAY-1" in words for words in await desk.bot_says_in(root))


async def test_one_that_somebody_tried_again_meanwhile_is_overtaken(desk: Desk) -> None:
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    await (await desk.jira_form(root)).submit()
    await desk.quiet()
    await desk.deps.transactions.run(_lost)
    assert await (await desk.jira_form(root)).submit() is None
    await desk.quiet()
    assert await desk.retries("ticket.create") == Counts(overtaken=1)
    assert [issue.key for issue in desk.site.issues()] == ["PAY-1"]


async def test_a_file_that_could_not_be_brought_is_brought_when_it_is_tried_again(desk: Desk) -> None:
    allow(desk)
    desk.site.forbid(desk.site.bot_account, "PAY", "CREATE_ATTACHMENTS")
    root = await desk.person("ana").says("see", in_="#ask-payments", files=[("log.txt", b"boom")])
    issue = await made(desk, root)
    assert attached(issue) == []
    desk.site.permit(desk.site.bot_account, "PAY")
    assert await desk.retries("ticket.attach") == Counts(changed=1)
    # It may have arrived: it is looked for first.
    await all_done(desk)
    assert attached(issue) == [("log.txt", b"boom")]
    assert await desk.retries("ticket.attach") == Counts()
