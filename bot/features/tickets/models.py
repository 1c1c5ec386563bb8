"""Tables of tickets and of what happened to them."""

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

tickets = Table(
    "tickets",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("workspace_id", String(40), nullable=False),
    # `request:<id>` or `thread:<channel>:<ts>`: one thread, one ticket, for ever.
    Column("subject", String(120), nullable=False),
    Column("request_id", BigId),
    Column("team_id", Integer),
    Column("channel", String(40), nullable=False),
    Column("thread_ts", String(40), nullable=False),
    Column("message_ts", String(40), nullable=False),
    Column("message_author", String(40), nullable=False),
    Column("message_text", Text, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("reachable", Boolean, nullable=False),
    Column("state", String(20), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("label", String(40), nullable=False),
    Column("asked_by", String(40), nullable=False),
    Column("project", String(40), nullable=False),
    Column("issue_type", String(80), nullable=False),
    Column("summary", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("issue_key", String(60)),
    Column("issue_url", Text),
    Column("failure", Text),
    # Jira's own id of the issue: it stays when the issue moves to another project and gets another key.
    Column("issue_id", String(40)),
    # An issue that was there before and was named in the form.
    Column("is_linked", Boolean, nullable=False, server_default=false()),
    # The project's own fields by field id, as they go to Jira, with the words that the form shows for them.
    Column("fields", Json),
    # What Jira said about each field when it refused.
    Column("complaints", Json),
    # The newest message (Slack's `ts`) that the transcript holds; later ones become comments.
    Column("told_until", String(40)),
    Column("created_at", UTCDateTime, nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
    UniqueConstraint("subject"),
    UniqueConstraint("request_id"),
    UniqueConstraint("label"),
    Index("ix_tickets_issue_id", "issue_id"),
)

# Files of the threads, which go to the issue one by one.
ticket_files = Table(
    "ticket_files",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("ticket_id", BigId, ForeignKey("tickets.id"), nullable=False),
    Column("file_id", String(40), nullable=False),
    Column("name", Text, nullable=False),
    Column("size", BigId, nullable=False),
    Column("mimetype", String(100), nullable=False),
    Column("url", Text, nullable=False),
    # `waiting`, `attached` or `left_out`; then `reason` says why, in words.
    Column("state", String(20), nullable=False),
    Column("reason", Text),
    Column("attachment_id", String(40)),
    Column("created_at", UTCDateTime, nullable=False),
    UniqueConstraint("ticket_id", "file_id"),
)

ticket_history = Table(
    "ticket_history",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("ticket_id", BigId, ForeignKey("tickets.id"), nullable=False, index=True),
    Column("at", UTCDateTime, nullable=False),
    Column("actor", String(40)),
    Column("step", String(20), nullable=False),
    Column("facts", Json, nullable=False),
)
