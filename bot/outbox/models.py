"""Tables of the outbox and of the keys that make input take effect once."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, text

from bot.db.base import BigId, Json, UTCDateTime, metadata

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("kind", String(60), nullable=False),
    Column("payload", Json, nullable=False),
    # Identifies the effect for ever: it travels with the message and is looked for after a doubt.
    Column("dedup", String(200), nullable=False, unique=True),
    # Set where a later wish makes a waiting one unnecessary ("refresh this card").
    Column("merge_key", String(200)),
    Column("lane", String(200)),
    Column("depends_on", BigId, ForeignKey("outbox.id", ondelete="SET NULL")),
    Column("run_at", UTCDateTime, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("claimed_at", UTCDateTime),
    Column("lease_until", UTCDateTime),
    Column("owner", String(60)),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("looks", Integer, nullable=False, server_default="0"),
    Column("sent_at", UTCDateTime),
    # Since when looking for what was sent has got no answer.
    Column("looking_since", UTCDateTime),
    Column("closed_at", UTCDateTime),
    Column("result", String(20)),
    Column("ref", Json),
    Column("error", Text),
    Column("correlation", String(20)),
    Index("ix_outbox_open_run_at", "run_at", "id", sqlite_where=text("closed_at IS NULL"),
          postgresql_where=text("closed_at IS NULL")),
    Index("ix_outbox_open_lane", "lane", "id", sqlite_where=text("closed_at IS NULL"),
          postgresql_where=text("closed_at IS NULL")),
    Index("uq_outbox_waiting_merge_key", "merge_key", unique=True,
          sqlite_where=text("closed_at IS NULL AND claimed_at IS NULL"),
          postgresql_where=text("closed_at IS NULL AND claimed_at IS NULL")),
    Index("ix_outbox_depends_on", "depends_on"),
    Index("ix_outbox_closed_at", "closed_at"),
)  # fmt: skip

inbox = Table(
    "inbox",
    metadata,
    Column("key", String(255), primary_key=True),
    Column("at", UTCDateTime, nullable=False),
    Column("answer", Json),
    Index("ix_inbox_at", "at"),
)
