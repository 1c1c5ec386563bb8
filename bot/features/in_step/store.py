"""Queries over issues that threads follow and over their comments. Each takes a connection; none commits."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, CursorResult, case, func, or_, select, update

from bot.features.in_step import domain
from bot.features.in_step.domain import Comment, CommentPost, Issue, KnownComment, State
from bot.features.in_step.models import jira_comment_posts as posts
from bot.features.in_step.models import jira_comments as comments
from bot.features.in_step.models import jira_issues as issues
from bot.outbox.unit_of_work import upsert

_ISSUE = [issues.c[name] for name in Issue.__dataclass_fields__]
_COMMENT = [comments.c[name] for name in KnownComment.__dataclass_fields__]
_POST = [posts.c[name] for name in CommentPost.__dataclass_fields__]


def add_issue(
    connection: Connection, issue_id: str, key: str, comments_since: datetime | None, now: datetime
) -> None:
    """An issue that is followed from now on; one that is followed already stays as it is."""
    row = {"issue_id": issue_id, "issue_key": key, "comments_since": comments_since, "created_at": now}
    connection.execute(upsert(connection, issues).values(**row).on_conflict_do_nothing())


def is_followed(connection: Connection, issue_id: str) -> bool:
    """Whether some thread follows this issue."""
    return connection.execute(select(issues.c.id).where(issues.c.issue_id == issue_id)).first() is not None


def by_row(connection: Connection, row: int) -> Issue | None:
    """The issue of this row, for reading."""
    return _issue(connection.execute(select(*_ISSUE).where(issues.c.id == row)))


def by_issue_id(connection: Connection, issue_id: str) -> Issue | None:
    """The issue with this id in Jira, for reading."""
    return _issue(connection.execute(select(*_ISSUE).where(issues.c.issue_id == issue_id)))


def by_key(connection: Connection, key: str) -> Issue | None:
    """The issue that has this key now, for reading."""
    query = select(*_ISSUE).where(issues.c.issue_key == key).order_by(issues.c.id.desc()).limit(1)
    return _issue(connection.execute(query))


def lock_issue(connection: Connection, issue_id: str) -> Issue | None:
    """The issue with this id in Jira, ours alone until the transaction ends."""
    query = select(*_ISSUE).where(issues.c.issue_id == issue_id).with_for_update()
    return _issue(connection.execute(query))


def set_state(connection: Connection, row: int, state: State) -> None:
    """The issue as Jira has it; it is there."""
    values: dict[str, Any] = {
        "issue_key": state.key,
        "summary": state.summary,
        "status": state.status,
        "status_id": state.status_id,
        "category": state.category,
        "assignee": state.assignee,
        "resolution": state.resolution,
        "is_restricted": state.is_restricted,
        "changed_at": state.updated,
        "is_gone": False,
    }
    connection.execute(update(issues).where(issues.c.id == row).values(**values))


def set_gone(connection: Connection, row: int) -> None:
    """The issue is not in Jira any more, or not for us."""
    connection.execute(update(issues).where(issues.c.id == row).values(is_gone=True))


def set_comments_since(connection: Connection, row: int, since: datetime) -> None:
    """Comments up to this moment are not told."""
    connection.execute(update(issues).where(issues.c.id == row).values(comments_since=since))


def set_comments_until(connection: Connection, issue_id: str, until: datetime) -> None:
    """Comments up to this moment have been seen."""
    connection.execute(update(issues).where(issues.c.issue_id == issue_id).values(comments_until=until))


def set_looked(connection: Connection, issue_ids: Collection[str], now: datetime) -> None:
    """Jira was asked about these."""
    connection.execute(update(issues).where(issues.c.issue_id.in_(issue_ids)).values(looked_at=now))


def _is_warm(now: datetime) -> ColumnElement[bool]:
    touched = func.coalesce(issues.c.changed_at, issues.c.created_at)
    return issues.c.is_gone.is_(False) & or_(
        issues.c.category != domain.DONE, touched > now - domain.STILL_WARM
    )


def due(connection: Connection, now: datetime, every: timedelta, limit: int) -> list[Issue]:
    """Issues that nobody asked Jira about for so long (the quiet ones: for a day), the longest first."""
    touched = func.coalesce(issues.c.changed_at, issues.c.created_at)
    asked = func.coalesce(issues.c.looked_at, issues.c.created_at)
    query = (
        select(*_ISSUE)
        .where(
            or_(
                _is_warm(now) & (asked <= now - every),
                (touched > now - domain.FORGOTTEN) & (asked <= now - domain.DAILY),
            )
        )
        .order_by(asked, issues.c.id)
        .limit(limit)
    )
    return [Issue(**row) for row in connection.execute(query).mappings()]


def next_due(connection: Connection, now: datetime, every: timedelta) -> datetime | None:
    """When the next issue that still changes will be asked about; None when there is none."""
    asked = func.coalesce(issues.c.looked_at, issues.c.created_at)
    first: datetime | None = connection.scalar(select(asked).where(_is_warm(now)).order_by(asked).limit(1))
    return first + every if first else None


def newest_comment_row(connection: Connection, issue_row: int) -> int:
    """A mark: comments that are kept later have higher rows."""
    query = select(func.max(comments.c.id)).where(comments.c.issue_row == issue_row)
    return connection.scalar(query) or 0


def lock_comment(connection: Connection, issue_row: int, comment_id: str) -> KnownComment | None:
    """The comment, ours alone until the transaction ends."""
    query = select(*_COMMENT).where(comments.c.issue_row == issue_row, comments.c.comment_id == comment_id)
    return _comment(connection.execute(query.with_for_update()))


def comment_by_row(connection: Connection, row: int) -> KnownComment | None:
    """The comment of this row, for reading."""
    return _comment(connection.execute(select(*_COMMENT).where(comments.c.id == row)))


def comments_of(connection: Connection, issue_row: int) -> list[KnownComment]:
    """All comments of an issue that are kept and not deleted, oldest first."""
    query = select(*_COMMENT).where(comments.c.issue_row == issue_row, comments.c.is_deleted.is_(False))
    rows = connection.execute(query.order_by(comments.c.created_at, comments.c.id)).mappings()
    return [KnownComment(**row) for row in rows]


def add_comment(connection: Connection, issue_row: int, comment: Comment) -> KnownComment | None:
    """Keeps a comment, without its words if nobody may read them; None when it is there already."""
    return _add(
        connection,
        {
            "issue_row": issue_row,
            "comment_id": comment.id,
            "author": comment.author,
            "body": "" if comment.is_hidden else comment.body,
            "created_at": comment.created,
            "updated_at": comment.updated,
            "is_hidden": comment.is_hidden,
        },
    )


def add_deleted(connection: Connection, issue_row: int, comment_id: str, now: datetime) -> None:
    """Remembers that a comment is gone before it was heard of, so that it never appears."""
    _add(
        connection,
        {
            "issue_row": issue_row,
            "comment_id": comment_id,
            "author": "",
            "body": "",
            "created_at": now,
            "updated_at": now,
            "is_deleted": True,
        },
    )


def _add(connection: Connection, values: dict[str, Any]) -> KnownComment | None:
    insert = upsert(connection, comments).values(**values).on_conflict_do_nothing().returning(*_COMMENT)
    return _comment(connection.execute(insert))


def change_comment(connection: Connection, known: KnownComment, comment: Comment) -> KnownComment:
    """The comment as it reads now, which is stored."""
    return _change(
        connection,
        known,
        author=comment.author,
        body="" if comment.is_hidden else comment.body,
        updated_at=comment.updated,
        is_hidden=comment.is_hidden,
    )


def erase_comment(connection: Connection, known: KnownComment) -> KnownComment:
    """The comment without its words, for good."""
    return _change(connection, known, body="", is_deleted=True)


def _change(connection: Connection, known: KnownComment, **values: Any) -> KnownComment:
    change = (
        update(comments)
        .where(comments.c.id == known.id)
        .values(version=comments.c.version + 1, **values)
        .returning(*_COMMENT)
    )
    return KnownComment(**connection.execute(change).mappings().one())


def set_body(connection: Connection, known: KnownComment, body: Any) -> None:
    """The same words in Jira's better form."""
    connection.execute(update(comments).where(comments.c.id == known.id).values(body=body))


def add_post(connection: Connection, post: CommentPost) -> None:
    """Writes down where a comment stands; where it stands already stays."""
    values = {name: getattr(post, name) for name in CommentPost.__dataclass_fields__}
    connection.execute(upsert(connection, posts).values(**values).on_conflict_do_nothing())


def posts_of(connection: Connection, comment_row: int) -> list[CommentPost]:
    """Where a comment stands in Slack, the card's thread first."""
    card_first = case((posts.c.side == "card", 0), else_=1)
    query = select(*_POST).where(posts.c.comment_row == comment_row).order_by(card_first, posts.c.id)
    return [CommentPost(**row) for row in connection.execute(query).mappings()]


def post_on(
    connection: Connection, comment_row: int, ticket_id: int, sides: Sequence[str]
) -> CommentPost | None:
    """Where a comment stands in one of a ticket's threads."""
    found = (one for one in posts_of(connection, comment_row) if one.ticket_id == ticket_id)
    return next((one for one in found if one.side in sides), None)


def _issue(result: CursorResult[Any]) -> Issue | None:
    row = result.mappings().first()
    return Issue(**row) if row else None


def _comment(result: CursorResult[Any]) -> KnownComment | None:
    row = result.mappings().first()
    return KnownComment(**row) if row else None
