"""Tables of tickets and of what happened to them."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

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
    Column("created_at", UTCDateTime, nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
    UniqueConstraint("subject"),
    UniqueConstraint("request_id"),
    UniqueConstraint("label"),
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
