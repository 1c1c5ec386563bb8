"""The gateway follows issues on both editions: states, ways, files, comments, people and what a site offers."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.text import Document, from_plain, paragraph, plain
from bot.jira.failures import LoginRefused
from bot.jira.gateway import JiraGateway
from bot.jira.issues import file_name
from bot.jira.shapes import Attached, IssueState
from bot.outbox.outcomes import Doubt, Later, Refused
from bot.sandbox.jira import JiraSite, laboratory, seed
from tests.jira.conftest import draft
from tests.support.jira_running import Clock

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(60)]

DOCUMENT = from_plain("It hangs.")


@pytest.fixture
async def key(gateway: JiraGateway) -> str:
    """An issue."""
    return (await gateway.create_issue(draft())).key


@pytest.fixture
def edition_account(edition: str) -> str:
    """Nina's account as this edition names it."""
    return seed.NINA.account_id if edition == "cloud" else seed.NINA.name


async def test_an_issue_tells_all_that_its_threads_follow(
    gateway: JiraGateway, site: JiraSite, key: str, clock: Clock
) -> None:
    clock.advance(60)
    site.moves(key, "In Progress", by=seed.BOB)
    clock.advance(60)
    site.moves(key, "Done", by=seed.NINA)
    assert await gateway.issues.state(key) == IssueState(
        key="PAY-1",
        id="10000",
        summary="Refund stuck",
        status="Done",
        status_id="10001",
        category="done",
        assignee=None,
        resolution="Done",
        updated=clock(),
        is_restricted=False,
        moved_by=seed.NINA.display_name,
    )


async def test_an_issue_is_found_by_its_id_and_one_that_is_gone_is_none(
    gateway: JiraGateway, key: str
) -> None:
    found = await gateway.issues.state("10000")
    assert (found and found.key, await gateway.issues.state("PAY-99")) == (key, None)


async def test_a_security_level_is_told(gateway: JiraGateway, site: JiraSite, key: str) -> None:
    site.restricts(key, "Staff only")
    found = await gateway.issues.state(key)
    assert found is not None and found.is_restricted


async def test_a_history_of_more_than_a_megabyte_leaves_out_only_who_moved_it(
    gateway: JiraGateway, site: JiraSite, key: str
) -> None:
    issue = site.stored[key]
    site.moves(key, "Done", by=seed.NINA)
    for _ in range(40):
        site.changed(issue, seed.NINA, [("description", (None, "x" * 30_000), (None, "y"))])
    found = await gateway.issues.state(key)
    assert found is not None and (found.status, found.moved_by) == ("Done", "")


async def test_many_issues_are_read_in_few_calls_and_those_that_are_gone_left_out(
    gateway: JiraGateway, site: JiraSite
) -> None:
    for _ in range(3):
        await gateway.create_issue(draft())
    site.journal.clear()
    known = [one.issue_id for one in site.stored.values()]
    found = await gateway.issues.states([*known, *(str(number) for number in range(70_000, 70_140))])
    assert sorted(one.key for one in found) == ["PAY-1", "PAY-2", "PAY-3"]
    assert len(site.journal) == 2


async def test_the_ways_of_an_issue_name_what_their_screens_need(
    gateway: JiraGateway, site: JiraSite, key: str
) -> None:
    site.screens["31"] = (seed.RESOLUTION, seed.SEVERITY)
    done = next(one for one in await gateway.issues.transitions(key) if one.to_name == "Done")
    assert (done.id, done.to_id, done.category, done.needs) == ("31", "10001", "done", ("Severity",))
    assert ("10002", "Duplicate") in done.resolutions


async def test_an_issue_moves_with_a_resolution(gateway: JiraGateway, site: JiraSite, key: str) -> None:
    site.screens["31"] = (seed.RESOLUTION,)
    await gateway.issues.move(key, "31", {"resolution": {"id": "10002"}})
    found = await gateway.issues.state(key)
    assert found is not None and (found.status, found.resolution) == ("Done", "Duplicate")


async def test_a_file_arrives_whole_under_its_name(gateway: JiraGateway, site: JiraSite, key: str) -> None:
    content = bytes(range(256)) * 4096
    attached = await gateway.issues.attach(key, "Protokoll „Mai“.bin", content, "application/octet-stream")
    (file,) = site.stored[key].attachments
    assert (file.filename, file.content) == ("Protokoll „Mai“.bin", content)
    assert await gateway.issues.attachments(key) == [
        Attached(id=attached, name=file.filename, size=len(content), account=await gateway.own_account())
    ]


@pytest.mark.parametrize(
    ("given", "shown"),
    [("../../etc/passwd", "passwd"), ("C:\\temp\\a.txt", "a.txt"), ("a\r\nb.txt", "a b.txt"), ("", "file"),
     ("x" * 300 + ".png", "x" * 180 + ".png")],
)  # fmt: skip
async def test_a_files_name_is_one_line_without_a_path(given: str, shown: str) -> None:
    assert file_name(given) == shown


async def test_a_file_whose_answer_is_lost_is_doubtful(
    gateway: JiraGateway, site: JiraSite, key: str
) -> None:
    site.faults.add(operation="add_attachments", kind="drop_after")
    with pytest.raises(Doubt):
        await gateway.issues.attach(key, "a.txt", b"a", "text/plain")
    assert [one.name for one in await gateway.issues.attachments(key)] == ["a.txt"]


async def test_a_comment_is_found_again_by_its_mark(
    gateway: JiraGateway, site: JiraSite, key: str, clock: Clock
) -> None:
    site.faults.add(operation="add_comment", kind="drop_after")
    with pytest.raises(Doubt):
        await gateway.comments.add(key, DOCUMENT, "m1")
    await gateway.comments.add(key, DOCUMENT, "m2")
    site.says(key, "a person's words")
    (newest, *_) = await gateway.comments.newest(key)
    assert plain(gateway.read(newest.body)) == "a person's words"
    found = await gateway.comments.find(key, "m1", clock())
    assert found == site.stored[key].comments[0].comment_id
    assert await gateway.comments.find(key, "m3", clock()) is None


async def test_a_persons_comment_with_our_mark_is_not_ours(
    gateway: JiraGateway, site: JiraSite, key: str, clock: Clock
) -> None:
    site.says(key, "a person's words").properties["frontdesk"] = {"id": "m1"}
    assert await gateway.comments.find(key, "m1", clock()) is None


async def test_a_comment_is_looked_for_on_all_pages(
    gateway: JiraGateway, site: JiraSite, key: str, clock: Clock
) -> None:
    first = await gateway.comments.add(key, DOCUMENT, "m1")
    for number in range(60):
        site.says(key, f"word {number}")
    assert await gateway.comments.find(key, "m1", clock()) == first
    clock.advance(3600)
    assert await gateway.comments.find(key, "m1", clock()) is None


async def test_a_comment_reads_back_with_its_author(
    gateway: JiraGateway, site: JiraSite, key: str, edition_account: str
) -> None:
    said = site.says(key, "Done by noon")
    found = await gateway.comments.get(key, said.comment_id)
    assert found is not None
    assert (found.author, found.account, found.is_hidden) == (seed.NINA.display_name, edition_account, False)
    assert plain(gateway.read(found.body)) == "Done by noon"


async def test_an_internal_comment_of_a_service_desk_is_hidden(
    gateway: JiraGateway, site: JiraSite, key: str
) -> None:
    said = site.says(key, "between us")
    said.properties["sd.public.comment"] = {"internal": True}
    found = await gateway.comments.get(key, said.comment_id)
    assert found is not None and found.is_hidden
    assert [one.is_hidden for one in await gateway.comments.newest(key)] == [True]


async def test_a_comment_is_changed_and_removed_and_being_gone_is_no_failure(
    gateway: JiraGateway, site: JiraSite, key: str
) -> None:
    own = await gateway.comments.add(key, DOCUMENT, "m1")
    changed = await gateway.comments.change(key, own, Document(blocks=(paragraph("It works."),)))
    assert changed and site.issue(key).comments == ((site.bot_account.display_name, "It works."),)
    await gateway.comments.remove(key, own)
    await gateway.comments.remove(key, own)
    assert not await gateway.comments.change(key, own, DOCUMENT)
    assert await gateway.comments.get(key, own) is None


async def test_comments_of_an_issue_that_is_gone_are_refused(gateway: JiraGateway) -> None:
    with pytest.raises(Refused):
        await gateway.comments.newest("PAY-99")


async def test_people_are_found_by_their_address(gateway: JiraGateway, edition_account: str) -> None:
    found = await gateway.people.by_email(seed.NINA.email.upper())
    assert found is not None and (found.account, found.name) == (edition_account, seed.NINA.display_name)
    assert await gateway.people.by_email("nobody@example.com") is None
    assert await gateway.people.by_email(" ") is None


async def test_a_part_of_an_address_is_nobodys(gateway: JiraGateway) -> None:
    assert await gateway.people.by_email(seed.NINA.email.removesuffix("om")) is None


@pytest.mark.parametrize("edition", ["cloud"], indirect=True)
async def test_a_hidden_address_counts_when_there_is_one_hit(gateway: JiraGateway, site: JiraSite) -> None:
    site.hides_addresses = True
    found = await gateway.people.by_email(seed.NINA.email)
    assert (found and found.name) == seed.NINA.display_name
    twin = replace(seed.NINA, account_id="5b10twin", name="nina2")
    site.accounts[twin.account_id] = twin
    assert await gateway.people.by_email(seed.NINA.email) is None


async def test_people_of_a_project_and_groups_can_be_searched(gateway: JiraGateway, edition: str) -> None:
    everywhere, here = await gateway.people.search("nin"), await gateway.people.search("nin", project="PAY")
    assert [one.name for one in everywhere] == [one.name for one in here] == [seed.NINA.display_name]
    assert await gateway.people.groups("payments") == ["payments-team"]
    assert gateway.people.reference("x") == {"accountId" if edition == "cloud" else "name": "x"}


async def test_labels_in_use_are_offered(gateway: JiraGateway, key: str) -> None:
    assert await gateway.metadata.labels("from") == ["from-slack"]


async def test_sprints_that_run_or_are_to_come_are_offered_past_boards_without(
    gateway: JiraGateway, site: JiraSite
) -> None:
    site.add_sprint("PAY", "Sprint 1", "closed")
    site.add_sprint("PAY", "Sprint 2", "active")
    site.add_sprint("PAY", "Sprint 3", "future")
    assert await gateway.metadata.sprints("PAY") == [("2", "Sprint 2"), ("3", "Sprint 3")]
    assert await gateway.metadata.sprints("OPS") == []


@pytest.mark.parametrize(
    "text", ["refund", "Refund st", "", "PAY-1", "pay-1", 'refund" OR project = HR', "AND refund*"[4:]]
)
async def test_issues_are_offered_by_words_or_key(gateway: JiraGateway, key: str, text: str) -> None:
    words = await gateway.metadata.find_issues("PAY", text)
    expected = [] if "OR" in text else [(key, "Refund stuck")]
    assert words == expected


async def test_an_unknown_key_and_unfitting_words_find_no_issue(gateway: JiraGateway, key: str) -> None:
    for text in ("PAY-99", "zebra", "AND", "* ? ~ \\"):
        found = await gateway.metadata.find_issues("PAY", text)
        assert found == ([(key, "Refund stuck")] if text.startswith("*") else [])


async def test_only_epics_are_offered_where_epics_are_wanted(
    gateway: JiraGateway, site: JiraSite, key: str
) -> None:
    assert await gateway.metadata.find_issues("PAY", "", epics=True) == []


async def test_permissions_are_told_one_by_one(gateway: JiraGateway, site: JiraSite) -> None:
    site.forbid(site.bot_account, "PAY", "ADD_COMMENTS")
    names = ("BROWSE_PROJECTS", "ADD_COMMENTS")
    assert await gateway.metadata.permissions("PAY", names) == {
        "BROWSE_PROJECTS": True,
        "ADD_COMMENTS": False,
    }
    assert not any((await gateway.metadata.permissions("NOPE", names)).values())


async def test_the_limit_for_files_is_told_and_0_where_they_are_off(
    gateway: JiraGateway, site: JiraSite
) -> None:
    assert await gateway.metadata.attachment_limit() == site.upload_limit
    site.takes_attachments = False
    assert await gateway.metadata.attachment_limit() == 0


@pytest.mark.parametrize("version", ["1001.0.0", "9.12.4", "10.3.1"])
async def test_webhooks_are_told_to_an_administrator_alone(
    gateway: JiraGateway, site: JiraSite, version: str
) -> None:
    site.version = version
    site.webhooks.add("https://bot.example/jira/webhook", secret="s")
    assert await gateway.metadata.webhooks() is None
    site.make_admin(site.bot_account)
    assert await gateway.metadata.webhooks() == [("https://bot.example/jira/webhook", True)]


async def test_jiras_time_is_told(gateway: JiraGateway, clock: Clock) -> None:
    assert abs(await gateway.metadata.server_time() - clock()) < timedelta(seconds=1)


async def test_create_fields_know_cascades_and_what_kind_they_are(
    gateway: JiraGateway, site: JiraSite
) -> None:
    kind = laboratory.type_with(laboratory.KINDS["cascading"])
    site.add_project("LAB", "Laboratory", types=(kind,))
    site.allow(site.bot_account, "LAB")
    fields = {one.name: one for one in await gateway.create_fields("LAB", kind.type_id)}
    area = next(one for one in fields["Area"].options if one.name == "Payments")
    assert [child.name for child in area.children] == ["Cards", "Transfers"]
    assert (fields["Summary"].system, fields["Area"].custom.rpartition(":")[2]) == (
        "summary",
        "cascadingselect",
    )
    assert fields["Priority"].default == {"id": "3", "name": "Medium"}


async def test_the_own_account_is_asked_once(gateway: JiraGateway, site: JiraSite) -> None:
    assert gateway.account_id is None
    own = [await gateway.own_account() for _ in range(2)]
    assert (set(own), len(site.journal)) == ({gateway.account_id}, 1)


@pytest.mark.parametrize("key", ["PAY-1 OR project=SECRET", "../myself", "PAY", "10000/comment", "١٠"])
async def test_an_issue_of_another_form_is_refused_unasked(
    gateway: JiraGateway, site: JiraSite, key: str
) -> None:
    asked: list[Any] = [
        gateway.issues.state(key), gateway.issues.states([key]), gateway.issues.transitions(key),
        gateway.issues.move(key, "11", {}), gateway.issues.attach(key, "a", b"", "text/plain"),
        gateway.comments.newest(key), gateway.comments.add(key, DOCUMENT, "m"), gateway.comments.get(key, "1"),
        gateway.comments.get("PAY-1", "../1"), gateway.comments.remove("PAY-1", "1/2"),
    ]  # fmt: skip
    for one in asked:
        with pytest.raises(Refused):
            await one
    assert site.journal == []


async def test_a_revoked_token_is_not_taken_for_issues_that_are_gone(
    gateway: JiraGateway, site: JiraSite, key: str
) -> None:
    site.lock_out()
    asked: list[Any] = [
        gateway.issues.state(key), gateway.comments.get(key, "1"), gateway.comments.change(key, "1", DOCUMENT),
        gateway.comments.remove(key, "1"), gateway.metadata.permissions("PAY", ("ADD_COMMENTS",)),
        gateway.issues.attach(key, "a", b"", "text/plain"), gateway.people.by_email("a@b.example"),
    ]  # fmt: skip
    for one in asked:
        with pytest.raises(LoginRefused):
            await one


async def test_every_write_waits_as_long_as_it_is_told(
    gateway: JiraGateway, site: JiraSite, key: str
) -> None:
    for operation in ("add_comment", "add_attachments", "do_transition"):
        site.faults.add(operation=operation, kind="rate_limited", seconds=9)
    asked: list[Any] = [
        gateway.comments.add(key, DOCUMENT, "m"), gateway.issues.attach(key, "a", b"a", "text/plain"),
        gateway.issues.move(key, "31", {}),
    ]  # fmt: skip
    for one in asked:
        with pytest.raises(Later) as later:
            await one
        assert (later.value.after, later.value.counted) == (9.0, False)


async def test_while_the_site_is_down_nothing_is_taken_for_gone(
    gateway: JiraGateway, site: JiraSite, key: str
) -> None:
    site.down = True
    for one in (gateway.issues.state(key), gateway.comments.get(key, "1"), gateway.metadata.webhooks()):
        with pytest.raises(Later):
            await one
