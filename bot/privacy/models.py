"""How far the texts of each team that are too old have been erased."""

from sqlalchemy import Column, ForeignKey, String, Table

from bot.db.base import BigId, UTCDateTime, metadata

# `what` is a walk of `bot.privacy.retention`; it goes on after the row with the id `last` and, where it goes by
# time, from `until` on.
retention_marks = Table(
    "retention_marks",
    metadata,
    Column("team_id", BigId, ForeignKey("teams.id"), primary_key=True, autoincrement=False),
    Column("what", String(40), primary_key=True),
    Column("until", UTCDateTime, nullable=False),
    Column("last", BigId, nullable=False),
)
