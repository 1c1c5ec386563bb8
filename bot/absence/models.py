"""The one row that all replicas share: until when somebody surely heard, and the message that Slack keeps for us."""

from sqlalchemy import Column, String, Table

from bot.db.base import BigId, UTCDateTime, metadata

# Its only row has the id 1.
heard = Table(
    "heard",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=False),
    # The last instant at which a replica could hear Slack and store what it heard.
    Column("at", UTCDateTime, nullable=False),
    # When a replica last took it upon itself to push the scheduled message on, and that message's id.
    Column("pushed_at", UTCDateTime),
    Column("post_id", String(40)),
)
