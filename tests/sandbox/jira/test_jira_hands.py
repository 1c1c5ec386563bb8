"""What people do in Jira's own pages, by the rules of the REST API, and what the site keeps of it."""

import json

import pytest

from bot.sandbox.jira import JiraServer, JiraSite, hands, seed
from bot.sandbox.jira.model import Issue
from bot.sandbox.jira.wire import JiraRefusal
from bot.sandbox.slack import cast
from tests.sandbox.jira.conftest import Rest
from tests.support.jira_running import Clock

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(30)]


def issue_in(site: JiraSite) -> Issue:
    fields = {"summary": "Refund stuck", "issuetype": {"name": "Task"}}
    return hands.creates(site, seed.NINA, site.projects["PAY"], fields)


async def test_people_of_the_workspace_have_the_same_addresses_in_jira(site: JiraSite) -> None:
    known = {f"{one.name}@example.com" for one in cast.PEOPLE}
    same = {one.name for one in site.accounts.values() if one.email in known}
    assert same == {"alice", "bob", "lead"}


async def test_the_history_keeps_who_changed_what_and_when(site: JiraSite, clock: Clock) -> None:
    issue = issue_in(site)
    clock.advance(60)
    hands.transitions(site, seed.BOB, issue, "21")
    hands.edits(site, seed.ALICE, issue, {"summary": "Refund late", "labels": []})
    hands.assigns(site, seed.ALICE, issue, seed.LEAD)
    assert [(one.by.name, one.field, one.before, one.after) for one in issue.history] == [
        ("bob", "status", "To Do", "In Progress"),
        ("alice", "summary", "Refund stuck", "Refund late"),
        ("alice", "assignee", "", "Lea Dorn"),
    ]
    assert issue.history[0].at == clock()


async def test_the_bots_own_edits_are_in_the_history_too(rest: Rest, site: JiraSite) -> None:
    await rest.create(labels=["a"], priority={"name": "Low"})
    await rest.call("PUT", "issue/PAY-1", body={"fields": {"labels": ["b"], "priority": {"name": "High"}}})
    issue = site.stored["PAY-1"]
    kept = {(one.by.name, one.field, one.before, one.after) for one in issue.history}
    assert kept == {("frontdesk", "labels", "a", "b"), ("frontdesk", "priority", "Low", "High")}


async def test_an_assignee_is_shown_whole_over_the_wire(rest: Rest, site: JiraSite) -> None:
    issue = issue_in(site)
    hands.assigns(site, seed.NINA, issue, seed.BOB)
    answer = await rest.call("GET", f"issue/{issue.key}", params={"fields": "assignee"})
    assert answer.json["fields"]["assignee"]["displayName"] == "Bob Marsh"


@pytest.mark.parametrize("text", ["", "x" * 32_768])
async def test_people_are_refused_what_the_api_refuses(site: JiraSite, text: str) -> None:
    issue = issue_in(site)
    comment = site.says(issue.key, "Before")
    with pytest.raises(JiraRefusal):
        hands.comments_on(site, seed.NINA, issue, text)
    with pytest.raises(JiraRefusal):
        hands.rewords(site, seed.NINA, issue, comment, text)
    assert [one.body for one in issue.comments] == ["Before"]


async def test_nobody_changes_the_comment_of_another(site: JiraSite) -> None:
    issue = issue_in(site)
    comment = site.says(issue.key, "Mine", by=seed.ALICE)
    with pytest.raises(JiraRefusal, match="only your own"):
        hands.rewords(site, seed.BOB, issue, comment, "Yours")
    assert comment.body == "Mine"


async def test_a_reworded_comment_keeps_when_it_was_written(site: JiraSite, clock: Clock) -> None:
    issue = issue_in(site)
    comment = site.says(issue.key, "Frist")
    written = clock()
    clock.advance(30)
    hands.rewords(site, seed.NINA, issue, comment, "First")
    assert (comment.body, comment.created, comment.updated) == ("First", written, clock())


async def test_changes_are_counted_and_reading_is_none(rest: Rest, site: JiraSite) -> None:
    await rest.create()
    before = site.changes
    await rest.call("GET", "issue/PAY-1")
    assert site.changes == before
    await rest.call("PUT", "issue/PAY-1/properties/x", body={"a": 1})
    assert site.changes > before


async def test_a_person_opens_an_issue_in_plain_words(rest: Rest, server: JiraServer) -> None:
    await rest.create(summary="<b>Refund</b>")
    async with rest.session.get(f"{server.url}/browse/pay-1") as answer:
        page = await answer.text()
        assert answer.status == 200 and "&lt;b&gt;Refund&lt;/b&gt;" in page and "<b>" not in page
    async with rest.session.get(f"{server.url}/browse/PAY-9") as answer:
        assert answer.status == 404 and "no issue PAY-9" in await answer.text()


async def test_a_person_is_led_to_the_face_where_there_is_one(rest: Rest, server: JiraServer) -> None:
    server.site.face_url = "http://127.0.0.1:8765"
    for path, there in (("/", "/jira"), ("/browse/PAY-1%2F..%22", "/jira/browse/PAY-1%2F..%22")):
        async with rest.session.get(f"{server.url}{path}", allow_redirects=False) as answer:
            assert answer.status == 302
            assert answer.headers["Location"] == f"http://127.0.0.1:8765{there}"


async def test_a_person_sees_that_jira_is_down(rest: Rest, server: JiraServer) -> None:
    server.site.down = True
    async with rest.session.get(f"{server.url}/browse/PAY-1") as answer:
        assert answer.status == 503


async def test_half_a_character_does_not_end_the_webhooks(site: JiraSite) -> None:
    site.webhooks.add("http://127.0.0.1:9/closed")
    issue = issue_in(site)
    site.says(issue.key, json.loads('"half \\ud83d"'))
    site.says(issue.key, "whole")
    await site.webhooks.idle()
    told = [one.event for one in site.webhooks.deliveries]
    assert told.count("comment_created") == 2
