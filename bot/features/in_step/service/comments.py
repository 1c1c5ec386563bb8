"""Comments that people write in Jira: kept, shown once in each thread, kept true.

One that begins with `//` is the team's; one that is not for everybody is never shown.
"""

from collections.abc import Collection, Sequence

from bot.core.threads import IssueThreads, PlaceOfThread, is_aside
from bot.features.in_step import domain, store
from bot.features.in_step.domain import Comment, CommentPost, Issue, KnownComment
from bot.features.in_step.service.shared import (
    COMMENT,
    Neighbours,
    ask_for_comment,
    ask_for_look,
    ask_for_refresh,
    lane_of,
)
from bot.outbox.unit_of_work import UnitOfWork


def hear_comment(uow: UnitOfWork, issue_id: str, comment: Comment, neighbours: Neighbours) -> None:
    """A webhook brings a comment of somebody else: a new one, or how one reads now."""
    issue = store.lock_issue(uow.connection, issue_id)
    if issue is None:
        return
    known = store.lock_comment(uow.connection, issue.id, comment.id)
    if known is None:
        _keep(uow, issue, comment, neighbours)
    elif known.is_deleted or comment.updated < known.updated_at:
        return
    elif comment.updated > known.updated_at:
        _change(uow, known, comment, issue, neighbours)
    elif _contradicts(known, comment):
        ask_for_comment(uow, issue_id, comment.id)


def hear_of_comment(uow: UnitOfWork, issue_id: str, comment: Comment) -> None:
    """A webhook tells of a comment of somebody else, but perhaps not whether it is for everybody: Jira is asked."""
    issue = store.lock_issue(uow.connection, issue_id)
    if issue is None:
        return
    known = store.lock_comment(uow.connection, issue.id, comment.id)
    if known is not None:
        if not known.is_deleted and comment.updated > known.updated_at:
            ask_for_comment(uow, issue_id, comment.id)
    elif not domain.is_before(issue, comment):
        # Many new ones are read together.
        ask_for_look(uow, issue_id)


def _contradicts(known: KnownComment, comment: Comment) -> bool:
    """Whether two tellings of one moment differ; a document and markup cannot be compared by themselves."""
    if known.is_hidden is not comment.is_hidden:
        return True
    alike = isinstance(known.body, str) is isinstance(comment.body, str)
    return not comment.is_hidden and alike and known.body != comment.body


def comment_gone(uow: UnitOfWork, issue_id: str, comment_id: str, neighbours: Neighbours) -> None:
    """A comment was deleted: its words are erased here and in Slack, or will never appear."""
    issue = store.lock_issue(uow.connection, issue_id)
    if issue is None:
        return
    known = store.lock_comment(uow.connection, issue.id, comment_id)
    if known is None:
        store.add_deleted(uow.connection, issue.id, comment_id, uow.now)
    elif not known.is_deleted:
        _show(uow, issue, store.erase_comment(uow.connection, known), neighbours)


def comments_read(uow: UnitOfWork, issue_id: str, found: Sequence[Comment], neighbours: Neighbours) -> None:
    """Jira was asked, and these are comments as they are just now, in the order in which they are told."""
    issue = store.lock_issue(uow.connection, issue_id)
    if issue is None:
        return
    for comment in found:
        _read(uow, issue, comment, neighbours)


def _read(uow: UnitOfWork, issue: Issue, comment: Comment, neighbours: Neighbours) -> None:
    known = store.lock_comment(uow.connection, issue.id, comment.id)
    if known is None:
        _keep(uow, issue, comment, neighbours)
        return
    if known.is_deleted or comment.updated < known.updated_at:
        return
    is_same = known.is_hidden is comment.is_hidden and known.body == comment.body
    if comment.updated == known.updated_at and (is_same or comment.is_hidden is known.is_hidden is True):
        return
    if _reads_the_same(known, comment, neighbours):
        store.set_body(uow.connection, known, comment.body)
        return
    _change(uow, known, comment, issue, neighbours)


def _reads_the_same(known: KnownComment, comment: Comment, neighbours: Neighbours) -> bool:
    if comment.updated != known.updated_at or known.is_hidden is not comment.is_hidden:
        return False
    return neighbours.words_of(known.body).split() == neighbours.words_of(comment.body).split()


def missing(uow: UnitOfWork, issue_id: str, candidates: Collection[str], neighbours: Neighbours) -> None:
    """Jira was asked, and these comments are not there any more."""
    for comment_id in candidates:
        comment_gone(uow, issue_id, comment_id, neighbours)


def _keep(uow: UnitOfWork, issue: Issue, comment: Comment, neighbours: Neighbours) -> None:
    if domain.is_before(issue, comment):
        return
    kept = store.add_comment(uow.connection, issue.id, comment)
    if kept is not None:
        _show(uow, issue, kept, neighbours)


def _change(
    uow: UnitOfWork, known: KnownComment, comment: Comment, issue: Issue, neighbours: Neighbours
) -> None:
    _show(uow, issue, store.change_comment(uow.connection, known, comment), neighbours)


def _show(uow: UnitOfWork, issue: Issue, comment: KnownComment, neighbours: Neighbours) -> None:
    """What stands in Slack is renewed; where it is missing and may be read, it is posted."""
    posts = store.posts_of(uow.connection, comment.id)
    for post in posts:
        ask_for_refresh(uow, post)
    if not (comment.is_shown and issue.may_be_shown):
        return
    for threads in neighbours.threads_of_issue(uow.connection, issue.issue_id):
        for side, _ in threads.threads:
            if may_read(side, comment, neighbours) and not _stands(posts, threads, side):
                _ask_for_post(uow, comment, threads, side)


def show_again(uow: UnitOfWork, issue_id: str, neighbours: Neighbours) -> None:
    """Who may read the issue is known, or has changed: its comments are covered, or come to where they are missing."""
    issue = store.by_issue_id(uow.connection, issue_id)
    if issue is None:
        return
    for comment in store.comments_of(uow.connection, issue.id):
        _show(uow, issue, comment, neighbours)


def may_read(side: PlaceOfThread, comment: KnownComment, neighbours: Neighbours) -> bool:
    """Whether this comment belongs into a thread of this side, as it reads now."""
    return side == "card" or not is_aside(neighbours.words_of(comment.body))


def _stands(posts: Sequence[CommentPost], threads: IssueThreads, side: PlaceOfThread) -> bool:
    # A thread that was nobody's request's is the asker's once there is a request.
    sides = ("asker", "thread") if side != "card" else ("card",)
    return any(post.ticket_id == threads.ticket_id and post.side in sides for post in posts)


def _ask_for_post(uow: UnitOfWork, comment: KnownComment, threads: IssueThreads, side: PlaceOfThread) -> None:
    # Not once for ever: one that was not to be read when its turn came may be later. Whether it stands there
    # is seen before it is posted, and the lane keeps two from being at it at once.
    uow.enqueue(
        COMMENT,
        {"comment_row": comment.id, "ticket_id": threads.ticket_id, "side": side},
        merge=f"comment:{comment.id}:{threads.ticket_id}:{side}",
        lane=lane_of(threads, side),
    )


def posted(uow: UnitOfWork, post: CommentPost) -> None:
    """The comment stands there; when it reads differently by now, it is renewed."""
    store.add_post(uow.connection, post)
    comment = store.comment_by_row(uow.connection, post.comment_row)
    if comment is not None and comment.version != post.version:
        ask_for_refresh(uow, post)
