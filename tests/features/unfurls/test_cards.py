"""A pasted link becomes a card: what people see below the message, and where they see nothing."""

import json
from dataclasses import replace

import pytest

from bot.features import unfurls
from bot.sandbox.jira import hands
from bot.sandbox.jira.seed import ALICE, NINA
from bot.slack.calls import Event
from bot.slack.replies import Nothing
from tests.features.unfurls.conftest import JIRA, Desk


async def test_a_pasted_link_shows_key_summary_status_and_assignee(desk: Desk) -> None:
    issue = desk.issue("Refund stuck")
    hands.assigns(desk.site, NINA, issue, ALICE)
    desk.site.moves(issue.key, "In Progress")
    said = await desk.pastes(f"see {desk.url(issue)} please")
    assert await desk.cards(said) == {
        desk.url(issue): f"{issue.key}\nRefund stuck\nIn Progress · {ALICE.display_name}"
    }
    (call,) = desk.box.journal.calls("chat.unfurl")
    (card,) = call.arguments["unfurls"].values()
    assert card["blocks"][0]["text"]["text"] == f"*<{desk.url(issue)}|{issue.key}>*"


async def test_an_issue_of_nobody_is_called_unassigned(desk: Desk) -> None:
    issue = desk.issue()
    said = await desk.pastes(desk.url(issue))
    assert (await desk.cards(said))[desk.url(issue)].endswith("To Do · Unassigned")


async def test_a_link_in_a_thread_and_in_the_triage_channel_shows_a_card(desk: Desk) -> None:
    issue = desk.issue()
    root = await desk.pastes("What about the refund?", in_="#triage-payments", by="alice")
    said = await desk.pastes(desk.url(issue), by="bob", in_="#triage-payments", thread=root)
    assert list(await desk.cards(said)) == [desk.url(issue)]


async def test_of_an_issue_with_a_security_level_only_the_key_is_shown(desk: Desk) -> None:
    issue = desk.issue("The name of the customer")
    desk.site.restricts(issue.key, "Staff only")
    said = await desk.pastes(desk.url(issue))
    assert await desk.cards(said) == {desk.url(issue): issue.key}
    assert "customer" not in json.dumps(desk.box.journal.calls("chat.unfurl")[0].arguments)


async def test_the_words_of_jira_are_plain_text_on_the_card(desk: Desk) -> None:
    summary = "<!channel> *<https://evil.example|log in>* <@U0ANA00001> & `x` :tada:"
    issue = desk.issue(summary)
    said = await desk.pastes(desk.url(issue))
    assert (await desk.cards(said))[desk.url(issue)].split("\n")[1] == summary
    (call,) = desk.box.journal.calls("chat.unfurl")
    (card,) = call.arguments["unfurls"].values()
    kinds = [block["text"]["type"] for block in card["blocks"] if "evil.example" in json.dumps(block)]
    assert kinds == ["plain_text"]


async def test_several_links_are_one_answer_with_at_most_five_cards(desk: Desk) -> None:
    issues = [desk.issue(f"number {at}") for at in range(6)]
    said = await desk.pastes(" ".join(desk.url(issue) for issue in issues))
    assert list(await desk.cards(said)) == [desk.url(issue) for issue in issues[:5]]
    assert len(desk.box.journal.calls("chat.unfurl")) == 1


async def test_an_event_that_slack_repeats_is_answered_once(desk: Desk) -> None:
    desk.box.deliver_twice()
    said = await desk.pastes(desk.url(desk.issue()))
    assert len(await desk.cards(said)) == 1
    assert len(desk.box.journal.calls("chat.unfurl")) == 1


async def test_elsewhere_nothing_is_shown_and_jira_is_not_asked(desk: Desk) -> None:
    issue, other = desk.issue(), desk.issue(project="OPS")
    told = [
        await desk.pastes(desk.url(issue), in_="#general"),
        await desk.pastes(desk.url(issue), in_="dm"),
        await desk.pastes(desk.url(other)),
        await desk.pastes(f"{desk.jira.url}/projects/PAY"),
    ]
    assert [await desk.cards(said) for said in told] == [{}, {}, {}, {}]
    assert (await desk.results(), desk.site.journal) == ([], [])


async def test_where_people_of_another_company_read_along_nothing_is_shown(desk: Desk) -> None:
    said = await desk.pastes(desk.url(desk.issue()), in_="#partner-acme", by="alice")
    assert await desk.cards(said) == {}
    assert await desk.results() == []


async def test_a_team_that_has_not_asked_for_cards_gets_none(desk: Desk) -> None:
    await desk.teams(JIRA)
    said = await desk.pastes(desk.url(desk.issue()))
    assert (await desk.cards(said), await desk.results()) == ({}, [])


async def test_a_team_that_turns_it_off_while_a_card_waits_gets_none(desk: Desk) -> None:
    desk.site.down = True
    said = await desk.pastes(desk.url(desk.issue()))
    await desk.tried()
    await desk.teams(JIRA)
    desk.site.down = False
    await desk.later(20)
    assert (await desk.cards(said), await desk.results()) == ({}, [("unfurl.card", "stale")])


async def test_an_unknown_issue_beside_a_known_one_shows_nothing(desk: Desk) -> None:
    issue = desk.issue()
    said = await desk.pastes(f"{desk.url('PAY-404')} {desk.url(issue)}")
    assert list(await desk.cards(said)) == [desk.url(issue)]


async def test_unknown_issues_alone_are_passed_over_in_silence(desk: Desk) -> None:
    said = await desk.pastes(desk.url("PAY-404"))
    assert (await desk.cards(said), await desk.results()) == ({}, [("unfurl.card", "stale")])
    assert desk.box.journal.calls("chat.unfurl") == []


async def test_an_issue_that_jira_refuses_to_show_is_passed_over_too(desk: Desk) -> None:
    issue = desk.issue()
    desk.site.faults.add(operation="get_issue", kind="status", status=403)
    said = await desk.pastes(desk.url(issue))
    assert (await desk.cards(said), await desk.results()) == ({}, [("unfurl.card", "stale")])


async def test_without_jira_links_are_heard_and_left_alone(desk: Desk) -> None:
    feature = unfurls.build(replace(desk.deps, jira=None))
    body = {
        "channel": "C0ASKPAY01",
        "message_ts": "1.000001",
        "source": "conversations_history",
        "links": [{"domain": "127.0.0.1", "url": desk.url("PAY-1")}],
    }
    call = Event(
        workspace_id=desk.box.team_id,
        event_id="Ev1",
        type="link_shared",
        subtype=None,
        user_id=desk.box.person("ana").id,
        body=body,
        now=desk.clock.now(),
    )
    assert await feature.events["link_shared"](call) == Nothing()
    assert await desk.open_entries() == []


async def test_an_issue_that_moved_to_another_project_is_not_shown_under_its_old_key(desk: Desk) -> None:
    issue = desk.issue("Now a matter of others")
    old = issue.key
    desk.site.moves_to_project(old, "OPS")
    said = await desk.pastes(desk.url(old))
    assert (await desk.cards(said), await desk.results()) == ({}, [("unfurl.card", "stale")])


async def test_a_card_comes_when_jira_is_back_within_two_minutes(desk: Desk) -> None:
    desk.site.down = True
    issue = desk.issue()
    said = await desk.pastes(desk.url(issue))
    await desk.tried()
    desk.site.down = False
    await desk.later(60)
    assert list(await desk.cards(said)) == [desk.url(issue)]


async def test_after_two_minutes_without_jira_the_card_is_dropped(desk: Desk) -> None:
    desk.site.down = True
    said = await desk.pastes(desk.url(desk.issue()))
    await desk.tried()
    desk.site.down = False
    await desk.later(121)
    assert (await desk.cards(said), await desk.results()) == ({}, [("unfurl.card", "stale")])


@pytest.mark.parametrize(
    "error", ["cannot_unfurl_url", "cannot_find_message", "not_in_channel", "is_archived"]
)
async def test_what_slack_cannot_show_is_done_and_alarms_nobody(desk: Desk, error: str) -> None:
    desk.box.faults.add(method="chat.unfurl", kind="error", times=1, error=error)
    said = await desk.pastes(desk.url(desk.issue()))
    assert (await desk.cards(said), await desk.results()) == ({}, [("unfurl.card", "done")])


async def test_without_the_permission_nothing_is_shown_and_nobody_is_alarmed(desk: Desk) -> None:
    desk.box.faults.add(method="chat.unfurl", kind="error", times=1, error="missing_scope")
    said = await desk.pastes(desk.url(desk.issue()))
    assert (await desk.cards(said), await desk.results()) == ({}, [("unfurl.card", "stale")])


async def test_a_message_that_is_gone_by_then_is_no_failure(desk: Desk) -> None:
    desk.site.down = True
    said = await desk.pastes(desk.url(desk.issue()))
    await desk.tried()
    await desk.box.person("ana").deletes(said)
    desk.site.down = False
    await desk.later(20)
    await desk.quiet()
    assert await desk.results() == [("unfurl.card", "done")]
