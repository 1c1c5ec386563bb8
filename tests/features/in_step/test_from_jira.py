"""What happens in Jira is read in the threads: once, in one line, with the name of who did it."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from bot.features import in_step
from bot.features.in_step import service, words
from bot.outbox.models import outbox
from bot.sandbox.jira import hands, seed
from bot.sandbox.story import Seen
from tests.features.in_step.conftest import Desk, ref_of
from tests.features.in_step.make import REQUEST, threads
from tests.support.waiting import until


async def test_a_change_of_status_is_one_line_in_each_thread_with_the_name_of_who_did_it(desk: Desk) -> None:
    _, card, asker = await desk.issue()
    desk.listen()
    desk.site.moves("PAY-1", "In Progress")
    await desk.told()
    assert await desk.said_in(card) == ["PAY-1: To Do → In Progress, by Nina Novak"]
    assert await desk.said_in(asker) == ["PAY-1: To Do → In Progress, by Nina Novak"]
    assert desk.known.renewed == [REQUEST, REQUEST]


async def test_the_first_look_at_an_issue_says_nothing_and_the_card_learns_the_status(desk: Desk) -> None:
    _, card, _ = await desk.issue()
    assert await desk.said_in(card) == []
    assert await desk.deps.transactions.read(in_step.shown_state, "PAY-1") == "To Do"
    assert desk.known.renewed == [REQUEST]


async def test_somebody_else_has_the_issue_now(desk: Desk) -> None:
    issue, card, _ = await desk.issue()
    desk.listen()
    hands.assigns(desk.site, seed.NINA, issue, seed.BOB)
    await desk.told()
    desk.clock.advance(1)
    hands.assigns(desk.site, seed.NINA, issue, None)
    await desk.told()
    assert await desk.said_in(card) == [
        "PAY-1 is now with Bob Marsh, by Nina Novak",
        "PAY-1 is now with nobody, by Nina Novak",
    ]


async def test_done_resolves_the_request_and_work_again_reopens_it(desk: Desk) -> None:
    _, card, _ = await desk.issue()
    desk.listen()
    desk.site.moves("PAY-1", "Done")
    await desk.told()
    desk.clock.advance(1)
    desk.site.moves("PAY-1", "In Progress", by=seed.BOB)
    await desk.told()
    assert desk.known.resolved == [(REQUEST, "PAY-1", "Nina Novak")]
    assert desk.known.reopened == [(REQUEST, "PAY-1", "Bob Marsh")]
    assert await desk.said_in(card) == [
        "PAY-1: To Do → Done, by Nina Novak",
        "PAY-1: Done → In Progress, by Bob Marsh",
    ]


async def test_another_resolution_than_the_status_is_named(desk: Desk) -> None:
    _, card, _ = await desk.issue()
    desk.listen()
    desk.site.moves("PAY-1", "Done", resolution="Won't Do")
    await desk.told()
    assert await desk.said_in(card) == ["PAY-1: To Do → Done (Won't Do), by Nina Novak"]


async def test_events_that_come_late_change_nothing(desk: Desk) -> None:
    """Each event is held back and sent by hand, the newest first."""
    _, card, _ = await desk.issue()
    desk.listen()
    desk.site.webhooks.hold()
    for status in ("In Progress", "To Do", "Done"):
        desk.site.moves("PAY-1", status)
        desk.clock.advance(1)
    desk.site.webhooks.shuffle(3)
    desk.site.webhooks.release()
    await desk.told()
    said = await desk.said_in(card)
    assert said[-1].split(" → ")[1] == "Done, by Nina Novak"
    assert await desk.deps.transactions.read(in_step.shown_state, "PAY-1") == "Done"


async def test_an_event_that_is_sent_again_is_told_once(desk: Desk) -> None:
    _, card, _ = await desk.issue()
    desk.listen()
    desk.site.webhooks.redeliver(3)
    desk.site.moves("PAY-1", "In Progress")
    desk.site.says("PAY-1", "On it")
    await desk.told()
    assert await desk.said_in(card) == [
        "PAY-1: To Do → In Progress, by Nina Novak",
        "Nina Novak in Jira: On it",
    ]


async def test_a_comment_appears_once_in_each_thread_under_its_authors_name(desk: Desk) -> None:
    _, card, asker = await desk.issue()
    desk.listen()
    desk.site.says("PAY-1", "Fixed in 2.4")
    await desk.told()
    assert await desk.said_in(card) == ["Nina Novak in Jira: Fixed in 2.4"]
    assert await desk.said_in(asker) == ["Nina Novak in Jira: Fixed in 2.4"]
    await desk.polls()
    await desk.later(3600)
    await desk.polls()
    assert len(await desk.said_in(card)) == 1


async def test_nobody_is_called_by_a_comment(desk: Desk) -> None:
    _, card, _ = await desk.issue()
    desk.listen()
    desk.site.says("PAY-1", "<!channel> <@U0BOB00001> & <https://evil.example|bank.example>")
    await desk.told()
    seen = [one for one in await desk.person("bob").sees(thread=card) if "in Jira" in one.text]
    assert "<!channel>" in seen[0].text
    kinds = str(seen[0].message.blocks)
    assert "'broadcast'" not in kinds and "'user'" not in kinds
    assert "&lt;!channel&gt;" in seen[0].message.text


async def test_a_comment_for_some_is_never_shown(desk: Desk) -> None:
    _, card, asker = await desk.issue()
    desk.listen()
    desk.site.says("PAY-1", "For admins", visibility={"type": "role", "value": "Administrators"})
    desk.site.says("PAY-1", "For agents", internal=True)
    await desk.told()
    await desk.later(3600)
    await desk.polls()
    assert await desk.said_in(card) == [] and await desk.said_in(asker) == []


async def test_a_comment_that_begins_with_two_strokes_stays_in_the_team(desk: Desk) -> None:
    _, card, asker = await desk.issue()
    desk.listen()
    desk.site.says("PAY-1", "// do not tell them yet")
    await desk.told()
    assert await desk.said_in(card) == ["Nina Novak in Jira: // do not tell them yet"]
    assert await desk.said_in(asker) == []


async def test_an_edit_changes_the_posts_and_a_deletion_covers_them(desk: Desk) -> None:
    issue, card, asker = await desk.issue()
    desk.listen()
    written = desk.site.says("PAY-1", "Fixed in 2.4")
    await desk.told()
    desk.clock.advance(5)
    desk.site.rewords(issue, written, "Fixed in 2.5")
    await desk.told()
    assert await desk.said_in(asker) == ["Nina Novak in Jira: Fixed in 2.5 (edited)"]
    desk.clock.advance(5)
    desk.site.takes_away(issue, written, by=seed.NINA)
    await desk.told()
    for root in (card, asker):
        assert await desk.said_in(root) == ["Nina Novak deleted this comment in Jira."]


async def test_the_bots_own_comments_come_back_to_nobody(desk: Desk) -> None:
    issue, card, _ = await desk.issue()
    desk.listen()
    hands.comments_on(desk.site, seed.BOT, issue, "Said in Slack")
    await desk.told()
    await desk.later(3600)
    await desk.polls()
    assert await desk.said_in(card) == []


async def test_what_the_bot_did_itself_is_told_without_its_name(desk: Desk) -> None:
    _, card, _ = await desk.issue()
    desk.listen()
    desk.site.moves("PAY-1", "In Progress", by=seed.BOT)
    await desk.told()
    await desk.later(10)
    assert await desk.said_in(card) == ["PAY-1: To Do → In Progress"]


@pytest.mark.parametrize("secret", [None])
async def test_without_webhooks_everything_is_found_within_a_minute(desk: Desk, secret: str | None) -> None:
    issue, card, _ = await desk.issue()
    written = desk.site.says("PAY-1", "Fixed in 2.4")
    desk.site.moves("PAY-1", "Done")
    await desk.later(60)
    await desk.polls()
    assert await desk.said_in(card) == [
        "PAY-1: To Do → Done, by Nina Novak",
        "Nina Novak in Jira: Fixed in 2.4",
    ]
    assert desk.known.resolved == [(REQUEST, "PAY-1", "Nina Novak")]
    desk.site.takes_away(issue, written, by=seed.NINA)
    await desk.later(60)
    await desk.polls()
    assert (await desk.said_in(card))[1] == "Nina Novak deleted this comment in Jira."
    assert secret is None


async def test_lost_webhooks_are_made_up_for(desk: Desk) -> None:
    _, card, _ = await desk.issue()
    desk.listen()
    desk.site.webhooks.lose(1.0, 1)
    desk.site.says("PAY-1", "Fixed in 2.4")
    await desk.told()
    assert await desk.said_in(card) == []
    await desk.later(600)
    await desk.polls()
    assert await desk.said_in(card) == ["Nina Novak in Jira: Fixed in 2.4"]


async def test_more_comments_than_a_page_holds_are_all_found(desk: Desk) -> None:
    _, card, _ = await desk.issue()
    for number in range(70):
        desk.site.says("PAY-1", f"Note {number}")
        desk.clock.advance(1)
    await desk.later(600)
    await desk.polls()
    expected = [f"Nina Novak in Jira: Note {number}" for number in range(70)]
    assert sorted(await desk.said_in(card)) == sorted(expected)


async def test_while_jira_is_away_nothing_breaks_and_nothing_is_lost(desk: Desk) -> None:
    _, card, _ = await desk.issue()
    desk.site.says("PAY-1", "Fixed in 2.4")
    desk.site.down = True
    await desk.later(600)
    await desk.polls()
    assert await desk.said_in(card) == []
    desk.site.down = False
    await desk.later(60)
    await desk.polls()
    assert await desk.said_in(card) == ["Nina Novak in Jira: Fixed in 2.4"]


async def test_what_was_said_before_the_issue_was_linked_is_not_told(desk: Desk) -> None:
    fields = {"issuetype": {"name": "Task"}, "summary": "Older"}
    found = hands.creates(desk.site, seed.NINA, desk.site.projects["PAY"], fields)
    desk.site.says("PAY-1", "Said long ago")
    desk.site.moves("PAY-1", "Done")
    desk.clock.advance(60)
    root = await desk.person("ana").says("The same again", in_="#ask-payments")
    ticket = threads(
        issue_id=found.issue_id, key="PAY-1", request_id=None, number=None,
        threads=(("thread", ref_of(root)),),
    )  # fmt: skip
    desk.known.add(ticket)
    await desk.follow(ticket, is_linked=True)
    desk.listen()
    desk.site.says("PAY-1", "Said today")
    await desk.told()
    assert await desk.said_in(root) == ["Nina Novak in Jira: Said today"]


async def test_two_threads_of_one_issue_are_both_told(desk: Desk) -> None:
    issue, card, _ = await desk.issue()
    root = await desk.person("ana").says("The same again", in_="#ask-payments")
    desk.known.add(
        threads(ticket_id=8, issue_id=issue.issue_id, request_id=None, threads=(("thread", ref_of(root)),))
    )
    desk.listen()
    desk.site.moves("PAY-1", "In Progress")
    desk.site.says("PAY-1", "On it")
    await desk.told()
    assert await desk.said_in(root) == await desk.said_in(card)
    assert len(await desk.said_in(root)) == 2


async def test_of_an_issue_with_a_security_level_only_the_key_is_known(desk: Desk) -> None:
    _, card, asker = await desk.issue()
    desk.listen()
    desk.site.says("PAY-1", "Before")
    await desk.told()
    desk.clock.advance(1)
    desk.site.restricts("PAY-1", "Staff only")
    await desk.told()
    await desk.later(10)
    desk.site.says("PAY-1", "A secret")
    desk.site.moves("PAY-1", "Done")
    await desk.told()
    await desk.later(600)
    await desk.polls()
    for root in (card, asker):
        assert await desk.said_in(root) == [
            "Nina Novak wrote a comment in Jira that is not for everybody any more."
        ]
    assert await desk.deps.transactions.read(in_step.shown_state, "PAY-1") is None
    assert desk.known.resolved == [(REQUEST, "PAY-1", "")]


async def test_an_issue_that_moved_to_another_project_keeps_its_threads(desk: Desk) -> None:
    issue, card, _ = await desk.issue()
    desk.listen()
    key = desk.site.moves_to_project("PAY-1", "OPS")
    await desk.told()
    await desk.later(10)
    assert await desk.said_in(card) == [f"{key} was PAY-1 until now, by Nina Novak"]
    assert desk.known.renamed == [(issue.issue_id, key)]
    desk.clock.advance(1)
    desk.site.says(key, "Still here")
    await desk.told()
    assert (await desk.said_in(card))[-1] == "Nina Novak in Jira: Still here"


async def test_a_deleted_issue_is_told_once_and_shown_on_the_card(desk: Desk) -> None:
    issue, card, _ = await desk.issue()
    desk.listen()
    hands.deletes(desk.site, seed.NINA, issue)
    await desk.told()
    await desk.later(600)
    await desk.polls()
    said: list[Any] = await desk.said_in(card)
    assert said == ["PAY-1 was deleted in Jira."]
    assert await desk.deps.transactions.read(in_step.shown_state, "PAY-1") == "not in Jira any more"


async def test_a_comment_whose_post_got_no_answer_stands_once(desk: Desk) -> None:
    _, card, _ = await desk.issue()
    desk.listen()
    desk.box.faults.add(method="chat.postMessage", kind="drop_after", times=1)
    desk.site.says("PAY-1", "Fixed in 2.4")
    await desk.told()
    for _ in range(4):
        await desk.later(15)
    assert await desk.said_in(card) == ["Nina Novak in Jira: Fixed in 2.4"]


async def test_a_comment_on_its_way_follows_a_thread_that_became_a_requests(desk: Desk) -> None:
    issue, card, _ = await desk.issue()
    root = await desk.person("ana").says("The same again", in_="#ask-payments")
    lone = threads(ticket_id=8, issue_id=issue.issue_id, request_id=None, threads=(("thread", ref_of(root)),))
    desk.known.add(lone)
    desk.listen()
    desk.box.slack_down()
    desk.site.says("PAY-1", "On it")
    await desk.site.webhooks.idle()
    await until(lambda: _is_kept(desk))
    desk.known.add(replace(lone, request_id=13, threads=(("card", ref_of(card)), ("asker", ref_of(root)))))
    desk.box.slack_down(False)
    await desk.later(60)
    assert await desk.said_in(root) == ["Nina Novak in Jira: On it"]


async def _is_kept(desk: Desk) -> bool:
    """Whether the comment's posts are asked for."""
    query = select(outbox.c.id).where(outbox.c.kind == service.COMMENT)
    return await desk.deps.transactions.read(lambda c: c.scalars(query).first()) is not None


async def test_what_stands_in_the_lane_of_a_thread_needs_no_jira(desk: Desk) -> None:
    off = replace(desk.deps, jira=None)
    feature = in_step.build(off, neighbours=desk.known.neighbours(), tickets=desk.known.for_words())
    in_threads = {service.LINE, service.GONE, service.COMMENT, words.KEPT, words.REFUSED}
    assert in_threads <= set(feature.deliveries)


async def test_a_comment_that_is_hidden_from_the_bot_too_is_not_told_to_be_deleted(desk: Desk) -> None:
    issue, card, _ = await desk.issue()
    desk.listen()
    written = desk.site.says("PAY-1", "Fixed in 2.4")
    await desk.told()
    desk.clock.advance(5)
    written.visibility = {"type": "role", "value": "Administrators"}
    desk.site.rewords(issue, written, written.body)
    await desk.told()
    # What the bot is not shown is missing among the comments that it reads.
    issue.comments.remove(written)
    desk.site.moves("PAY-1", "In Progress")
    await desk.later(600)
    await desk.polls()
    await desk.run(service.ask_for_look, issue.issue_id)
    await desk.quiet()
    told = "Nina Novak wrote a comment in Jira that is not for everybody any more."
    assert told in await desk.said_in(card)


async def test_an_issue_that_cannot_be_read_keeps_no_news_of_others_away(desk: Desk) -> None:
    odd, _, _ = await desk.issue()
    fields = {"issuetype": {"name": "Task"}, "summary": "Another"}
    found = hands.creates(desk.site, seed.BOT, desk.site.projects["PAY"], fields)
    root = await desk.person("ana").says("Another", in_="#ask-payments")
    ticket = threads(
        ticket_id=8,
        issue_id=found.issue_id,
        key=found.key,
        request_id=None,
        threads=(("thread", ref_of(root)),),
    )
    desk.known.add(ticket)
    await desk.follow(ticket)
    # An issue that was imported may lack what every other one has.
    odd.summary = ""
    desk.site.says(found.key, "On it")
    await desk.later(600)
    for job in desk.feature.jobs:
        await job.run(desk.clock.now())
    await until(lambda: _says(desk, root, "Nina Novak in Jira: On it"))


async def _says(desk: Desk, root: Seen, text: str) -> bool:
    return text in await desk.said_in(root)


async def test_jira_away_gives_a_poll_up_and_the_next_one_finds_what_was_missed(desk: Desk) -> None:
    _, card, _ = await desk.issue()
    desk.site.says("PAY-1", "Nobody was told of this")
    desk.site.down = True
    for _ in range(3):
        await desk.later(3600)
        await desk.polls()
    assert await desk.said_in(card) == []
    desk.site.down = False
    await desk.later(3600)
    await desk.polls()
    assert await desk.said_in(card) == ["Nina Novak in Jira: Nobody was told of this"]
