"""An issue that nobody has to fix afterwards: people, components, properties, the whole talk, the way back."""

import asyncio
from dataclasses import replace

import pytest

from bot.features.tickets import store
from bot.sandbox.jira import seed
from bot.sandbox.jira.model import IssueType
from tests.features.tickets.complete import allow, ask, attached, made, made_of_request, stored
from tests.features.tickets.conftest import Desk

FLAT = IssueType(
    type_id="10001",
    name="Task",
    fields=tuple(
        one for one in seed.BASE_FIELDS if one.field_id not in ("reporter", "assignee", "components")
    ),
)


def description(desk: Desk) -> str:
    return desk.site.issue("PAY-1").description


async def test_whoever_wrote_the_message_reports_the_issue_when_jira_knows_them(desk: Desk) -> None:
    allow(desk)
    root = await desk.person("bob").says("Refund stuck", in_="#ask-payments")
    await made(desk, root)
    assert desk.site.issue("PAY-1").reporter == "Bob Marsh"
    assert "Reported by" not in description(desk)


async def test_a_reporter_whom_jira_does_not_know_is_named_in_the_text(desk: Desk) -> None:
    allow(desk)
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    await made(desk, root)
    assert desk.site.issue("PAY-1").reporter == "Frontdesk"
    assert "Reported by Ana Moreau" in description(desk)


async def test_without_the_scope_for_addresses_everybody_is_named_in_the_text(desk: Desk) -> None:
    tokens = desk.box.workspace.server.tokens
    grant = tokens[desk.box.bot_token]
    tokens[desk.box.bot_token] = replace(grant, scopes=grant.scopes - {"users:read.email"})
    root = await desk.person("bob").says("Refund stuck", in_="#ask-payments")
    await made(desk, root)
    assert "Reported by Bob Marsh" in description(desk)


async def test_the_requests_assignee_has_the_issue(desk: Desk) -> None:
    allow(desk)
    await desk.request(requester=desk.person("bob").id, assignee=desk.person("alice").id)
    await made_of_request(desk)
    assert desk.site.issue("PAY-1").reporter == "Bob Marsh"
    account = stored(desk).fields["assignee"]
    assert seed.ALICE.account_id in account.values() or seed.ALICE.name in account.values()


async def test_a_form_without_reporter_and_assignee_is_left_without_them(desk: Desk) -> None:
    allow(desk)
    desk.site.add_project("PAY", "Payments", types=(FLAT,))
    await desk.request(requester=desk.person("bob").id, assignee=desk.person("alice").id)
    await made_of_request(desk)
    assert "Reported by Bob Marsh" in description(desk)
    assert "Assigned in Slack to Alice Koval" in description(desk)


async def test_an_assignee_whom_jira_refuses_is_named_in_the_text_and_the_issue_is_made(desk: Desk) -> None:
    allow(desk)
    desk.site.forbid(seed.ALICE, "PAY", "ASSIGNABLE_USER")
    await desk.request(requester=desk.person("bob").id, assignee=desk.person("alice").id)
    await made_of_request(desk)
    assert len(desk.site.issues()) == 1
    assert desk.site.issue("PAY-1").reporter == "Bob Marsh"
    assert "Assigned in Slack to Alice Koval" in description(desk)
    assert ("ticket.create", "done") in await desk.results()


async def test_the_requests_component_is_the_issues_whatever_its_capitals(desk: Desk) -> None:
    await desk.request(component="BILLING")
    assert [one["name"] for one in (await made_of_request(desk)).fields["components"]] == ["Billing"]


async def test_a_component_that_the_project_does_not_have_stands_in_the_text_alone(desk: Desk) -> None:
    await desk.request(component="Payouts")
    assert not (await made_of_request(desk)).fields.get("components")
    assert "component Payouts" in description(desk)


async def test_the_issue_says_by_a_property_what_it_was_made_of(desk: Desk) -> None:
    await desk.request()
    issue = await made_of_request(desk)
    label = next(one for one in issue.labels if one.startswith("frontdesk-"))
    assert issue.properties["frontdesk"] == {"ticket": label, "request": 12}


async def test_fields_that_were_entered_go_along_and_win(desk: Desk) -> None:
    allow(desk)
    root = await desk.person("bob").says("Refund stuck", in_="#ask-payments")
    entered = {"priority": {"id": "1"}, "labels": ["urgent"], "components": [{"name": "Checkout"}]}
    issue = await made(desk, root, fields=entered)
    assert issue.fields["priority"]["name"] == "Highest"
    assert "urgent" in issue.labels
    assert "from-slack" in issue.labels
    assert [one["name"] for one in issue.fields["components"]] == ["Checkout"]


async def test_the_way_back_looks_like_slack(desk: Desk) -> None:
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    (link,) = (await made(desk, root)).links
    assert link.application == {"type": "com.slack", "name": "Slack"}
    assert link.relationship == "discussed in"
    us = await desk.deps.slack.who_am_i()
    assert link.target["icon"] == {"title": "Slack", "url16x16": f"{us.url}favicon.ico"}


async def test_a_thread_as_people_write_it_is_told_in_its_form(desk: Desk) -> None:
    ana, bob = desk.person("ana"), desk.person("bob")
    root = await ana.says("Deploy *failed* 🎉 see #general\n```if x:\n  pay()```", in_="#ask-payments")
    await bob.says("> it says\nsee https://example.com/run/7 or @alice", thread=root)
    await made(desk, root)
    text = description(desk)
    for words in ("🎉", "#general", "if x:\n  pay()", "it says", "https://example.com/run/7", "@Alice Koval"):
        assert words in text
    assert ":tada:" not in text


async def test_edits_stand_as_they_are_and_what_was_deleted_is_left_out(desk: Desk) -> None:
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    first = await desk.person("bob").says("order 1", thread=root)
    gone = await desk.person("bob").says("password is hunter2", thread=root)
    await desk.person("bob").edits(first, "order 2")
    await desk.person("bob").deletes(gone)
    await made(desk, root)
    assert "order 2" in description(desk)
    assert "order 1" not in description(desk)
    assert "hunter2" not in description(desk)


async def test_a_private_channel_that_is_mentioned_is_not_named(desk: Desk) -> None:
    root = await desk.person("ana").says("like in #payments-private", in_="#ask-payments")
    await made(desk, root)
    assert "payments-private" not in description(desk)
    assert "like in #private-channel" in description(desk)


async def test_a_long_thread_is_read_page_by_page_to_its_end(desk: Desk) -> None:
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    for number in range(620):
        await desk.person("bob").says(f"line {number}; " + "x" * 100, thread=root)
    await made(desk, root)
    text = description(desk)
    shown = [number for number in range(620) if f"line {number};" in text]
    assert 0 < len(shown) < 620
    assert shown == list(range(len(shown)))
    assert f"… ({620 - len(shown)} more messages in Slack)" in text
    ((name, content),) = attached(stored(desk))
    assert name == "conversation.txt"
    assert all(f"line {number};" in content.decode() for number in range(620))


async def test_the_newest_message_of_the_transcript_is_known_before_jira_is_asked(desk: Desk) -> None:
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    last = await desk.person("bob").says("which order?", thread=root)
    desk.site.faults.add(operation="create_issue", kind="drop_after")
    await ask(desk, root)
    await desk.settled()
    await desk.person("bob").says("said while nobody knows whether it was made", thread=root)
    ticket = await desk.deps.transactions.read(store.by_id, 1)
    assert ticket is not None
    assert ticket.told_until == last.ts
    await desk.later(31)
    await desk.person("ana").waits_for("PAY-1", thread=root, timeout=15)
    after = await desk.deps.transactions.read(store.by_id, 1)
    assert after is not None
    assert after.told_until == last.ts
    assert "nobody knows" not in description(desk)


async def test_what_comes_into_both_threads_while_the_second_is_read_is_told_up_to_one_moment(
    desk: Desk,
) -> None:
    card, asker = await desk.request()
    desk.box.faults.add(
        method="conversations.replies", kind="hang", channel=card.channel, times=1, seconds=1.0
    )
    making = asyncio.create_task(made_of_request(desk))
    await _asked_for(desk, card.channel)
    await desk.person("ana").says("into the first;", thread=asker)
    last = await desk.person("alice").says("into the second;", thread=card)
    await making
    ticket = await desk.deps.transactions.read(store.by_id, 1)
    assert ticket is not None
    assert ticket.told_until == last.ts
    assert "into the first;" in description(desk)
    assert "into the second;" in description(desk)


async def _asked_for(desk: Desk, channel: str) -> None:
    async with asyncio.timeout(15):
        while not any(
            record.arguments.get("channel") == channel
            for record in desk.box.journal.calls("conversations.replies")
        ):
            await asyncio.sleep(0.01)


async def test_an_answer_that_says_500_although_the_issue_was_made_makes_one_issue(desk: Desk) -> None:
    allow(desk)
    desk.site.faults.add(operation="create_issue", kind="status_after", status=500)
    root = await desk.person("bob").says("Refund stuck", in_="#ask-payments", files=[("log.txt", b"boom")])
    await ask(desk, root)
    await desk.settled()
    await desk.later(31)
    await desk.person("ana").waits_for("PAY-1", thread=root, timeout=15)
    await desk.quiet()
    assert len(desk.site.issues()) == 1
    assert attached(stored(desk)) == [("log.txt", b"boom")]


async def test_an_issue_that_was_made_twice_says_so_on_the_one_that_does_not_count(desk: Desk) -> None:
    desk.site.faults.add(operation="create_issue", kind="drop_after")
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    await ask(desk, root)
    await desk.settled()
    twin = replace(stored(desk), key="PAY-9", issue_id="99999", comments=[])
    desk.site.stored[twin.key] = twin
    await desk.later(31)
    await desk.person("ana").waits_for("PAY-1", thread=root, timeout=15)
    await desk.quiet()
    assert [words for _, words in desk.site.issue("PAY-1").comments] == []
    ((author, words),) = desk.site.issue("PAY-9").comments
    assert author == "Frontdesk"
    assert words.startswith("Duplicate of PAY-1")


@pytest.mark.parametrize("text", ["// the customer is difficult", "please look"])
async def test_a_chosen_message_that_is_private_does_not_go_along_by_itself(desk: Desk, text: str) -> None:
    allow(desk)
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    chosen = await desk.person("bob").says(text, thread=root)
    form = await desk.jira_form(chosen)
    form.fill("Summary", "Refund stuck")
    form.clear("Description")
    desk.box.faults.add(method="conversations.replies", kind="error", error="channel_not_found")
    assert await form.submit() is None
    await desk.quiet()
    told = desk.site.issue("PAY-1").description
    assert ("difficult" in told, "please look" in told) == (False, "please" in text)


async def test_a_message_that_is_cut_goes_along_whole_in_a_file(desk: Desk) -> None:
    allow(desk)
    root = await desk.person("ana").says("word " * 2000 + "the end", in_="#ask-payments")
    form = await desk.jira_form(root)
    form.fill("Description", "short")
    assert await form.submit() is None
    await desk.quiet()
    assert "the end" not in desk.site.issue("PAY-1").description
    [file] = desk.site.stored["PAY-1"].attachments
    assert file.filename == "conversation.txt"
    assert file.content.decode().rstrip().endswith("the end")
