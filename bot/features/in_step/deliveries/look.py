"""Asks Jira how an issue and its newest comments are, and stores what is news. Repeatable."""

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.feature import Deps
from bot.features.in_step import domain, service, store
from bot.features.in_step.domain import Issue
from bot.features.in_step.service import Neighbours
from bot.jira.gateway import JiraGateway
from bot.jira.shapes import CommentNow, IssueState, Myself
from bot.outbox.delivery import Delivery, Entry, Ref, Send
from bot.outbox.outcomes import Stale

PAGE = 50
MOST_PAGES = 100
# Within the lease.
TIMEOUT = 14.0


class Looks:
    """The deliveries that read in Jira; what they find takes the same way as what webhooks tell."""

    def __init__(self, deps: Deps, jira: JiraGateway, neighbours: Neighbours) -> None:
        self._deps = deps
        self._jira = jira
        self._neighbours = neighbours
        self._me: Myself | None = None

    def look(self) -> Delivery:
        """How the issue is, and its comments from the newest on back to those that an earlier look has seen."""

        async def prepare(entry: Entry) -> Send:
            issue = await self._followed(entry)

            async def send() -> Ref:
                state = await self._jira.issues.state(issue.issue_id)
                if state is None:
                    await self._deps.transactions.run(
                        service.gone, issue.issue_id, "", self._neighbours, is_deleted=False
                    )
                    return {}
                who = await self._who(state)
                await self._deps.transactions.run(service.apply_state, state, who, self._neighbours)
                until = None if state.is_restricted else state.updated
                if until is not None:
                    await self._read_comments(issue.issue_id)
                await self._deps.transactions.run(service.looked, issue.issue_id, until)
                return {}

            return send

        return Delivery(prepare=prepare, rather="delivered", timeout=TIMEOUT)

    def comment(self) -> Delivery:
        """How one comment is."""

        async def prepare(entry: Entry) -> Send:
            issue = await self._followed(entry)
            comment_id: str = entry.payload["comment_id"]

            async def send() -> Ref:
                found = await self._jira.comments.get(issue.issue_id, comment_id)
                run = self._deps.transactions.run
                if found is None:
                    await run(service.comment_gone, issue.issue_id, comment_id, self._neighbours)
                elif found.account != (await self._myself()).account:
                    await run(service.comments_read, issue.issue_id, [found], self._neighbours)
                return {}

            return send

        return Delivery(prepare=prepare, rather="delivered", timeout=TIMEOUT)

    async def _followed(self, entry: Entry) -> Issue:
        issue = await self._deps.transactions.read(store.by_issue_id, entry.payload["issue_id"])
        if issue is None:
            raise Stale("nobody follows the issue")
        return issue

    async def _myself(self) -> Myself:
        if self._me is None:
            self._me = await self._jira.myself()
        return self._me

    async def _who(self, state: IssueState) -> str:
        """Who moved it last; nobody is named where that was the bot."""
        return "" if state.moved_by == (await self._myself()).name else state.moved_by

    async def _read_comments(self, issue_id: str) -> None:
        read, run = self._deps.transactions.read, self._deps.transactions.run
        issue = await read(store.by_issue_id, issue_id)
        assert issue is not None
        mark = await read(store.newest_comment_row, issue.id)
        found, is_whole = await self._newest(issue)
        lost = await read(_lost, issue.id, found, mark, is_whole)
        own = (await self._myself()).account
        # The oldest first, so that they stand in the thread as they were written.
        others = [comment for comment in reversed(found) if comment.account != own]
        for at in range(0, len(others), PAGE):
            await run(service.comments_read, issue_id, others[at : at + PAGE], self._neighbours)
        await run(service.missing, issue_id, lost, self._neighbours)

    async def _newest(self, issue: Issue) -> tuple[list[CommentNow], bool]:
        """The newest comments, as many as nobody has seen, and whether these are all."""
        found: dict[str, CommentNow] = {}
        for at in range(MOST_PAGES):
            page = await self._jira.comments.newest(issue.issue_id, at * PAGE, PAGE)
            # One written meanwhile moves the others down: some come twice.
            found |= {comment.id: comment for comment in page}
            if len(page) < PAGE:
                return list(found.values()), True
            if domain.were_seen(issue, page):
                break
        return list(found.values()), False


def _lost(
    connection: Connection, issue_row: int, found: Sequence[CommentNow], mark: int, is_whole: bool
) -> list[str]:
    """Comments that were kept before Jira was asked and would be among those found, but are not."""
    there = {comment.id for comment in found}
    oldest = None if is_whole else min(comment.created for comment in found)
    return [
        one.comment_id
        for one in store.comments_of(connection, issue_row)
        if one.id <= mark
        and one.comment_id not in there
        and (oldest is None or one.created_at > oldest)
        # One for some may be hidden from us as well, which is no deletion.
        and not one.is_hidden
    ]
