"""One thread, one issue, for ever: whoever clicks how often, and whatever happens between here and Jira."""

import asyncio
from typing import Literal

import pytest
from sqlalchemy import select

from bot.features.tickets import store
from bot.outbox.models import outbox
from bot.outbox.unit_of_work import UnitOfWork
from bot.sandbox.forms import Form
from bot.sandbox.story import Answer
from tests.features.tickets.conftest import Desk


async def test_two_people_who_send_the_form_get_one_issue(desk: Desk) -> None:
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    first, second = await desk.jira_form(root), await desk.jira_form(root, by="bob")
    assert await first.submit() is None
    told = await second.submit()
    assert isinstance(told, Form)
    assert "is being created" in told.text or "PAY-1" in told.text
    await desk.quiet()
    assert len(desk.site.issues()) == 1


async def test_the_same_form_sent_twice_is_acknowledged_twice_and_makes_one_issue(desk: Desk) -> None:
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    await (await desk.jira_form(root)).submit()
    sent = desk.box.journal.told("view_submission")[-1]
    again = await desk.box.replay(sent)
    assert (again.status, again.text) == (200, "")
    await desk.quiet()
    assert len(desk.site.issues()) == 1


async def test_the_second_click_shows_the_first_ones_key_and_link(desk: Desk) -> None:
    card, asker = await desk.request()
    form = await card.click("Create Jira issue", by=desk.person("alice"))
    assert isinstance(form, Form)
    await form.submit()
    await desk.quiet()
    pressed = await card.click("Create Jira issue", by=desk.person("bob"))
    assert isinstance(pressed, Answer)
    assert f"This thread has PAY-1 already: {desk.jira.url}/browse/PAY-1" in pressed.text
    assert "PAY-1 already" in await desk.refusal(asker, by="bob")
    assert len(desk.site.issues()) == 1


async def test_a_thread_with_an_issue_that_becomes_a_request_keeps_the_issue(desk: Desk) -> None:
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    await (await desk.jira_form(root)).submit()
    await desk.quiet()
    card, _ = await desk.request(asker=root)
    pressed = await card.click("Create Jira issue", by=desk.person("alice"))
    assert isinstance(pressed, Answer)
    assert "PAY-1 already" in pressed.text
    assert desk.known.renewed == [12]


@pytest.mark.parametrize("kind", ["drop_after", "status_after"])
async def test_a_lost_answer_is_found_again_by_the_label(
    desk: Desk, kind: Literal["drop_after", "status_after"]
) -> None:
    desk.site.faults.add(operation="create_issue", kind=kind, status=500)
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    await (await desk.jira_form(root)).submit()
    await desk.settled()
    await desk.later(31)
    await desk.person("ana").waits_for("PAY-1", thread=root, timeout=15)
    assert len(desk.site.issues()) == 1


async def test_an_index_that_lags_makes_no_second_issue(desk: Desk) -> None:
    desk.site.index_lag = 100
    desk.site.faults.add(operation="create_issue", kind="drop_after")
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    await (await desk.jira_form(root)).submit()
    await desk.settled()
    await desk.later(31)
    await _looked(desk, 1)
    await desk.later(121)
    await desk.person("ana").waits_for("PAY-1", thread=root, timeout=15)
    assert len(desk.site.issues()) == 1


async def test_a_create_that_never_arrived_is_made_after_two_look_ups(desk: Desk) -> None:
    desk.site.faults.add(operation="create_issue", kind="drop_before")
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    await (await desk.jira_form(root)).submit()
    await desk.settled()
    assert desk.site.issues() == []
    await desk.later(31)
    await _looked(desk, 1)
    assert desk.site.issues() == []
    await desk.later(121)
    await desk.person("ana").waits_for("PAY-1", thread=root, timeout=15)
    assert len(desk.site.issues()) == 1


async def test_of_several_issues_with_the_label_the_lowest_key_is_kept(desk: Desk) -> None:
    desk.site.faults.add(operation="create_issue", kind="drop_after")
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    await (await desk.jira_form(root)).submit()
    await desk.settled()
    first = desk.site.find("PAY-1")
    assert first is not None
    desk.site.stored["PAY-9"] = type(first)(**{**vars(first), "key": "PAY-9", "issue_id": "99999"})
    await desk.later(31)
    await desk.person("ana").waits_for("PAY-1", thread=root, timeout=15)


async def test_while_jira_is_down_the_thread_says_so_once_and_the_issue_comes_when_it_is_back(
    desk: Desk,
) -> None:
    desk.site.down = True
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    assert await (await desk.jira_form(root)).submit() is None
    held = await desk.person("ana").waits_for("Jira does not answer", thread=root, timeout=15)
    assert "will be created when Jira is back" in held.text
    for _ in range(3):
        await desk.later(20)
        await _calls_more(desk)
    desk.site.down = False
    await desk.later(20)
    await desk.person("ana").waits_for("PAY-1", thread=root, timeout=15)
    await desk.quiet()
    said = await desk.bot_says_in(root, to="ana")
    assert sum("does not answer" in words for words in said) == 1
    assert len(desk.site.issues()) == 1


async def test_a_jira_that_refuses_connections_for_hours_still_gets_the_issue(desk: Desk) -> None:
    await desk.jira.pause()
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    await (await desk.jira_form(root)).submit()
    await desk.person("ana").waits_for("Jira does not answer", thread=root, timeout=15)
    await desk.later(3 * 3600)
    await desk.jira.resume()
    await desk.later(20)
    await desk.person("ana").waits_for("PAY-1", thread=root, timeout=15)


async def test_while_slack_does_not_show_the_thread_the_issue_waits_and_jira_is_not_blamed(
    desk: Desk,
) -> None:
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    form = await desk.jira_form(root)
    desk.box.faults.add(method="conversations.replies", kind="status", times=1, status=503)
    await form.submit()
    await desk.settled()
    assert desk.site.issues() == []
    await desk.later(10)
    await desk.person("ana").waits_for("PAY-1", thread=root, timeout=15)
    assert not any("does not answer" in words for words in await desk.bot_says_in(root, to="ana"))


async def test_a_type_that_the_project_does_not_have_is_named_with_those_it_has(desk: Desk) -> None:
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    form = await desk.jira_form(root)
    desk.site.add_project("PAY", "Payments", types=(desk.site.projects["OPS"].types[1],))
    told = await form.submit()
    assert isinstance(told, Form)
    assert "Project PAY has no issue type “Task”. It has: Bug." in told.errors["Summary"]
    assert desk.site.issues() == []


async def test_a_try_after_a_doubtful_one_finds_what_that_one_left(desk: Desk) -> None:
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    await (await desk.jira_form(root)).submit()
    await desk.quiet()
    await desk.deps.transactions.run(_forget)
    assert await (await desk.jira_form(root)).submit() is None
    await desk.quiet()
    assert [issue.key for issue in desk.site.issues()] == ["PAY-1"]
    assert "PAY-1 already" in await desk.refusal(root, by="alice")


def _forget(uow: UnitOfWork) -> None:
    store.set_failed(uow.connection, 1, "doubtful", {}, uow.now)


async def _looked(desk: Desk, times: int) -> None:
    async with asyncio.timeout(15):
        while sum(record.operation.startswith("search") for record in desk.site.journal) < times:
            await asyncio.sleep(0.02)
        while any(await desk.open_entries()) and not await _waits(desk):
            await asyncio.sleep(0.02)


async def _waits(desk: Desk) -> bool:
    query = select(outbox.c.lease_until).where(outbox.c.kind == "ticket.create")
    return await desk.deps.transactions.read(lambda c: c.execute(query).scalar_one()) is None


async def _calls_more(desk: Desk) -> None:
    before = len(desk.site.journal)
    async with asyncio.timeout(15):
        while len(desk.site.journal) == before or not await _waits(desk):
            await asyncio.sleep(0.02)
