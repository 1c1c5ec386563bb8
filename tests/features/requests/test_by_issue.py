"""A request follows its Jira issue, and only as far as people in Slack have not decided otherwise."""

from typing import Any

import pytest

from bot.features.requests.domain import Move, State
from bot.features.requests.service import queue
from bot.features.requests.service.intake import Filed
from bot.features.requests.values import HistoryLine
from bot.features.requests.views import words
from tests.features.requests.conftest import Queue
from tests.features.requests.make import request, team
from tests.support.clock import MONDAY


async def by_issue(office: Queue, move: Any, request_id: int, who: str = "Nina Novak") -> None:
    await office.transactions.run(move, request_id, "PAY-1", who)


async def test_an_issue_that_is_done_resolves_its_open_request_once(office: Queue, filed: Filed) -> None:
    for _ in range(2):
        await by_issue(office, queue.resolve_by_issue, filed.request_id)
    assert await office.moves(filed.request_id) == [Move.FILE, Move.RESOLVE]
    line = (await office.history(filed.request_id))[-1]
    assert (line.actor, line.facts) == (None, {"via": "jira", "key": "PAY-1", "by": "Nina Novak"})
    assert len(await office.wishes("request.notice")) == 1


async def test_an_issue_that_is_not_done_any_more_reopens_what_is_resolved(
    office: Queue, filed: Filed
) -> None:
    await office.do(queue.resolve, filed.request_id)
    await by_issue(office, queue.reopen_by_issue, filed.request_id)
    assert (await office.now(filed.request_id)).state is State.NEW
    await by_issue(office, queue.reopen_by_issue, filed.request_id)
    assert (await office.moves(filed.request_id))[-2:] == [Move.RESOLVE, Move.REOPEN]


async def test_what_the_team_declined_stays_declined_whatever_becomes_of_the_issue(
    office: Queue, filed: Filed
) -> None:
    await office.do(queue.decline, filed.request_id, "Not ours")
    await by_issue(office, queue.reopen_by_issue, filed.request_id)
    await by_issue(office, queue.resolve_by_issue, filed.request_id)
    assert (await office.now(filed.request_id)).state is State.DECLINED


@pytest.mark.parametrize(
    ("who", "told"),
    [
        ("Nina Novak", "Nina Novak in Jira (PAY-1)"),
        ("", "PAY-1 in Jira"),
        ("<!channel> & co", "&lt;!channel&gt; &amp; co in Jira (PAY-1)"),
    ],
)
def test_history_and_notice_say_that_it_was_jira_and_who(who: str, told: str) -> None:
    facts = {"via": "jira", "key": "PAY-1", "by": who}
    line = HistoryLine(
        id=1, at=MONDAY, actor=None, move=Move.RESOLVE, state=State.RESOLVED, facts=facts
    )  # fmt: skip
    assert words.history_words(line, team().zone) == f"{told} resolved it"
    notice = words.notice_words(request(state=State.RESOLVED), line, None, team().zone)
    assert f"is *Resolved* by {told}." in notice
