"""What somebody tried that is not theirs to do. No words of people are in it."""

from sqlalchemy import Column, Index, String, Table, Text

from bot.db.base import BigId, UTCDateTime, metadata

refused_attempts = Table(
    "refused_attempts",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("at", UTCDateTime, nullable=False),
    Column("workspace_id", String(40), nullable=False),
    Column("user_id", String(40), nullable=False),
    # What they used, by the code's own name, and what stood in it: `request.claim`, `v1:12`.
    Column("name", Text, nullable=False),
    Column("about", Text, nullable=False),
    Index("ix_refused_attempts_at", "at"),
)
