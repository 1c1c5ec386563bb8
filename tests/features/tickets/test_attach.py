"""Files of a thread are on its issue, each once, and what could not go is said."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.core.files import FileRef
from bot.features.tickets import files
from bot.features.tickets.files import FileState
from bot.features.tickets.models import ticket_files
from bot.outbox.models import outbox
from bot.outbox.retry import MOST_FAILURES
from bot.outbox.unit_of_work import UnitOfWork
from bot.sandbox.story import Seen
from bot.slack.files import read_file
from tests.features.tickets.complete import SCOPES, allow, ask, attached, made, made_of_request, stored
from tests.features.tickets.conftest import Desk


async def states(desk: Desk) -> list[tuple[str, str]]:
    query = select(ticket_files.c.name, ticket_files.c.state).order_by(ticket_files.c.id)
    return [(row[0], row[1]) for row in await desk.deps.transactions.read(lambda c: c.execute(query).all())]


async def all_done(desk: Desk) -> None:
    """Time passes until nothing is left to do."""
    async with asyncio.timeout(20):
        while await desk.open_entries():
            await desk.later(2)
            await asyncio.sleep(0.1)


def files_of(desk: Desk, message: Seen) -> list[dict[str, Any]]:
    """What Slack tells of a message's files, to be changed."""
    return desk.box.workspace.world.channels[message.channel].messages[message.ts].files


async def notes(desk: Desk, root: Seen) -> list[str]:
    return [words for words in await desk.bot_says_in(root, to="ana") if "not attached" in words]


async def test_files_of_all_messages_are_attached_under_names_of_their_own(desk: Desk) -> None:
    allow(desk)
    root = await desk.person("ana").says("see", in_="#ask-payments", files=[("log.txt", b"first")])
    await desk.person("bob").says(
        "mine", thread=root, files=[("log.txt", b"2nd"), ("Ünïcode 🎉.png", b"\x89P")]
    )
    issue = await made(desk, root)
    assert attached(issue) == [("log.txt", b"first"), ("log (2).txt", b"2nd"), ("Ünïcode 🎉.png", b"\x89P")]
    assert {one.author.account_id for one in issue.attachments} == {desk.site.bot_account.account_id}
    assert await notes(desk, root) == []


async def test_files_of_the_teams_own_lines_and_of_others_in_a_private_place_stay(desk: Desk) -> None:
    allow(desk)
    asker = await desk.person("ana").says("wrong", in_="#payments-private", files=[("slip.txt", b"a")])
    await desk.person("bob").says("mine", thread=asker, files=[("bobs.txt", b"b")])
    card, _ = await desk.request(asker=asker, private=True)
    await desk.person("alice").says("// look", thread=card, files=[("secret.txt", b"c")])
    await desk.person("alice").says("look", thread=card, files=[("shown.txt", b"d")])
    assert [name for name, _ in attached(await made_of_request(desk))] == ["slip.txt", "shown.txt"]


async def test_a_file_that_is_too_large_is_named_in_the_text_with_its_size(desk: Desk) -> None:
    allow(desk)
    desk.site.upload_limit = 1_000
    files_ = [("dump.bin", b"x" * 1_400), ("log.txt", b"boom")]
    root = await desk.person("ana").says("see", in_="#ask-payments", files=files_)
    issue = await made(desk, root)
    text = desk.site.issue("PAY-1").description
    assert attached(issue) == [("log.txt", b"boom")]
    assert "dump.bin" in text
    assert "(not attached: too large, 1 KB)" in text
    assert await notes(desk, root) == []


async def test_where_jira_takes_no_files_the_text_says_so(desk: Desk) -> None:
    allow(desk)
    desk.site.takes_attachments = False
    root = await desk.person("ana").says("see", in_="#ask-payments", files=[("log.txt", b"boom")])
    assert attached(await made(desk, root)) == []
    assert "(not attached: Jira takes no attachments)" in desk.site.issue("PAY-1").description


async def test_a_file_that_lies_elsewhere_is_a_link(desk: Desk) -> None:
    allow(desk)
    root = await desk.person("ana").says("see", in_="#ask-payments", files=[("plan.gdoc", b"")])
    files_of(desk, root)[0] |= {"mode": "external", "is_external": True}
    assert attached(await made(desk, root)) == []
    text = desk.site.issue("PAY-1").description
    assert "plan.gdoc" in text
    assert "(not attached: kept elsewhere than in Slack)" in text


async def test_without_the_scope_no_sign_in_page_is_attached_and_one_note_says_why(desk: Desk) -> None:
    tokens = desk.box.workspace.server.tokens
    allow(desk, SCOPES)
    grant = tokens[desk.box.bot_token]
    tokens[desk.box.bot_token] = type(grant)(kind=grant.kind, scopes=grant.scopes - {"files:read"})
    two = [("log.txt", b"boom"), ("more.txt", b"boom")]
    root = await desk.person("ana").says("see", in_="#ask-payments", files=two)
    assert attached(await made(desk, root)) == []
    (note,) = await notes(desk, root)
    assert "These files are not attached to PAY-1" in note
    assert "log.txt (the app misses the permission files:read)" in note
    assert "more.txt (the app misses the permission files:read)" in note


async def test_a_file_that_was_deleted_before_its_turn_is_told_and_the_others_arrive(desk: Desk) -> None:
    allow(desk)
    two = [("gone.txt", b"boom"), ("log.txt", b"boom")]
    desk.site.faults.add(operation="create_issue", kind="drop_after")
    root = await desk.person("ana").says("see", in_="#ask-payments", files=two)
    await ask(desk, root)
    await desk.settled()
    desk.box.workspace.files.erase(str(root.message.files[0]["id"]))
    await desk.later(31)
    await desk.person("ana").waits_for("PAY-1", thread=root, timeout=15)
    await desk.quiet()
    assert attached(stored(desk)) == [("log.txt", b"boom")]
    (note,) = await notes(desk, root)
    assert "This file is not attached to PAY-1" in note
    assert "gone.txt" in note


@pytest.mark.parametrize("kind", ["drop_after", "status_after"])
async def test_a_lost_answer_leaves_one_attachment(desk: Desk, kind: str) -> None:
    allow(desk)
    desk.site.faults.add(operation="add_attachments", kind=kind, status=500)  # type: ignore[arg-type]
    root = await desk.person("ana").says("see", in_="#ask-payments", files=[("log.txt", b"boom")])
    await ask(desk, root)
    await desk.person("ana").waits_for("PAY-1", thread=root, timeout=15)
    await desk.settled("ticket.attach")
    await desk.later(3)
    await desk.quiet()
    assert attached(stored(desk)) == [("log.txt", b"boom")]
    assert await states(desk) == [("log.txt", "attached")]


async def test_a_file_that_did_not_arrive_is_sent_after_two_looks(desk: Desk) -> None:
    allow(desk)
    desk.site.faults.add(operation="add_attachments", kind="drop_before")
    root = await desk.person("ana").says("see", in_="#ask-payments", files=[("log.txt", b"boom")])
    await ask(desk, root)
    await desk.settled("ticket.attach")
    await all_done(desk)
    assert attached(stored(desk)) == [("log.txt", b"boom")]


async def test_a_refusal_by_jira_is_told_once_in_its_words(desk: Desk) -> None:
    allow(desk)
    desk.site.forbid(desk.site.bot_account, "PAY", "CREATE_ATTACHMENTS")
    root = await desk.person("ana").says("see", in_="#ask-payments", files=[("log.txt", b"boom")])
    await made(desk, root)
    (note,) = await notes(desk, root)
    assert "log.txt (Jira does not allow the bot to do this." in note
    assert await states(desk) == [("log.txt", "left_out")]


async def test_a_slack_that_is_busy_gives_the_file_later(desk: Desk) -> None:
    allow(desk)
    desk.box.faults.add(method="file.download", kind="status", times=1, status=503)
    root = await desk.person("ana").says("see", in_="#ask-payments", files=[("log.txt", b"boom")])
    await ask(desk, root)
    await desk.settled("ticket.attach")
    await desk.later(60)
    await desk.quiet()
    assert attached(stored(desk)) == [("log.txt", b"boom")]


async def test_a_file_that_slack_does_not_give_holds_up_no_other(desk: Desk) -> None:
    allow(desk)
    desk.box.faults.add(method="file.download", kind="status", times=1, status=503)
    two = [("slow.txt", b"boom"), ("log.txt", b"boom")]
    root = await desk.person("ana").says("see", in_="#ask-payments", files=two)
    await ask(desk, root)
    async with asyncio.timeout(15):
        while ("log.txt", "attached") not in await states(desk):
            await asyncio.sleep(0.02)
    assert await states(desk) == [("slow.txt", "waiting"), ("log.txt", "attached")]
    await desk.later(60)
    await desk.quiet()
    assert await states(desk) == [("slow.txt", "attached"), ("log.txt", "attached")]


async def test_a_file_that_never_comes_is_given_up_in_plain_words(desk: Desk) -> None:
    allow(desk)
    desk.box.faults.add(method="file.download", kind="status", status=503)
    root = await desk.person("ana").says("see", in_="#ask-payments", files=[("log.txt", b"boom")])
    await ask(desk, root)
    await desk.settled("ticket.attach")
    await desk.deps.transactions.run(_tired)
    await all_done(desk)
    (note,) = await notes(desk, root)
    assert "log.txt (it could not be brought there in time)" in note


def _tired(uow: UnitOfWork) -> None:
    """Many attempts have failed."""
    still = outbox.c.closed_at.is_(None)
    uow.connection.execute(update(outbox).where(still).values(failures=MOST_FAILURES - 1))


async def test_a_file_of_a_later_message_follows_once(desk: Desk) -> None:
    allow(desk)
    root = await desk.person("ana").says("see", in_="#ask-payments", files=[("log.txt", b"boom")])
    await made(desk, root)
    later = await desk.person("bob").says("and", thread=root, files=[("log.txt", b"again")])
    ref = read_file(later.message.files[0])
    assert ref is not None
    for _ in range(2):
        await desk.deps.transactions.run(files.want, 1, [ref])
    await desk.quiet()
    assert attached(stored(desk)) == [("log.txt", b"boom"), ("log (2).txt", b"again")]


async def test_a_file_of_a_message_while_the_issue_is_on_its_way_follows_when_it_is_there(desk: Desk) -> None:
    allow(desk)
    desk.site.down = True
    root = await desk.person("ana").says("see", in_="#ask-payments")
    await ask(desk, root)
    await desk.settled()
    ref = FileRef(id="F9", name="huge.bin", size=45_000_000, mimetype="", url="https://files.slack.com/f")
    await desk.deps.transactions.run(files.want, 1, [ref])
    later = await desk.person("bob").says("and", thread=root, files=[("log.txt", b"late")])
    found = read_file(later.message.files[0])
    assert found is not None
    await desk.deps.transactions.run(files.want, 1, [found])
    assert await notes(desk, root) == []
    desk.site.down = False
    await desk.later(20)
    await desk.person("ana").waits_for("PAY-1", thread=root, timeout=15)
    await desk.quiet()
    assert attached(stored(desk)) == [("log.txt", b"late")]
    (note,) = await notes(desk, root)
    assert "huge.bin (too large, 45 MB)" in note


async def test_a_file_of_another_workspace_is_asked_for_by_its_id(desk: Desk) -> None:
    allow(desk)
    root = await desk.person("ana").says("see", in_="#ask-payments", files=[("log.txt", b"boom")])
    shown = files_of(desk, root)
    shown[0] = {"id": shown[0]["id"], "mode": "hosted", "file_access": "check_file_info"}
    ((_, content),) = attached(await made(desk, root))
    assert content == b"boom"


def ref_(number: int = 1, **more: object) -> FileRef:
    values: dict[str, object] = {
        "id": f"F{number}", "name": "a.txt", "size": 1, "mimetype": "text/plain", "url": "https://files.slack.com/f",
    }  # fmt: skip
    return FileRef(**(values | more))  # type: ignore[arg-type]


def test_twenty_files_go_and_the_next_is_named() -> None:
    planned = files.plan([], [ref_(number) for number in range(21)], files.MOST_BYTES)
    assert [one.state for one in planned] == [FileState.WAITING] * 20 + [FileState.LEFT_OUT]
    assert planned[-1].reason == "more than 20 files"
    assert len({one.name for one in planned[:-1]}) == 20


def test_sixty_megabytes_go_together_and_a_small_one_still_fits() -> None:
    big = [ref_(number, size=19_000_000) for number in range(4)]
    planned = files.plan([], [*big, ref_(9)], files.MOST_BYTES)
    assert [one.reason for one in planned] == [None, None, None, "more than 60 MB together", None]


def test_a_file_that_is_known_is_not_planned_again() -> None:
    known = files.plan([], [ref_()], files.MOST_BYTES)
    assert files.plan(known, [ref_(), ref_(2)], files.MOST_BYTES)[0].name == "a (2).txt"


async def test_what_was_planned_twice_is_kept_once(desk: Desk) -> None:
    root = await desk.person("ana").says("see", in_="#ask-payments")
    desk.site.down = True
    await ask(desk, root)

    def twice(uow: UnitOfWork) -> None:
        for _ in range(2):
            files.want(uow, 1, [ref_()])

    await desk.deps.transactions.run(twice)
    assert await states(desk) == [("a.txt", "waiting")]
