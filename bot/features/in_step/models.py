"""Tables of the issues that threads follow, and of what is said on both sides."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from bot.db.base import BigId, Json, UTCDateTime, metadata

# One row for each issue that some thread has, whoever made it.
jira_issues = Table(
    "jira_issues",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    # Jira's own id: it stays when the issue moves to another project and gets another key.
    Column("issue_id", String(40), nullable=False),
    Column("issue_key", String(60), nullable=False),
    Column("summary", Text, nullable=False, server_default=""),
    # Empty until it was looked at for the first time.
    Column("status", String(120), nullable=False, server_default=""),
    Column("status_id", String(40), nullable=False, server_default=""),
    Column("category", String(20), nullable=False, server_default=""),
    Column("assignee", String(200)),
    Column("resolution", String(120)),
    # It has a security level: only its key may be shown.
    Column("is_restricted", Boolean, nullable=False, server_default=false()),
    Column("is_gone", Boolean, nullable=False, server_default=false()),
    # Jira's own time of the last change that we know of.
    Column("changed_at", UTCDateTime),
    # Comments written before this moment (Jira's clock) were there before the thread was: they are not told.
    Column("comments_since", UTCDateTime),
    # Every comment written up to this moment (Jira's clock) has been seen by a look.
    Column("comments_until", UTCDateTime),
    Column("looked_at", UTCDateTime),
    Column("created_at", UTCDateTime, nullable=False),
    UniqueConstraint("issue_id"),
    Index("ix_jira_issues_issue_key", "issue_key"),
    Index("ix_jira_issues_looked_at", "looked_at"),
)

# Comments that were written in Jira by people.
jira_comments = Table(
    "jira_comments",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("issue_row", BigId, ForeignKey("jira_issues.id"), nullable=False),
    Column("comment_id", String(40), nullable=False),
    Column("author", String(200), nullable=False),
    # As Jira gave it: a document on Cloud, wiki markup on Data Center; empty once it is hidden or deleted.
    Column("body", Json, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
    # Restricted, internal or deleted: nobody reads it in Slack.
    Column("is_hidden", Boolean, nullable=False, server_default=false()),
    # For good: an older event about it changes nothing.
    Column("is_deleted", Boolean, nullable=False, server_default=false()),
    Column("version", Integer, nullable=False, server_default="1"),
    UniqueConstraint("issue_row", "comment_id"),
)

# Where a comment stands in Slack.
jira_comment_posts = Table(
    "jira_comment_posts",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("comment_row", BigId, ForeignKey("jira_comments.id"), nullable=False),
    Column("ticket_id", BigId, nullable=False),
    Column("side", String(10), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("ts", String(40), nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("comment_row", "ticket_id", "side"),
)

# Messages of Slack that go to an issue as comments; several may share one comment.
slack_words = Table(
    "slack_words",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("ticket_id", BigId, nullable=False),
    Column("channel", String(40), nullable=False),
    Column("ts", String(40), nullable=False),
    Column("thread_ts", String(40), nullable=False),
    Column("author", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("files", Json, nullable=False),
    # Slack has been seen to report one message under two times; this stays the same.
    Column("client_msg_id", String(80)),
    # May be read in Jira: not an aside of the team, not deleted, not of a private place.
    Column("is_shown", Boolean, nullable=False),
    # For good: an edit that comes late does not bring it back.
    Column("is_deleted", Boolean, nullable=False, server_default=false()),
    # Slack's time of the last edit: older ones change nothing.
    Column("edited_at", String(40)),
    Column("version", Integer, nullable=False, server_default="1"),
    # The outbox entry that carries it, and the comment in Jira once it is there.
    Column("batch", String(200)),
    Column("comment_id", String(40)),
    Column("created_at", UTCDateTime, nullable=False),
    UniqueConstraint("ticket_id", "channel", "ts"),
    UniqueConstraint("ticket_id", "channel", "client_msg_id"),
    Index("ix_slack_words_ticket_id_batch", "ticket_id", "batch"),
    Index("ix_slack_words_channel_ts", "channel", "ts"),
    Index("ix_slack_words_batch", "batch"),
)
