"""The table of what came to an end on each day."""

from sqlalchemy import Column, Date, Integer, String, Table

from bot.db.base import metadata

# `day` is a day of UTC. Reading some days is one range of the key, however long the history is.
service_days = Table(
    "service_days",
    metadata,
    Column("day", Date, primary_key=True),
    # `intake`, `delivery`, `standup`, `jira`: see `bot.indicators.domain`.
    Column("component", String(20), primary_key=True),
    # The kind of call or of outgoing work: names of ours, never people's.
    Column("what", String(60), primary_key=True),
    Column("result", String(20), primary_key=True),
    Column("count", Integer, nullable=False),
)
