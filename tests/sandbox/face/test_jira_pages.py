"""Jira's pages: what people read there, in both editions, and how open ones stay true."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from bot.sandbox.jira import seed
from bot.sandbox.jira.model import Attachment, RemoteLink
from bot.sandbox.story import Sandbox
from tests.sandbox.face.jira_desk import EVIL, JiraDesk, jira_desk, next_patches
from tests.sandbox.slack.tiny_bot import manifest

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(30)]


@pytest.fixture(params=["cloud", "datacenter"])
def edition(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest_asyncio.fixture
async def desk(edition: Any) -> AsyncIterator[JiraDesk]:
    async with Sandbox.start(manifest=manifest()) as box, jira_desk(box, edition) as desk:
        yield desk


async def test_the_first_page_tells_edition_address_and_projects(desk: JiraDesk, edition: str) -> None:
    desk.issue()
    page = await desk.get("/jira")
    name = "Jira Cloud" if edition == "cloud" else "Jira Data Center"
    assert name in page and desk.jira.url in page
    assert "1 to do, 0 in progress, 0 done" in page and "/jira/projects/OPS" in page


async def test_a_board_has_a_column_for_each_status(desk: JiraDesk) -> None:
    first, second = desk.issue(summary="First"), desk.issue(summary="Second", labels=["red"])
    desk.site.moves(second.key, "Done")
    page = await desk.get("/jira/projects/PAY")
    columns = re.split(r"<section", page)[1:]
    assert [first.key in one for one in columns] == [True, False, False]
    assert [second.key in one for one in columns] == [False, False, True]
    assert "red" in columns[2] and "medium priority" in columns[2]


async def test_an_issue_page_tells_everything_about_it(desk: JiraDesk) -> None:
    issue = desk.issue(labels=["from-slack"], components=[{"name": "Billing"}], duedate="2026-12-01")
    target = {"url": "https://example.com/1", "title": "The thread"}
    issue.links.append(RemoteLink(link_id=1, global_id=None, relationship="", target=target, application={}))
    issue.properties["frontdesk"] = {"request": 12}
    desk.site.moves(issue.key, "In Progress")
    page = await desk.get("/jira/browse/PAY-1")
    for words in (
        "from-slack",
        "Billing",
        "2026-12-01",
        "The thread",
        "&#34;request&#34;: 12",
        "<q>To Do</q>",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/jira/projects/NOPE", "It has PAY, OPS, HR."),
        ("/jira/browse/NOPE-7", "There is no issue NOPE-7"),
        ("/jira/attachments/5", "This file is not there"),
        ("/jira/live?page=nothing", "no such page"),
        ("/jira/live?page=board&key=NOPE", "There is no project NOPE"),
    ],
)
async def test_what_is_not_there_is_said_in_words(desk: JiraDesk, address: str, words: str) -> None:
    assert words in await desk.get(address, status=404)


async def test_hostile_words_stay_words_everywhere(desk: JiraDesk) -> None:
    issue = desk.issue(summary=EVIL, description=EVIL, labels=["<b>x</b>"])
    issue.properties[EVIL] = EVIL
    issue.links.append(
        RemoteLink(
            link_id=1,
            global_id=None,
            relationship=EVIL,
            target={"url": "javascript:alert(1)", "title": EVIL},
            application={},
        )
    )
    desk.site.says(issue.key, EVIL)
    desk.site.moves(issue.key, "Done")
    for page in ("/jira", "/jira/projects/PAY", "/jira/browse/PAY-1", "/jira/webhooks"):
        html = await desk.get(page)
        assert "<script>alert" not in html and "<img src=x" not in html and "<b>x</b>" not in html
        assert 'href="javascript' not in html


async def test_half_a_character_does_not_break_a_page(desk: JiraDesk) -> None:
    desk.issue(summary="half \ud83d of it")
    assert "half ? of it" in await desk.get("/jira/browse/PAY-1")


@pytest.mark.parametrize(
    ("kind", "shown"), [("image/png", True), ("image/svg+xml", False), ("text/html", False)]
)
async def test_only_pictures_are_opened_other_files_are_saved(desk: JiraDesk, kind: str, shown: bool) -> None:
    issue = desk.issue()
    now = desk.site.clock()
    issue.attachments.append(
        Attachment(
            attachment_id="7",
            filename='a "b".x',
            content_type=kind,
            content=b"<x>",
            author=seed.NINA,
            created=now,
        )
    )
    assert ("<img" in await desk.get("/jira/browse/PAY-1")) is shown
    async with desk.session.get(f"{desk.server.address}/jira/attachments/7") as answer:
        assert await answer.read() == b"<x>"
        assert answer.headers["Content-Disposition"].startswith("inline" if shown else "attachment")
        assert (answer.content_type == kind) is shown


async def test_an_open_page_is_told_of_changes_and_of_nothing_else(desk: JiraDesk) -> None:
    desk.issue()
    await desk.told()
    page = await desk.get("/jira/browse/PAY-1")
    found = re.search(r"since=([\d-]+)", page)
    assert found is not None
    async with desk.window("issue", "PAY-1", found[1]) as stream:
        desk.site.says("PAY-1", "While you look")
        patches = await next_patches(stream)
    assert {one["id"] for one in patches} == {"jira-comments", "jira-facts"}
    assert "While you look" in "".join(one["html"] for one in patches)


async def test_an_open_page_says_that_its_issue_was_deleted(desk: JiraDesk) -> None:
    desk.issue()
    async with desk.window("issue", "PAY-1", "old") as stream:
        await next_patches(stream)
        await desk.post("/jira/browse/PAY-1/delete")
        patches = await next_patches(stream)
    assert [one["id"] for one in patches] == ["jira-notice"]
    assert "was deleted" in patches[0]["html"]


async def test_a_page_says_when_the_bot_cannot_reach_this_jira(desk: JiraDesk) -> None:
    assert "switched off" not in await desk.get("/jira")
    await desk.jira.pause()
    assert "switched off" in await desk.get("/jira")
    await desk.jira.resume()
    desk.site.down = True
    assert "switched off" in await desk.get("/jira")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (200, "Taken."),
        (403, "the bot does not take these calls"),
        (404, "nothing at this address"),
        (500, "does not try again"),
        (418, "418: Refused."),
    ],
)
async def test_what_became_of_a_webhook_call_is_said(desk: JiraDesk, status: int, words: str) -> None:
    desk.receiver.status = status
    desk.issue()
    await desk.told()
    page = await desk.get("/jira/webhooks")
    assert words in page and "jira:issue_created" in page and "PAY-1" in page
    assert words.removeprefix("418: ") in await desk.get("/jira")


async def test_a_call_that_nobody_answered_is_said(desk: JiraDesk) -> None:
    desk.site.webhooks.registered.clear()
    assert "told to nobody" in await desk.get("/jira")
    desk.site.webhooks.add("http://127.0.0.1:9/closed", events=frozenset({"comment_created"}))
    desk.issue()
    desk.site.says("PAY-1", "Hello")
    await desk.told()
    page = await desk.get("/jira/webhooks")
    assert "Nobody answered." in page and "comment_created, not signed" in page


async def test_the_address_of_an_issue_leads_to_its_page(desk: JiraDesk) -> None:
    desk.issue()
    async with desk.session.get(f"{desk.jira.url}/browse/PAY-1") as answer:
        assert answer.status == 200 and "PAY-1: Refund stuck" in await answer.text()
    desk.site.face_url = desk.server.address
    for path, there in (("/browse/PAY-1", "/jira/browse/PAY-1"), ("/", "/jira")):
        async with desk.session.get(desk.jira.url + path) as answer:
            assert str(answer.url) == desk.server.address + there


async def test_people_are_chosen_by_name_without_an_account_id(desk: JiraDesk) -> None:
    desk.issue()
    assert seed.ALICE.account_id not in await desk.get("/jira/browse/PAY-1")
