"""Table of what is said in the two threads of each request."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint, false

from bot.db.base import BigId, Json, UTCDateTime, metadata

conversation_messages = Table(
    "conversation_messages",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    # No foreign key: its check would lock the request before `heard` does, and two messages would wait
    # for each other.
    Column("request_id", BigId, nullable=False),
    Column("side", String(10), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("ts", String(40), nullable=False),
    Column("thread_ts", String(40), nullable=False),
    Column("author", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("files", Json, nullable=False),
    # Slack has been seen to report one message under two times; this stays the same.
    Column("client_msg_id", String(80)),
    Column("reach", String(10), nullable=False),
    Column("edited_at", String(40)),
    Column("is_deleted", Boolean, nullable=False, server_default=false()),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("mirror_channel", String(40)),
    Column("mirror_ts", String(40)),
    Column("created_at", UTCDateTime, nullable=False),
    UniqueConstraint("channel", "ts"),
    UniqueConstraint("channel", "client_msg_id"),
    Index("ix_conversation_messages_request_id", "request_id"),
)
