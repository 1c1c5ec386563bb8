"""Resolving in Slack offers to move the issue in Jira. On both editions."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest

from bot.features.in_step import offers
from bot.sandbox.jira import seed
from bot.sandbox.jira.model import FieldSpec
from bot.sandbox.story import Answer, Seen
from tests.features.in_step.outbound import Desk, closes_request, open_desk


@pytest.fixture(params=["cloud", "datacenter"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path) -> AsyncIterator[Desk]:
    """A Jira of each edition."""
    path = tmp_path / "frontdesk.db"
    path.write_bytes(sqlite_template.read_bytes())
    edition: Any = request.param
    async with open_desk(f"sqlite:///{path}", edition) as made:
        yield made


async def offered(desk: Desk, **more: Any) -> Seen:
    """The one question below the card after the request was closed."""
    card, _ = await desk.request()
    await closes_request(desk, **more)
    await desk.quiet()
    [question] = await desk.offers(card)
    return question


def moves(desk: Desk) -> int:
    return len([record for record in desk.site.journal if record.operation == "do_transition"])


async def test_closing_a_request_asks_whether_the_issue_should_follow(desk: Desk) -> None:
    question = await offered(desk)
    assert "PAY-1 is still To Do in Jira. Move it?" in question.text
    assert question.buttons == ["Done", "Leave it"]


async def test_a_click_moves_the_issue_and_names_who_did(desk: Desk) -> None:
    question = await offered(desk)
    await question.click("Done")
    await desk.quiet()
    assert desk.site.issue("PAY-1").status == "Done"
    assert desk.moved == [("Done", "Alice Koval")]
    assert "Moving PAY-1 to Done…" in (await question.now()).text
    assert (await question.now()).buttons == []


async def test_leave_it_leaves_it(desk: Desk) -> None:
    question = await offered(desk)
    await question.click("Leave it")
    await desk.quiet()
    assert (await question.now()).text == "Left as it is."
    assert moves(desk) == 0 and desk.moved == []


async def test_two_people_who_click_at_once_move_it_once(desk: Desk) -> None:
    question = await offered(desk)
    bob = desk.person("bob")
    await asyncio.gather(question.click("Done"), question.click("Done", by=bob), question.click("Done"))
    await desk.quiet()
    assert moves(desk) == 1 and len(desk.moved) == 1
    assert await desk.results("issue.transition") == ["done"]


async def test_the_first_of_two_answers_counts(desk: Desk) -> None:
    question = await offered(desk)
    earlier = await desk.deps.transactions.run(offers.decide, "offer:1", {})
    later = await desk.deps.transactions.run(offers.decide, "offer:1", {"ticket_id": 7, "to_name": "Done"})
    await desk.quiet()
    assert earlier == later == {} and await desk.results("issue.transition") == []
    assert question.buttons == ["Done", "Leave it"]


async def test_an_issue_that_is_done_already_is_not_offered(desk: Desk) -> None:
    card, _ = await desk.request()
    desk.site.moves("PAY-1", "Done")
    await closes_request(desk)
    await desk.quiet()
    assert await desk.offers(card) == [] and await desk.results("issue.offer") == ["stale"]


async def test_reopening_offers_the_way_back(desk: Desk) -> None:
    card, _ = await desk.request()
    desk.site.moves("PAY-1", "Done")
    await closes_request(desk, way="undone")
    await desk.quiet()
    [question] = await desk.offers(card)
    assert "PAY-1 is still Done in Jira. Move it?" in question.text
    assert question.buttons == ["To Do", "In Progress", "Leave it"]
    await question.click("In Progress")
    await desk.quiet()
    assert desk.site.issue("PAY-1").status == "In Progress"


async def test_only_people_who_work_the_queue_may_move_it(desk: Desk) -> None:
    question = await offered(desk)
    frank = desk.person("frank")
    await frank.joins("#triage-payments")
    answer = await question.click("Done", by=frank)
    assert isinstance(answer, Answer) and answer.visible_to == "you"
    assert "Only members of Payments can move PAY-1 from here." in answer.text
    await desk.quiet()
    assert moves(desk) == 0 and (await question.now()).buttons == ["Done", "Leave it"]


async def test_a_workspace_admin_may_move_it(desk: Desk) -> None:
    question = await offered(desk)
    olga = desk.person("olga")
    await olga.joins("#triage-payments")
    await question.click("Done", by=olga)
    await desk.quiet()
    assert desk.moved == [("Done", "Olga Petrenko")]


async def test_a_way_that_asks_how_it_ended_gets_an_answer(desk: Desk) -> None:
    desk.site.screens["31"] = (seed.RESOLUTION,)
    question = await offered(desk)
    await question.click("Done")
    await desk.quiet()
    assert desk.issue.resolution == seed.RESOLVED


async def test_a_way_that_needs_more_than_a_click_is_a_link(desk: Desk) -> None:
    desk.site.screens["31"] = (
        seed.RESOLUTION,
        FieldSpec(field_id="customfield_10050", name="Cause", required=True),
    )
    question = await offered(desk)
    assert question.buttons == []
    assert "PAY-1 is still To Do in Jira. It needs more than a click:" in question.text
    assert "Open PAY-1 in Jira" in question.text


async def test_a_restricted_issues_status_is_not_told(desk: Desk) -> None:
    card, _ = await desk.request()
    desk.restrict()
    await closes_request(desk)
    await desk.quiet()
    [question] = await desk.offers(card)
    assert "PAY-1 is not done yet in Jira. Move it?" in question.text
    assert "To Do" not in question.text
    await question.click("Done")
    await desk.quiet()
    assert (await question.now()).text == "Moving PAY-1…"
    assert desk.site.issue("PAY-1").status == "Done"


async def test_an_issue_that_somebody_moved_meanwhile_is_not_moved_again(desk: Desk) -> None:
    question = await offered(desk)
    desk.site.moves("PAY-1", "Done", by=seed.NINA)
    await question.click("Done")
    await desk.quiet()
    assert moves(desk) == 0 and desk.moved == [("Done", "Nina Novak")]


async def test_a_lost_reply_moves_it_once(desk: Desk) -> None:
    question = await offered(desk)
    desk.site.faults.add(operation="do_transition", kind="drop_after")
    await question.click("Done")
    await desk.quiet()
    assert moves(desk) == 1 and desk.moved == [("Done", "Alice Koval")]


async def test_whoever_clicked_is_told_when_jira_refuses(desk: Desk) -> None:
    question = await offered(desk)
    desk.site.faults.add(operation="do_transition", kind="status", status=403)
    await question.click("Done")
    await desk.quiet()
    notice = await desk.person("alice").waits_for("PAY-1 was not moved", in_="dm")
    assert "Jira does not allow the bot to do this." in notice.text
    assert desk.moved == []


async def test_while_jira_is_away_the_question_waits_and_holds_up_nothing(desk: Desk) -> None:
    card, _ = await desk.request()
    desk.site.down = True
    await closes_request(desk)
    await desk.failed_once("issue.offer")
    await desk.deps.slack.call("chat.postMessage", channel=card.channel, thread_ts=card.ts, text="Resolved")
    assert await desk.offers(card) == []
    desk.site.down = False
    await desk.quiet()
    assert len(await desk.offers(card)) == 1


async def test_a_question_that_cannot_be_put_holds_up_no_words(desk: Desk) -> None:
    _, asker = await desk.request()
    desk.box.archive("#triage-payments")
    await closes_request(desk)
    await desk.failed_once("issue.offer")
    await desk.person("ana").says("Thank you", thread=asker)
    await desk.heard()
    async with asyncio.timeout(20):
        while not desk.comments():
            await desk.later(0.5)
    assert "Thank you" in desk.comments()[0]


@pytest.mark.parametrize(("way", "is_open"), [("done", True), ("undone", False)])
async def test_a_request_that_went_the_other_way_meanwhile_is_not_asked_about(
    desk: Desk, way: Literal["done", "undone"], is_open: bool
) -> None:
    card, _ = await desk.request()
    desk.site.moves("PAY-1", "To Do" if way == "done" else "Done")
    desk.site.down = True
    await closes_request(desk, way=way)
    await desk.failed_once("issue.offer")
    assert desk.known.ticket is not None
    desk.known.ticket = replace(desk.known.ticket, is_open=is_open)
    desk.site.down = False
    await desk.quiet()
    assert await desk.offers(card) == []
