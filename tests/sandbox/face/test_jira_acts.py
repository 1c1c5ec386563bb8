"""What people do on Jira's pages, in both editions: it reaches the site and the webhooks, or is refused in words."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from bot.sandbox.story import Sandbox
from tests.sandbox.face.jira_desk import JiraDesk, jira_desk
from tests.sandbox.slack.tiny_bot import manifest

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(30)]


@pytest.fixture(params=["cloud", "datacenter"])
def edition(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest_asyncio.fixture
async def desk(edition: Any) -> AsyncIterator[JiraDesk]:
    async with Sandbox.start(manifest=manifest()) as box, jira_desk(box, edition) as desk:
        yield desk


async def test_a_comment_reaches_page_and_webhook(desk: JiraDesk) -> None:
    desk.issue()
    assert await desk.post("/jira/browse/PAY-1/comment", by="alice", text="On my desk") == {}
    assert desk.site.issue("PAY-1").comments == (("Alice Koval", "On my desk"),)
    assert "On my desk" in await desk.get("/jira/browse/PAY-1")
    assert [one for one in await desk.told() if one != "jira:issue_updated"] == [
        "jira:issue_created",
        "comment_created",
    ]


async def test_an_empty_comment_is_answered_in_words(desk: JiraDesk) -> None:
    desk.issue()
    answer = await desk.post("/jira/browse/PAY-1/comment", text=" \n ")
    assert "Write the comment first" in answer["say"]
    assert await desk.told() == ["jira:issue_created"]


async def test_a_comment_that_is_too_long_is_refused_in_jiras_words(desk: JiraDesk) -> None:
    desk.issue()
    answer = await desk.post("/jira/browse/PAY-1/comment", text="x" * 32_768)
    assert "32,767" in answer["say"]


async def test_a_transition_reaches_history_and_webhook(desk: JiraDesk) -> None:
    desk.issue()
    assert await desk.post("/jira/browse/PAY-1/move", to="31", by="bob") == {}
    await desk.told()
    item = desk.receiver.bodies[-1]["changelog"]["items"][0]
    assert (item["fromString"], item["toString"]) == ("To Do", "Done")
    assert "<b>Bob Marsh</b> changed status" in await desk.get("/jira/browse/PAY-1")


async def test_a_transition_that_does_not_exist_is_refused_in_words(desk: JiraDesk) -> None:
    desk.issue()
    assert "workflow" in (await desk.post("/jira/browse/PAY-1/move", to="99"))["say"]
    assert desk.site.issue("PAY-1").status == "To Do"


async def test_only_what_differs_is_changed_by_the_edit_form(desk: JiraDesk) -> None:
    desk.issue(labels=["a"])
    await desk.post("/jira/browse/PAY-1/edit", summary="Refund stuck", labels="a b", assignee="lead")
    await desk.told()
    changed = [body["changelog"]["items"] for body in desk.receiver.bodies[1:]]
    assert [
        [(one["field"], one["fromString"] or "", one["toString"]) for one in items] for items in changed
    ] == [
        [("labels", "a", "a b")],
        [("assignee", "", "Lea Dorn")],
    ]


async def test_an_assignee_is_whole_in_the_webhook_and_can_be_taken_off(desk: JiraDesk) -> None:
    desk.issue()
    await desk.post("/jira/browse/PAY-1/edit", assignee="alice")
    await desk.told()
    assert desk.receiver.bodies[-1]["issue"]["fields"]["assignee"]["displayName"] == "Alice Koval"
    await desk.post("/jira/browse/PAY-1/edit", assignee="")
    await desk.told()
    assert desk.receiver.bodies[-1]["issue"]["fields"]["assignee"] is None


async def test_an_issue_is_created_by_hand(desk: JiraDesk) -> None:
    fields = {"type": "10001", "summary": "By hand", "description": "Words"}
    answer = await desk.post("/jira/projects/PAY/create", by="lead", **fields)
    assert answer["patches"][0]["id"] == "/jira/browse/PAY-1"
    seen = desk.site.issue("PAY-1")
    assert (seen.summary, seen.description, seen.reporter) == ("By hand", "Words", "Lea Dorn")
    assert await desk.told() == ["jira:issue_created"]


async def test_a_missing_field_of_a_new_issue_is_named(desk: JiraDesk) -> None:
    fields = {"type": "10004", "summary": "Broken"}
    assert (await desk.post("/jira/projects/OPS/create", **fields))["say"] == "Severity is required."
    await desk.post("/jira/projects/OPS/create", **fields, **{"field-customfield_10030": "Major"})
    assert '<dt>Severity</dt><dd class="doc">Major</dd>' in await desk.get("/jira/browse/OPS-1")


async def test_people_change_and_delete_comments(desk: JiraDesk) -> None:
    issue = desk.issue()
    comment = desk.site.says(issue.key, "Frist")
    here = f"/jira/browse/PAY-1/comments/{comment.comment_id}"
    assert await desk.post(f"{here}/edit", **{f"text-{comment.comment_id}": "First"}) == {}
    assert desk.site.issue("PAY-1").comments == (("Nina Novak", "First"),)
    refused = await desk.post(f"{here}/edit", by="bob", **{f"text-{comment.comment_id}": "Mine"})
    assert "only your own" in refused["say"]
    assert await desk.post(f"{here}/delete") == {}
    assert "not there any more" in (await desk.post(f"{here}/delete"))["say"]
    told = [one for one in await desk.told() if one.startswith("comment")]
    assert told == ["comment_created", "comment_updated", "comment_deleted"]


async def test_a_deleted_issue_leads_back_to_its_board(desk: JiraDesk) -> None:
    desk.issue()
    answer = await desk.post("/jira/browse/PAY-1/delete")
    assert answer["patches"][0] == {"do": "go", "id": "/jira/projects/PAY", "html": ""}
    assert (await desk.told())[-1] == "jira:issue_deleted"
    assert "no issue PAY-1" in await desk.get("/jira/browse/PAY-1", status=404)


async def test_nobody_acts_as_the_bot_or_a_stranger(desk: JiraDesk) -> None:
    desk.issue()
    for name in ("frontdesk", "stranger", ""):
        assert "can act" in (await desk.post("/jira/browse/PAY-1/comment", by=name, text="x"))["say"]
        assert "can act" in (await desk.post("/jira/as", by=name))["say"]


async def test_a_browser_remembers_who_acts(desk: JiraDesk) -> None:
    desk.issue()
    async with desk.session.post(f"{desk.server.address}/jira/as", data={"by": "bob"}) as answer:
        chosen = answer.cookies["jira_by"].value
    async with desk.session.get(
        f"{desk.server.address}/jira/browse/PAY-1", cookies={"jira_by": chosen}
    ) as answer:
        assert "Comment as Bob Marsh" in await answer.text()
