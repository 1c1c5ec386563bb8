"""What is said in a thread, as people read it in Jira. On both editions."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.features.in_step.outbound import Desk, lines_of, open_desk

HOSTILE = "{code} [~accountid:x] !http://x/y.png! @bob <!channel> [click|http://evil.example] {color:red}"


@pytest.fixture(params=["cloud", "datacenter"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path) -> AsyncIterator[Desk]:
    """A Jira of each edition."""
    path = tmp_path / "frontdesk.db"
    path.write_bytes(sqlite_template.read_bytes())
    edition: Any = request.param
    async with open_desk(f"sqlite:///{path}", edition) as made:
        yield made


async def test_a_burst_becomes_one_comment_with_names_and_times(desk: Desk) -> None:
    root = await desk.thread()
    await desk.person("ana").says("It still fails", thread=root)
    await desk.person("bob").says("Which order?", thread=root)
    await desk.quiet()
    [comment] = desk.comments()
    heads, said = lines_of(comment)[::2], lines_of(comment)[1::2]
    assert said == ["It still fails", "Which order?"]
    assert [head.split(" (")[0].strip("*") for head in heads] == ["Ana Moreau", "Bob Marsh"]
    assert all(head.endswith(" EET):") for head in heads)


async def test_what_is_said_later_is_a_comment_of_its_own(desk: Desk) -> None:
    root = await desk.thread()
    await desk.person("ana").says("First", thread=root)
    await desk.quiet()
    await desk.person("ana").says("Second", thread=root)
    await desk.quiet()
    assert [lines_of(comment)[1:] for comment in desk.comments()] == [["First"], ["Second"]]


async def test_both_threads_of_a_request_go_to_its_issue(desk: Desk) -> None:
    card, asker = await desk.request()
    await desk.person("alice").says("Looking into it", thread=card)
    await desk.person("ana").says("Thank you", thread=asker)
    await desk.quiet()
    [comment] = desk.comments()
    assert lines_of(comment)[1::2] == ["Looking into it", "Thank you"]


async def test_an_aside_never_leaves_in_whichever_thread_it_is(desk: Desk) -> None:
    for thread in await desk.request():
        await desk.person("alice").says("// the customer is wrong", thread=thread)
    await desk.quiet()
    assert desk.comments() == []
    assert await desk.stored_words() == ["", ""]


async def test_an_aside_in_a_thread_of_no_request_never_leaves(desk: Desk) -> None:
    root = await desk.thread()
    await desk.person("alice").says("// the customer is wrong", thread=root)
    await desk.quiet()
    assert desk.comments() == [] and await desk.stored_words() == [""]


async def test_an_aside_that_is_none_any_more_is_added(desk: Desk) -> None:
    card, _ = await desk.request()
    said = await desk.person("alice").says("// try again", thread=card)
    await desk.quiet()
    await desk.person("alice").edits(said, "Try again, please")
    await desk.quiet()
    [comment] = desk.comments()
    assert lines_of(comment)[1:] == ["Try again, please"]


async def test_somebody_elses_words_in_a_private_place_never_leave(desk: Desk) -> None:
    _, asker = await desk.request(private=True)
    await desk.person("bob").says("Between us", thread=asker)
    await desk.person("ana").says("It still fails", thread=asker)
    await desk.quiet()
    [comment] = desk.comments()
    assert lines_of(comment)[1:] == ["It still fails"]
    assert "Between us" not in await desk.stored_words()


async def test_an_edit_changes_the_comment(desk: Desk) -> None:
    root = await desk.thread()
    said = await desk.person("ana").says("Order 123", thread=root)
    await desk.person("bob").says("Which shop?", thread=root)
    await desk.quiet()
    await desk.person("ana").edits(said, "Order 124")
    await desk.quiet()
    [comment] = desk.comments()
    assert lines_of(comment)[1::2] == ["Order 124", "Which shop?"]


async def test_an_edit_in_a_requests_thread_changes_the_comment(desk: Desk) -> None:
    _, asker = await desk.request()
    said = await desk.person("ana").says("Order 123", thread=asker)
    await desk.quiet()
    await desk.person("ana").edits(said, "Order 124")
    await desk.quiet()
    [comment] = desk.comments()
    assert lines_of(comment)[1:] == ["Order 124"]


async def test_a_deletion_takes_the_words_out_of_the_comment_and_the_last_one_the_comment(desk: Desk) -> None:
    card, _ = await desk.request()
    first = await desk.person("alice").says("Secret", thread=card)
    second = await desk.person("alice").says("Also secret", thread=card)
    await desk.quiet()
    await desk.person("alice").deletes(first)
    await desk.quiet()
    [comment] = desk.comments()
    assert lines_of(comment)[1:] == ["Also secret"]
    await desk.person("alice").deletes(second)
    await desk.quiet()
    assert desk.comments() == [] and await desk.stored_words() == ["", ""]


async def test_what_became_an_aside_leaves_jira_and_comes_back_when_it_is_none(desk: Desk) -> None:
    root = await desk.thread()
    said = await desk.person("alice").says("Ask legal", thread=root)
    await desk.quiet()
    await desk.person("alice").edits(said, "// Ask legal")
    await desk.quiet()
    assert desk.comments() == []
    await desk.person("alice").edits(said, "Ask our lawyers")
    await desk.quiet()
    [comment] = desk.comments()
    assert lines_of(comment)[1:] == ["Ask our lawyers"]


async def test_what_is_deleted_before_it_was_sent_is_never_sent(desk: Desk) -> None:
    root = await desk.thread()
    said = await desk.person("ana").says("Secret", thread=root)
    await desk.heard()
    await desk.person("ana").deletes(said)
    await desk.quiet()
    assert [record.operation for record in desk.site.journal if record.operation == "add_comment"] == []


async def test_the_transcript_is_not_sent_again(desk: Desk) -> None:
    root = await desk.thread()
    desk.waits_for_jira()
    said = await desk.person("ana").says("It is in the transcript", thread=root)
    desk.has_issue(desk.threads(), told_until=said.ts, request_id=None, number=None)
    await desk.person("ana").says("It is not", thread=root)
    await desk.quiet()
    [comment] = desk.comments()
    assert lines_of(comment)[1:] == ["It is not"]


async def test_what_is_said_while_the_issue_is_made_follows_it(desk: Desk) -> None:
    root = await desk.thread()
    desk.waits_for_jira()
    await desk.person("ana").says("It still fails", thread=root)
    await desk.quiet()
    assert desk.comments() == []
    desk.has_issue(desk.threads(), request_id=None, number=None)
    await desk.issue_made()
    await desk.quiet()
    [comment] = desk.comments()
    assert lines_of(comment)[1:] == ["It still fails"]


async def test_other_bots_and_other_threads_are_passed_by(desk: Desk) -> None:
    root = await desk.thread()
    await desk.deps.slack.call("chat.postMessage", channel=root.channel, thread_ts=root.ts, text="I am a bot")
    elsewhere = await desk.person("ana").says("Lunch?", in_="#ask-payments")
    await desk.person("bob").says("Yes", thread=elsewhere)
    await desk.person("ana").edits(root, "Refund stuck, again")
    await desk.quiet()
    assert desk.comments() == [] and await desk.stored_words() == []


async def test_an_event_that_comes_twice_is_one_comment(desk: Desk) -> None:
    root = await desk.thread()
    desk.box.deliver_twice()
    await desk.person("ana").says("It still fails", thread=root)
    await desk.quiet()
    assert len(desk.comments()) == 1 and lines_of(desk.comments()[0])[1:] == ["It still fails"]


async def test_files_are_named_and_wanted(desk: Desk) -> None:
    root = await desk.thread()
    await desk.person("ana").says("See this", thread=root, files=[("error.log", b"boom")])
    await desk.quiet()
    [comment] = desk.comments()
    assert "error.log" in comment and desk.known.files == ["error.log"]


async def test_hostile_text_does_nothing_in_jira(desk: Desk) -> None:
    root = await desk.thread()
    await desk.person("ana").says(HOSTILE, thread=root)
    await desk.quiet()
    [comment] = desk.comments()
    for word in ("{code}", "[~accountid:x]", "http://x/y.png", "{color:red}", "@bob"):
        assert word in comment
    assert desk.person("bob").id not in comment
    body: Any = desk.issue.comments[0].body
    if isinstance(body, str):
        assert r"\{code\}" in body and r"\[\~accountid:x\]" in body and r"\{color:red\}" in body
        assert "!http" not in body
    else:
        assert kinds_in(body) <= {"doc", "paragraph", "text", "strong", "link", "hardBreak"}


def kinds_in(node: Any) -> set[str]:
    """Every type of node and mark in a document."""
    inner = [*node.get("content", ()), *node.get("marks", ())]
    return {node["type"]}.union(*(kinds_in(one) for one in inner))
