"""A busy issue: everything is read once in its thread, whatever becomes of the webhooks."""

import pytest

from bot.sandbox.jira import hands, seed
from tests.features.in_step.conftest import Desk, ref_of
from tests.features.in_step.make import threads

MANY = 150

pytestmark = pytest.mark.timeout(120)


async def test_a_hundred_and_fifty_comments_are_each_read_once_though_webhooks_come_twice_late_or_never(
    desk: Desk,
) -> None:
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    fields = {"issuetype": {"name": "Task"}, "summary": "Refund stuck"}
    issue = hands.creates(desk.site, seed.BOT, desk.site.projects["PAY"], fields)
    ticket = threads(
        issue_id=issue.issue_id, request_id=None, number=None, threads=(("thread", ref_of(root)),)
    )
    desk.known.add(ticket)
    await desk.follow(ticket)
    desk.listen()
    hooks = desk.site.webhooks
    hooks.shuffle(11)
    hooks.redeliver(1)
    hooks.lose(0.05, 7)
    for at in range(0, MANY, 50):
        hooks.hold()
        for number in range(at, at + 50):
            desk.site.says("PAY-1", f"Note {number}")
            if number % 5 == 0:
                hands.comments_on(desk.site, seed.BOT, issue, f"Said in Slack {number}")
            desk.clock.advance(0.1)
        hooks.release()
        await desk.told()
    await desk.later(600)
    await desk.polls()
    expected = [f"Nina Novak in Jira: Note {number}" for number in range(MANY)]
    assert sorted(await desk.said_in(root)) == sorted(expected)
