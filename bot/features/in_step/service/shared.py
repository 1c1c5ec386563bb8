"""What the use cases of this slice share: the neighbours, the wishes, the order of posts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from bot.core.threads import IssueThreads
from bot.features.in_step.domain import CommentPost
from bot.outbox.unit_of_work import UnitOfWork

POLL = "issue.poll"
LOOK = "issue.look"
COMMENT_LOOK = "issue.comment_look"
LINE = "issue.line"
GONE = "issue.gone"
COMMENT = "issue.comment"
COMMENT_NOW = "issue.comment_now"


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """What this slice asks of tickets and requests, and what it tells them.

    `resolve` and `reopen` take the issue's key and the name of who did it in Jira. `words_of` reads a text of
    Jira's, whichever form it has, into plain words.
    """

    threads_of_issue: Callable[[Connection, str], list[IssueThreads]]
    threads_of_ticket: Callable[[Connection, int], IssueThreads | None]
    rename: Callable[[UnitOfWork, str, str], None]
    resolve: Callable[[UnitOfWork, int, str, str], None]
    reopen: Callable[[UnitOfWork, int, str, str], None]
    card_changed: Callable[[UnitOfWork, int], None]
    words_of: Callable[[Any], str]


def ask_for_poll(uow: UnitOfWork) -> None:
    """Asks Jira which of the followed issues have changed; one after the other, however many replicas wish for it."""
    uow.enqueue(POLL, {}, merge="issues:poll")


def ask_for_look(uow: UnitOfWork, issue_id: str, after: timedelta = timedelta()) -> None:
    """Asks Jira how the issue is; many wishes become one look."""
    merge = f"issue:{issue_id}:look"
    uow.enqueue(LOOK, {"issue_id": issue_id}, merge=merge, not_before=uow.now + after)


def ask_for_comment(uow: UnitOfWork, issue_id: str, comment_id: str) -> None:
    """Asks Jira how one comment is, in the order in which comments are heard of."""
    payload = {"issue_id": issue_id, "comment_id": comment_id}
    uow.enqueue(
        COMMENT_LOOK,
        payload,
        merge=f"issue:{issue_id}:comment:{comment_id}",
        lane=f"issue:{issue_id}:comments",
    )


def ask_for_refresh(uow: UnitOfWork, post: CommentPost) -> None:
    """Asks for a comment's post to show the truth; many wishes become one update."""
    payload = {"comment_row": post.comment_row, "ticket_id": post.ticket_id, "side": post.side}
    merge = f"comment:{post.comment_row}:{post.ticket_id}:{post.side}:now"
    uow.enqueue(COMMENT_NOW, payload, merge=merge)


def lane_of(threads: IssueThreads, side: str) -> str:
    """In what order posts in this thread happen: the one of everything else that is posted there."""
    return f"thread:{threads.ticket_id}" if threads.request_id is None else f"{side}:{threads.request_id}"


def in_each_thread(
    uow: UnitOfWork, kind: str, payload: dict[str, Any], following: Sequence[IssueThreads]
) -> None:
    """Asks for a post in every thread that follows the issue."""
    for threads in following:
        for side, ref in threads.threads:
            where = {"ticket_id": threads.ticket_id, "channel": ref.channel, "thread_ts": ref.thread_ts}
            uow.enqueue(kind, {**payload, **where}, lane=lane_of(threads, side))
