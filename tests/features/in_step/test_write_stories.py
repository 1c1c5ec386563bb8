"""What becomes of words when Jira is away, slow or unwilling. On both editions."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.jira import seed
from tests.features.in_step.outbound import Desk, lines_of, open_desk


@pytest.fixture(params=["cloud", "datacenter"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path) -> AsyncIterator[Desk]:
    """A Jira of each edition."""
    path = tmp_path / "frontdesk.db"
    path.write_bytes(sqlite_template.read_bytes())
    edition: Any = request.param
    async with open_desk(f"sqlite:///{path}", edition) as made:
        yield made


async def test_a_lost_reply_gives_one_comment(desk: Desk) -> None:
    root = await desk.thread()
    desk.site.faults.add(operation="add_comment", kind="drop_after")
    await desk.person("ana").says("It still fails", thread=root)
    await desk.quiet()
    assert len(desk.comments()) == 1


async def test_what_is_deleted_while_its_reply_was_lost_leaves_jira(desk: Desk) -> None:
    root = await desk.thread()
    desk.site.faults.add(operation="add_comment", kind="drop_after")
    said = await desk.person("ana").says("Secret", thread=root)
    await desk.failed_once("issue.write")
    await desk.person("ana").deletes(said)
    await desk.quiet()
    assert desk.comments() == []


async def test_sixty_messages_while_jira_is_down_arrive_in_order_once_each(desk: Desk) -> None:
    root = await desk.thread()
    desk.site.down = True
    for number in range(60):
        await desk.person("ana").says(f"Message {number}", thread=root)
        if number in (0, 30):
            await desk.failed_once("issue.write")
    await desk.later(70)
    desk.site.down = False
    await desk.quiet()
    said = [line for comment in desk.comments() for line in lines_of(comment) if line.startswith("Message")]
    assert said == [f"Message {number}" for number in range(60)]
    notices = await desk.bot_says_in(root)
    assert notices == ["Jira does not answer; what you write here is kept and added later."]


async def test_a_short_silence_of_jira_is_not_told(desk: Desk) -> None:
    root = await desk.thread()
    desk.site.down = True
    await desk.person("ana").says("It still fails", thread=root)
    await desk.failed_once("issue.write")
    desk.site.down = False
    await desk.quiet()
    assert len(desk.comments()) == 1 and await desk.bot_says_in(root) == []


async def test_whoever_spoke_is_told_when_jira_refuses(desk: Desk) -> None:
    root = await desk.thread()
    desk.site.faults.add(operation="add_comment", kind="status", status=403, times=None)
    await desk.person("ana").says("It still fails", thread=root)
    await desk.person("ana").says("Since Monday", thread=root)
    await desk.quiet()
    [notice] = await desk.bot_says_in(root)
    assert "Your words could not be added to PAY-1: Jira does not allow the bot to do this." in notice
    assert "ana" in notice.lower()


async def test_a_login_that_ran_out_loses_nothing(desk: Desk) -> None:
    root = await desk.thread()
    fault = desk.site.faults.add(operation="add_comment", kind="status", status=401, times=None)
    await desk.person("ana").says("It still fails", thread=root)
    await desk.failed_once("issue.write")
    await desk.later(61)
    await desk.person("ana").waits_for("Jira does not accept Frontdesk's login", thread=root)
    desk.site.faults.remove(fault)
    await desk.quiet()
    assert len(desk.comments()) == 1


async def test_a_long_message_and_many_of_them_lose_no_word(desk: Desk) -> None:
    root = await desk.thread()
    for number in range(3):
        await desk.person("ana").says(f"Begin{number} " + "word *bold* " * 1200 + f"End{number}", thread=root)
    await desk.quiet()
    together = "\n".join(desk.comments())
    assert [word for word in together.split() if word.startswith(("Begin", "End"))] == [
        "Begin0", "End0", "Begin1", "End1", "Begin2", "End2"
    ]  # fmt: skip
    assert together.count("bold") == 3600


async def test_a_comment_that_somebody_deleted_in_jira_stays_away(desk: Desk) -> None:
    root = await desk.thread()
    said = await desk.person("ana").says("Order 123", thread=root)
    await desk.quiet()
    desk.site.takes_away(desk.issue, desk.issue.comments[0], by=seed.NINA)
    await desk.person("ana").edits(said, "Order 124")
    await desk.quiet()
    assert desk.comments() == [] and await desk.results("issue.rewrite") == ["done"]


async def test_a_restart_after_a_lost_reply_gives_one_comment(desk: Desk) -> None:
    root = await desk.thread()
    desk.site.faults.add(operation="add_comment", kind="drop_after")
    await desk.person("ana").says("It still fails", thread=root)
    await desk.failed_once("issue.write")
    await desk.end()
    await desk.person("ana").says("Since Monday", thread=root)
    await desk.heard()
    desk.start()
    await desk.quiet()
    assert [lines_of(comment)[1:] for comment in desk.comments()] == [["It still fails"], ["Since Monday"]]


async def test_jiras_wish_to_wait_is_obeyed(desk: Desk) -> None:
    root = await desk.thread()
    desk.site.faults.add(operation="add_comment", kind="rate_limited", seconds=40)
    await desk.person("ana").says("It still fails", thread=root)
    await desk.failed_once("issue.write")
    await desk.later(35)
    assert desk.comments() == []
    await desk.later(10)
    await desk.quiet()
    assert len(desk.comments()) == 1


async def test_a_change_that_jira_refuses_is_told(desk: Desk) -> None:
    root = await desk.thread()
    said = await desk.person("ana").says("Secret", thread=root)
    await desk.quiet()
    desk.site.faults.add(operation="remove_comment", kind="status", status=403)
    await desk.person("ana").deletes(said)
    await desk.quiet()
    [notice] = await desk.bot_says_in(root)
    assert notice.startswith(
        "What was changed or deleted here still stands in PAY-1 as it was: Jira does not"
    )


async def test_an_issue_that_moved_to_another_project_still_gets_its_words(desk: Desk) -> None:
    root = await desk.thread()
    desk.site.moves_to_project("PAY-1", "OPS")
    await desk.person("ana").says("It still fails", thread=root)
    await desk.quiet()
    [(_, comment)] = desk.site.issue("OPS-1").comments
    assert "It still fails" in comment
