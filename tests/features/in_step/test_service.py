"""What is stored of what Jira says, and what is asked for: the rules, on both databases."""

import random
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from bot.db.engine import Database
from bot.features.in_step import service, store
from bot.features.in_step.domain import CommentPost
from bot.features.in_step.models import jira_comments
from bot.outbox.models import outbox
from bot.outbox.unit_of_work import Transactions
from tests.features.in_step.make import (
    CARD,
    DONE,
    IN_PROGRESS,
    NINE,
    REQUEST,
    TICKET,
    Known,
    comment,
    state,
    threads,
)

ISSUE = "10100"
SECOND = timedelta(seconds=1)


class Following:
    """PAY-1 in a database, followed by request #12."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NINE
        self.known = Known()
        self.known.add(threads())
        self.neighbours = self.known.neighbours()
        self._transactions = Transactions(database, lambda: self.now, lambda: None)

    async def run(self, use_case: Any, *arguments: Any, **more: Any) -> Any:
        return await self._transactions.run(use_case, *arguments, **more)

    async def follow(self, *, is_linked: bool = False) -> None:
        await self.run(service.follow, ISSUE, "PAY-1", is_linked=is_linked)

    async def hears(self, who: str = "Nina Novak", **more: Any) -> None:
        """A webhook tells how the issue is."""
        await self.run(service.hear_state, state(**more), who, self.neighbours)

    async def finds(self, who: str = "", **more: Any) -> None:
        """Jira was asked."""
        await self.run(service.apply_state, state(**more), who, self.neighbours)

    async def comments(self, **more: Any) -> None:
        await self.run(service.hear_comment, ISSUE, comment(**more), self.neighbours)

    async def reads(self, *found: Any) -> None:
        await self.run(service.comments_read, ISSUE, found, self.neighbours)

    async def wishes(self, kind: str) -> list[dict[str, Any]]:
        query = select(outbox.c.payload).where(outbox.c.kind == kind).order_by(outbox.c.id)
        return list(await self.database.read(lambda c: c.scalars(query).all()))

    async def lines(self) -> list[Any]:
        """What was told in the card's thread."""
        found = await self.wishes(service.LINE)
        return [(one["news"], one["who"]) for one in found if one["channel"] == CARD.channel]

    async def looks(self) -> int:
        return len(await self.wishes(service.LOOK))

    async def forget_wishes(self) -> None:
        """Everything asked for so far is done."""
        done = update(outbox).values(closed_at=self.now, claimed_at=self.now)
        await self.database.write(lambda c: c.execute(done))

    async def issue(self) -> Any:
        return await self.database.read(store.by_issue_id, ISSUE)

    async def kept(self) -> list[tuple[str, Any, bool]]:
        query = select(jira_comments.c.comment_id, jira_comments.c.body, jira_comments.c.is_deleted)
        rows = await self.database.read(lambda c: c.execute(query.order_by(jira_comments.c.id)).all())
        return [(row[0], row[1], row[2]) for row in rows]


@pytest.fixture
async def issue(database: Database) -> Following:
    """It was looked at once."""
    following = Following(database)
    await following.follow()
    await following.finds()
    await following.forget_wishes()
    return following


async def test_following_an_issue_twice_is_following_it_once(database: Database) -> None:
    following = Following(database)
    await following.follow()
    await following.finds(**IN_PROGRESS)
    await following.follow(is_linked=True)
    found = await following.issue()
    assert (found.status, found.comments_since) == ("In Progress", None)


async def test_several_changes_of_one_moment_are_one_line(issue: Following) -> None:
    await issue.hears(updated=NINE + SECOND, assignee="Bob Marsh", **DONE)
    assert await issue.lines() == [
        (
            {"status": ["To Do", "Done"], "assignee": [None, "Bob Marsh"], "resolution": [None, "Done"]},
            "Nina Novak",
        )
    ]
    assert len(await issue.wishes(service.LINE)) == 2
    assert issue.known.resolved == [(REQUEST, "PAY-1", "Nina Novak")]


async def test_what_is_older_than_what_is_known_changes_nothing(issue: Following) -> None:
    await issue.hears(updated=NINE + 2 * SECOND, **IN_PROGRESS)
    await issue.hears(updated=NINE + SECOND, **DONE)
    await issue.finds(updated=NINE + SECOND, **DONE)
    assert len(await issue.lines()) == 1
    assert (await issue.issue()).status == "In Progress"
    assert issue.known.resolved == []


async def test_two_changes_of_one_moment_are_looked_at(issue: Following) -> None:
    await issue.hears(**DONE)
    assert await issue.lines() == [] and await issue.looks() == 2
    await issue.finds(who="Bob Marsh", **DONE)
    assert [who for _, who in await issue.lines()] == ["Bob Marsh"]


async def test_the_same_state_again_is_no_news(issue: Following) -> None:
    await issue.hears()
    await issue.hears(updated=NINE + SECOND)
    await issue.finds(updated=NINE + SECOND)
    assert await issue.lines() == [] and await issue.looks() == 1
    assert (await issue.issue()).changed_at == NINE + SECOND


async def test_the_bots_own_doing_is_left_to_whoever_asked_for_it(issue: Following) -> None:
    await issue.run(service.hear_own, state(updated=NINE + SECOND, **DONE))
    assert await issue.lines() == [] and await issue.looks() == 2
    await issue.finds(who="Alice Koval", updated=NINE + SECOND, **DONE)
    await issue.run(service.hear_own, state(updated=NINE + SECOND, **DONE))
    assert [who for _, who in await issue.lines()] == ["Alice Koval"]
    assert await issue.looks() == 2


async def test_an_issue_that_was_made_and_is_done_at_the_first_look_resolves_its_request(
    database: Database,
) -> None:
    following = Following(database)
    await following.follow()
    await following.finds(who="Nina Novak", **DONE)
    assert await following.lines() == []
    assert following.known.resolved == [(REQUEST, "PAY-1", "Nina Novak")]


async def test_linking_an_issue_that_is_done_resolves_nothing(database: Database) -> None:
    following = Following(database)
    await following.follow(is_linked=True)
    await following.finds(**DONE)
    assert following.known.resolved == [] and following.known.renewed == [REQUEST]


@pytest.mark.parametrize("apart", [timedelta(hours=-1), timedelta(hours=1)])
async def test_comments_before_the_linking_are_not_told_whatever_the_clocks_say(
    database: Database, apart: timedelta
) -> None:
    """`apart`: how far our clock is before Jira's; it was written a moment before we looked."""
    following = Following(database)
    following.now = NINE + apart
    await following.follow(is_linked=True)
    await following.finds(updated=NINE)
    await following.comments(id="1", created=NINE - timedelta(hours=2), updated=NINE)
    await following.comments(id="2", created=NINE + SECOND, updated=NINE + SECOND)
    assert [one["comment_row"] for one in await following.wishes(service.COMMENT)] == [1, 1]
    assert [kept[0] for kept in await following.kept()] == ["2"]


async def test_no_status_is_told_of_an_issue_that_is_not_for_everybody(issue: Following) -> None:
    await issue.hears(updated=NINE + SECOND, is_restricted=True, **DONE)
    await issue.comments()
    assert await issue.lines() == [] and await issue.wishes(service.COMMENT) == []
    assert issue.known.resolved == [(REQUEST, "PAY-1", "")]
    assert await issue.database.read(service.shown_state, "PAY-1") is None


async def test_when_everybody_may_read_the_issue_again_its_comments_come_back(issue: Following) -> None:
    await issue.comments()
    for side in ("card", "asker"):
        await issue.run(service.posted, post(side=side))
    await issue.hears(updated=NINE + SECOND, is_restricted=True)
    await issue.comments(id="501", created=NINE + SECOND, updated=NINE + SECOND)
    assert len(await issue.wishes(service.COMMENT)) == 2
    await issue.forget_wishes()
    await issue.hears(updated=NINE + 2 * SECOND)
    assert len(await issue.wishes(service.COMMENT)) == 4
    assert len(await issue.wishes(service.COMMENT_NOW)) == 4


@pytest.mark.parametrize("run", range(5))
async def test_events_in_any_order_and_number_end_with_the_newest(issue: Following, run: int) -> None:
    chance = random.Random(run)
    steps: list[dict[str, Any]] = [IN_PROGRESS, DONE, IN_PROGRESS, {"assignee": "Bob Marsh"}, DONE]
    events = [{"updated": NINE + (at + 1) * SECOND, **step} for at, step in enumerate(steps)] * 2
    chance.shuffle(events)
    for event in events:
        await issue.hears(**event)
    assert (await issue.issue()).status == "Done"
    told = [news["status"] for news, _ in await issue.lines() if "status" in news]
    assert told[-1][1] == "Done" and all(one[0] != one[1] for one in told)
    assert len(issue.known.resolved) == len(issue.known.reopened) + 1


async def test_a_comment_is_asked_for_once_in_each_thread(issue: Following) -> None:
    for _ in range(3):
        await issue.comments()
        await issue.reads(comment())
    assert Counter(one["side"] for one in await issue.wishes(service.COMMENT)) == {"card": 1, "asker": 1}


async def test_a_comment_that_is_deleted_before_it_is_heard_of_never_appears(issue: Following) -> None:
    await issue.run(service.comment_gone, ISSUE, "500", issue.neighbours)
    await issue.comments()
    await issue.reads(comment(updated=NINE + SECOND))
    assert await issue.wishes(service.COMMENT) == []
    assert await issue.kept() == [("500", "", True)]


async def test_nothing_of_a_deleted_comment_stays_stored(issue: Following) -> None:
    await issue.comments()
    await issue.run(service.comment_gone, ISSUE, "500", issue.neighbours)
    await issue.comments(updated=NINE + SECOND)
    assert await issue.kept() == [("500", "", True)]


async def test_the_words_of_a_comment_for_some_are_not_even_kept(issue: Following) -> None:
    await issue.comments(is_hidden=True)
    assert await issue.kept() == [("500", "", False)] and await issue.wishes(service.COMMENT) == []
    await issue.comments(updated=NINE + SECOND)
    assert len(await issue.wishes(service.COMMENT)) == 2
    await issue.comments(updated=NINE + 2 * SECOND, is_hidden=True)
    assert await issue.kept() == [("500", "", False)]


async def test_a_comment_that_becomes_one_for_some_is_covered(issue: Following) -> None:
    await issue.comments()
    await issue.run(service.posted, post())
    await issue.comments(updated=NINE + SECOND, is_hidden=True)
    assert [one["side"] for one in await issue.wishes(service.COMMENT_NOW)] == ["card"]


async def test_two_tellings_of_one_moment_that_differ_are_looked_at(issue: Following) -> None:
    await issue.comments()
    await issue.comments(body="Something else")
    assert [one["comment_id"] for one in await issue.wishes(service.COMMENT_LOOK)] == ["500"]
    await issue.comments()
    await issue.reads(comment(body="Something else"))
    assert [kept[1] for kept in await issue.kept()] == ["Something else"]


async def test_the_same_words_in_another_form_are_no_news(issue: Following) -> None:
    document = {
        "type": "doc",
        "version": 1,
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Fixed in 2.4"}]}],
    }
    await issue.comments()
    await issue.run(service.posted, post())
    await issue.reads(comment(body=document))
    assert await issue.wishes(service.COMMENT_NOW) == []
    assert [kept[1] for kept in await issue.kept()] == [document]
    await issue.comments()
    assert await issue.wishes(service.COMMENT_LOOK) == []


async def test_a_change_while_the_post_is_on_its_way_renews_it(issue: Following) -> None:
    await issue.comments()
    await issue.comments(body="Fixed in 2.5", updated=NINE + SECOND)
    assert await issue.wishes(service.COMMENT_NOW) == []
    await issue.run(service.posted, post(version=1))
    assert len(await issue.wishes(service.COMMENT_NOW)) == 1


async def test_an_aside_that_becomes_a_word_for_all_is_asked_for_where_it_is_missing(
    issue: Following,
) -> None:
    await issue.comments(body="// wait")
    await issue.run(service.posted, post())
    await issue.comments(body="Go ahead", updated=NINE + SECOND)
    assert [one["side"] for one in await issue.wishes(service.COMMENT)] == ["card", "asker"]
    assert [one["side"] for one in await issue.wishes(service.COMMENT_NOW)] == ["card"]


async def test_where_a_webhook_may_hide_that_a_comment_is_for_some_jira_is_asked(issue: Following) -> None:
    for _ in range(2):
        await issue.run(service.hear_of_comment, ISSUE, comment())
    assert await issue.kept() == [] and await issue.looks() == 2
    await issue.reads(comment())
    await issue.run(service.hear_of_comment, ISSUE, comment())
    assert await issue.wishes(service.COMMENT_LOOK) == []
    await issue.run(service.hear_of_comment, ISSUE, comment(updated=NINE + SECOND))
    assert [one["comment_id"] for one in await issue.wishes(service.COMMENT_LOOK)] == ["500"]


async def test_a_thread_that_became_the_askers_does_not_hear_a_comment_twice(issue: Following) -> None:
    await issue.comments()
    await issue.run(service.posted, post(side="thread"))
    await issue.run(service.posted, post())
    await issue.comments(body="Fixed in 2.5", updated=NINE + SECOND)
    assert len(await issue.wishes(service.COMMENT)) == 2
    assert len(await issue.wishes(service.COMMENT_NOW)) == 2


async def test_a_deleted_issue_is_told_once(issue: Following) -> None:
    for _ in range(2):
        await issue.run(service.gone, ISSUE, "", issue.neighbours, is_deleted=True)
    assert len(await issue.wishes(service.GONE)) == 2
    assert await issue.database.read(service.shown_state, "PAY-1") == "not in Jira any more"
    await issue.finds()
    assert await issue.database.read(service.shown_state, "PAY-1") == "To Do"


async def test_only_what_changed_or_is_missing_is_looked_at_closely(issue: Following) -> None:
    async def looks_after(found: dict[str, datetime]) -> int:
        await issue.forget_wishes()
        before = await issue.looks()
        await issue.run(service.looked_at, [ISSUE], found)
        return await issue.looks() - before

    assert await looks_after({ISSUE: NINE}) == 0
    assert await looks_after({ISSUE: NINE - SECOND}) == 0
    assert await looks_after({ISSUE: NINE + SECOND}) == 1
    assert await looks_after({}) == 1


async def test_whoever_moved_an_issue_is_not_named_for_another_change(issue: Following) -> None:
    await issue.finds("Nina Novak", updated=NINE + SECOND, **IN_PROGRESS)
    await issue.finds("Nina Novak", updated=NINE + 2 * SECOND, assignee="Bob Marsh", **IN_PROGRESS)
    assert [who for _, who in await issue.lines()] == ["Nina Novak", ""]


async def test_before_anybody_knows_who_may_read_an_issue_its_comments_wait(database: Database) -> None:
    issue = Following(database)
    await issue.follow()
    await issue.comments()
    assert await issue.wishes(service.COMMENT) == []
    await issue.finds(is_restricted=True)
    assert await issue.wishes(service.COMMENT) == []
    await issue.finds(updated=NINE + SECOND)
    assert len(await issue.wishes(service.COMMENT)) == 2


async def test_a_comment_that_was_heard_before_the_first_look_is_told_after_it(database: Database) -> None:
    issue = Following(database)
    await issue.follow()
    await issue.comments()
    await issue.finds()
    await issue.finds(updated=NINE + SECOND)
    assert len(await issue.wishes(service.COMMENT)) == 2


async def test_a_comment_that_was_not_posted_while_it_was_covered_is_asked_for_again(
    issue: Following,
) -> None:
    await issue.comments()
    await issue.forget_wishes()
    await issue.hears(updated=NINE + SECOND, is_restricted=True)
    await issue.hears(updated=NINE + 2 * SECOND)
    assert len(await issue.wishes(service.COMMENT)) == 4


async def test_issues_are_asked_about_as_often_as_they_may_change(issue: Following) -> None:
    every = timedelta(minutes=10)

    def due(connection: Connection) -> bool:
        return bool(store.due(connection, issue.now, every, 100))

    async def is_due(after: timedelta) -> bool:
        issue.now = NINE + after
        return await issue.database.read(due)

    assert not await is_due(timedelta(minutes=9))
    assert await is_due(every)
    await issue.finds(**DONE)
    await issue.run(service.looked, ISSUE, None)
    assert await is_due(timedelta(days=2))
    issue.now = NINE + timedelta(days=20)
    await issue.run(service.looked, ISSUE, None)
    assert not await is_due(timedelta(days=20, hours=1))
    assert await is_due(timedelta(days=21))
    assert not await is_due(timedelta(days=91))


def post(**more: Any) -> CommentPost:
    values: dict[str, Any] = {
        "comment_row": 1, "ticket_id": TICKET, "side": "card", "channel": CARD.channel, "ts": "100.5", "version": 1
    } | more  # fmt: skip
    return CommentPost(**values)
